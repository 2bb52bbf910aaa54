"""The one scale that all intervals of a column share, and the drawing of one row on it.

Coordinates are those of a small drawing, `WIDTH` by `HEIGHT` units, written as text with one
decimal. Numbers are in the metric's own unit; a scale bends them where a straight one would hide
what matters: shares near 1 by the logarithm of the error (`plots.error_scale`, as curves are),
positive numbers over decades by logarithm.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import msgspec

from staticrun.plots import error_scale

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Kind = Literal["linear", "log", "error"]

WIDTH = 210.0
HEIGHT = 28.0
# Room for a dot at either end, and for the arrow of a clipped bar.
_EDGE = 10.0
# Beyond this share of its column's spread, a value is drawn as an arrow at the edge.
_OUTLIER = 6.0
# The scale grows by at most this share on either side to hold an interval's end.
_REACH = 0.3


class Tick(msgspec.Struct, frozen=True):
    """A number on the scale's axis."""

    x: str
    text: str


class Axis(msgspec.Struct, frozen=True):
    """The head of a column of intervals.

    Attributes:
        ticks: Named places; their lines run down all rows.
        kind: How the scale is bent, for the sentence that says so.
        clipped: Whether some bar or dot leaves the scale.
        edge: Whether 1 stands at the scale's end, on a scale of errors.
    """

    ticks: tuple[Tick, ...]
    kind: Kind
    clipped: bool
    edge: bool = False


class Bar(msgspec.Struct, frozen=True):
    """One row: a dot, its interval, and the members behind it.

    Attributes:
        dot: Where the mean is; empty where it lies off the scale.
        low: The interval's left end; empty without an interval.
        high: Its right end.
        ticks: The members that lie on the scale.
        arrow_low: The interval or the dot goes on to the left.
        arrow_high: The same to the right.
        text: The drawing in words.
        hollow: Whether the dot is empty: the interval holds zero, or there is none.
    """

    dot: str
    low: str
    high: str
    ticks: tuple[str, ...]
    arrow_low: bool
    arrow_high: bool
    text: str
    hollow: bool = False


class Scale(msgspec.Struct, frozen=True):
    """A scale from `low` to `high`, in the metric's unit; with an edge, 1 stands at `high`."""

    kind: Kind
    low: float
    high: float
    width: float = WIDTH
    edge: bool = False

    def place(self, value: float) -> float:
        """Give the coordinate of a value; outside 0 to `width` where it is off the scale."""
        low, high = self._bend(self.low), self._bend(self.high)
        share = (self._bend(value) - low) / (high - low) if high > low else 0.5
        return _EDGE + share * (self.width - 2 * _EDGE)

    def holds(self, value: float) -> bool:
        """Say whether a value lies on the scale, with a hair of tolerance at its ends."""
        return _EDGE - 1 <= self.place(value) <= self.width - _EDGE + 1

    def _bend(self, value: float) -> float:
        if self.kind == "log":
            return math.log10(max(value, 1e-300))
        if self.kind == "error":
            at_edge = self.edge and value <= 1 and error_scale.is_whole(value)
            return error_scale.bend(self.high if at_edge else value)
        return value


def scale_of(
    members: Sequence[float],
    ends: Sequence[float] = (),
    *,
    of_one: bool = False,
    width: float = WIDTH,
) -> Scale:
    """Choose the scale of a column from all its members' values.

    Args:
        members: Finite values, at least one.
        ends: Ends of intervals; the scale reaches out for those that are near.
        of_one: Whether the metric is a share of 1 of which more is better.
        width: Of the drawing.

    Returns:
        A scale that holds all members, but for the few that lie so far off that the others
        could not be told apart.
    """
    ordered = sorted(members)
    low, high = _without_outliers(ordered)
    if of_one and error_scale.suits(ordered, [high]) and not error_scale.is_whole(low):
        return _reaching(_of_errors(ordered, low, high, width), ends)
    if low > 0 and high / low > 50:
        return _reaching(Scale("log", low, high, width), ends)
    return _reaching(Scale("linear", low, high, width), ends)


def _of_errors(ordered: Sequence[float], low: float, high: float, width: float) -> Scale:
    if not error_scale.is_whole(high):
        return Scale("error", low, high, width)
    best = max(value for value in ordered if not error_scale.is_whole(value))
    return Scale("error", low, error_scale.edge(best), width, edge=True)


def _reaching(scale: Scale, ends: Sequence[float]) -> Scale:
    scale = _padded(scale)
    room = _REACH * (scale.width - 2 * _EDGE)
    near = [
        end
        for end in ends
        if _EDGE - room <= scale.place(end) <= scale.width - _EDGE + room
        and (scale.kind == "linear" or end > 0)
        and (scale.kind != "error" or (end >= 0 and not error_scale.is_whole(end)))
    ]
    low, high = min([scale.low, *near]), max([scale.high, *near])
    # An edge stays one tick beyond everything that is not the whole.
    high = error_scale.edge(high) if scale.edge and high > scale.high else high
    return msgspec.structs.replace(scale, low=low, high=high)


def _without_outliers(ordered: list[float]) -> tuple[float, float]:
    low, high = ordered[0], ordered[-1]
    if len(ordered) < 8 or (low > 0 and high / low < 1e6):
        return low, high
    first, third = ordered[len(ordered) // 4], ordered[3 * len(ordered) // 4]
    reach = _OUTLIER * (third - first)
    if reach > 0:
        low = next(value for value in ordered if value >= first - reach)
        high = next(value for value in reversed(ordered) if value <= third + reach)
    return low, high


def _padded(scale: Scale) -> Scale:
    if scale.high > scale.low:
        return scale
    # All values are one: it stands in the middle.
    half = abs(scale.low) * 0.05 or 1.0
    if scale.kind == "error":
        half = min(half, scale.low / 2, (1 - scale.low) / 2)
    return msgspec.structs.replace(scale, low=scale.low - half, high=scale.high + half)


def axis(scale: Scale, text: Callable[[float], str], *, clipped: bool) -> Axis:
    """Name two to five places of a scale.

    Args:
        scale: The scale.
        text: Spells a number as the column does.
        clipped: Whether some row leaves the scale.
    """
    values = [value for value in _candidates(scale) if scale.holds(value)]
    ticks: list[Tick] = []
    begin = math.inf
    # From the right: where a scale opens up, and ticks are most wanted, is its upper end.
    for value in reversed(values):
        x, words = scale.place(value), text(value)
        # Texts are centred; 6.2 units a character at the size of an axis.
        half = 3.1 * len(words)
        if x + half < begin and half <= x <= scale.width - half:
            ticks.append(Tick(coordinate(x), words))
            begin = x - half - 6
    return Axis(tuple(reversed(ticks)), scale.kind, clipped, scale.edge)


def _candidates(scale: Scale) -> list[float]:
    from staticrun.plots.ticks import error_ticks, linear_ticks, log_ticks

    if scale.kind == "error":
        found = error_ticks(scale.low, scale.high, most=9).values
        return [*(value for value in found if value < scale.high), 1.0] if scale.edge else [*found]
    if scale.kind == "log":
        return list(log_ticks(scale.low, scale.high, 5).values)
    return list(linear_ticks(scale.low, scale.high, 5).values)


def bar(
    scale: Scale,
    mean: float,
    interval: tuple[float, float] | None,
    members: Sequence[float],
    text: str,
) -> Bar:
    """Draw a row.

    Args:
        scale: The column's.
        mean: Finite.
        interval: Low and high, or None.
        members: Finite values behind the mean; drawn where there are several.
        text: The drawing in words.
    """
    inside = scale.holds(mean)
    low, high = interval or (mean, mean)
    left, right = _EDGE / 2, scale.width - _EDGE / 2
    arrow_low = not scale.holds(low) and scale.place(low) < _EDGE
    arrow_high = not scale.holds(high) and scale.place(high) > scale.width - _EDGE
    drawn = interval is not None or not inside
    return Bar(
        coordinate(scale.place(mean)) if inside else "",
        coordinate(min(max(scale.place(low), left), right)) if drawn else "",
        coordinate(min(max(scale.place(high), left), right)) if drawn else "",
        tuple(coordinate(scale.place(value)) for value in members if scale.holds(value))
        if len(members) > 1
        else (),
        arrow_low,
        arrow_high,
        text,
    )


def coordinate(value: float) -> str:
    """Spell a coordinate with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")
