"""The small drawings of a run's metrics: which stand together, in which order, in which colour."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np
from markupsafe import Markup

from staticrun.analysis.direction import direction
from staticrun.pages import axis, sparkline
from staticrun.pages import format as fmt
from staticrun.plots.color import SLOTS

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from staticrun.config import Metric
    from staticrun.store.run import Run
    from staticrun.store.series import Series, Stats

    Floats = NDArray[np.float64]

SHOWN = 12
DRAWN_MAX = 240
TOGETHER_MAX = 4
NAME_MAX = 120
# The parts of a training that one metric is taken on, and the colour of each.
_STAGES = {
    "train": 1, "training": 1, "trn": 1, "tr": 1,
    "val": 2, "valid": 2, "validation": 2, "dev": 2, "eval": 2, "evaluation": 2,
    "test": 3, "testing": 3,
}  # fmt: skip
_FREE_SLOTS = range(4, SLOTS + 1)


class Multiple(msgspec.Struct, frozen=True):
    """A small drawing.

    Attributes:
        name: The metric, or what the metrics in it share.
        about: Its unit and scale.
        drawing: The `svg` element.
    """

    name: str
    about: str
    drawing: Markup


class Fold(msgspec.Struct, frozen=True):
    """Drawings that are shown on request.

    Attributes:
        name: What their names begin with; empty where they share nothing.
        words: How many they are.
        multiples: The drawings.
    """

    name: str
    words: str
    multiples: tuple[Multiple, ...]


class Curves(msgspec.Struct, frozen=True):
    """All drawings of a page's row.

    Attributes:
        shown: The first ones.
        folds: The others, by the beginning of their names.
        caption: What they show, how to read them, and what has no drawing.
        left_out: How many metrics are too many to be drawn; empty for none.
    """

    shown: tuple[Multiple, ...]
    folds: tuple[Fold, ...]
    caption: str
    left_out: str


class _Group(NamedTuple):
    """Metrics that stand in one drawing: what they share, and (metric, stage) of each."""

    name: str
    members: tuple[tuple[str, str], ...]


def ordered(metrics: Iterable[str], declared: Mapping[str, Metric]) -> list[str]:
    """Order metrics: the primary one, those that are declared, those that have a direction.

    Of the last, those of a training come behind; everything else stays in its order.
    """
    places = {name: number for number, name in enumerate(declared)}

    def place(name: str) -> tuple[bool, int, bool, bool]:
        metric = declared.get(name)
        known = direction(name, metric.direction if metric else None)
        training = _STAGES.get(_split(name)[0]) == 1
        primary = metric is not None and metric.primary
        return not primary, places.get(name, len(places)), known is None, training

    return sorted(metrics, key=place)


def curves(run: Run, declared: Mapping[str, Metric]) -> Curves | None:
    """Draw the metrics of a run that have two finite points or more.

    A metric with one point joins the drawing of another stage of it; alone it would say no more
    than the table does.

    Returns:
        None when it logged none.
    """
    if not run.metrics:
        return None
    lines = {name: _line(run, name) for name in ordered(run.metrics, declared)}
    points = {name: _finite(line) for name, line in lines.items()}
    slots = _Slots()
    groups = [
        part
        for group in _groups(name for name in lines if points[name])
        for part in _fitting(group, lines)
        if any(points[name] > 1 for name, _ in part.members)
    ]
    multiples = [_multiple(group, lines, declared, run, slots) for group in groups[:DRAWN_MAX]]
    names = [group.members[0][0] for group in groups]
    shown = {name: lines[name] for group in groups for name, _ in group.members}
    rest = sum(len(group.members) for group in groups[DRAWN_MAX:])
    return Curves(
        tuple(multiples[:SHOWN]),
        folds(names[SHOWN:DRAWN_MAX], multiples[SHOWN:]),
        " ".join([*_read(run, shown.values()), *_tabled(run, points, shown)]),
        f"{fmt.plural(rest, 'more metric')} only in the table below" if rest > 0 else "",
    )


def machine(run: Run) -> Curves | None:
    """Draw the use of the machine; None when it was not logged."""
    multiples: dict[str, Multiple] = {}
    words = []
    for name in sorted(run.system_names):
        series = run.system(name)
        line = sparkline.Line(*series.at_steps())
        values = line.value[np.isfinite(line.value)]
        label = fmt.label(name, NAME_MAX)
        if len(values) < 2:
            words.append(
                f"{label} {fmt.number(float(values[0])) if len(values) else 'not finite'}"
            )
        elif len(multiples) < DRAWN_MAX:
            most = fmt.number(float(values.max()))
            drawing, _ = sparkline.draw([line], f"{name} by sample: highest {most}")
            multiples[name] = Multiple(label, "", drawing)
    if not run.system_names:
        return None
    drawn, first = list(multiples.values()), 6
    sentences = []
    if drawn:
        series_words = fmt.plural(len(drawn), "series", "series")
        sentences.append(f"Use of the machine in {series_words}, by sample.")
    if words:
        sentences.append(f"Sampled once: {fmt.listed(words, most=12)}.")
    return Curves(
        tuple(drawn[:first]), folds([*multiples][first:], drawn[first:]), " ".join(sentences), ""
    )


class _Slots:
    """Colours of the stages of a page: one stage, one colour."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def of(self, stage: str) -> int:
        known = _STAGES.get(stage.lower())
        if known:
            return known
        slot = _FREE_SLOTS[len(self._taken) % len(_FREE_SLOTS)]
        return self._taken.setdefault(stage, slot)


def _line(run: Run, name: str) -> sparkline.Line:
    series = run.series(name)
    low = high = None
    if series.low is not None and series.high is not None:
        live = ~series.superseded
        step, value = series.step[live], series.value[live]
        low, high = series.low[live], series.high[live]
    else:
        step, value = series.at_steps()
    return sparkline.Line(
        step, value, ended=run.status, low=low, high=high, ghosts=_ghosts(series)
    )


def _ghosts(series: Series) -> tuple[Floats, Floats] | None:
    gone = series.superseded
    return (series.step[gone], series.value[gone]) if gone.any() else None


def _split(name: str) -> tuple[str, str]:
    """Tell the stage of a metric from what is measured: `val/loss`, `val_loss` → val, loss."""
    stage, slash, rest = name.partition("/")
    if slash and rest:
        return stage, rest
    for sign in "_.":
        stage, found, rest = name.partition(sign)
        if found and rest and stage.lower() in _STAGES:
            return stage, rest
    return "", name


def _groups(names: Iterable[str]) -> list[_Group]:
    """Put metrics that share the part after their stage together, at the first one's place."""
    shared: dict[str, list[tuple[str, str]]] = {}
    for name in names:
        stage, rest = _split(name)
        shared.setdefault(rest, []).append((name, stage))
    groups = []
    for rest, members in shared.items():
        known = [m for m in members if m[1].lower() in _STAGES or not m[1]]
        if len(members) <= TOGETHER_MAX and all(stage for _, stage in members):
            known = members
        # `loss` stands with `val_loss`, not with `box/loss`.
        if len(known) > 1 and len({stage for _, stage in known}) == len(known) <= TOGETHER_MAX:
            groups.append(_Group(rest, tuple(known)))
        else:
            known = []
        alone = [member for member in members if member not in known]
        groups += [_Group(name, ((name, stage),)) for name, stage in alone]
    return groups


def _fitting(group: _Group, lines: Mapping[str, sparkline.Line]) -> list[_Group]:
    """Part a group whose members would not be seen on one axis."""
    values = [lines[name].value for name, _ in group.members]
    scale = axis.axis(values)
    if len(values) == 1 or scale is None or all(_seen(value, scale) for value in values):
        return [group]
    return [_Group(name, ((name, stage),)) for name, stage in group.members]


def _seen(value: Floats, scale: axis.Axis) -> bool:
    finite = value[np.isfinite(value)]
    if not len(finite):
        return False
    low, high = scale.height(float(finite.min())), scale.height(float(finite.max()))
    return high - low > 0.12 or low == high


def _multiple(
    group: _Group,
    lines: Mapping[str, sparkline.Line],
    declared: Mapping[str, Metric],
    run: Run,
    slots: _Slots,
) -> Multiple:
    several = len(group.members) > 1
    drawn = [
        lines[name]._replace(label=stage or group.name, slot=slots.of(stage)) if several
        else lines[name]
        for name, stage in group.members
    ]  # fmt: skip
    metrics = [declared.get(name) for name, _ in group.members]
    description = "; ".join(_spoken(name, run.metrics[name]) for name, _ in group.members)
    drawing, scale = sparkline.draw(drawn, description)
    # The axis counts in the logged unit: a share shown as per cent stays a share there.
    units = {fmt.unit(metric) if fmt.factor(metric) == 1 else "" for metric in metrics}
    unit = units.pop() if len(units) == 1 else ""
    about = [unit, "log y" if scale and scale.log else ""]
    return Multiple(
        fmt.label(group.name, NAME_MAX), ", ".join(word for word in about if word), drawing
    )


def _spoken(name: str, stats: Stats) -> str:
    shown = fmt.label(name, NAME_MAX)
    if stats.min is None:
        return f"{shown}: {fmt.plural(stats.n, 'point')}, none of them finite"
    if stats.n == 1:
        return f"{shown}: {fmt.number(stats.last)} at step {fmt.step(stats.last_step)}"
    return (
        f"{shown}: {fmt.plural(stats.n, 'point')} from {fmt.number(stats.first)} "
        f"to {fmt.number(stats.last)}, lowest {fmt.number(stats.min)} at step "
        f"{fmt.step(stats.min_step)}, highest {fmt.number(stats.max)} at step "
        f"{fmt.step(stats.max_step)}"
    )


def folds(names: Sequence[str], multiples: Sequence[Multiple]) -> tuple[Fold, ...]:
    """Fold drawings by the beginning of their names, `layer1` of `layer1/weights`."""
    by_begin: dict[str, list[Multiple]] = {}
    for name, multiple in zip(names, multiples, strict=True):
        begin = name.partition("/")[0] if "/" in name else ""
        by_begin.setdefault(begin, []).append(multiple)
    # A fold for two drawings is more to read than the drawings.
    small = [begin for begin, found in by_begin.items() if begin and len(found) < 3]
    if small and len(by_begin) > 1:
        rest = [one for begin in small for one in by_begin.pop(begin)]
        by_begin[""] = by_begin.pop("", []) + rest
    return tuple(
        Fold(fmt.short(begin, 60), fmt.plural(len(found), "more drawing"), tuple(found))
        for begin, found in by_begin.items()
    )


def _read(run: Run, drawn: Iterable[sparkline.Line]) -> list[str]:
    """Say what the drawings show and what their marks mean."""
    lines = list(drawn)
    if not lines:
        return []
    sentences = [f"{fmt.plural(len(lines), 'metric')} by step."]
    ends = {
        "failed": "A cross ends the lines: the run failed.",
        "stopped": "A square ends the lines: the run was stopped.",
        "open": "An open circle ends the lines: no end was recorded.",
    }
    if run.status in ends:
        sentences.append(ends[run.status])
    if any(line.ghosts for line in lines):
        sentences.append("Dotted: points that a resume superseded.")
    if any(line.low is not None for line in lines):
        sentences.append("Mean over the writers; the band runs from the lowest to the highest.")
    if any(not np.isfinite(line.value).all() for line in lines):
        sentences.append("Values that are not finite are not drawn.")
    return sentences


def _tabled(run: Run, points: Mapping[str, int], drawn: Container[str]) -> list[str]:
    """Say how many metrics have no drawing because there is nothing to draw."""
    one = [name for name, number in points.items() if number and name not in drawn]
    none = [name for name, number in points.items() if not number]
    words = []
    if one:
        kind = "one point" if all(run.metrics[name].n == 1 for name in one) else "one finite point"
        words.append(_have(len(one), kind))
    if none:
        words.append(_have(len(none), "no finite value"))
    if not words:
        return []
    them = "it" if len(one) + len(none) == 1 else "them"
    return [f"{fmt.listed(words)}: the table of metrics has {them}."]


def _have(number: int, what: str) -> str:
    return f"{fmt.plural(number, 'metric')} {'has' if number == 1 else 'have'} {what}"


def _finite(line: sparkline.Line) -> int:
    """Count what a drawing would show: finite points, superseded ones too."""
    arrays = [(line.step, line.value), *([line.ghosts] if line.ghosts else [])]
    return sum(int((np.isfinite(step) & np.isfinite(value)).sum()) for step, value in arrays)
