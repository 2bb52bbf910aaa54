"""`staticrun versions …`: look at site versions, name them, verify them and let them go."""

from __future__ import annotations

import click

from staticrun.cli.versions.alias import alias
from staticrun.cli.versions.delete import delete
from staticrun.cli.versions.diff import diff
from staticrun.cli.versions.listing import list_versions, show
from staticrun.cli.versions.prune import prune
from staticrun.cli.versions.restore import restore
from staticrun.cli.versions.verify import verify


@click.group()
def versions() -> None:
    """List, show, name, verify and delete site versions."""


for verb in (list_versions, show, diff, alias, delete, prune, restore, verify):
    versions.add_command(verb)
