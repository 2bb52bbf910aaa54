"""`staticrun registry at`: what a stage was at, at some time or commit."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from staticrun.cli.terminal import (
    json_option,
    print_findings,
    print_json,
    print_table,
    root_option,
    say,
)

if TYPE_CHECKING:
    from pathlib import Path

    from rich.table import Table

    from staticrun.errors import Finding
    from staticrun.registry.events import Event, History

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ].*)?", re.ASCII)


@click.command()
@root_option
@click.argument("stage")
@click.option("--date", metavar="D", help="A date, a time or a commit [the newest].")
@click.option("--model", help="A model [all].")
@json_option
def at(root: Path, stage: str, date: str | None, model: str | None, as_json: bool) -> None:
    """Tell which version of each model was at STAGE.

    A date is its end in UTC. What committers' clocks claim may be wrong: the order is that of the
    branch, and the fewest commits are taken to have a wrong clock.
    """
    import msgspec

    from staticrun.cli.registry import told
    from staticrun.errors import UserError, nearest
    from staticrun.registry.clocks import until
    from staticrun.registry.events import spelled
    from staticrun.registry.history import at as find
    from staticrun.registry.history import history

    when = _time(date) if date and _DATE.fullmatch(date) else None
    found = history(root, date if date and when is None else "HEAD")
    stages = {event.stage for event in found.events if event.stage}
    if stage not in stages:
        raise UserError(
            "registry", f"no stage {stage!r} was ever there", try_=nearest(stage, stages)
        )
    models = sorted({event.model for event in found.events if event.stage == stage})
    if model is not None and model not in models:
        raise UserError("registry", f"{model!r} was never at {stage}", try_=nearest(model, models))
    warnings = [*told.cut_off(found), *_clocks(found, when)]
    if when is not None:
        found = msgspec.structs.replace(found, events=until(found.events, when))
    rows = [(one, find(found, one, stage)) for one in ([model] if model else models)]
    if as_json:
        said = [{"model": one, "event": event and spelled(event)} for one, event in rows]
        print_json({"format": 1, "stage": stage, "time": when, "models": said})
    else:
        print_table(_table(rows))
        if when is not None:
            say("Dates are what committers' clocks claim; the order is that of the branch.")
    print_findings(warnings)


def _time(text: str) -> float:
    """Read a date, which means its end, or a time; of none of a zone in UTC."""
    from staticrun.errors import UsageError

    try:
        found = datetime.fromisoformat(text)
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return (found + timedelta(days=len(text) == 10)).timestamp() - (len(text) == 10)
    except (ValueError, OverflowError) as error:
        raise UsageError(
            "--date", f"{text!r} is no date", "2026-10-01, 2026-10-01T12:00:00Z or a commit"
        ) from error


def _clocks(history: History, when: float | None) -> list[Finding]:
    """Tell how many commits claim times that do not fit."""
    from staticrun.errors import Finding
    from staticrun.registry.clocks import settled

    times = {event.origin.commit: event.origin.time for event in history.events}
    odd = sum(
        one != other for one, other in zip(times.values(), settled([*times.values()]), strict=True)
    )
    if when is None or not odd:
        return []
    what = f"{odd} of {len(times)} commits claim times that do not fit the order of the branch"
    return [
        Finding(
            "history", f"{what}; each counts from when the one before it does", level="warning"
        )
    ]


def _table(rows: list[tuple[str, Event | None]]) -> Table:
    from rich.table import Table

    from staticrun.cli.registry import told

    table = Table(box=None, pad_edge=False)
    for title in ("model", "version", "since (claimed)", "commit", "tree"):
        table.add_column(title, no_wrap=True)
    for model, event in rows:
        if event is None:
            table.add_row(model, "none yet")
            continue
        nothing = "unreadable" if event.type == "manifest.broken" else "none"
        version = nothing if event.version is None else str(event.version)
        since, commit = told.time(event.origin.time), event.origin.commit[:12]
        table.add_row(model, version, since, commit, (event.tree or "")[7:19])
    return table
