"""The files of a registry that commits changed, each with what it says since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun import layout
from staticrun.git.objects import REGULAR, Entry
from staticrun.registry.read import BYTES_MAX, read
from staticrun.registry.state import KINDS, misplaced
from staticrun.registry.walk import Step

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from staticrun.git import Objects
    from staticrun.git.objects import Change
    from staticrun.registry.known import Known
    from staticrun.registry.manifests import Manifest

    Pair = tuple[str, str | None]

_GONE = "000000"


def steps(
    objects: Objects,
    below: str,
    pairs: Sequence[Pair],
    signers: str,
    known: Known,
    only: Container[str] | None = None,
) -> Iterator[tuple[str, list[Step]]]:
    """List what commits changed in a registry.

    Args:
        objects: The repository.
        below: The project's folder in it, with `/`; empty for its top.
        pairs: Commits and their first parents, the oldest first.
        signers: The file below the project that lists who may sign; empty for none.
        known: What contents said before; takes on what is read now.
        only: The kinds of file that are looked at; all when None.

    Returns:
        Commit → its steps; commits that changed nothing are left out.
    """
    top = f"{below}/" if below else ""
    paths = [f"{top}{layout.REGISTRY}/", *((f"{top}{signers}",) if signers else ())]
    changed: list[tuple[str, list[tuple[str, layout.RegistryFile | None, Change]]]] = []
    for commit, changes in objects.changes(pairs, paths):
        found = []
        for change in changes:
            path = change.path[len(top) :]
            place = layout.registry_file(path)
            if only is not None and (place is None or place.kind not in only):
                continue
            if path == signers or (place is not None and place.kind != "card"):
                found.append((path, place, change))
        if found:
            changed.append((commit, found))
    reader = _Reader(objects, known)
    reader.read([(place, change) for _, found in changed for _, place, change in found])
    for commit, found in changed:
        yield commit, [reader.step(*one) for one in found]


class _Reader:
    """Reads each content once, whatever files have it."""

    def __init__(self, objects: Objects, known: Known) -> None:
        self._objects = objects
        self._known = known
        self._said: dict[tuple[str, str], Manifest | str] = {}

    def read(self, changes: Sequence[tuple[layout.RegistryFile | None, Change]]) -> None:
        """Take on what contents say, or why they say nothing."""
        unread: dict[tuple[str, str], None] = {}
        for place, change in changes:
            if place is not None and change.mode in REGULAR:
                manifest = self._known.recall(change.name, KINDS[place.kind])
                if manifest is None:
                    unread[place.kind, change.name] = None
                else:
                    self._said[place.kind, change.name] = manifest
        kinds = self._objects.kinds([name for _, name in unread])
        # One that this clone lacks is asked for, too: git says so.
        sizes = {name: kinds.get(name, ("blob", 0))[1] for _, name in unread}
        wanted = [key for key in unread if sizes[key[1]] <= BYTES_MAX]
        self._said.update((key, "is too large") for key in unread.keys() - set(wanted))
        entries = [Entry(REGULAR[0], name, sizes[name]) for _, name in wanted]
        for key, data in zip(wanted, self._objects.read(entries), strict=True):
            kind, name = key
            manifest, found = read(data, "", KINDS[kind])
            if manifest is None or found:
                self._said[key] = f"line {found[0].where.lstrip(':')}: {found[0].what}"
            else:
                self._said[key] = manifest
                self._known.keep(name, manifest)

    def step(self, path: str, place: layout.RegistryFile | None, change: Change) -> Step:
        if change.mode == _GONE:
            return Step(path, place, "")
        if change.mode not in REGULAR:
            return Step(path, place, f"{change.mode} {change.name}", why="is no regular file")
        if place is None:
            return Step(path, place, change.name)
        said = self._said[place.kind, change.name]
        if isinstance(said, str):
            return Step(path, place, change.name, why=said)
        wrong = misplaced(path, place, said)
        return Step(path, place, change.name, said, wrong.what if wrong else None)
