"""`staticrun registry pull`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from staticrun.cli.registry.step import open_state
from staticrun.cli.terminal import json_option, print_json, root_option, say
from staticrun.errors import UsageError, UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from staticrun.registry.manifests import Version
    from staticrun.registry.state import ModelState


@click.command()
@root_option
@click.argument("what", metavar="NAME@STAGE")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="The folder for the files: new, empty, or one that holds a version of the model.",
)
@click.option("--tree", help="The tree digest that it has to have: sha256:… as the stage says.")
@click.option(
    "--against",
    metavar="REF",
    help="Of a stage: refuse when REF, such as origin/main, has it elsewhere by now.",
)
@json_option
def pull(
    root: Path, what: str, out: Path, tree: str | None, against: str | None, as_json: bool
) -> None:
    """Copy the files of a version, once they are known to be the right ones.

    NAME@STAGE is the version that a stage is at, NAME@VERSION any that was not withdrawn. Nothing
    is written when a byte differs, and the folder is there whole or not at all.
    """
    from staticrun import config, layout
    from staticrun.registry import move
    from staticrun.registry.evidence import find
    from staticrun.registry.pull import pull as copy
    from staticrun.store.store import Store

    name, at, point = what.partition("@")
    if not (at and point):
        raise UsageError(what, "names no version", "NAME@STAGE or NAME@VERSION")
    state = open_state(root)
    version = move.find(state, name, point)
    model = state.models[name]
    stage = None if point.isdigit() else point
    _demand_agreed(model, version, stage, tree)
    if against is not None:
        if stage is None:
            raise UsageError(what, "names no stage, and --against asks where one is", "NAME@STAGE")
        _demand_current(root, version, stage, against)
    settings = config.load(root)[0]
    to = out.absolute()
    _demand_outside(to, root, [*settings.runs, layout.REGISTRY, ".git"])
    place, look = find(root, Store.open(settings), version)
    where = f"{name} {version.version}"
    if look.state != "verified":
        try_ = f"staticrun registry fetch {name}@{version.version}"
        state_ = "are not here" if look.state == "absent" else "are not those of the version"
        what_ = f"its bytes {state_}: {'; '.join(look.why)}"
        raise UserError(
            where, what_, version.artifact.tree, "" if look.state != "absent" else try_
        )
    ours = {other.artifact.tree for other in model.versions.values()}
    written = copy(root, place, version.artifact, to, ours)
    if as_json:
        said = {"format": 1, "model": name, "stage": stage, "version": version.version}
        print_json({**said, "tree": version.artifact.tree, "out": str(to), "written": written})
    else:
        count = f"{len(version.artifact.files)} files, {version.artifact.size:,} bytes"
        done = count if written else "it is there already"
        say(f"{where} in {out}: {done}, tree {version.artifact.tree}")


def _demand_agreed(
    model: ModelState, version: Version, stage: str | None, tree: str | None
) -> None:
    """Refuse a version that was withdrawn, or that is not the one that was reviewed."""
    where = f"{model.name} {version.version}"
    withdrawn = model.withdrawn.get(version.version)
    if withdrawn is not None:
        raise UserError(where, f"was withdrawn: {withdrawn.reason}", "one that may be used")
    pointer = model.stages[stage].tree if stage else None
    for who, said in (("the stage", pointer), ("--tree", tree)):
        if said and said != version.artifact.tree:
            what = f"has the tree digest {version.artifact.tree}, and {who} says {said}"
            raise UserError(where, what, "the same bytes")


def _demand_current(root: Path, version: Version, stage: str, ref: str) -> None:
    """Refuse what a branch has moved on from: a deployment may have waited, or be run again."""
    from staticrun.git import Objects
    from staticrun.layout import RegistryFile
    from staticrun.registry.between import at, pointers

    state = pointers(root, Objects(root).resolve(ref))
    if RegistryFile("withdrawn", version.model, version.version).path in state.names:
        what = f"was withdrawn on {ref}"
        raise UserError(f"{version.model} {version.version}", what, "one that may be used")
    now = at(state, version.model, stage)
    if now != (version.version, version.artifact.tree):
        there = f"version {now[0]}, tree {now[1]}" if now else "no version"
        what = f"is at {there} on {ref} by now"
        expected = f"version {version.version}, tree {version.artifact.tree}"
        try_ = f"deploy what {ref} says: check it out, and pull again"
        raise UserError(f"{version.model}@{stage}", what, expected, try_)


def _demand_outside(out: Path, root: Path, folders: Sequence[str]) -> None:
    """Refuse a folder whose files are evidence themselves."""
    for folder in folders:
        if out.resolve().is_relative_to((root / folder).resolve()):
            raise UserError(str(out), f"lies in {folder}/", "a folder that is not the project's")
