"""Curves of one metric over steps, labelled at their ends."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from staticrun.plots import error_scale
from staticrun.plots.scene import Bent
from staticrun.plots.text import number

if TYPE_CHECKING:
    from collections.abc import Sequence

Kind = Literal["member", "mean", "baseline", "context", "ghost"]
LABELS: Final = 8
PLAIN_KEY: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,79}")


class Line(msgspec.Struct, frozen=True):
    """One curve.

    Attributes:
        label: Named at the line's end, where the kind is named at all; empty for no name.
        step: Ascending.
        value: One a step; a value that is not finite is a gap.
        low: Lower edge of the band, one a step; None for no band.
        high: Its upper edge.
        slot: Colour slot, 1 to 10; from 11 on the colours come again, dashed; None draws in ink.
        kind: `mean`: a group's mean or a run of its own; `member`: a run of a group, thin;
            `baseline`: ink, dashed; `context`: others, faint, never named; `ghost`: points that
            were superseded, dotted.
        ended: `failed` ends with a cross, `open` with a circle, `stopped` with a bar.
    """

    label: str
    step: tuple[float, ...]
    value: tuple[float, ...]
    low: tuple[float, ...] | None = None
    high: tuple[float, ...] | None = None
    slot: int | None = None
    kind: Kind = "mean"
    ended: str = "finished"

    def __post_init__(self) -> None:
        """Refuse columns of different lengths.

        Raises:
            ValueError: When they differ, or one edge of the band is missing.
        """
        columns = (self.step, self.value, self.low, self.high)
        lengths = {len(column) for column in columns if column is not None}
        if len(lengths) != 1 or (self.low is None) != (self.high is None):
            raise ValueError("step, value, low and high need one length, low and high each other")


class Curves(msgspec.Struct, frozen=True):
    """What a figure of curves shows.

    Attributes:
        title: The metric; read out and in a file of its own, not drawn in the page.
        unit: What stands under the title: the unit, what the band is.
        x_label: Name of the horizontal axis, in italics at its end: `step`, `epoch`.
        lines: In order of importance: the first eight names are shown, lines with a name beyond
            them become context.
        scale: Of the vertical axis: `log`, or `error` for one that opens up towards `whole`. It
            is linear, and `notes` say so, where a value has no place on it: zero or below, or
            not from 0 to `whole`.
        whole: What a value is a share of, on a scale of errors: 1, or 100 for per cent.
        width: In px.
        height: In px.
        key: Prefix of ids, unique on the page.
    """

    title: str
    unit: str
    x_label: str
    lines: tuple[Line, ...]
    scale: Bent = "linear"
    whole: float = 1.0
    width: float = 344
    height: float = 216
    key: str = "curves"

    def __post_init__(self) -> None:
        """Refuse a key that is no plain id, and sizes that hold nothing.

        Raises:
            ValueError: When one of them is.
        """
        if not PLAIN_KEY.fullmatch(self.key):
            raise ValueError(f"key {self.key!r}: expected a letter, then letters, digits, _ and -")
        if not (160 <= self.width <= 4000 and 80 <= self.height <= 4000):
            raise ValueError(f"{self.width} by {self.height}: expected 160 to 4000 by 80 to 4000")


def settled(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Turn named lines beyond the first eight into context: more names than that are none.

    Baselines keep theirs first.
    """
    named = sorted(
        (place for place, line in enumerate(lines) if is_named(line)),
        key=lambda place: lines[place].kind != "baseline",
    )
    demoted = set(named[LABELS:])
    return tuple(
        msgspec.structs.replace(line, kind="context") if place in demoted else line
        for place, line in enumerate(lines)
    )


def scale(spec: Curves) -> Bent:
    """Say how the vertical axis is bent: as asked for, where every value has a place on it."""
    if spec.scale == "linear":
        return "linear"
    values = _values(spec)
    if not values:
        return "linear"
    low, high = min(values), max(values)
    if spec.scale == "log":
        return "log" if low > 0 else "linear"
    # One value alone needs no scale; where it is the whole there would be none.
    has_place = low >= 0 and high <= spec.whole and not error_scale.is_whole(low, spec.whole)
    return "error" if has_place and low < high else "linear"


def has_edge(spec: Curves) -> bool:
    """Say whether the whole is reached, so that it stands at the edge of a scale of errors."""
    return scale(spec) == "error" and error_scale.is_whole(max(_values(spec)), spec.whole)


def _values(spec: Curves) -> list[float]:
    return [
        value
        for line in chosen(settled(spec.lines))
        for part in (line.value, line.low or (), line.high or ())
        for value in part
        if math.isfinite(value)
    ]


def chosen(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Give the lines that set the scale: all but context and ghosts, or all without others."""
    own = tuple(line for line in lines if line.kind not in {"context", "ghost"})
    return own or tuple(lines)


def notes(spec: Curves) -> tuple[str, ...]:
    """Say what a reader must know to read the figure right: for the line under the title."""
    found = []
    bent = scale(spec)
    whole = number(spec.whole)
    if bent == "log":
        found.append("log y")
    elif bent == "error":
        found.append("log error" + (f", {whole} at the edge" if has_edge(spec) else ""))
    elif spec.scale == "log":
        found.append("not log y, as not all values are above 0")
    elif spec.scale == "error" and len(set(_values(spec))) > 1:
        found.append(f"not log error, as not all values are from 0 to {whole}")
    demoted = sum(map(is_named, spec.lines)) - LABELS
    if demoted > 0:
        found.append(f"{demoted} more line{'s' if demoted > 1 else ''} without a name")
    gaps = sum(
        len(line.value) - sum(map(math.isfinite, line.value)) for line in chosen(spec.lines)
    )
    if gaps:
        found.append(f"{gaps} value{'s' if gaps > 1 else ''} not finite")
    return tuple(found)


def is_named(line: Line) -> bool:
    """Say whether a line is named at its end."""
    return bool(line.label) and line.kind in {"member", "mean", "baseline"}
