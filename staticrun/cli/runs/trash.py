"""`staticrun runs delete|restore|gc`: out of the way first, gone later."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from staticrun import files, layout
from staticrun.cli.runs.project import open_store
from staticrun.cli.terminal import root_option, say
from staticrun.errors import UserError, nearest


@click.command()
@root_option
@click.argument("runs", nargs=-1, required=True)
def delete(root: Path, runs: tuple[str, ...]) -> None:
    """Move runs to the trash. `restore` brings them back, `gc` deletes them for good."""
    store = open_store(root)
    roots = _roots(root)
    chosen = [store.find(text) for text in runs]
    _demand_unregistered(root, {run.key: run.id for run in chosen}, "staticrun runs archive")
    for found in chosen:
        home = next((folder for folder in roots if files.inside(folder, found.folder)), None)
        if home is None or found.folder == root:
            outside = " and ".join(f"{folder.relative_to(root).as_posix()}/" for folder in roots)
            raise UserError(found.key, f"lies outside {outside}", "a run that staticrun wrote")
        target = _trash(home) / found.key
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
    homes = {
        path.parent.relative_to(trash).as_posix(): (trash, folder)
        for folder in reversed(_roots(root))
        for trash in [_trash(folder)]
        for path in trash.rglob("run*.jsonl*")
    }
    for key in runs:
        if key not in homes:
            raise UserError(key, "is not in the trash", try_=nearest(key, homes))
        trash, folder = homes[key]
        target = folder / key
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
    trashes = [_trash(folder) for folder in _roots(root)]
    found = [path for trash in trashes for path in trash.rglob("*")]
    paths = [path for path in found if path.is_file() and path.name != ".gitignore"]
    size = sum(path.stat().st_size for path in paths)
    if not paths:
        click.echo("The trash is empty.")
        return
    _demand_unregistered(root, _trashed(root), "staticrun runs restore")
    if not yes:
        click.confirm(f"Delete {len(paths)} files, {size:,} bytes, for good?", abort=True)
    for trash in filter(Path.is_dir, trashes):
        shutil.rmtree(trash)
    click.echo(f"{len(paths)} files, {size:,} bytes deleted.")


def _demand_unregistered(root: Path, runs: dict[str, str], instead: str) -> None:
    """Refuse runs that are the evidence of a registered version, by their ids.

    Raises:
        UserError: When there is one, or a version's manifest cannot be read to know that.
    """
    from staticrun.cli.registry.step import open_state
    from staticrun.layout import registry_file

    state = open_state(root)
    for finding in state.findings:
        place = registry_file(finding.where.partition(":")[0])
        if place is None or place.kind == "version":
            raise UserError(finding.where, finding.what, finding.expected, "mend it first")
    named = {
        version.run.id: f"{model.name} {number}"
        for model in state.models.values()
        for number, version in model.versions.items()
    }
    for key, id_ in runs.items():
        if id_ in named:
            what = f"is the run of {named[id_]}, a registered version"
            raise UserError(key, what, "a run that no version names", f"{instead} {key}")


def _trashed(root: Path) -> dict[str, str]:
    """Map the keys of the runs in the trash to their ids."""
    import msgspec

    from staticrun import config
    from staticrun.store.store import Store

    settings = config.load(root)[0]
    trashes = tuple(f"{name}/{layout.TRASH}" for name in settings.runs)
    store = Store.open(msgspec.structs.replace(settings, runs=trashes, logs=()), cache=False)
    return {key: store.run(key).id for key in store.keys()}  # noqa: SIM118 -- no mapping


def _roots(root: Path) -> list[Path]:
    """List the folders that hold the project's runs."""
    from staticrun import config

    return [root / name for name in config.load(root)[0].runs]


def _trash(folder: Path) -> Path:
    trash = folder / layout.TRASH
    if trash.is_dir():
        (trash / ".gitignore").write_text("*\n", encoding="utf-8")
    return trash
