"""A base branch and a change to it: what is read of both, and what merging them gives.

Only what differs and what points at something is read, so that a change to a registry of thousands
of versions is looked at as fast as one to a small one.
"""

from __future__ import annotations

from contextlib import suppress
from posixpath import normpath
from typing import TYPE_CHECKING

from staticrun.errors import UserError
from staticrun.git import Objects, changed
from staticrun.git.objects import Entry
from staticrun.layout import REGISTRY, RegistryFile, registry_file
from staticrun.registry.changes import moves
from staticrun.registry.merged import Merged
from staticrun.registry.past import Branch, Past
from staticrun.registry.sources import Commit, Folder, blob_name
from staticrun.registry.state import State, load

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from staticrun.registry.changes import Move
    from staticrun.registry.known import Known
    from staticrun.registry.manifests import Stage
    from staticrun.registry.sources import Source
    from staticrun.registry.vouched import Vouched

_TIMEOUT_S = 60.0
_TOP = tuple(RegistryFile(kind).path for kind in ("registry", "policies"))


class Comparison:
    """What a branch changes.

    Args:
        root: The project's folder.
        base: The branch that the change is for.
        head: The commit with the change; None for the work tree.
        known: What contents said before; takes on what is read now.

    Attributes:
        base: What was read of the base branch's tip.
        after: What was read of what merging gives.
        changed: Path → names of its content before and after.
        moves: What happens to stages, in the order of paths.

    Raises:
        UserError: When a ref names no commit, or the two have none in common.
    """

    def __init__(
        self, root: Path, base: str, head: str | None = None, known: Known | None = None
    ) -> None:
        self._root, self._known, self._head = root, known, head
        self._objects = Objects(root)
        self._below = self._objects.prefix()
        self._base = self._objects.resolve(base)
        of_head = self._objects.resolve(head or "HEAD")
        fork = self._objects.merge_base(self._base, of_head)
        if fork is None:
            what = f"has no commit in common with {head or 'HEAD'} in this clone"
            try_ = "git fetch --unshallow origin"
            raise UserError(base, what, "the branch that the change is for", try_)
        self._fork = fork
        of_base = self._commit(self._base)
        of_fork = of_base if fork == self._base else self._commit(fork)
        own = self._commit(of_head) if head else Folder(root, blob_name(self._base))
        merged = Merged(of_base, of_fork, own)
        self.changed = merged.changed
        stages = [path for path in self.changed if _is(path, "stage")]
        self.past = self._past(stages)
        # A stage that was cleared is compared with what it was at last.
        last = [
            RegistryFile("version", model, past.states[0].version).path
            for (model, _), past in self.past.items()
            if past.states
        ]
        self.base = self._load(of_base, [*_TOP, *stages, *last])
        everywhere = [path for path in merged.names if _is(path, "stage", "model")]
        self.after = self._load(merged, [*_TOP, *everywhere, *self.changed])
        before, after = _stages(self.base), _stages(self.after)
        self.moves: list[Move] = list(moves(self.changed, before, after, self.past))

    def been_at(self, model: str, version: int, tree: str) -> frozenset[str]:
        """Name the stages of the base branch that a version is at or was at."""
        return frozenset(
            stage
            for (name, stage), past in self.past.items()
            if name == model
            and any((one.version, one.tree) == (version, tree) for one in past.states)
        )

    @property
    def tip(self) -> str:
        """Full hash of the base branch's tip."""
        return self._base

    def bound(self, said: Vouched | None) -> Vouched | str:
        """Give what a host said where it said it of this change, else why it counts for nothing.

        What is checked is the commit that was approved, or, as a host checks it out, its merge
        onto the base.
        """
        if said is None:
            return "the host was not asked who approved it"
        if self._head is None and changed(self._root, [REGISTRY], _TIMEOUT_S) != []:
            return "the work tree is not what a commit has, which alone can be approved"
        commit = self._objects.resolve(self._head or "HEAD")
        heads, parents = {commit}, self._objects.head(commit).parents
        if len(parents) == 2 and self._objects.merge_base(parents[0], self._base) == parents[0]:
            heads.add(parents[1])
        if said.head in heads:
            return said
        return (
            f"what the host said is of {(said.head or 'nothing')[:12]}, and not of {commit[:12]}"
        )

    def truncated(self) -> bool:
        """Say whether the base branch's past is cut off in this clone."""
        return self._objects.shallow()

    def changes_file(self, path: str) -> bool:
        """Say whether the branch changes a file of the project that its base has."""
        path = normpath(path)
        if path.startswith(("../", "/")) or "\n" in path:
            return False
        before = self._bytes(self._fork, path)
        if before is None:
            return False
        if self._head is not None:
            return self._bytes(self._head, path) != before
        try:
            return (self._root / path).read_bytes() != before
        except OSError:
            return True

    def _commit(self, commit: str) -> Commit:
        return Commit(self._objects, commit, self._below)

    def _bytes(self, commit: str, path: str) -> bytes | None:
        name = f"{commit}:{self._below}/{path}" if self._below else f"{commit}:{path}"
        with suppress(UserError):
            return next(self._objects.read([Entry("", name, 0)]))
        return None

    def _load(self, source: Source, paths: Iterable[str]) -> State:
        """Read files, and what they point at."""
        wanted = set(paths)
        first = load(source, self._known, [path for path in wanted if _is(path, "stage")])
        for model in first.models.values():
            for stage in model.stages.values():
                for kind in ("version", "card", "withdrawn"):
                    wanted.add(RegistryFile(kind, model.name, stage.version).path)
        for path in [path for path in wanted if _is(path, "card")]:
            place = registry_file(path)
            if place is not None:
                wanted.add(RegistryFile("version", place.model, place.number).path)
        return load(source, self._known, wanted)

    def _past(self, stages: list[str]) -> dict[tuple[str, str], Past]:
        """Read what the stages of the models were of which a stage changes."""
        if not stages:
            return {}
        branch = Branch(self._objects, self._base, self._below, self._known)
        models = {place.model for path in stages if (place := registry_file(path)) is not None}
        return {
            (model, stage): past
            for model in sorted(models)
            for stage, past in branch.stages(model).items()
        }


def _is(path: str, *kinds: str) -> bool:
    place = registry_file(path)
    return place is not None and place.kind in kinds


def _stages(state: State) -> dict[str, Stage]:
    return {
        RegistryFile("stage", model.name, stage=stage.stage).path: stage
        for model in state.models.values()
        for stage in model.stages.values()
    }
