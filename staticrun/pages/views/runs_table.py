"""The table of an experiment's runs: what varies, what came out, best first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from staticrun import layout
from staticrun.analysis.ranking import best
from staticrun.pages import format as fmt
from staticrun.pages.views import one_day, results
from staticrun.pages.views.naming import run_name, shown
from staticrun.pages.views.param_columns import Cell, Head, cells, columns
from staticrun.pages.views.short_names import says_params_alone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from staticrun.pages.views.grouping import Grouping
    from staticrun.pages.views.metric_choice import MetricFacts
    from staticrun.store.run import Run

ROWS_MAX = 200
METRICS_MAX = 6
# Of params and metrics together: more make a table that must be scrolled.
_COLUMNS_MAX = 10
_METRICS_MIN = 3
_DEPTH_MAX = 3
_ROOMY = 2
_SEED = 12


class RunRow(msgspec.Struct, frozen=True):
    """One run.

    Attributes:
        key: Its key, for the link.
        url: Its page.
        name: As its author called it.
        short: Its seed, where the columns say all else that its name does; empty otherwise.
        status: `finished`, `failed`, `stopped` or `open`.
        slot: Its colour in the curves, 1 to 10; 0 where it has none.
        depth: How far it is indented below its parents.
        baseline: Whether the others are compared with it.
        params: Its cells, one a column.
        values: Its results, one a column.
        started: When it began, in UTC.
        started_iso: The same for programs.
        duration: How long it took.
    """

    key: str
    url: str
    name: str
    short: str
    status: str
    slot: int
    depth: int
    baseline: bool
    params: tuple[Cell, ...]
    values: tuple[Cell, ...]
    started: str
    started_iso: str
    duration: str


class RunsTable(msgspec.Struct, frozen=True):
    """A table of runs.

    Attributes:
        params: Heads of the params' columns.
        metrics: Heads of the results' columns.
        rows: The runs, best first, children below their parents.
        left_out: How many runs found no room.
        ordered_by: The metric that orders them; empty where none does.
        best: Whether some result is the best of its column.
        no_room: Names of varying params that found no room.
        timed: Whether some run says when it began.
        day: The day on which all began; empty where they began on several.
        families: Whether some run stands below its parent.
        chosen: Names of `params`, `results` and the `ranking` one, in JSON, for the browser's
            table, which has names of runs in full and so the column of the seed in any case.
    """

    params: tuple[Head, ...]
    metrics: tuple[Head, ...]
    rows: tuple[RunRow, ...]
    left_out: int
    ordered_by: str
    best: bool
    no_room: tuple[str, ...]
    timed: bool
    day: str
    families: bool
    chosen: str


def make(
    runs: Sequence[Run],
    grouping: Grouping,
    metrics: Sequence[MetricFacts],
    ranking: MetricFacts | None,
    slots: Mapping[str, int],
    baseline: frozenset[str] = frozenset(),
) -> RunsTable:
    """Make the table.

    Args:
        runs: Runs that are not archived, in natural order.
        grouping: The trials among them, grouped.
        metrics: The columns.
        ranking: The metric that orders; None keeps the natural order.
        slots: Key of a run → its colour.
        baseline: Keys of the runs that others are compared with.
    """
    ordered = arrange(runs, ranking)
    placed = ordered[:ROWS_MAX]
    trials = grouping.runs
    seeds = _varying_seeds(trials, grouping)
    chosen, no_room = columns([run.params for run in trials], [*grouping.varying, *seeds])
    alive = {
        "params": [column.name for column in chosen],
        "results": [metric.name for metric in metrics[: _room(len(chosen))]],
        "ranking": ranking.name if ranking else "",
    }
    short = ["" if no_room else _short(run, grouping) for run, _ in placed]
    seeded = [
        name
        for (run, _), name in zip(placed, short, strict=True)
        if seeds and seeds[0] in run.params
    ]
    if len(seeds) == 1 and all(seeded):
        # Every seed stands in a name: it needs no column.
        chosen = [column for column in chosen if column.name != seeds[0]]
    metrics = metrics[: _room(len(chosen))]
    values = [_column(placed, runs, metric, n) for n, metric in enumerate(metrics)]
    times = one_day.column([run.started for run, _ in placed])
    rows = tuple(
        RunRow(
            run.key,
            layout.run_url(run.key),
            run_name(run),
            short[number],
            run.status,
            slots.get(run.key, 0),
            min(depth, _DEPTH_MAX),
            run.key in baseline,
            cells(run.params, chosen),
            tuple(column[number] for column in values),
            times.texts[number],
            fmt.iso(run.started),
            fmt.duration(run.duration),
        )
        for number, (run, depth) in enumerate(placed)
    )
    return RunsTable(
        tuple(Head(column.head, numeric=column.numeric) for column in chosen),
        tuple(metric_head(metric, ranking) for metric in metrics),
        rows,
        len(ordered) - len(placed),
        ranking.name if ranking else "",
        any(cell.best for row in rows for cell in row.values),
        tuple(no_room),
        any(run.started is not None for run in runs),
        times.day,
        any(depth for _, depth in placed),
        msgspec.json.encode(alive).decode(),
    )


def _room(params: int) -> int:
    return max(_METRICS_MIN, _COLUMNS_MAX - params)


def metric_head(metric: MetricFacts, ranking: MetricFacts | None) -> Head:
    """Head a column of results."""
    sort = ""
    if ranking is not None and metric.name == ranking.name:
        sort = "ascending" if metric.direction == "min" else "descending"
    return Head(shown(metric.name), fmt.unit(metric.declared), sort=sort)


def arrange(runs: Sequence[Run], ranking: MetricFacts | None) -> list[tuple[Run, int]]:
    """Order runs, the best first, with children below their parents.

    A family stands where its best member would; a parent that is not among the runs, or that is
    its own ancestor, is none.

    Returns:
        Runs with their depth below the first ancestor.
    """
    # By id for parents alone: two runs may have one id.
    by_id = {run.id: run for run in runs}
    children: dict[str, list[Run]] = {}
    roots = []
    for run in runs:
        if run.parent in by_id and not _is_own_ancestor(run, by_id):
            children.setdefault(by_id[run.parent or ""].key, []).append(run)
        else:
            roots.append(run)
    own = {run.key: _place(run, ranking) for run in runs}
    family: dict[str, tuple[int, float]] = {}

    # Deep families are rare but a chain of ten thousand resumes must not exhaust the stack.
    walk = [(run, False) for run in roots]
    while walk:
        run, done = walk.pop()
        below = children.get(run.key, [])
        if done:
            family[run.key] = min([own[run.key], *(family[child.key] for child in below)])
        else:
            walk.append((run, True))
            walk.extend((child, False) for child in below)

    def key(run: Run) -> tuple[int, float]:
        return family[run.key]

    out: list[tuple[Run, int]] = []
    stack = [(run, 0) for run in sorted(roots, key=key)][::-1]
    while stack:
        run, depth = stack.pop()
        out.append((run, depth))
        below = sorted(children.get(run.key, []), key=key)
        stack.extend((child, depth + 1) for child in reversed(below))
    return out


def _is_own_ancestor(run: Run, by_id: Mapping[str, Run]) -> bool:
    seen = {run.id}
    above = by_id.get(run.parent or "")
    while above is not None:
        if above.id in seen:
            return True
        seen.add(above.id)
        above = by_id.get(above.parent or "")
    return False


def _place(run: Run, ranking: MetricFacts | None) -> tuple[int, float]:
    if ranking is None:
        return 0, 0.0
    number = results.value(run, ranking.name)
    return results.order(number, ranking.direction, ended=results.has_ended(run))


def _short(run: Run, grouping: Grouping) -> str:
    """Name a run by its seed, where its own name says nothing but params."""
    seed = grouping.seed(run)
    if not seed or not says_params_alone(run.name, {**run.params, "seed": seed}):
        return ""
    return f"seed {shown(seed, _SEED)}"


def _varying_seeds(runs: Sequence[Run], grouping: Grouping) -> list[str]:
    return [
        name for name in grouping.seeds if len({str(run.params.get(name)) for run in runs}) > 1
    ]


def _column(
    placed: Sequence[tuple[Run, int]], runs: Sequence[Run], metric: MetricFacts, number: int
) -> list[Cell]:
    values = [results.value(run, metric.name) for run, _ in placed]
    texts = fmt.column(values, metric.declared)
    # The best of all runs: those that found no room count too.
    counted = [results.value(run, metric.name) if results.has_ended(run) else None for run in runs]
    top = best(counted, metric.judged)
    best_value = counted[top[0]] if top and len(set(counted) - {None}) > 1 else None
    return [
        Cell(
            text,
            shown(metric.name),
            best=value is not None and value == best_value and results.has_ended(run),
            minor=number >= _ROOMY or value is None,
            missing=value is None,
        )
        for (run, _), value, text in zip(placed, values, texts, strict=True)
    ]
