"""Figures of a registered model: a metric over its versions, and its stages over time."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import msgspec

from staticrun.pages import format as fmt
from staticrun.pages.figures import Figure
from staticrun.pages.registered import ARRIVALS
from staticrun.pages.views import registry_metrics
from staticrun.pages.views.naming import shown
from staticrun.plots import Intervals
from staticrun.plots import Row as Interval
from staticrun.plots.lanes import Bar, Lane, Lanes
from staticrun.plots.versions import Point, Versions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from staticrun.pages.context import Context
    from staticrun.pages.registered import Registered
    from staticrun.registry.against import Against
    from staticrun.registry.events import Event
    from staticrun.registry.state import ModelState

WIDE, NARROW = 1080.0, 358.0
# As wide as a comment on a code host shows a picture.
CARD = 760.0
SLICES_MAX = 30
VERSIONS_MAX = 100
MOVES_MAX = 200
# How much of the axis stands for what lasts.
_NOW_SHARE = 0.06


class Drawn(msgspec.Struct, frozen=True):
    """A figure, drawn for a wide and for a narrow place.

    Attributes:
        title: What it shows.
        unit: How.
        wide: For a screen.
        narrow: For a phone.
        note: What a reader must know.
    """

    title: str
    unit: str
    wide: Figure
    narrow: Figure
    note: str


def metric(model: ModelState, name: str, registered: Registered, context: Context) -> Drawn | None:
    """Draw a metric over the versions of a model; None where fewer than two have it."""
    declared = context.config.metrics.get(name)
    factor = fmt.factor(declared)
    having = [
        number
        for number, version in sorted(model.versions.items())
        if (found := registry_metrics.value(version, name)) is not None and math.isfinite(found)
    ]
    if len(having) < 2:
        return None
    points = tuple(
        Point(
            number,
            factor * (registry_metrics.value(model.versions[number], name) or 0.0),
            _state(model, number),
            ", ".join(
                one for one in registered.state.order(model.name) if _at(model, one, number)
            ),
        )
        for number in having[-VERSIONS_MAX:]
    )
    title, unit = shown(name, registry_metrics.NAME_MAX), fmt.unit(declared)
    said = f"by version{f', {unit}' if unit else ''}"
    specs = [
        Versions(title, said, points, width, height, key=key)
        for width, height, key in ((WIDE, 230.0, "metric-wide"), (NARROW, 210.0, "metric-narrow"))
    ]
    wide, narrow = map(context.figures.get, specs)
    more = len(having) - len(points)
    note = "Filled: at a stage. Cross: withdrawn."
    return Drawn(title, said, wide, narrow, note + (f" The last {len(points)}." if more else ""))


def _state(model: ModelState, number: int) -> Literal["staged", "plain", "withdrawn"]:
    if number in model.withdrawn:
        return "withdrawn"
    return "staged" if model.stages_of(number) else "plain"


def _at(model: ModelState, stage: str, number: int) -> bool:
    return model.stages[stage].version == number


def stages(model: ModelState, registered: Registered, context: Context) -> Drawn | None:
    """Draw which version stood at which stage; None where no history says so."""
    moves = [
        event
        for event in registered.events(model.name)
        if event.stage and (event.type in ARRIVALS or event.type == "stage.cleared")
    ][-MOVES_MAX:]
    if not moves:
        return None
    places, in_time = _places(moves)
    last = places[-1] + (places[-1] - places[0] or 1.0) * _NOW_SHARE
    moved = {event.stage or "" for event in moves}
    order = [stage for stage in registered.state.order(model.name) if stage in moved]
    names = order + sorted(moved - set(order))
    lanes = tuple(Lane(name, _bars(name, moves, places, last, model)) for name in names)
    ticks = tuple(_ticks(moves, places))
    specs = [
        Lanes("Stages over time", "by version", lanes, places[0], last, ticks, width, key)
        for width, key in ((WIDE, "lanes-wide"), (NARROW, "lanes-narrow"))
    ]
    wide, narrow = map(context.figures.get, specs)
    note = "Ink: now. Dashed: withdrawn since. Times are UTC, as commits claim them."
    if not in_time:
        note = (
            "Ink: now. Dashed: withdrawn since. Moves stand in the branch's order, at equal "
            "distances: the times that their commits claim contradict it."
        )
    return Drawn("Stages over time", "by version", wide, narrow, note)


def _places(moves: Sequence[Event]) -> tuple[list[float], bool]:
    """Place moves at their times, where those follow the branch; else one after the other."""
    times = [event.origin.time for event in moves]
    if times[0] < times[-1] and all(a <= b for a, b in pairwise(times)):
        return times, True
    return [float(place) for place in range(len(moves))], len(set(times)) == 1


def _bars(
    stage: str, moves: Sequence[Event], places: Sequence[float], last: float, model: ModelState
) -> tuple[Bar, ...]:
    own = [(event, at) for event, at in zip(moves, places, strict=True) if event.stage == stage]
    ends = [at for _, at in own[1:]] + [last]
    found = []
    for place, ((event, start), stop) in enumerate(zip(own, ends, strict=True)):
        if event.version is None:
            continue
        gone, now = event.version in model.withdrawn, place == len(own) - 1
        since = fmt.date(event.origin.time)
        title = f"version {event.version} since {since}{', withdrawn since' if gone else ''}"
        state: Literal["past", "now", "withdrawn"] = (
            "withdrawn" if gone else "now" if now else "past"
        )
        found.append(Bar(start, stop, str(event.version), state, title))
    return tuple(found)


def _ticks(moves: Sequence[Event], places: Sequence[float]) -> list[tuple[float, str]]:
    """Name the day of each move that is the first of its day."""
    days = [fmt.date(event.origin.time).partition(",")[0] for event in moves]
    return [
        (at, day)
        for place, (at, day) in enumerate(zip(places, days, strict=True))
        if place == 0 or days[place - 1] != day
    ]


def gains(model: str, found: Against, context: Context) -> tuple[Drawn, str]:
    """Draw the gains of slices below that of all examples, and give the same as a PNG's URL."""
    from staticrun.pages.views.registry_moves import said

    metric = context.config.metrics.get(found.sliced)
    factor, name = fmt.factor(metric), shown(found.sliced, registry_metrics.NAME_MAX)
    [whole] = [one for one in found.metrics if one.metric == found.sliced]
    rows = [_interval("all examples", whole.gain, whole.low, whole.high, factor)]
    for one in found.slices[:SLICES_MAX]:
        label = f"{said(one.column, context, 40)} {said(one.value, context, 40)}"
        rows.append(_interval(label, one.gain, one.low, one.high, factor))
    unit = fmt.unit(metric)
    title = f"Gain in {name}"
    about = f"{model} {found.candidate} over {found.champion}, 95 % intervals"
    about += f", {unit}" if unit else ""
    wide, narrow, card = (
        Intervals(title, about, tuple(rows), "", 0.0, "high", width, key)
        for width, key in ((WIDE, "gains-wide"), (NARROW, "gains-narrow"), (CARD, "gains"))
    )
    note = "Hollow: the interval holds zero."
    note += " The worst slices first." if found.slices else ""
    drawn = Drawn(title, about, context.figures.get(wide), context.figures.get(narrow), note)
    return drawn, context.figures.picture(card)


def _interval(
    label: str, gain: float | None, low: float | None, high: float | None, factor: float
) -> Interval:
    gain, low, high = (None if one is None else one * factor for one in (gain, low, high))
    return Interval(label, gain, low, high, slot=2 if high is not None and high < 0 else None)
