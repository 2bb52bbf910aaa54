"""From where to where the axes of a figure of curves go."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from staticrun.plots.curves import chosen
from staticrun.plots.ticks import LARGEST, MOST, Ticks, linear_ticks, log_ticks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from staticrun.plots.curves import Line
    from staticrun.plots.scene import Floats

# How much context and ghosts may widen the vertical axis, as a share of what the others span.
CONTEXT_SHARE: Final = 0.25
PADDING: Final = 0.04
# Below this share of their size, numbers differ by rounding alone.
ROUNDING: Final = 1e-12

Span = tuple[float, float]


class Range(msgspec.Struct, frozen=True):
    """The limits of both axes and the ticks within."""

    x: Span
    y: Span
    x_ticks: Ticks
    y_ticks: Ticks


def find_range(lines: Sequence[Line], *, log: bool, most: int = MOST) -> Range | None:
    """Find limits that hold every chosen line and its band whole.

    Context and ghosts never set the scale: they widen it a little and are cut off beyond.

    Args:
        lines: All lines of the figure.
        log: Whether the vertical axis is logarithmic.
        most: How many ticks the horizontal axis has at most.

    Returns:
        The limits, or None where no chosen line has a finite point.
    """
    own = chosen(lines)
    points = [_points(line, log=log) for line in own]
    x, y = _span([steps for steps, _ in points]), _span([values for _, values in points])
    if x is None or y is None:
        return None
    rest = _span([_points(line, log=log)[1] for line in lines if line not in own])
    y_ticks, y = _vertical(y, rest, log=log)
    whole = all(bool((steps == np.floor(steps)).all()) for steps, _ in points)
    return Range(x, y, linear_ticks(*x, most, whole=whole), y_ticks)


def _points(line: Line, *, log: bool) -> tuple[Floats, Floats]:
    """Give the steps and the values, band included, of the points that can be drawn."""
    step = np.array(line.step, np.float64)
    columns = [np.array(part, np.float64) for part in (line.value, line.low, line.high) if part]
    usable = [np.isfinite(step) & np.isfinite(part) & ((part > 0) | (not log)) for part in columns]
    if not columns:
        return step[:0], step[:0]
    values = np.concatenate([part[use] for part, use in zip(columns, usable, strict=True)])
    return step[usable[0]], values


def _span(parts: Sequence[Floats]) -> Span | None:
    values = np.concatenate([*parts, np.empty(0)])
    return (float(values.min()), float(values.max())) if len(values) else None


def _vertical(span: Span, rest: Span | None, *, log: bool) -> tuple[Ticks, Span]:
    low, high = span
    if high / 2 - low / 2 <= ROUNDING * max(abs(low), abs(high)):
        # One value: a single tick, a line in the middle.
        return linear_ticks(low, low), (low, low)
    if log:
        first, last = _widened((math.log10(low), math.log10(high)), _logs(rest))
        low, high = 10 ** max(first, -323), 10 ** min(last, 308.25)
        return log_ticks(low, high), (low, high)
    low, high = _widened(span, rest)
    # Padding invents no sign and no accuracy above 1.
    least, most = min(span[0], *(rest or span)), max(span[1], *(rest or span))
    low = 0.0 if least >= 0 > low else low
    high = 1.0 if least >= 0 and most <= 1 < high else high
    return linear_ticks(low, high), (low, high)


def _logs(rest: Span | None) -> Span | None:
    return (math.log10(rest[0]), math.log10(rest[1])) if rest else None


def _widened(span: Span, rest: Span | None) -> Span:
    low, high = span
    # Halves, since the distance of two huge numbers leaves float64.
    half = high / 2 - low / 2
    if rest:
        low = max(min(low, rest[0]), low - 2 * CONTEXT_SHARE * half)
        high = min(max(high, rest[1]), high + 2 * CONTEXT_SHARE * half)
    return max(low - 2 * PADDING * half, -LARGEST), min(high + 2 * PADDING * half, LARGEST)
