"""Params and summary as columns of names and values, metrics as a ledger and as a table."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import msgspec

from staticrun.analysis.direction import direction
from staticrun.pages import format as fmt

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from staticrun.config import Metric
    from staticrun.record.types import Json
    from staticrun.store.run import Run
    from staticrun.store.series import Stats

CELLS_MAX = 5
ROWS_SHOWN = 30
ROWS_MAX = 2_000
VALUES_MAX = 600
VALUE_LENGTH = 400
NAME_LENGTH = 160
# More values than this may go on in the next column.
TALL = 12


class Cell(msgspec.Struct, frozen=True):
    """A number of the ledger.

    Attributes:
        name: Of the metric or summary value.
        number: As text.
        unit: Set smaller, behind.
        about: Which step it is of, and the best one.
    """

    name: str
    number: str
    unit: str
    about: str


class MetricRow(msgspec.Struct, frozen=True):
    """A metric in the table; each number as text, steps apart.

    Of a metric with one point only that is said; the rest is empty.
    """

    name: str
    n: str
    first: str
    last: str
    last_step: str
    low: str
    low_step: str
    high: str
    high_step: str
    mean: str
    nonfinite: str


class MetricTable(msgspec.Struct, frozen=True):
    """All metrics of a run.

    Attributes:
        shown: The first rows.
        folded: The others, shown on request.
        folded_words: How many those are.
        left_out: How many more there are; empty for none.
        single: Whether every metric has one point: the columns that sum up are left out.
        nonfinite: Whether any metric has a value that is not finite: the column is shown.
    """

    shown: tuple[MetricRow, ...]
    folded: tuple[MetricRow, ...]
    folded_words: str
    left_out: str
    single: bool
    nonfinite: bool


class Value(msgspec.Struct, frozen=True):
    """A name and a value."""

    name: str
    text: str


class Branch(msgspec.Struct, frozen=True):
    """The values below one name.

    Attributes:
        name: The name; empty for values that stand alone.
        values: Deeper names are dotted.
        tall: Whether they may go on in the next column.
    """

    name: str
    values: tuple[Value, ...]
    tall: bool


class Tree(msgspec.Struct, frozen=True):
    """Nested values.

    Attributes:
        branches: By the first part of their names, those that stand alone first.
        left_out: How many values are not shown; empty for none.
    """

    branches: tuple[Branch, ...]
    left_out: str


def ledger(run: Run, names: Sequence[str], declared: Mapping[str, Metric]) -> tuple[Cell, ...]:
    """Choose up to five numbers that say most: metrics in this order, then the summary's.

    Args:
        run: The run.
        names: Its metrics, the most telling first.
        declared: What the project says of metrics.
    """
    cells = [_cell(name, run.metrics[name], declared.get(name)) for name in names[:CELLS_MAX]]
    numbers = [
        Cell(
            _name(name),
            *fmt.quantity(float(value), declared.get(name)),
            "summary",
        )
        for name, value in run.summary.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]
    if names and numbers:
        cells = cells[: max(CELLS_MAX - len(numbers), 3)]
    return tuple([*cells, *numbers][:CELLS_MAX])


def table(run: Run, names: Sequence[str], declared: Mapping[str, Metric]) -> MetricTable | None:
    """Set every metric on a row; None without any."""
    if not names:
        return None
    rows = [_row(name, run.metrics[name], declared.get(name)) for name in names[:ROWS_MAX]]
    single = all(run.metrics[name].n == 1 for name in names)
    # A fold for three rows is more to read than the rows.
    first = ROWS_SHOWN if len(rows) > ROWS_SHOWN + 3 else len(rows)
    return MetricTable(
        tuple(rows[:first]),
        tuple(rows[first:]),
        fmt.plural(len(rows) - first, "more metric"),
        _left_out(len(names) - len(rows), "metric"),
        single,
        not single and any(run.metrics[name].nonfinite for name in names),
    )


def tree(values: Mapping[str, Json], digits: int | None = None) -> Tree | None:
    """Set nested values in columns by their first name; None without any.

    Args:
        values: Nested.
        digits: How many significant ones a number that was measured has; None for all.
    """
    if not values:
        return None
    alone = [
        Value(_name(name), _text(item, digits))
        for name, item in values.items()
        if not _nests(item)
    ]
    branches = [("", alone)] if alone else []
    for name, item in values.items():
        if isinstance(item, dict) and item:
            inside = [Value(_name(inner), _text(one, digits)) for inner, one in _dotted("", item)]
            branches.append((_name(name), inside))
    total = sum(len(inside) for _, inside in branches)
    room = VALUES_MAX
    shown = []
    for name, inside in branches:
        kept = inside[: max(room, 0)]
        room -= len(kept)
        if kept:
            shown.append(Branch(name, tuple(kept), not name or len(kept) > TALL))
    return Tree(tuple(shown), _left_out(total - VALUES_MAX, "value"))


def _cell(name: str, stats: Stats, metric: Metric | None) -> Cell:
    number, unit = fmt.quantity(stats.last, metric)
    return Cell(_name(name), number, unit, _about(name, stats, metric))


def _about(name: str, stats: Stats, metric: Metric | None) -> str:
    if stats.n == 1:
        return f"at step {fmt.step(stats.last_step)}"
    if stats.min is None:
        return f"none of {fmt.count(stats.n)} is finite"
    better = direction(name, metric.direction if metric else None)
    best, at = (stats.min, stats.min_step) if better == "min" else (stats.max, stats.max_step)
    if stats.last is not None and not math.isfinite(stats.last):
        return f"{fmt.count(stats.nonfinite)} of {fmt.count(stats.n)} points are not finite"
    if better is None or best == stats.last:
        return f"at step {fmt.step(stats.last_step)}"
    word = "lowest" if better == "min" else "highest"
    return f"{word} {fmt.metric_value(best, metric)} at step {fmt.step(at)}"


def _row(name: str, stats: Stats, metric: Metric | None) -> MetricRow:
    values = [stats.first, stats.last, stats.min, stats.max, stats.mean]
    first, last, low, high, mean = fmt.column(values, metric)
    low_step, high_step = _step(stats.min_step), _step(stats.max_step)
    if stats.n == 1:
        first = low = low_step = high = high_step = mean = ""
    shown = _name(name)
    unit = fmt.unit(metric)
    return MetricRow(
        f"{shown} ({unit})" if unit else shown,
        fmt.count(stats.n),
        first,
        last,
        _step(stats.last_step),
        low,
        low_step,
        high,
        high_step,
        mean,
        fmt.count(stats.nonfinite),
    )


def _step(step: float | None) -> str:
    return fmt.step(step) if step is not None else ""


def _dotted(above: str, values: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    # Deep nesting is walked without recursion: a record may nest as deep as JSON can be read.
    pending = [(above, iter(values.items()))]
    while pending:
        prefix, items = pending[-1]
        for name, item in items:
            full = f"{prefix}{name}"
            if isinstance(item, dict) and item:
                pending.append((f"{full}.", iter(item.items())))
                break
            yield full, item
        else:
            pending.pop()


def _nests(item: Json) -> bool:
    return isinstance(item, dict) and bool(item)


def _name(name: str) -> str:
    return fmt.label(name, NAME_LENGTH)


def _text(value: Json, digits: int | None) -> str:
    if digits is not None and isinstance(value, float):
        return fmt.number(value, digits)
    return fmt.short(fmt.scalar(value), VALUE_LENGTH)


def _left_out(missing: int, word: str) -> str:
    return fmt.plural(missing, f"more {word}") if missing > 0 else ""
