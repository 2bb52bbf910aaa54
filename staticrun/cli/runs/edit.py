"""`staticrun runs tag|note|archive`: each writes one edit file beside the run's own."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import click
import msgspec

from staticrun.cli.runs.project import open_store
from staticrun.cli.terminal import root_option, say
from staticrun.errors import UsageError
from staticrun.log.edit import write_edit
from staticrun.record.types import Edit

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@root_option
@click.argument("run")
@click.argument("tags", nargs=-1, required=True, metavar="KEY=VALUE...")
def tag(root: Path, run: str, tags: tuple[str, ...]) -> None:
    """Set tags of a run; KEY= deletes one. A value that is JSON is read as JSON."""
    values: dict[str, object] = {}
    for text in tags:
        key, equals, value = text.partition("=")
        if not (key and equals):
            raise UsageError(repr(text), "is no tag", "KEY=VALUE", "staticrun runs tag RUN team=risk")
        values[key] = _value(value)
    found = open_store(root).find(run)
    path = write_edit(found.folder, Edit(time=time.time(), tags=values))
    say(f"{found.key}: tags set ({path.name})")


def _value(text: str) -> object:
    if not text:
        return None
    try:
        return msgspec.json.decode(text.encode())
    except msgspec.DecodeError:
        return text


@click.command()
@root_option
@click.argument("run")
@click.argument("text")
def note(root: Path, run: str, text: str) -> None:
    """Add a note to a run, in Markdown. `-` reads it from standard input."""
    if text == "-":
        text = sys.stdin.read()
    found = open_store(root).find(run)
    path = write_edit(found.folder, Edit(time=time.time(), note=text))
    say(f"{found.key}: note added ({path.name})")


@click.command()
@root_option
@click.argument("runs", nargs=-1, required=True)
@click.option("--undo", is_flag=True, help="Show the runs again.")
def archive(root: Path, runs: tuple[str, ...], undo: bool) -> None:
    """Hide runs from lists and pages; nothing is deleted."""
    store = open_store(root)
    for found in [store.find(text) for text in runs]:
        write_edit(found.folder, Edit(time=time.time(), archived=not undo))
        say(f"{found.key}: {'shown again' if undo else 'archived'}")
