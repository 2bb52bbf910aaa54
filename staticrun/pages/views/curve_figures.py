"""Curves of an experiment or a comparison: which lines stand in each figure, and in what colour.

A group is its mean with a band from its lowest to its highest run, drawn as far as all its runs
go; runs that share no steps are drawn one by one. Failed runs, and open ones beside runs that
ended, take no part in a mean: their own thin line ends in a cross or a circle. What is not in
colour is context, thin behind the rest.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import msgspec
from markupsafe import Markup

from staticrun import files
from staticrun.analysis.curves import mean_curve, thin_places
from staticrun.pages import format as fmt
from staticrun.pages.axis import axis
from staticrun.pages.views import results
from staticrun.pages.views.grouping import cut, distinct
from staticrun.pages.views.line_labels import short_labels
from staticrun.pages.views.naming import run_name, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from staticrun.pages.context import Context
    from staticrun.pages.views.comparison_sides import Sides
    from staticrun.pages.views.grouping import Grouping
    from staticrun.pages.views.metric_choice import MetricFacts
    from staticrun.plots import Line
    from staticrun.store.run import Run

    Floats = NDArray[np.float64]

PRIMARY_MAX = 6
MORE_MAX = 24
CONTEXT_MAX = 40
_LABEL = 24
# What a file of its own says below the title, where no unit is known.
_NO_UNIT = "by step"
_POINTS = 240
_CONTEXT_POINTS = 60


class Size(msgspec.Struct, frozen=True):
    """Of a drawing, in px."""

    width: float
    height: float


SMALL = Size(350, 220)
WIDE = Size(1080, 320)
NARROW = Size(358, 260)


class CurveFigure(msgspec.Struct, frozen=True):
    """A figure of one metric.

    Attributes:
        metric: Its name.
        unit: Its unit, what a line is, and how the axis is scaled.
        svg: The drawing.
        url: The same as a file.
        opens: Whether its scale opens up towards 1.
    """

    metric: str
    unit: str
    svg: Markup
    url: str
    opens: bool = False


class Headline(msgspec.Struct, frozen=True):
    """The figure of the front page.

    Attributes:
        wide: For a wide page.
        narrow: For a narrow one.
        labels: Which params the values in labels are of; empty where labels say it.
    """

    wide: CurveFigure
    narrow: CurveFigure
    labels: str


class CurveSection(msgspec.Struct, frozen=True):
    """The curves of a page.

    Attributes:
        figures: The chosen metrics.
        more: Further metrics.
        left_out: How many metrics are not drawn.
        notes: How to read the figures, in sentences.
    """

    figures: tuple[CurveFigure, ...] = ()
    more: tuple[CurveFigure, ...] = ()
    left_out: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """What is drawn as one thing.

    Attributes:
        label: Stands at the line's end.
        runs: One run, or those of a group.
        slot: Colour 1 to 8; 0 for the baseline and for context.
        role: What it is.
    """

    label: str
    runs: tuple[Run, ...]
    slot: int
    role: Literal["chosen", "baseline", "context"]


def make(
    runs: Sequence[Run],
    grouping: Grouping,
    ordered: Sequence[MetricFacts],
    primary: Sequence[str],
    slots: Mapping[str, int],
    baseline: frozenset[str],
    context: Context,
) -> CurveSection:
    """Draw an experiment.

    Args:
        runs: Its runs, not archived.
        grouping: The runs, grouped.
        ordered: All metrics, the most telling first.
        primary: Names of those that are always in sight.
        slots: Identity of a group, or key of a run → its colour.
        baseline: Keys of the runs that others are compared with.
        context: The project.
    """
    subjects, hidden, names = _subjects(runs, grouping, slots, baseline)
    notes = _notes(subjects, hidden, names, repeats=grouping.repeats)
    return _section(subjects, ordered, primary, notes, SMALL, context)


def of_sides(sides: Sides, ordered: Sequence[MetricFacts], context: Context) -> CurveSection:
    """Draw a comparison: the baseline dashed, the others in colour over it."""
    subjects = [
        Subject(
            cut(side.label, _LABEL),
            side.runs,
            side.slot,
            "baseline" if side is sides.baseline else "chosen" if side.slot else "context",
        )
        for side in sides.all
    ]
    notes = ["The baseline is the dashed line."] if sides.baseline else []
    if any(len(side.runs) > 1 for side in sides.all):
        notes.append(_MEAN)
    return _section(subjects, ordered, (), notes, SMALL, context)


def headline(
    runs: Sequence[Run],
    grouping: Grouping,
    ordered: Sequence[MetricFacts],
    slots: Mapping[str, int],
    context: Context,
) -> Headline | None:
    """Draw the first metric that can be drawn, wide and narrow, for the front page."""
    subjects, _, names = _subjects(runs, grouping, slots, frozenset())
    for metric in ordered:
        wide = _figure(metric, subjects, WIDE, context)
        narrow = _figure(metric, subjects, NARROW, context)
        if wide and narrow:
            return Headline(wide, narrow, names)
    return None


def is_drawable(runs: Iterable[Run], metric: str) -> bool:
    """Say whether some run has a curve of a metric: two finite points at least."""
    found = (run.metrics[metric] for run in runs if metric in run.metrics)
    return any(stats.n - stats.nonfinite > 1 for stats in found)


def _has_curve(run: Run) -> bool:
    return any(stats.n - stats.nonfinite > 1 for stats in run.metrics.values())


OPENS = "Log error: a scale that opens up towards 1."
_MEAN = "A line is a mean, as far as all its runs go; its band is from the lowest to the highest."


def _notes(subjects: Sequence[Subject], hidden: int, names: str, *, repeats: bool) -> list[str]:
    chosen = sum(one.role == "chosen" for one in subjects)
    behind = sum(one.role == "context" for one in subjects)
    what = "group" if repeats else "run"
    notes = []
    if chosen and behind:
        drawn = "the others" if not hidden else f"{fmt.plural(behind, 'other')}"
        notes.append(
            f"The first {fmt.plural(chosen, what)} in colour, as marked in the table; "
            f"{drawn} thin behind."
        )
        if hidden:
            notes.append(f"{fmt.plural(hidden, what)} more {_are(hidden)} not drawn.")
    elif chosen:
        notes.append("Colours are those of the marks in the table.")
    if names:
        notes.append(f"Labels: {names}.")
    if repeats:
        notes.append(_MEAN)
    if any(one.role == "baseline" for one in subjects):
        notes.append("The baseline is dashed.")
    ends = {run.status for one in subjects if one.role != "context" for run in one.runs}
    if "failed" in ends:
        notes.append("A cross ends a run that failed.")
    if "open" in ends:
        notes.append("A circle ends a run that is open.")
    return notes


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _subjects(
    runs: Sequence[Run],
    grouping: Grouping,
    slots: Mapping[str, int],
    baseline: frozenset[str],
) -> tuple[list[Subject], int, str]:
    """Choose what is drawn; the rest is counted; say what values in labels are of."""
    if grouping.repeats:
        found = [(one.runs, slots.get(one.identity, 0), one.values) for one in grouping.groups]
    else:
        found = [((run,), slots.get(run.key, 0), {}) for run in runs]
    # Labels tell apart what is drawn; what has no curve would only make them longer.
    found = [item for item in found if any(_has_curve(run) for run in item[0])]
    based = [item for item in found if baseline.intersection(run.key for run in item[0])]
    chosen = [item for item in found if item[1] and item not in based]
    named = [*based, *chosen]
    labels, names = (
        short_labels([values for _, _, values in named], _LABEL)
        if grouping.repeats
        else (distinct(run_name(item[0][0], _LABEL) for item in named), "")
    )
    subjects = [
        Subject(label, item[0], item[1], "baseline" if item in based else "chosen")
        for item, label in zip(named, labels, strict=True)
    ]
    others = [item for item in found if item not in named]
    subjects += [Subject("", item[0], 0, "context") for item in others[:CONTEXT_MAX]]
    return subjects, max(len(others) - CONTEXT_MAX, 0), names


def _section(
    subjects: Sequence[Subject],
    ordered: Sequence[MetricFacts],
    primary: Sequence[str],
    notes: Sequence[str],
    size: Size,
    context: Context,
) -> CurveSection:
    # What none of the chosen has is context alone, and no figure.
    runs = [run for one in subjects if one.role != "context" for run in one.runs]
    drawable = [metric for metric in ordered if is_drawable(runs, metric.name)]
    wanted = set(primary)
    first = [metric for metric in drawable if metric.name in wanted][:PRIMARY_MAX]
    first = first or drawable[:PRIMARY_MAX]
    rest = [metric for metric in drawable if metric not in first]
    made = [_figure(metric, subjects, size, context) for metric in first]
    made_more = [_figure(metric, subjects, size, context) for metric in rest[:MORE_MAX]]
    figures = tuple(figure for figure in made if figure)
    more = tuple(figure for figure in made_more if figure)
    if any(figure.opens for figure in (*figures, *more)):
        notes = [*notes, OPENS]
    return CurveSection(
        figures, more, max(len(rest) - MORE_MAX, 0), tuple(notes) if figures else ()
    )


def _figure(
    metric: MetricFacts, subjects: Sequence[Subject], size: Size, context: Context
) -> CurveFigure | None:
    from staticrun.plots import Curves, notes
    from staticrun.plots.curves import scale

    drawn = [(one, *_lines(one, metric.name)) for one in subjects]
    lines = [line for _, found, _ in drawn for line in found]
    if not lines:
        return None
    counts = {n for one, _, n in drawn if n and one.role != "context"}
    means = sorted(n for n in counts if n > 1)
    if len(means) > 1:
        lines = [
            msgspec.structs.replace(line, label=f"{line.label}, n {fmt.count(n)}")
            if line.label and n
            else line
            for _, found, n in drawn
            for line in found
        ]
    unit = fmt.unit(metric.declared)
    what = f"mean of {fmt.count(means[0])} runs" if len(means) == 1 else ""
    what += ", or one run" if what and 1 in counts else ""
    spec = Curves(
        title=metric.name,
        unit=", ".join(filter(None, (unit, what))) or _NO_UNIT,
        x_label="step",
        lines=tuple(_scaled(line, 100.0) for line in lines) if unit == "%" else tuple(lines),
        scale=_scale(metric, drawn),
        whole=100.0 if unit == "%" else 1.0,
        width=size.width,
        height=size.height,
        key=f"c{files.sha256(f'{metric.name} {size.width}'.encode('utf-8', 'surrogatepass'))[:8]}",
    )
    figure = context.figures.get(spec)
    return CurveFigure(
        shown(metric.name, 60),
        ", ".join(filter(None, (unit, what, *notes(spec)))),
        figure.svg,
        figure.url,
        scale(spec) == "error",
    )


def _scaled(line: Line, factor: float) -> Line:
    def times(values: tuple[float, ...] | None) -> tuple[float, ...] | None:
        return None if values is None else tuple(factor * value for value in values)

    return msgspec.structs.replace(
        line, value=times(line.value), low=times(line.low), high=times(line.high)
    )


def _scale(
    metric: MetricFacts, drawn: Sequence[tuple[Subject, list[Line], int]]
) -> Literal["linear", "log", "error"]:
    """Choose the scale of the values: as the column of intervals does where shares are near 1."""
    import numpy as np

    from staticrun.plots import error_scale

    chosen = [line for one, lines, _ in drawn for line in lines if one.role != "context"]
    finite = [[value for value in line.value if math.isfinite(value)] for line in chosen]
    edges = [value for line in chosen for part in (line.low, line.high) for value in part or ()]
    values = [value for part in finite for value in part] + [*filter(math.isfinite, edges)]
    results_of = [part[-1] for part in finite if part]
    if metric.direction == "max" and error_scale.suits(values, results_of):
        return "error"
    found = axis([np.array(line.value) for _, lines, _ in drawn for line in lines])
    return "log" if found is not None and found.log else "linear"


def _lines(one: Subject, metric: str) -> tuple[list[Line], int]:
    """Draw a subject.

    Returns:
        Its lines, the one that bears the name last; and over how many runs that one is, 0 where
        runs are drawn one by one.
    """
    having = [run for run in one.runs if metric in run.metrics and run.metrics[metric].n > 1]
    if not having:
        return [], 0
    if len(one.runs) == 1:
        return [_line(one, having[0], metric, one.label, member=False)], 1
    counted = results.counted(having)
    apart = [
        _line(one, run, metric, "", member=True)
        for run in having
        if run not in counted and one.role != "context"
    ]
    if not counted:
        return apart, 0
    mean = _mean(one, counted, metric)
    if mean is not None:
        return [*apart, mean], len(counted)
    alone = [_line(one, run, metric, "", member=True) for run in counted[:-1]]
    last = _line(one, counted[-1], metric, one.label, member=one.role == "context")
    return [*apart, *alone, last], 0


def _mean(one: Subject, runs: Sequence[Run], metric: str) -> Line | None:
    """Draw the mean of runs, with a band where there are several; None without shared steps."""
    found = mean_curve([run.series(metric).at_steps() for run in runs], least=len(runs))
    if len(found.step) < 2:
        return None
    is_context = one.role == "context"
    places = thin_places(found.mean, _CONTEXT_POINTS if is_context else _POINTS)
    band = len(runs) > 1 and not is_context
    return _make_line(
        one,
        one.label,
        found.step[places],
        found.mean[places],
        found.low[places] if band else None,
        found.high[places] if band else None,
        "mean",
        "open" if all(run.status == "open" for run in runs) else "finished",
    )


def _line(one: Subject, run: Run, metric: str, label: str, *, member: bool) -> Line:
    step, value = run.series(metric).at_steps()
    places = thin_places(value, _CONTEXT_POINTS if one.role == "context" else _POINTS)
    kind: Literal["member", "mean"] = "member" if member else "mean"
    return _make_line(one, label, step[places], value[places], None, None, kind, run.status)


def _make_line(
    one: Subject,
    label: str,
    step: Floats,
    value: Floats,
    low: Floats | None,
    high: Floats | None,
    kind: Literal["member", "mean"],
    ended: str,
) -> Line:
    from staticrun.plots import Line

    drawn: Literal["member", "mean", "baseline", "context"] = kind
    if one.role == "context" or (one.role == "baseline" and kind == "mean"):
        drawn = one.role
    return Line(
        label if one.role != "context" else "",
        tuple(step.tolist()),
        tuple(value.tolist()),
        None if low is None else tuple(low.tolist()),
        None if high is None else tuple(high.tolist()),
        one.slot or None,
        drawn,
        ended,
    )
