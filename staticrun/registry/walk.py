"""From one state of a registry's files to the next: what happened in between.

What counts is what files say, not that they differ: a comment in a stage's file is no event. Which
version a stage was at before is read from the states before, never from what a file claims.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from staticrun import files, layout
from staticrun.registry import manifests
from staticrun.registry.events import Event

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from staticrun.registry.events import Origin, Type
    from staticrun.registry.manifests import Manifest

# What has to be there before what, within one commit.
_ORDER = ("settings", "registry", "policies", "model", "version", "withdrawn", "stage")


class Step(NamedTuple):
    """A file that a commit changed.

    Attributes:
        path: In the project, with `/`.
        place: What it is of a registry; None for the file that lists who may sign.
        name: Of its content; empty where it is gone.
        said: What it says; None where it is gone or cannot be read.
        why: Why it cannot be read.
    """

    path: str
    place: layout.RegistryFile | None
    name: str
    said: Manifest | None = None
    why: str | None = None

    @property
    def kind(self) -> str:
        """The kind of file, as `RegistryFile` names it; else `settings`."""
        return self.place.kind if self.place else "settings"


class Past(msgspec.Struct):
    """What has to be known of the states before to say what happens next.

    Attributes:
        names: Path → names of the contents that the file had, the last one last; empty where it
            was gone.
        stages: Path → all that a stage's file said; what could not be read is missing.
        broken: Paths of the files that cannot be read now.
    """

    names: dict[str, list[str]] = {}
    stages: dict[str, list[manifests.Stage]] = {}
    broken: set[str] = set()

    def step(self, origin: Origin, steps: Iterable[Step]) -> Iterator[Event]:
        """Tell what a commit did, and take it on as what was before."""
        for step in sorted(steps, key=lambda one: (_ORDER.index(one.kind), one.path)):
            names = self.names.setdefault(step.path, [])
            if names and names[-1] == step.name:  # its mode alone is another one
                continue
            if step.why is not None:
                self.broken.add(step.path)
                yield _event("manifest.broken", origin, step, reason=step.why)
            else:
                known = self._stage if step.kind == "stage" else _other
                yield from known(origin, step, names)
                self.broken.discard(step.path)
            names.append(step.name)

    def _stage(self, origin: Origin, step: Step, names: list[str]) -> Iterator[Event]:
        before = self.stages.setdefault(step.path, [])
        # Where the file was gone, or said nothing, the stage is where it was last known to be.
        there = bool(names and names[-1])
        old = before[-1] if before and there else None
        new = step.said
        if not isinstance(new, manifests.Stage):
            if there:
                previous = old.version if old else None
                yield _event("stage.cleared", origin, step, previous=previous)
            return
        via = "revert" if step.name in names[:-1] else None
        kind = _moved(old, new, {one.version for one in before})
        if kind is None and step.path in self.broken:
            kind = "stage.noted"
        before.append(new)
        if kind is not None:
            moved = kind in ("stage.promoted", "stage.demoted", "stage.rolled_back")
            event = _event(
                "stage.rolled_back" if moved and via else kind,
                origin,
                step,
                version=new.version,
                previous=old.version if old else None,
                tree=new.tree,
                reason=new.reason,
                by=new.requested_by,
                hold=new.hold,
                via=via,
                overrides=new.overrides,
            )
            yield event


def _moved(old: manifests.Stage | None, new: manifests.Stage, been: set[int]) -> Type | None:
    """Say what a stage's file tells that it did not tell before; None for nothing."""
    if old is None:
        return "stage.promoted"
    if new.version < old.version:
        return "stage.rolled_back" if new.version in been else "stage.demoted"
    if (new.version, new.tree) != (old.version, old.tree):
        return "stage.promoted"
    if new.hold != old.hold:
        return "stage.held" if new.hold else "stage.released"
    return None if new == old else "stage.noted"


def _other(origin: Origin, step: Step, names: list[str]) -> Iterator[Event]:
    via = "revert" if step.name and step.name in names[:-1] else None
    said = step.said
    if step.kind == "policies":
        yield _event("policy.changed", origin, step, via=via)
    elif step.kind in ("registry", "settings"):
        yield _event("settings.changed", origin, step, via=via)
    elif step.kind == "model":
        if not names:
            yield _event("model.created", origin, step)
    elif isinstance(said, manifests.Version):
        kind: Type = "version.changed" if names else "version.registered"
        tree, by = said.artifact.tree, said.created_by
        yield _event(kind, origin, step, tree=tree, by=by, via=via)
    elif isinstance(said, manifests.Withdrawn) and not names:
        yield _event("version.withdrawn", origin, step, reason=said.reason, by=said.by)
    elif names:  # what is never to change was changed, or is gone
        yield _event("version.changed", origin, step, via=via)


def _event(kind: Type, origin: Origin, step: Step, **facts: Any) -> Event:
    place = step.place or layout.RegistryFile("settings")
    name = f"{origin.commit}\0{step.path}\0{kind}".encode("utf-8", "surrogateescape")
    known: dict[str, Any] = {
        "model": place.model,
        "stage": place.stage or None,
        "version": place.number or None,
        **facts,
    }
    return Event(id=files.sha256(name), type=kind, origin=origin, path=step.path, **known)
