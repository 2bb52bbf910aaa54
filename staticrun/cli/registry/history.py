"""`staticrun registry history`: what happened, as the branch has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from staticrun.cli.terminal import (
    json_option,
    plain,
    print_findings,
    print_json,
    print_table,
    root_option,
    say,
)

if TYPE_CHECKING:
    from pathlib import Path

LAST = 50


@click.command()
@root_option
@click.argument("model", required=False)
@click.option("--ref", default="HEAD", help="A branch, a tag or a commit [HEAD].")
@click.option(
    "--last",
    type=click.IntRange(min=1),
    default=LAST,
    help=f"How many of the newest lines to print [{LAST}]; --json has all.",
)
@json_option
def history(root: Path, model: str | None, ref: str, last: int, as_json: bool) -> None:
    """Tell what happened to MODEL, or in the whole registry, the newest first.

    The order is that in which commits came onto the branch. Dates, names and numbers of pull
    requests are what commits claim; a signature is verified where the registry lists who may sign,
    a pull request and its approvals where `registry approvals` has asked the host.
    """
    from rich.table import Table

    from staticrun.cli.registry import told
    from staticrun.errors import UserError, nearest
    from staticrun.registry.events import spelled
    from staticrun.registry.history import history as read

    found = read(root, ref)
    models = {event.model for event in found.events if event.model}
    if model is not None and model not in models:
        what = f"the history has no model {model!r}"
        raise UserError("registry", what, try_=nearest(model, models))
    events = [event for event in found.events if model in (None, event.model)]
    if as_json:
        print_json(
            {
                "format": 1,
                "commit": found.commit,
                "truncated": found.truncated,
                "pending": found.pending,
                "events": [spelled(event) for event in events],
            }
        )
        return
    table = Table(box=None, pad_edge=False)
    for title in ("claimed time", "what", "written by", "commit", "how it came", "why"):
        table.add_column(title, no_wrap=title not in ("how it came", "why"))
    asked = any(event.origin.vouched for event in events)
    for event in events[: -last - 1 : -1]:
        table.add_row(
            told.time(event.origin.time),
            plain(told.what(event)),
            plain(event.origin.author.partition(" <")[0]),
            event.origin.commit[:12],
            plain(told.facts(event, asked=asked)),
            plain(event.reason or ""),
        )
    print_table(table)
    if len(events) > last:
        say(f"{len(events) - last} more: --last {len(events)}")
    if events and not asked:
        say("Who approved any of it is unknown: staticrun registry approvals")
    for path in found.pending:
        say(f"not committed: {path}")
    print_findings(told.cut_off(found))
