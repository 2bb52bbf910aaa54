"""What a comparison found: per metric both means, their difference and how sure it is.

The difference is the side's mean less the baseline's, tested by Welch's t over runs. It is called
better or worse only where the project declares a direction and the 95 % interval excludes zero.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import msgspec

from staticrun.config import Metric
from staticrun.pages import format as fmt
from staticrun.pages.views import results
from staticrun.pages.views.interval_scale import Bar, coordinate
from staticrun.pages.views.naming import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from staticrun.analysis.statistics import Difference
    from staticrun.pages.views.comparison_sides import Side
    from staticrun.pages.views.metric_choice import MetricFacts
    from staticrun.pages.views.results import Result

Verdict = Literal["better", "worse", ""]

WIDTH = 240.0
_REACH = 105.0
_P = Metric(format=".3f")
_POINTS = "percentage points"
_NAME = 60


class MetricRow(msgspec.Struct, frozen=True):
    """One metric of one side against the baseline.

    Attributes:
        metric: As it was logged.
        name: The same, short enough for a table.
        unit: Of all its numbers.
        baseline: Mean of the baseline.
        baseline_n: Over how many runs.
        value: Mean of the side.
        value_n: Over how many runs.
        difference: Side less baseline, with its sign; a dash where one side has nothing.
        rises: Whether the difference is above zero; None for zero and for no difference.
        verdict: `better` or `worse` where the interval excludes zero and a direction is declared.
        interval: `0.47 to 1.20`; empty without one.
        bar: The difference and its interval around zero; right is better in judged rows, higher
            in the others.
        p: Of the test; empty without one.
        differs: `yes`, `no`, or empty where nothing was tested.
        reason: Why nothing was tested; empty where it was.
    """

    metric: str
    name: str
    unit: str
    baseline: str
    baseline_n: str
    value: str
    value_n: str
    difference: str
    rises: bool | None
    verdict: Verdict
    interval: str
    bar: Bar | None
    p: str
    differs: str
    reason: str


class MetricTable(msgspec.Struct, frozen=True):
    """One side against the baseline.

    Attributes:
        label: The side.
        slot: Its colour.
        judged: Metrics with a declared direction.
        unjudged: The others.
        tested: How many metrics were tested.
        baseline_head: What stands in the baseline's column: `mean, n = 3`, `last value`.
        value_head: The same for the side.
        baseline_n: Whether each row says its own n of the baseline, since these differ.
        value_n: The same for the side.
        reasons: Why the untested metrics were not, each reason once.
    """

    label: str
    slot: int
    judged: tuple[MetricRow, ...]
    unjudged: tuple[MetricRow, ...]
    tested: int
    baseline_head: str
    value_head: str
    baseline_n: bool
    value_n: bool
    reasons: tuple[str, ...]


class PlainCell(msgspec.Struct, frozen=True):
    """A side's value, and its difference to the baseline's; the baseline has none."""

    text: str
    difference: str


class PlainRow(msgspec.Struct, frozen=True):
    """A metric over all sides."""

    name: str
    unit: str
    cells: tuple[PlainCell, ...]


class PlainTable(msgspec.Struct, frozen=True):
    """All sides in one table, where nothing can be tested.

    Attributes:
        heads: Label of each side and what its numbers are, the baseline first.
        rows: The metrics.
        differences: Whether some cell has a difference.
    """

    heads: tuple[tuple[str, str], ...]
    rows: tuple[PlainRow, ...]
    differences: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """The numbers behind a row, for sentences and tests."""

    metric: MetricFacts
    baseline: Result
    value: Result
    difference: Difference


def compare(baseline: Side, side: Side, metric: MetricFacts) -> Compared:
    """Compare one metric of two sides."""
    from staticrun.analysis.statistics import welch

    a, b = _result(baseline, metric.name), _result(side, metric.name)
    return Compared(metric, a, b, welch(b.values, a.values))


def _result(side: Side, metric: str) -> Result:
    """Sum up a side; of a single run the last value counts even where it failed."""
    found = results.result(side.runs, metric)
    if len(side.runs) > 1 or not found.failed:
        return found
    from staticrun.analysis.statistics import mean_interval

    number = results.value(side.runs[0], metric)
    if number is None or not math.isfinite(number):
        return found
    return replace(found, values=(number,), interval=mean_interval((number,)))


def table(baseline: Side, side: Side, metrics: Sequence[MetricFacts]) -> MetricTable:
    """Make the table of a side.

    Args:
        baseline: What it is compared with.
        side: The side.
        metrics: In the order of the rows; those that neither side has are left out.
    """
    found = [compare(baseline, side, metric) for metric in metrics]
    found = [one for one in found if one.baseline.n or one.value.n]
    rows = [(one, row(one)) for one in found]
    return MetricTable(
        side.label,
        side.slot,
        tuple(made for one, made in rows if one.metric.judged),
        tuple(made for one, made in rows if not one.metric.judged),
        sum(one.difference.p is not None for one in found),
        _head(baseline, {one.baseline.n for one in found}),
        _head(side, {one.value.n for one in found}),
        len(baseline.runs) > 1 and len({one.baseline.n for one in found}) > 1,
        len(side.runs) > 1 and len({one.value.n for one in found}) > 1,
        tuple(dict.fromkeys(made.reason for _, made in rows if made.reason)),
    )


def plain(tables: Sequence[MetricTable], against: str) -> PlainTable | None:
    """Put several tables into one; None where one has a test, or there is one, or no result."""
    if len(tables) < 2 or any(table.tested for table in tables):
        return None
    found = [{row.metric: row for row in (*table.judged, *table.unjudged)} for table in tables]
    names = dict.fromkeys(name for rows in found for name in rows)
    if not names:
        return None
    rows = []
    for name in names:
        first = next(rows[name] for rows in found if name in rows)
        cells = [PlainCell(first.baseline, "")]
        for rows_of in found:
            one = rows_of.get(name)
            cells.append(
                PlainCell(one.value, one.difference if one.rises is not None else "")
                if one
                else PlainCell(fmt.MISSING, "")
            )
        rows.append(PlainRow(first.name, first.unit, tuple(cells)))
    heads = [(against, tables[0].baseline_head)]
    heads += [(table.label, table.value_head) for table in tables]
    differ = any(cell.difference for row in rows for cell in row.cells)
    return PlainTable(tuple(heads), tuple(rows), differ)


def _head(side: Side, counts: set[int]) -> str:
    if len(side.runs) == 1:
        status = side.runs[0].status
        return "last value" if status == "finished" else f"last value, {status}"
    return f"mean, n = {fmt.count(counts.pop())}" if len(counts) == 1 else "mean (n)"


def row(one: Compared, scale: float | None = None) -> MetricRow:
    """Print one comparison.

    Args:
        one: Its numbers.
        scale: How far the drawing reaches to either side of zero; None for a scale of its own.
    """
    metric, difference = one.metric, one.difference
    a, b, delta = one.baseline.mean, one.value.mean, difference.delta
    ends = [difference.low, difference.high]
    texts = fmt.column([a, b, delta, *ends], metric.declared)
    for place, value in ((2, delta), (3, ends[0]), (4, ends[1])):
        texts[place] = _not_zero(texts[place], value, metric.declared)
    interval = "" if ends[0] is None else f"{texts[3]} to {texts[4]}"
    return MetricRow(
        metric.name,
        shown(metric.name, _NAME),
        fmt.unit(metric.declared),
        texts[0],
        fmt.count(one.baseline.n),
        texts[1],
        fmt.count(one.value.n),
        f"+{texts[2].removeprefix('+')}" if delta is not None and delta > 0 else texts[2],
        None if not delta else delta > 0,
        verdict(one),
        interval,
        _bar(one, texts[2], interval, scale or reach([one])),
        p_value(difference.p),
        {None: "", True: "no", False: "yes"}[difference.holds_zero],
        difference.reason,
    )


def verdict(one: Compared) -> Verdict:
    """Say whether a side is better or worse; nothing where the data do not say so."""
    delta, direction = one.difference.delta, one.metric.judged
    if one.difference.holds_zero is not False or not delta or direction is None:
        return ""
    return "better" if (delta < 0) == (direction == "min") else "worse"


def p_value(p: float | None) -> str:
    """Print a p-value with three decimals.

    >>> p_value(0.0304), p_value(1e-9), p_value(None)
    ('0.030', '< 0.001', '')
    """
    if p is None:
        return ""
    return "< 0.001" if p < 0.001 else fmt.quantity(p, _P).number


def difference_words(one: Compared) -> str:
    """Print the size of a difference with its unit: `0.84 percentage points`."""
    delta, metric = one.difference.delta, one.metric.declared
    if delta is None:
        return fmt.MISSING
    size = abs(delta)
    unit = fmt.unit(metric)
    text = _not_zero(fmt.quantity(size, metric).number.removeprefix("+"), size, metric)
    if unit == "%":
        return f"{text} {_POINTS}"
    return f"{text}{fmt.THIN}{unit}" if unit else text


def interval_words(one: Compared) -> str:
    """Print the interval of a difference, `0.47 to 1.20`; empty without one."""
    return row(one).interval


def _not_zero(text: str, value: float | None, metric: Metric | None) -> str:
    """Give a small difference the digits that a column's format took from it."""
    if not value or any(digit in text for digit in "123456789"):
        return text
    return fmt.number(value * fmt.factor(metric), 2)


def reach(compared: Sequence[Compared]) -> float:
    """Give the largest distance from zero of differences and the ends of their intervals."""
    found = [
        abs(end)
        for one in compared
        for end in (one.difference.delta, one.difference.low, one.difference.high)
        if end is not None
    ]
    return max(found, default=0.0) or 1.0


def _bar(one: Compared, delta_text: str, interval: str, scale: float) -> Bar | None:
    difference = one.difference
    if difference.delta is None:
        return None
    low, high = difference.low, difference.high
    flip = -1.0 if one.metric.judged == "min" else 1.0
    ends = [flip * end for end in (low, high) if end is not None]

    def place(value: float) -> str:
        return coordinate(WIDTH / 2 + _REACH * value / scale)

    text = f"difference {delta_text}, " + (
        f"95 % interval {interval}" if interval else f"no interval: {difference.reason}"
    )
    return Bar(
        place(flip * difference.delta),
        place(min(ends)) if ends else "",
        place(max(ends)) if ends else "",
        (),
        arrow_low=False,
        arrow_high=False,
        text=text,
        hollow=difference.holds_zero is not False,
    )
