"""Few round ticks and what is written at them.

Ticks are whole multiples of a round step, kept as decimals, so that `0.3` is never written
`0.30000000000000004`.
"""

from __future__ import annotations

import math
import sys
from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Final

import msgspec

from staticrun.plots.text import MINUS, number

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST: Final = 4
# An axis of errors has one number after the other near its end, where they matter.
MOST_ERRORS: Final = 6
# No axis ends beyond what a float64 can hold.
LARGEST: Final = sys.float_info.max
_STEPS: Final = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5))
_LONGEST = 7


class Ticks(msgspec.Struct, frozen=True):
    """Where the ticks of an axis stand.

    Attributes:
        values: Ascending.
        texts: What is written at each.
        base: What is to be added to every text, where numbers differ only in late digits; empty
            otherwise.
    """

    values: tuple[float, ...]
    texts: tuple[str, ...]
    base: str = ""


def linear_ticks(low: float, high: float, most: int = MOST, *, whole: bool = False) -> Ticks:
    """Choose at most `most` ticks within finite limits.

    Args:
        low: Lower end of the axis.
        high: Upper end; a single tick stands at `low` when the two are equal.
        most: How many at most, at least 2.
        whole: Only whole numbers, as steps are.
    """
    if low == high:
        return Ticks((low,), (number(low),))
    # As they are written, so that 0.55 is a tick of an axis from 0.55.
    first, last = Decimal(repr(low)), Decimal(repr(high))
    exponent = math.floor(((last - first) / most).log10()) - 1
    if whole:
        exponent = max(exponent, 0)
    while True:
        for round_step in _STEPS:
            step = round_step.scaleb(exponent)
            if whole and step != step.to_integral_value():
                continue
            start, stop = math.ceil(first / step), math.floor(last / step)
            if stop - start < most:
                values = [place * step for place in range(start, stop + 1)]
                return _written(values, step)
        exponent += 1


def log_ticks(low: float, high: float, most: int = MOST) -> Ticks:
    """Choose at most `most` ticks for a logarithmic axis; 0 < low < high.

    Powers of ten, with 2 and 5 or 3 between where there is room; plain linear ticks where the
    axis spans too little for two of those.
    """
    found = _powers(Decimal(repr(low)), Decimal(repr(high)), most, ((1, 2, 5), (1, 3), (1,)))
    if len(found) < 2:
        return linear_ticks(low, high, most)
    return Ticks(tuple(map(float, found)), tuple(_alone(value) for value in found))


def error_ticks(low: float, high: float, whole: float = 1.0, most: int = MOST_ERRORS) -> Ticks:
    """Choose at most `most` ticks for an axis that opens up towards the whole.

    Round shares whose errors are powers of ten, with 2 and 5 or 5 between where there is room:
    0.5, 0.8, 0.9, 0.95; plain linear ticks where the axis spans too little for two of those.

    Args:
        low: Lower end of the axis, at least 0.
        high: Upper end, below the whole.
        whole: What a value is a share of.
        most: How many at most, at least 2.
    """
    top = Decimal(repr(whole))
    least, largest = top - Decimal(repr(high)), top - Decimal(repr(low))
    found = [top - error for error in _powers(least, largest, most, ((1, 2, 5), (1, 5), (1,)))]
    if len(found) < 2:
        return linear_ticks(low, high, MOST)
    return Ticks(tuple(map(float, found[::-1])), tuple(map(_plain, found[::-1])))


def _powers(
    low: Decimal, high: Decimal, most: int, choices: Sequence[Sequence[int]]
) -> list[Decimal]:
    """Give powers of ten and multiples of them, as many within limits as there is room for."""
    first, last = math.floor(low.log10()), math.ceil(high.log10())
    found: list[Decimal] = []
    for parts in choices:
        found = [
            value
            for exponent in range(first, last + 1)
            for part in parts
            if low <= (value := Decimal(part).scaleb(exponent)) <= high
        ]
        if len(found) <= most:
            break
    if len(found) > most:
        stride = -(-len(found) // most)
        found = [value for value in found if value.adjusted() % stride == 0]
    return found


def _written(values: Sequence[Decimal], step: Decimal) -> Ticks:
    floats = tuple(map(float, values))
    texts = _texts(values)
    if max(map(len, texts), default=0) <= _LONGEST or len(values) < 2:
        return Ticks(floats, texts)
    # Late digits: write what is added to a round number below.
    unit = Decimal(1).scaleb(step.adjusted() + 2)
    base = (values[0] / unit).to_integral_value(ROUND_FLOOR) * unit
    if base == 0:
        return Ticks(floats, texts)
    added = _texts([value - base for value in values])
    signed = tuple(text if text == "0" else f"+{text}" for text in added)
    return Ticks(floats, signed, base=_plain(base))


def _texts(values: Sequence[Decimal]) -> tuple[str, ...]:
    """Write the numbers of an axis in one unit: plain, k, M or a power of ten."""
    largest = max(map(abs, values), default=Decimal(0))
    if largest == 0 or Decimal("0.001") <= largest < 10_000:
        return tuple(map(_plain, values))
    if 10_000 <= largest < 1_000_000_000:
        power, suffix = (6, "M") if largest >= 1_000_000 else (3, "k")
    else:
        power = largest.adjusted()
        suffix = f"e{power}"
    return tuple(_plain(value.scaleb(-power)) + (suffix if value else "") for value in values)


def _alone(value: Decimal) -> str:
    """Write one tick of a logarithmic axis in its own unit."""
    return _texts([value])[0]


def _plain(value: Decimal) -> str:
    text = format(value.normalize(), "f")
    return "0" if value == 0 else text.replace("-", MINUS)
