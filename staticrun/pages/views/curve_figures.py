"""Curves of an experiment or a comparison: which lines stand in each figure, and in what colour.

What is not in colour is context, thin behind the rest. `curve_lines` says what is drawn of each.
"""

from __future__ import annotations

import json
import math
import statistics
from typing import TYPE_CHECKING, Literal

import msgspec
from markupsafe import Markup

from staticrun import files
from staticrun.pages import format as fmt
from staticrun.pages.views import curve_lines, results
from staticrun.pages.views.curve_lines import Subject
from staticrun.pages.views.grouping import cut, distinct
from staticrun.pages.views.line_labels import short_labels
from staticrun.pages.views.naming import run_name, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from staticrun.pages.context import Context
    from staticrun.pages.views.comparison_sides import Sides
    from staticrun.pages.views.grouping import Grouping
    from staticrun.pages.views.metric_choice import MetricFacts
    from staticrun.plots import Line
    from staticrun.store.run import Run

PRIMARY_MAX = 6
MORE_MAX = 24
CONTEXT_MAX = 40
_LABEL = 24
# What a file of its own says below the title, where no unit is known.
_NO_UNIT = "by step"


class Size(msgspec.Struct, frozen=True):
    """Of a drawing, in px."""

    width: float
    height: float


SMALL = Size(350, 220)
WIDE = Size(1080, 420)
NARROW = Size(358, 300)


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
        of: The metric that it shows, as it was logged.
        notes: How to read it, in sentences.
    """

    wide: CurveFigure
    narrow: CurveFigure
    of: str
    notes: tuple[str, ...]


class CurveSection(msgspec.Struct, frozen=True):
    """The curves of a page.

    Attributes:
        figures: The chosen metrics.
        more: Further metrics.
        left_out: How many metrics are not drawn.
        notes: How to read the figures, in sentences.
        lines: What is in colour, for the browser: JSON of `[label, slot, role, keys]`, ASCII.
    """

    figures: tuple[CurveFigure, ...] = ()
    more: tuple[CurveFigure, ...] = ()
    left_out: int = 0
    notes: tuple[str, ...] = ()
    lines: str = "[]"


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
    notes += [f"{sides.coloured} in colour, the others thin behind."] if sides.coloured else []
    notes += _reading(subjects)
    return _section(subjects, ordered, (), notes, SMALL, context)


def headline(
    runs: Sequence[Run],
    grouping: Grouping,
    ordered: Sequence[MetricFacts],
    slots: Mapping[str, int],
    context: Context,
) -> Headline | None:
    """Draw the first metric that can be drawn, wide and narrow, for the front page."""
    subjects, hidden, names = _subjects(runs, grouping, slots, frozenset())
    for metric in ordered:
        drawn = [one for one in subjects if curve_lines.lines(one, metric.name)[0]]
        wide = _figure(metric, subjects, WIDE, context)
        narrow = _figure(metric, subjects, NARROW, context)
        if wide and narrow:
            notes = _notes(drawn, hidden, names, repeats=grouping.repeats, table=False)
            opens = [OPENS] if wide.opens else []
            return Headline(wide, narrow, metric.name, (*notes, *opens))
    return None


def is_drawable(runs: Iterable[Run], metric: str) -> bool:
    """Say whether some run has a curve of a metric: two finite points at least."""
    found = (run.metrics[metric] for run in runs if metric in run.metrics)
    return any(stats.n - stats.nonfinite > 1 for stats in found)


def _has_curve(run: Run) -> bool:
    return any(stats.n - stats.nonfinite > 1 for stats in run.metrics.values())


OPENS = "Log error: a scale that opens up towards 1."
_MEAN = "A line is a mean, as far as all its runs go; its band is from the lowest to the highest."


def _notes(
    subjects: Sequence[Subject], hidden: int, names: str, *, repeats: bool, table: bool = True
) -> list[str]:
    """Say how to read figures; on a page with a table, that its marks have the same colours."""
    chosen = sum(one.role == "chosen" for one in subjects)
    behind = sum(one.role == "context" for one in subjects)
    what = "group" if repeats else "run"
    notes = []
    if chosen and behind:
        drawn = "the others" if not hidden else f"{fmt.plural(behind, 'other')}"
        marked = ", as marked in the table" if table else ""
        notes.append(
            f"The first {fmt.plural(chosen, what)} in colour{marked}; {drawn} thin behind."
        )
        if hidden:
            notes.append(f"{fmt.plural(hidden, what)} more {_are(hidden)} not drawn.")
    elif chosen and table:
        notes.append("Colours are those of the marks in the table.")
    if names:
        notes.append(f"Labels: {names}.")
    if any(one.role == "baseline" for one in subjects):
        notes.append("The baseline is dashed.")
    return notes + _reading(subjects)


def _reading(subjects: Sequence[Subject]) -> list[str]:
    """Say what a line is and what ends it."""
    notes = []
    if any(len(results.counted(one.runs)) > 1 for one in subjects):
        notes.append(_MEAN)
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
    named = [
        (one.label, one.slot, one.role, [run.key for run in one.runs])
        for one in subjects
        if one.label
    ]
    return CurveSection(
        figures,
        more,
        max(len(rest) - MORE_MAX, 0),
        tuple(notes) if figures else (),
        json.dumps(named, separators=(",", ":")),
    )


def _figure(
    metric: MetricFacts, subjects: Sequence[Subject], size: Size, context: Context
) -> CurveFigure | None:
    from staticrun.plots import Curves, notes
    from staticrun.plots.curves import scale

    drawn = [(one, *curve_lines.lines(one, metric.name)) for one in subjects]
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
    unit, factor = fmt.unit(metric.declared), fmt.factor(metric.declared)
    what = f"mean of {fmt.count(means[0])} runs" if len(means) == 1 else ""
    what += ", or one run" if what and 1 in counts else ""
    spec = Curves(
        title=metric.name,
        unit=", ".join(filter(None, (unit, what))) or _NO_UNIT,
        x_label="step",
        lines=tuple(curve_lines.scaled(line, factor) if factor != 1 else line for line in lines),
        scale=_scale(metric, drawn),
        whole=factor,
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


def _scale(
    metric: MetricFacts, drawn: Sequence[tuple[Subject, list[Line], int]]
) -> Literal["linear", "log", "error"]:
    """Choose the scale of the values by the lines in colour; what is behind them sets none."""
    from staticrun.plots import error_scale

    chosen = [line for one, lines, _ in drawn for line in lines if one.role != "context"]
    finite = [[value for value in line.value if math.isfinite(value)] for line in chosen]
    edges = [value for line in chosen for part in (line.low, line.high) for value in part or ()]
    values = [value for part in finite for value in part] + [*filter(math.isfinite, edges)]
    came_to = [part[-1] for part in finite if part]
    if metric.direction == "max" and error_scale.suits(values, came_to):
        return "error"
    return "log" if _crowds_below(values, came_to) else "linear"


def _crowds_below(values: Sequence[float], came_to: Sequence[float]) -> bool:
    """Say whether positive values span a decade, and most, or most results, are low in it."""
    if not values or min(values) <= 0:
        return False
    low, high = min(values), max(values)
    tenth = low + (high - low) / 10
    return high / low >= 10 and min(statistics.median(values), statistics.median(came_to)) < tenth
