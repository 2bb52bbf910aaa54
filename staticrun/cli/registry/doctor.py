"""`staticrun registry doctor`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import msgspec

from staticrun.cli.registry.step import open_state
from staticrun.cli.terminal import json_option, print_json, root_option
from staticrun.pages.text import visible

if TYPE_CHECKING:
    from pathlib import Path

_COLOURS = {"yes": "green", "no": "red", "unknown": "yellow"}


@click.command()
@root_option
@click.option(
    "--branch", default="main", show_default=True, help="The branch that promotions come to."
)
@click.option("--host", is_flag=True, help="Ask GitHub for its settings, by your own gh.")
@json_option
def doctor(root: Path, branch: str, host: bool, as_json: bool) -> None:
    """Tell what protects promotions, what does not, and what cannot be seen from here.

    Exits with 1 when something is known not to be so. Only with --host anything is asked beyond
    this repository.
    """
    from staticrun import config
    from staticrun.registry.doctor import host as settings
    from staticrun.registry.doctor import repository

    registered = open_state(root)
    found = repository.facts(root, config.load(root)[0].runs, registered)
    stages = registered.settings.order
    if host:
        found += settings.asked(root, branch, stages)
    else:
        found += settings.unasked(branch, stages)
    if as_json:
        print_json({"format": 1, "facts": [msgspec.to_builtins(fact) for fact in found]})
    else:
        told = ""
        for fact in found:
            state = click.style(f"{fact.state:<7}", fg=_COLOURS[fact.state])
            why = f" ({fact.why})" if fact.why else ""
            click.echo(f"{state} {visible(f'{fact.what}{why}')}")
            if fact.try_ not in ("", told) and fact.state != "yes":
                click.echo(f"        Try: {visible(fact.try_)}")
            told = fact.try_
    if any(fact.state == "no" for fact in found):
        click.get_current_context().exit(1)
