"""`staticrun runs …`: look at runs and change what is said about them."""

from __future__ import annotations

import click

from staticrun.cli.runs.compare import compare
from staticrun.cli.runs.edit import archive, note, tag
from staticrun.cli.runs.listing import list_runs
from staticrun.cli.runs.show import show
from staticrun.cli.runs.trash import delete, empty_trash, restore


@click.group()
def runs() -> None:
    """List, show, compare, tag, note, archive and delete runs."""


for verb in (list_runs, show, compare, tag, note, archive, delete, restore, empty_trash):
    runs.add_command(verb)
