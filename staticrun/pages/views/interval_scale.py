"""The one scale that all intervals of a column share, and the drawing of one row on it.

Coordinates are those of a small drawing, `WIDTH` by `HEIGHT` units, written as text with one
decimal. Numbers are in the metric's own unit; a scale bends them where a straight one would hide
what matters: accuracies near 1 by log-odds, positive numbers over decades by logarithm.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Kind = Literal["linear", "log", "odds"]

WIDTH = 210.0
HEIGHT = 28.0
# Room for a dot at either end, and for the arrow of a clipped bar.
_EDGE = 10.0
# Beyond this share of its column's spread, a value is drawn as an arrow at the edge.
_OUTLIER = 6.0
# The scale grows by at most this share on either side to hold an interval's end.
_REACH = 0.3
# Log-odds need a floor: 1 itself is infinitely far away.
_NEAREST = 1e-4
_ODDS_TICKS = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999)


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
    """

    ticks: tuple[Tick, ...]
    kind: Kind
    clipped: bool


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
    """A scale from `low` to `high`, in the metric's unit."""

    kind: Kind
    low: float
    high: float
    width: float = WIDTH

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
        if self.kind == "odds":
            inside = min(max(value, _NEAREST), 1 - _NEAREST)
            return math.log(inside / (1 - inside))
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
    if of_one and ordered[0] >= 0 and ordered[-1] <= 1 and high > 0.9:
        return _reaching(Scale("odds", max(low, 0.01), min(high, 1 - _NEAREST), width), ends)
    if low > 0 and high / low > 50:
        return _reaching(Scale("log", low, high, width), ends)
    return _reaching(Scale("linear", low, high, width), ends)


def _reaching(scale: Scale, ends: Sequence[float]) -> Scale:
    scale = _padded(scale)
    room = _REACH * (scale.width - 2 * _EDGE)
    near = [
        end
        for end in ends
        if _EDGE - room <= scale.place(end) <= scale.width - _EDGE + room
        and (scale.kind == "linear" or end > 0)
        and (scale.kind != "odds" or end < 1 - _NEAREST)
    ]
    low, high = min([scale.low, *near]), max([scale.high, *near])
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
    if scale.kind == "odds":
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
    end = -math.inf
    for value in values:
        x, words = scale.place(value), text(value)
        # Texts are centred; 6.2 units a character at the size of an axis.
        half = 3.1 * len(words)
        if x - half > end and half <= x <= scale.width - half:
            ticks.append(Tick(coordinate(x), words))
            end = x + half + 6
    return Axis(tuple(ticks), scale.kind, clipped)


def _candidates(scale: Scale) -> list[float]:
    from staticrun.plots.ticks import linear_ticks, log_ticks

    if scale.kind == "odds":
        between = [value for value in _ODDS_TICKS if scale.holds(value)]
        if len(between) > 1:
            return between
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
