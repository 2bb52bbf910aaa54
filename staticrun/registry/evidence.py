"""How a version compares with what is here: the bytes, the run's record, and what it claims."""

from __future__ import annotations

import math
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from staticrun import layout
from staticrun.errors import UserError
from staticrun.registry import artifacts
from staticrun.registry.artifacts import MissingError
from staticrun.registry.draft import one_line
from staticrun.registry.promotion import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from staticrun.record.types import Json
    from staticrun.registry.manifests import Artifact, File, Version
    from staticrun.registry.promotion import Bytes
    from staticrun.store.run import Run
    from staticrun.store.store import Store

# Clauses of one sort; nobody reads more of them.
_CLAUSES = 5


class Look(NamedTuple):
    """What is at one place.

    Attributes:
        state: See `Evidence`.
        why: What is absent or differs, a clause each.
        lacking: Files of the manifest that are not here, or of which a pointer is.
        empty: Whether there is nothing at all.
    """

    state: Bytes
    why: tuple[str, ...] = ()
    lacking: tuple[File, ...] = ()
    empty: bool = False


def examine(root: Path, store: Store, version: Version) -> Evidence:
    """Compare a version with the run and the bytes that it names, wherever they are by now.

    Args:
        root: The project's folder.
        store: Its runs.
        version: What the manifest says.
    """
    key = version.run.key
    near = store.alone(key)
    if near is not None and near is not store and key in near.with_id(version.run.id):
        # Nearly every version is where it was, and no other run has to be read.
        found = _examined(root, near, version)
        if found.artifact == found.record == "verified":
            return found
    return _examined(root, store, version)


def _examined(root: Path, store: Store, version: Version) -> Evidence:
    there = folders(store, version)
    record, record_why, run = _record(root, store, version, there)
    claims = () if run is None else tuple(islice(_claims(version, run), 50))
    path, look = find(root, store, version)
    return Evidence(
        artifact=look.state,
        record=record,
        claims=claims,
        why=(*look.why, *record_why),
        path=None if look.state == "absent" else path,
        moved=look.state != "absent" and path != version.artifact.path,
    )


def find(root: Path, store: Store, version: Version) -> tuple[str, Look]:
    """Look for a version's bytes.

    Returns:
        Where they are, or where they belong: the likeliest place that has none; and what is there.
        Other bytes at one place count unless the right ones are at another.
    """
    looks: dict[str, Look] = {}
    for path in places(store, version):
        if path not in looks:
            looks[path] = look_at(root, path, version.artifact, store)
            if looks[path].state == "verified":
                return path, looks[path]
    homes = tuple(f"{folder}/" for folder in folders(store, version).values())
    ranked = sorted(
        looks,
        key=lambda path: (
            looks[path].state == "absent",
            looks[path].empty,
            not path.startswith(homes),
        ),
    )
    path = next(iter(ranked), version.artifact.path)
    return path, looks.get(path) or look_at(root, path, version.artifact, store)


def places(store: Store, version: Version) -> Iterator[str]:
    """List where a version's bytes may be, below the project; the likeliest place first.

    Where the manifest says, unless another run is there by now; else where the run is that has
    the id: at the same place in it, or where its record says that bytes of this digest are.
    """
    artifact, key = version.artifact, version.run.key
    there = folders(store, version)
    if key in there or store.folder(key) is None:
        yield artifact.path
    inner = f"/{artifact.path}".partition(f"/{key}/")[2]
    digests = {artifact.tree.removeprefix("sha256:")}
    if len(artifact.files) == 1:
        digests.add(artifact.files[0].sha256)
    for key, folder in there.items():
        if inner:
            yield f"{folder}/{inner}"
        run = store.run(key)
        stored = [(one.path, {one.tree, one.sha256}) for one in run.artifacts]
        stored += [(model.path, {model.tree}) for model in run.models]
        for path, recorded in stored:
            if path and digests & recorded:
                yield f"{folder}/{path}"


def look_at(root: Path, path: str, artifact: Artifact, store: Store | None = None) -> Look:
    """Compare what is at a path with what a manifest says of an artifact's files."""
    if reason := artifacts.wrong(artifact):
        return Look("mismatch", (f"the manifest says the tree digest {artifact.tree}: {reason}",))
    try:
        found = artifacts.tree(root, path, store)
    except MissingError:
        return Look("absent", (f"{path} is not here",), artifact.files, empty=True)
    except UserError as error:
        return Look("mismatch", (f"{error.finding.where} {error.finding.what}",))
    here = {file.path: file for file in found.files}
    lacking, wrong, why = [], [], []
    for file in artifact.files:
        actual = here.pop(file.path, None)
        if actual == file:
            continue
        if actual is None:
            why.append(f"{path}: {file.path} is not here")
        elif found.pointers.get(file.path) == file:
            why.append(f"{path}: a pointer of Git LFS stands for {file.path}")
        else:
            wrong.append(f"{path}: {file.path} has other bytes, of the sha256 {actual.sha256}")
            continue
        lacking.append(file)
    wrong += [f"{path}: {name} is no file of the version" for name in here]
    if wrong:
        return Look("mismatch", _some(wrong))
    return Look("absent", _some(why), tuple(lacking)) if lacking else Look("verified")


def folders(store: Store, version: Version) -> dict[str, str]:
    """Map the keys of the runs that have the version's run id to their folders."""
    keys = sorted(store.with_id(version.run.id), key=lambda key: key != version.run.key)
    return {key: folder for key in keys if (folder := store.folder(key)) is not None}


def _record(
    root: Path, store: Store, version: Version, there: dict[str, str]
) -> tuple[Bytes, tuple[str, ...], Run | None]:
    state: Bytes = "absent"
    why = [] if there else [f"run {version.run.id} is not in this checkout"]
    for key, folder in there.items():
        try:
            found = artifacts.record(root, folder, version.run.files, store).digest
        except MissingError as error:
            why.append(f"{error.finding.where} {error.finding.what}")
            continue
        except UserError as error:
            state = "mismatch"
            why.append(f"{error.finding.where} {error.finding.what}")
            continue
        if found == version.run.record:
            return "verified", (), store.run(key)
        state = "mismatch"
        why.append(f"{folder} has another record, of the digest {found}")
    return state, _some(why), store.run(next(iter(there))) if there else None


def _claims(version: Version, run: Run) -> Iterator[str]:
    """Say what a manifest says and its run's record does not."""
    added = {path.name.removesuffix(".gz") for path in run.files} - {*version.run.files}
    for name in sorted(added):
        named = layout.record_file(name)
        if named is not None and not named.edit:
            yield f"{name} was written after the version was registered"
    for metric in version.metrics:
        value = run.value(metric.name)
        number = run.summary.get(metric.name) if value is None else value
        if not _is_same(metric.number, number):
            yield _differs(f"metric {metric.name}", metric.number, number)
    git = run.git
    for name, said, recorded in (
        ("commit", version.code.commit, git and git.commit),
        ("dirty", version.code.dirty, git and git.dirty),
        ("python", version.python, run.start and run.start.python),
    ):
        if said is not None and said != recorded:
            yield _differs(name, said, recorded)
    # Names stand in a manifest on one line each.
    read = {(one_line(one.name), one.role, one.digest, one.rows) for one in run.datasets}
    digests = {one_line(one.name): one.digest for one in run.datasets}
    for data in version.data:
        if (data.name, data.role, data.digest, data.rows) not in read:
            name = f"data {data.name} ({data.role or 'no role'}, {data.rows or 'no'} rows)"
            yield _differs(name, data.digest, digests.get(data.name))
    yield from _model_claims(version, run)


def _model_claims(version: Version, run: Run) -> Iterator[str]:
    """Compare what the version says of its package with the model that the run recorded."""
    tree = version.artifact.tree.removeprefix("sha256:")
    models = [model for model in run.models if model.tree == tree]
    needs = [[one_line(one) for one in model.requirements or ()] for model in models]
    for name, said, recorded in (
        ("flavor", version.flavor, [model.flavor for model in models]),
        ("signature", version.signature, [model.signature for model in models]),
        ("requirements", list(version.requirements) or None, needs),
    ):
        if said is not None and said not in recorded:
            yield f"{name} is not what the record says of a model of these bytes"


def _is_same(said: float, recorded: Json) -> bool:
    if not isinstance(recorded, int | float) or isinstance(recorded, bool):
        return False
    return said == recorded or (
        isinstance(recorded, float) and math.isnan(said) and math.isnan(recorded)
    )


def _differs(name: str, said: object, recorded: object) -> str:
    told = "nothing of it" if recorded is None else recorded
    return f"{name} is {said}, and the record says {told}"


def _some(clauses: list[str]) -> tuple[str, ...]:
    more = len(clauses) - _CLAUSES
    return (*clauses[:_CLAUSES], *([f"and {more} more"] if more > 0 else []))
