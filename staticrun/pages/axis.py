"""The scale of a small drawing's values, and the two or three round numbers that name it."""

from __future__ import annotations

import math
import sys
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from staticrun.pages import format as fmt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_PAD = 0.04
_LARGEST = sys.float_info.max


class Axis(NamedTuple):
    """The scale of the values.

    Attributes:
        low: Value at the bottom.
        high: Value at the top, above `low`.
        log: Whether the scale is logarithmic; then both are positive.
        only: The value, where all values are one.
    """

    low: float
    high: float
    log: bool
    only: float | None = None

    def height(self, value: float) -> float:
        """Give the distance of a value from the bottom, 0 to 1."""
        if self.log:
            # Differences of logarithms: a ratio of far numbers is infinite.
            low = math.log(self.low)
            return (math.log(value) - low) / (math.log(self.high) - low)
        # Halves first: the difference of two large floats may be infinite.
        return (value / 2 - self.low / 2) / (self.high / 2 - self.low / 2)


def axis(values: Sequence[Floats]) -> Axis | None:
    """Choose the scale that shows these values.

    Logarithmic where all are positive, span a decade, and most of them would lie in the lowest
    tenth of a linear scale.

    Returns:
        None when no value is finite.
    """
    joined = np.concatenate(values) if values else np.empty(0)
    finite = joined[np.isfinite(joined)]
    if not len(finite):
        return None
    low, high = float(finite.min()), float(finite.max())
    if low == high:
        room = abs(low) * 0.5 or 1.0
        return Axis(max(low - room, -_LARGEST), min(low + room, _LARGEST), log=False, only=low)
    span = high / 2 - low / 2
    if low > 0 and high / low >= 10 and np.median(finite) / 2 - low / 2 < span / 10:
        room = (high / low) ** _PAD
        if low / room > 0 and math.isfinite(high * room):
            return Axis(low / room, high * room, log=True)
    room = 2 * span * _PAD if math.isfinite(2 * span * (1 + 2 * _PAD)) else 0.0
    return Axis(low - room, high + room, log=False)


def ticks(scale: Axis) -> list[tuple[float, str]]:
    """Choose two or three round values inside a scale, or the only one, and print them."""
    if scale.only is not None:
        return [(scale.only, _tick(scale.only, [scale.only]))]
    found = _log_ticks(scale) if scale.log else []
    if len(found) < 2:
        found = _linear_ticks(scale)
    return found


def _linear_ticks(scale: Axis) -> list[tuple[float, str]]:
    span = scale.high / 2 - scale.low / 2
    power = 10.0 ** math.floor(math.log10(span)) if span > 1e-300 else 0.0
    found: list[float] = []
    for factor in (0.2, 0.5, 1, 2, 5, 10, 20):
        width = factor * power
        if not width or not math.isfinite(width):
            break
        low, high = math.ceil(scale.low / width), math.floor(scale.high / width)
        if high - low + 1 <= 3:
            found = [number * width for number in range(low, high + 1)]
            break
    if len(found) < 2 or len({f"{value:.12g}" for value in found}) < len(found):
        # Nothing round fits between floats that are nearly one: name the middle.
        found = [scale.low / 2 + scale.high / 2]
    return [(value, _tick(value, found)) for value in found]


def _log_ticks(scale: Axis) -> list[tuple[float, str]]:
    first, last = math.floor(math.log10(scale.low)), math.ceil(math.log10(scale.high))
    every = max(1, math.ceil((last - first - 1) / 3))
    found = [10.0**power for power in range(first, last + 1, every)]
    found = [value for value in found if scale.low <= value <= scale.high]
    if len(found) < 2:
        steps = [10.0**power * digit for power in range(first, last + 1) for digit in (1, 2, 5)]
        found = [value for value in steps if scale.low <= value <= scale.high]
    if len(found) > 3:
        found = [found[0], found[len(found) // 2], found[-1]]
    return [(value, _tick(value, [value])) for value in found]


def _tick(value: float, among: list[float]) -> str:
    """Print a tick with the digits that tell it from its neighbours, and not more."""
    largest = max(abs(other) for other in among)
    if value == 0 or abs(value) < largest * 1e-9:
        return "0"
    apart = min((abs(b - a) for a, b in pairwise(among)), default=abs(value))
    digits = max(1, math.floor(math.log10(largest)) - math.floor(math.log10(apart or largest)) + 2)
    for lowest, unit, suffix in ((1e6, 1e6, "M"), (1e5, 1e3, "k")):
        if lowest <= largest < 1e9:
            return (
                fmt.number(float(f"{value / unit:.{min(digits, 12)}g}"), min(digits, 12)) + suffix
            )
    if 1e-3 <= largest < 1e5:
        return fmt.number(float(f"{value:.{min(digits, 12)}g}"), min(digits, 12))
    mantissa, _, power = f"{value:.{min(digits, 12) - 1}e}".partition("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{mantissa}e{int(power)}".replace("-", fmt.MINUS)
