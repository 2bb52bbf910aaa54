"""`staticrun runs delete|restore|gc`: out of the way first, gone later."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import click

from staticrun import files, layout
from staticrun.cli.runs.project import open_store
from staticrun.cli.terminal import root_option, say
from staticrun.errors import UserError, nearest

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@root_option
@click.argument("runs", nargs=-1, required=True)
def delete(root: Path, runs: tuple[str, ...]) -> None:
    """Move runs to the trash; `restore` brings them back, `gc` deletes them for good."""
    store = open_store(root)
    trash = _trash(root)
    for found in [store.find(text) for text in runs]:
        if not files.inside(root / layout.RUNS, found.folder) or found.folder == root:
            raise UserError(found.key, "lies outside runs/", "a run that staticrun wrote")
        target = trash / found.key
        if target.exists():
            raise UserError(
                found.key, "is in the trash already", try_="staticrun runs gc, then again"
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        found.folder.rename(target)
        say(f"{found.key}: in the trash. Bring it back: staticrun runs restore {found.key}")


@click.command()
@root_option
@click.argument("runs", nargs=-1, required=True)
def restore(root: Path, runs: tuple[str, ...]) -> None:
    """Bring deleted runs back; RUN is the whole key."""
    trash = _trash(root)
    keys = [path.parent.relative_to(trash).as_posix() for path in trash.rglob("run*.jsonl*")]
    for key in runs:
        target = root / layout.RUNS / key
        if key not in keys:
            raise UserError(key, "is not in the trash", try_=nearest(key, keys))
        if target.exists():
            raise UserError(key, "exists again", try_=f"staticrun runs delete {key}")
        target.parent.mkdir(parents=True, exist_ok=True)
        (trash / key).rename(target)
        say(f"{key}: restored")


@click.command("gc")
@root_option
@click.option("--yes", is_flag=True, help="Do not ask.")
def empty_trash(root: Path, yes: bool) -> None:
    """Empty the trash: what was deleted is gone for good."""
    trash = _trash(root)
    paths = [path for path in trash.rglob("*") if path.is_file() and path.name != ".gitignore"]
    size = sum(path.stat().st_size for path in paths)
    if not paths:
        click.echo("The trash is empty.")
        return
    if not yes:
        click.confirm(f"Delete {len(paths)} files, {size:,} bytes, for good?", abort=True)
    shutil.rmtree(trash)
    click.echo(f"{len(paths)} files, {size:,} bytes deleted.")


def _trash(root: Path) -> Path:
    trash = root / layout.RUNS / layout.TRASH
    if trash.is_dir():
        (trash / ".gitignore").write_text("*\n", encoding="utf-8")
    return trash
