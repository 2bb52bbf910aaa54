"""What happened between two commits, and which stages are elsewhere since: what a deployment asks.

A push may bring one commit or many, a new branch, or another history in the place of the old one.
Events tell what happened; whether a stage has to be deployed is read from where it was and is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from staticrun import layout
from staticrun.errors import Finding, UserError
from staticrun.git import Objects
from staticrun.git.objects import COMMIT
from staticrun.registry.history import history
from staticrun.registry.sources import Commit
from staticrun.registry.state import load

if TYPE_CHECKING:
    from pathlib import Path

    from staticrun.registry.events import Event
    from staticrun.registry.known import Known
    from staticrun.registry.manifests import Stage
    from staticrun.registry.state import State

# What a host says in the place of a commit that was not there.
_NOTHING = re.compile(r"0{40}|0{64}")


class Between(NamedTuple):
    """What happened on the way to a commit.

    Attributes:
        events: What happened, the oldest first.
        before: The commit where the way begins; None where nothing was before.
        after: The commit where it ends.
        findings: What should be known of it.
    """

    events: tuple[Event, ...]
    before: str | None
    after: str
    findings: tuple[Finding, ...] = ()


def between(root: Path, before: str, after: str) -> Between:
    """List what happened from a commit to another one.

    Args:
        root: The project's folder.
        before: A commit; zeros, as hosts write them, for none.
        after: A commit.

    Returns:
        What happened at commits of the line of `after` that are not on the line of `before`. All
        of it where there is no `before`, or it is gone since the branch was rewritten.

    Raises:
        UserError: When one of them is no commit here, or a shallow clone hides what was between.
    """
    objects = Objects(root)
    end = objects.resolve(after)
    begin = None if _NOTHING.fullmatch(before) else objects.find(before)
    gone = begin is None and COMMIT.fullmatch(before) is not None
    if begin is None and not gone:
        objects.resolve(before)
    known = set(objects.first_parents(begin)) if begin else set()
    found = history(root, end)
    on_line = begin is not None and begin in objects.first_parents(end)
    if found.truncated and not on_line:
        raise UserError(
            before,
            f"and {end[:12]} have something between them that this shallow clone does not have",
            "the whole history",
            "git fetch --unshallow; for actions/checkout, fetch-depth: 0",
        )
    findings = []
    if gone and not _NOTHING.fullmatch(before):
        what = "is not in this clone; all that happened is told, as for a new branch"
        findings.append(Finding(before, what, level="warning"))
    elif begin and not on_line:
        what = f"is not on the line of {end[:12]}: the branch was rewritten, or is another one"
        findings.append(Finding(before, what, level="warning"))
    events = tuple(event for event in found.events if event.origin.commit not in known)
    return Between(events, begin, end, tuple(findings))


def moved(root: Path, before: str | None, after: str, known: Known | None = None) -> list[Stage]:
    """List the stages that are at another version than before, or at other bytes.

    Args:
        root: The project's folder.
        before: A commit; None for none, after which all stages are new.
        after: A commit.
        known: What contents of manifests said before.

    Returns:
        Where they are at `after`, by model, the first stage of the declared order first. A stage
        that is nowhere any more is none of them.

    Raises:
        UserError: When a stage's file at `after` cannot be read.
    """
    new = pointers(root, after, known)
    old = pointers(root, before, known) if before else None
    order = {name: place for place, name in enumerate(new.settings.order)}
    found = [
        stage
        for name, model in new.models.items()
        for stage in model.stages.values()
        if old is None or at(old, name, stage.stage) != (stage.version, stage.tree)
    ]
    if new.findings:
        raise UserError.of(new.findings[0])
    return sorted(found, key=lambda one: (one.model, order.get(one.stage, 99), one.stage))


def pointers(root: Path, commit: str, known: Known | None = None) -> State:
    """Read where all stages are as a commit says, and its settings; nothing else."""
    objects = Objects(root)
    source = Commit(objects, commit, objects.prefix())
    places = {path: layout.registry_file(path) for path in source.names}
    kinds = ("stage", "registry")
    return load(source, known, [path for path, one in places.items() if one and one.kind in kinds])


def at(state: State, model: str, stage: str) -> tuple[int, str] | None:
    """Give the version and the bytes that a stage is at; None where it is at none."""
    found = state.models[model].stages.get(stage) if model in state.models else None
    return None if found is None else (found.version, found.tree)
