"""The table of groups over seeds: means with their intervals, on one scale, best first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from staticrun.analysis.ranking import best
from staticrun.pages import format as fmt
from staticrun.pages.views import comparison_metrics, interval_scale, members, results
from staticrun.pages.views.comparison_metrics import Verdict
from staticrun.pages.views.comparison_sides import Side
from staticrun.pages.views.interval_scale import Axis, Bar
from staticrun.pages.views.members import Members
from staticrun.pages.views.param_columns import COLUMNS_MAX, Cell, Head, cells, columns
from staticrun.pages.views.runs_table import metric_head

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from staticrun.pages.views.grouping import Group, Grouping
    from staticrun.pages.views.interval_scale import Scale
    from staticrun.pages.views.metric_choice import MetricFacts
    from staticrun.pages.views.results import Result

ROWS_MAX = 200
METRICS_MAX = 5
_NARROW_MEAN = 1


class Mean(msgspec.Struct, frozen=True):
    """A group's mean of one metric.

    Attributes:
        cell: The mean.
        spread: Half of the 95 % interval, `±0.40`; empty without one.
        why: Why there is no interval; empty with one.
    """

    cell: Cell
    spread: str
    why: str


class Versus(msgspec.Struct, frozen=True):
    """A group's mean against the baseline's, by Welch's t test.

    Attributes:
        difference: With its sign; empty for the baseline itself.
        rises: Whether it is above zero; None for none.
        verdict: `better` or `worse` where the data say so.
        p: Of the test; empty where none is possible.
    """

    difference: str
    rises: bool | None
    verdict: Verdict
    p: str


class GroupRow(msgspec.Struct, frozen=True):
    """One group.

    Attributes:
        label: Its name, for the first column where no param varies.
        slot: Its colour in the curves, 1 to 10; 0 where it has none.
        baseline: Whether the others are compared with it.
        params: Its cells, one a column.
        n: How many runs stand behind the mean of the first metric.
        left_out: Who does not: `1 failed, 1 NaN`; empty where all do.
        means: One a metric.
        bar: The first metric's mean and interval on the column's scale.
        versus: The first metric against the baseline; None without one.
        members: Its runs.
    """

    label: str
    slot: int
    baseline: bool
    params: tuple[Cell, ...]
    n: str
    left_out: str
    means: tuple[Mean, ...]
    bar: Bar | None
    versus: Versus | None
    members: Members


class GroupTable(msgspec.Struct, frozen=True):
    """A table of groups.

    Attributes:
        params: Heads of the params' columns.
        metrics: Heads of the means.
        axis: Head of the column of intervals; None where nothing can be drawn.
        member_head: What a member is named by: `seed` or `run`.
        rows: The groups, best first.
        left_out: How many groups found no room.
        no_room: Names of varying params that found no room.
        no_interval: How many shown groups have no interval for the first metric.
        intervals: Whether some mean has an interval.
        best: Whether some mean is the best of its column.
        tested: How many groups were tested against the baseline.
        against: Whether there is a baseline group to test against.
    """

    params: tuple[Head, ...]
    metrics: tuple[Head, ...]
    axis: Axis | None
    member_head: str
    rows: tuple[GroupRow, ...]
    left_out: int
    no_room: tuple[str, ...]
    no_interval: int
    intervals: bool
    best: bool
    tested: int
    against: bool


def ranked(
    groups: Sequence[Group], metric: MetricFacts | None
) -> list[tuple[Group, Result | None]]:
    """Order groups by their mean, the best first; ties and groups without one as they come."""
    if metric is None:
        return [(group, None) for group in groups]
    found = [(group, results.result(group.runs, metric.name)) for group in groups]
    found.sort(key=lambda pair: results.order(pair[1].mean, metric.direction))
    return [(group, one) for group, one in found]


def make(
    grouping: Grouping,
    metrics: Sequence[MetricFacts],
    ranking: MetricFacts | None,
    slots: Mapping[str, int],
    baseline: frozenset[str] = frozenset(),
) -> GroupTable:
    """Make the table.

    Args:
        grouping: The runs, grouped.
        metrics: The columns; the first one is drawn.
        ranking: The metric that orders; None keeps the natural order.
        slots: Identity of a group → its colour.
        baseline: Keys of the runs that others are compared with.
    """
    ordered = [group for group, _ in ranked(grouping.groups, ranking)]
    placed = ordered[:ROWS_MAX]
    params, no_room = columns([group.values for group in placed], grouping.varying)
    chosen = list(metrics)
    if ranking is not None:
        chosen = [ranking, *(metric for metric in chosen if metric.name != ranking.name)]
    versus = _versus(placed, grouping, baseline, chosen[0]) if chosen else {}
    # A mean with its interval is as wide as two params, and so is the test.
    room = 2 + (COLUMNS_MAX - len(params)) // 2 - bool(versus)
    chosen = chosen[: min(max(room, 2), METRICS_MAX)]
    found = [[results.result(group.runs, metric.name) for group in placed] for metric in chosen]
    means = [
        _means(placed_results, metric, number)
        for number, (placed_results, metric) in enumerate(zip(found, chosen, strict=True))
    ]
    axis, bars = _draw(found[0], chosen[0]) if chosen else (None, [None] * len(placed))
    seeds = members.by_seed([group.runs for group in placed], grouping.seed)
    rows = tuple(
        GroupRow(
            group.label,
            slots.get(group.identity, 0),
            any(run.key in baseline for run in group.runs),
            cells(group.values, params),
            fmt.count(found[0][number].n if found else len(group.runs)),
            _left_out(found[0][number]) if found else "",
            tuple(column[number] for column in means),
            bars[number],
            versus.get(group.identity),
            members.of(group.runs, grouping.seed, seeds=seeds),
        )
        for number, group in enumerate(placed)
    )
    return GroupTable(
        tuple(Head(column.head, numeric=column.numeric) for column in params),
        tuple(metric_head(metric, ranking) for metric in chosen),
        axis,
        "seed" if seeds else "run",
        rows,
        len(ordered) - len(placed),
        tuple(no_room),
        sum(row.means[0].spread == "" for row in rows) if chosen else 0,
        any(mean.spread for row in rows for mean in row.means),
        any(mean.cell.best for row in rows for mean in row.means),
        sum(one.p != "" for one in versus.values()),
        bool(versus),
    )


def _versus(
    placed: Sequence[Group], grouping: Grouping, baseline: frozenset[str], metric: MetricFacts
) -> dict[str, Versus]:
    """Test every group against the baseline, where that is one group; by identity."""
    based = [one for one in grouping.groups if baseline.intersection(r.key for r in one.runs)]
    if len(based) != 1 or not baseline.issuperset(run.key for run in based[0].runs):
        return {}
    side = Side(based[0].label, based[0].runs)
    found = {}
    for group in placed:
        if group.identity == based[0].identity or not results.result(group.runs, metric.name).n:
            found[group.identity] = Versus("", None, "", "")
            continue
        row = comparison_metrics.row(
            comparison_metrics.compare(side, Side(group.label, group.runs), metric)
        )
        found[group.identity] = Versus(row.difference, row.rises, row.verdict, row.p)
    return found if any(one.p for one in found.values()) else {}


def _means(found: Sequence[Result], metric: MetricFacts, number: int) -> list[Mean]:
    values = [one.mean for one in found]
    halves = [one.interval.half if one.interval else None for one in found]
    texts = fmt.column([*values, *halves], metric.declared)
    top = set(best(values, metric.judged)) if len(set(values) - {None}) > 1 else set()
    label = metric_head(metric, None).name
    return [
        Mean(
            Cell(
                texts[place],
                label,
                best=place in top,
                minor=number > _NARROW_MEAN or value is None,
                missing=value is None,
            ),
            "" if halves[place] is None else f"±{fmt.THIN}{texts[len(values) + place]}",
            one.interval.reason if one.interval else "",
        )
        for place, (value, one) in enumerate(zip(values, found, strict=True))
    ]


def _draw(found: Sequence[Result], metric: MetricFacts) -> tuple[Axis | None, list[Bar | None]]:
    values = [value for one in found for value in one.values]
    if not values:
        return None, [None] * len(found)
    intervals = [one.interval for one in found if one.interval]
    ends = [end for one in intervals for end in (one.low, one.high) if end is not None]
    # Means too: that of 0.98 and 1 is nearer to 1 than any member below it.
    held = [*values, *(mean for one in found if (mean := one.mean) is not None)]
    scale = interval_scale.scale_of(held, ends, of_one=metric.direction == "max")
    bars = [_bar(one, scale, metric) for one in found]
    clipped = any(bar and (bar.arrow_low or bar.arrow_high) for bar in bars)

    factor = fmt.factor(metric.declared)

    def spell(value: float) -> str:
        # Ten digits: 100 times a round number is one again.
        return fmt.number(round(factor * value, 10) if factor != 1 else value)

    return interval_scale.axis(scale, spell, clipped=clipped), bars


def _bar(one: Result, scale: Scale, metric: MetricFacts) -> Bar | None:
    mean, interval = one.mean, one.interval
    if mean is None or interval is None:
        return None
    both = None
    text = f"mean {fmt.metric_value(mean, metric.declared)} of {one.n}"
    if interval.low is not None and interval.high is not None:
        both = (interval.low, interval.high)
        low, high = (fmt.metric_value(end, metric.declared) for end in both)
        text += f", 95 % interval {low} to {high}"
    elif interval.reason:
        text += f", no interval: {interval.reason}"
    return interval_scale.bar(scale, mean, both, one.values, text)


def _left_out(one: Result) -> str:
    parts = (
        (one.failed, "failed"),
        (one.open, "open"),
        (one.nonfinite, "not finite"),
        (one.missing, "without it"),
    )
    return ", ".join(f"{fmt.count(number)} {words}" for number, words in parts if number)
