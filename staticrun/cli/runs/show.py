"""`staticrun runs show`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import msgspec

from staticrun.cli.runs.project import open_store
from staticrun.cli.terminal import (
    json_option,
    plain,
    print_findings,
    print_json,
    print_table,
    root_option,
)
from staticrun.record.numbers import spell
from staticrun.store.lineage import Lineage

if TYPE_CHECKING:
    from pathlib import Path

    from staticrun.store.run import Run

EACH = ("resumes", "artifacts", "datasets", "models", "uses", "notes", "logs", "alerts")

ALERTS_MAX = 10


@click.command()
@root_option
@click.argument("run")
@click.option("--points", is_flag=True, help="Every point too; implies --json.")
@json_option
def show(root: Path, run: str, points: bool, as_json: bool) -> None:
    """Show one run. RUN is its key, its id, or an end of its key that no other has."""
    store = open_store(root)
    found = store.find(run)
    lineage = Lineage(map(store.run, store.keys()))
    if not (as_json or points):
        _print(found, lineage)
        return
    whole = found.to_dict()
    whole |= {name: msgspec.to_builtins(list(getattr(found, name))) for name in EACH}
    whole["writers"] = list(found.writers)
    uses = [(lineage.producer(found, use), use) for use in found.uses]
    for name, pairs in (("uses", uses), ("used_by", lineage.consumers(found))):
        whole[name] = [
            {"run_key": other.key if other else None, **msgspec.to_builtins(use)}
            for other, use in pairs
        ]
    whole["findings"] = msgspec.to_builtins(list(found.findings))
    if points:
        whole["points"] = {name: _points(found, name) for name in found.metrics}
    print_json({"format": 1, **whole})


def _points(run: Run, name: str) -> dict[str, list[float | str]]:
    series = run.series(name)
    columns = {"step": series.step, "time": series.time, "value": series.value}
    return {key: [spell(number) for number in column.tolist()] for key, column in columns.items()}


def _on(time: float | None) -> str:
    import datetime as dt

    try:
        return "" if time is None else f" on {dt.datetime.fromtimestamp(time, dt.UTC):%F %T} UTC"
    except (ValueError, OverflowError, OSError):  # a time that no calendar has
        return ""


def _print(run: Run, lineage: Lineage) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(soft_wrap=True)
    console.print(f"[bold]{plain(run.key)}[/]  {plain(run.name)}  {run.status}  {run.id}")
    if run.end and run.end.error:
        error = run.end.error
        console.print(plain(f"{error.type}: {error.message}"), style="red")
    for resume in run.resumes:
        to = "" if resume.rewind_to is None else f" from step {resume.rewind_to:g}"
        console.print(f"resumed{to}{_on(resume.time)}")
    if len(run.writers) > 1:
        console.print(plain(f"writers: {', '.join(run.writers)}"))
    for alert in run.alerts[:ALERTS_MAX]:
        console.print(plain(f"{alert.level}: {alert.text}"), style="yellow")
    if len(run.alerts) > ALERTS_MAX:
        console.print(f"and {len(run.alerts) - ALERTS_MAX} more alerts", style="yellow")
    for title, values in (("params", run.params), ("summary", run.summary), ("tags", run.tags)):
        if values:
            console.print(f"\n[bold]{title}[/]")
            for key, value in values.items():
                console.print(plain(f"  {key} = {msgspec.json.encode(value).decode()}"))
    if run.metrics:
        table = Table("metric", box=None, pad_edge=False, header_style="bold")
        for column in ("n", "last", "min", "max", "mean"):
            table.add_column(column, justify="right")
        for name, stats in run.metrics.items():
            numbers = (stats.last, stats.min, stats.max, stats.mean)
            cells = ("" if number is None else f"{number:.6g}" for number in numbers)
            table.add_row(plain(name), str(stats.n), *cells)
        console.print()
        print_table(table)
    if run.artifacts:
        console.print("\n[bold]artifacts[/]")
        for artifact in run.artifacts:
            size = "" if artifact.bytes is None else f"  {artifact.bytes:,} bytes"
            console.print(plain(f"  {artifact.path or artifact.uri}  {artifact.kind}{size}"))
    uses = [(lineage.producer(run, use), use) for use in run.uses]
    for title, lines in (("uses", uses), ("used by", lineage.consumers(run))):
        if lines:
            console.print(f"\n[bold]{title}[/]")
        for other, use in lines:
            words = (other.key if other else use.run, use.path or use.uri, use.role)
            console.print(plain(f"  {'  '.join(word for word in words if word)}"))
    print_findings(run.findings)
