"""From where to where the axes of a figure of curves go."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from staticrun.plots import error_scale
from staticrun.plots.curves import chosen
from staticrun.plots.text import number
from staticrun.plots.ticks import LARGEST, MOST, Ticks, error_ticks, linear_ticks, log_ticks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from staticrun.plots.curves import Line
    from staticrun.plots.scene import Bent, Floats

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


def find_range(
    lines: Sequence[Line],
    bent: Bent = "linear",
    most: int = MOST,
    *,
    whole: float = 1.0,
    edge: bool = False,
) -> Range | None:
    """Find limits that hold every chosen line and its band whole.

    Context and ghosts never set the scale: they widen it a little and are cut off beyond.

    Args:
        lines: All lines of the figure.
        bent: The scale of the vertical axis.
        most: How many ticks the horizontal axis has at most.
        whole: What a value is a share of, on a scale of errors.
        edge: Whether the whole stands at the upper end of a scale of errors.

    Returns:
        The limits, or None where no chosen line has a finite point.
    """
    own = chosen(lines)
    points = [_points(line, bent, whole) for line in own]
    x, y = _span([steps for steps, _ in points]), _span([values for _, values in points])
    if x is None or y is None:
        return None
    rest = _span([_points(line, bent, whole)[1] for line in lines if line not in own])
    y_ticks, y = (
        _errors(y, rest, whole, edge=edge) if bent == "error" else _vertical(y, rest, bent)
    )
    straight = all(bool((steps == np.floor(steps)).all()) for steps, _ in points)
    return Range(x, y, linear_ticks(*x, most, whole=straight), y_ticks)


def _points(line: Line, bent: Bent, whole: float) -> tuple[Floats, Floats]:
    """Give the steps, and the values, band included, that set the scale."""
    step = np.array(line.step, np.float64)
    columns = [np.array(part, np.float64) for part in (line.value, line.low, line.high) if part]
    if not columns:
        return step[:0], step[:0]
    finite = [np.isfinite(step) & np.isfinite(part) for part in columns]
    usable = [
        known & _has_place(part, bent, whole) for known, part in zip(finite, columns, strict=True)
    ]
    values = np.concatenate([part[use] for part, use in zip(columns, usable, strict=True)])
    return step[finite[0] if bent == "error" else usable[0]], values


def _has_place(values: Floats, bent: Bent, whole: float) -> NDArray[np.bool_]:
    if bent == "log":
        return values > 0
    if bent == "error":
        # The whole is infinitely far away: it sets no scale.
        return (values >= 0) & (whole - values > error_scale.NEAREST * whole)
    return np.full(len(values), fill_value=True)


def _span(parts: Sequence[Floats]) -> Span | None:
    values = np.concatenate([*parts, np.empty(0)])
    return (float(values.min()), float(values.max())) if len(values) else None


def _vertical(span: Span, rest: Span | None, bent: Bent) -> tuple[Ticks, Span]:
    low, high = span
    if _is_one(span):
        # One value: a single tick, a line in the middle.
        return linear_ticks(low, low), (low, low)
    if bent == "log":
        first, last = _widened((math.log10(low), math.log10(high)), _logs(rest))
        low, high = 10 ** max(first, -323), 10 ** min(last, 308.25)
        return log_ticks(low, high), (low, high)
    low, high = _widened(span, rest)
    # Padding invents no sign and no accuracy above 1.
    least, most = min(span[0], *(rest or span)), max(span[1], *(rest or span))
    low = 0.0 if least >= 0 > low else low
    high = 1.0 if least >= 0 and most <= 1 < high else high
    return linear_ticks(low, high), (low, high)


def _errors(span: Span, rest: Span | None, whole: float, *, edge: bool) -> tuple[Ticks, Span]:
    low, high = span
    last = error_scale.edge(high, whole) if edge else high
    if _is_one((low, last)):
        return linear_ticks(low, low), (low, low)
    bent = error_scale.bend(low, whole), error_scale.bend(last, whole)
    around = (error_scale.bend(rest[0], whole), error_scale.bend(rest[1], whole)) if rest else None
    first, end = _widened(bent, around)
    low = max(error_scale.straighten(first, whole), 0.0)
    if not edge:
        last = error_scale.straighten(end, whole)
        return error_ticks(low, last, whole), (low, last)
    ticks = error_ticks(low, last, whole)
    # The whole is no sum of late digits; and beyond the best share there is nothing but it.
    below = [] if ticks.base else [value for value in ticks.values if value <= high]
    texts = (*ticks.texts[: len(below)], number(whole))
    return Ticks((*below, last), texts), (low, last)


def _is_one(span: Span) -> bool:
    low, high = span
    return high / 2 - low / 2 <= ROUNDING * max(abs(low), abs(high))


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
