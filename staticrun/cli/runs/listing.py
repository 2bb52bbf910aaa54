"""`staticrun runs list`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click
import msgspec

from staticrun.cli.runs.nothing import check_names, why
from staticrun.cli.runs.project import open_store
from staticrun.cli.terminal import json_option, plain, print_json, print_table, root_option, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from staticrun.config import Config
    from staticrun.store.run import Run

# A writer gives a sign of life every minute; after three without one it is called silent.
SILENT_SECONDS = 180


@click.command("list")
@root_option
@click.option("--where", help="Only runs for which this filter holds: 'val/acc > 0.9'.")
@click.option("--experiment", help="Only runs of this experiment.")
@click.option("--sort", help="Order by this metric, last value, best first as configured.")
@click.option("--limit", type=click.IntRange(1), help="At most so many runs.")
@click.option("--metric", "metrics", multiple=True, help="Show this metric; may be repeated.")
@click.option("--archived", is_flag=True, help="Archived runs too.")
@click.option("--jsonl", "as_lines", is_flag=True, help="Print one JSON object a run and line.")
@json_option
def list_runs(
    root: Path,
    where: str | None,
    experiment: str | None,
    sort: str | None,
    limit: int | None,
    metrics: tuple[str, ...],
    archived: bool,
    as_lines: bool,
    as_json: bool,
) -> None:
    """List runs with their last metrics."""
    from staticrun import config

    store = open_store(root)
    settings = config.load(root)[0]
    found = list(store.runs(where, experiment=experiment, archived=archived, clock=time.time()))
    check_names(store, found, experiment, [*metrics, *([sort] if sort else [])])
    if sort:
        found = _sorted(found, sort, settings)
    found = found[:limit]
    if as_lines:
        for run in found:
            click.echo(msgspec.json.encode(run.to_dict()).decode())
    elif as_json:
        print_json({"format": 1, "runs": [run.to_dict() for run in found]})
    elif not found:
        say(why(store, settings, where))
    else:
        _print(found, metrics or _first_metrics(found), time.time())


def _sorted(runs: Sequence[Run], metric: str, settings: Config) -> list[Run]:
    from staticrun.analysis.direction import direction
    from staticrun.analysis.ranking import rank

    declared = settings.metrics.get(metric)
    better = direction(metric, declared.direction if declared else None)
    if better is None:
        click.echo(f"Nobody knows whether a high {metric!r} is good: highest first.", err=True)
    return [runs[place] for place in rank([run.value(metric) for run in runs], better or "max")]


def _first_metrics(runs: Sequence[Run]) -> tuple[str, ...]:
    names = dict.fromkeys(name for run in runs for name in run.metrics)
    return tuple(names)[:4]


def _print(runs: Sequence[Run], metrics: Sequence[str], now: float) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    # Where all does not fit, a key goes on in the next line; a number is never cut.
    table.add_column("run", overflow="fold")
    table.add_column("status", no_wrap=True)
    for name in metrics:
        table.add_column(plain(name), justify="right", no_wrap=True)
    for run in runs:
        values = (run.value(name) for name in metrics)
        cells = ("" if value is None else f"{value:.6g}" for value in values)
        table.add_row(plain(run.key), describe_status(run, now), *cells)
    print_table(table)
    click.echo("1 run" if len(runs) == 1 else f"{len(runs)} runs")


def describe_status(run: Run, now: float) -> str:
    """Say a run's status as somebody with a clock may: an open run is running or silent.

    Args:
        run: The run.
        now: Unix seconds.
    """
    if run.status != "open" or run.last_record is None:
        return run.status
    silence = max(now - run.last_record, 0)
    if silence < SILENT_SECONDS:
        return "running"
    unit, size = next(
        (unit, size) for unit, size in (("d", 86400), ("h", 3600), ("min", 60)) if silence >= size
    )
    return f"silent for {silence // size:.0f} {unit}"
