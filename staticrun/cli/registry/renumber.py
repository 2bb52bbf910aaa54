"""`staticrun registry renumber`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from staticrun.cli.terminal import root_option, say

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@root_option
@click.argument("name")
@click.argument("number", type=click.IntRange(min=1))
@click.option(
    "--base",
    default="origin/main",
    show_default=True,
    help="The branch that it is to come to.",
)
def renumber(root: Path, name: str, number: int, base: str) -> None:
    """Give a version of this branch the next free number, and its card, too.

    For two branches that registered a version under one number. Only a version that the base does
    not have and that nothing points to can be renumbered.
    """
    from staticrun.files import write_atomic
    from staticrun.git import Objects
    from staticrun.registry.renumber import renumber as change
    from staticrun.registry.sources import Commit, Folder

    objects = Objects(root)
    other, head = objects.resolve(base), objects.find("HEAD")
    below = objects.prefix()
    common = None if head is None else objects.merge_base(head, other)
    done = change(
        Folder(root),
        Commit(objects, other, below),
        None if common is None else Commit(objects, common, below),
        name,
        number,
    )
    for path, data in done.files.items():
        write_atomic(root / path, data)
    for path in done.gone:
        (root / path).unlink()
    say(f"{name} {number} is {name} {done.number} now. Next: commit these files:")
    for path in (*done.gone, *done.files):
        say(f"  {path}")
