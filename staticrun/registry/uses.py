"""How often data has decided a promotion: what a test set has been used for wears it out.

A use is a promotion (`stage.promoted`) of a version that cites the data, to a stage one of whose
gates read results, by the policies before the commit that brought it. That is what git knows:
neither promotions that were tried and dropped, nor looks at a result that decided something else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun.git import Objects
from staticrun.git.objects import REGULAR
from staticrun.layout import RegistryFile
from staticrun.registry import manifests
from staticrun.registry.events import Event, History, Origin, Use, Uses
from staticrun.registry.read import BYTES_MAX
from staticrun.registry.read import read as read_manifest
from staticrun.registry.sources import Commit
from staticrun.registry.state import load
from staticrun.registry.steps import steps
from staticrun.registry.walk import Past

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from staticrun.registry.known import Known
    from staticrun.registry.manifests import Policies

# Gates that let results decide.
_RESULTS = (manifests.Threshold, manifests.Better, manifests.Paired, manifests.Seeds)
_POLICIES = RegistryFile("policies").path


def read(root: Path, history: History, known: Known | None = None) -> Uses:
    """Find the promotions that results decided.

    Args:
        root: The project's folder.
        history: What happened.
        known: What contents of manifests said before; takes on what is read now.

    Raises:
        UserError: When this clone lacks what it needs of the history.
    """
    if history.commit is None:
        return Uses()
    objects = Objects(root)
    source = Commit(objects, history.commit, objects.prefix())
    decided = [one for one in _decided(objects, history) if one[1]]
    state = load(source, known, {_version(event) for event, _ in decided})
    found = []
    for event, roles in decided:
        model = state.models.get(event.model)
        version = model.versions.get(event.version or 0) if model else None
        cited = version.data if version else ()
        data = ((one.role, one.digest) for one in cited if one.role in roles)
        found.append(Use(event.id, frozenset((role, of) for role, of in data if role and of)))
    return Uses(tuple(found), known=not history.truncated)


def until(root: Path, ref: str, known: Known) -> Uses:
    """Find the promotions that results decided on the line of a commit.

    Of each commit only what stages and policies say is read, which takes a third of the time of
    `staticrun.registry.history`.

    Args:
        root: The project's folder.
        ref: The commit.
        known: What contents of manifests said before; takes on what is read now.

    Raises:
        UserError: As `read`, and when there is no such commit.
    """
    objects = Objects(root)
    commit = objects.resolve(ref)
    line = objects.first_parents(commit)[::-1]
    pairs = list(zip(line, [None, *line], strict=False))
    past, found = Past(), list[Event]()
    kinds = ("stage", "policies")
    for one, changes in steps(objects, objects.prefix(), pairs, "", known, kinds):
        found += past.step(
            Origin(commit=one, time=0, subject="", author="", committer=""), changes
        )
    truncated = bool(objects.head(line[0]).parents)
    return read(root, History(events=tuple(found), commit=commit, truncated=truncated), known)


def _version(event: Event) -> str:
    return RegistryFile("version", event.model, event.version or 0).path


def _decided(objects: Objects, history: History) -> Iterator[tuple[Event, set[str]]]:
    """List the promotions to stages that asked for results, and of data with which roles."""
    below = objects.prefix()
    path = f"{below}/{_POLICIES}".lstrip("/")
    # Where a shallow clone begins there is only what had happened before.
    first = objects.first_parents(history.commit or "")[-1] if history.truncated else ""
    policies, later, commit = manifests.Policies(), manifests.Policies(), ""
    for event in history.events:
        if event.origin.commit != commit:
            policies, commit = later, event.origin.commit
        if event.path == _POLICIES:
            later = _policies(objects, commit, path)
        elif event.type == "stage.promoted" and commit != first:
            yield event, _asked(policies, event)


def _policies(objects: Objects, commit: str, path: str) -> Policies:
    """Read the policies of a commit; where they cannot be read nothing can be promoted."""
    entry = objects.entry(commit, path)
    if entry is None or entry.mode not in REGULAR or entry.size > BYTES_MAX:
        return manifests.Policies()
    said, _ = read_manifest(next(objects.read([entry])), _POLICIES, manifests.Policies)
    return said or manifests.Policies()


def _asked(policies: Policies, event: Event) -> set[str]:
    policy = policies.stages.get(event.stage or "", manifests.Policy())
    gates = [policies.gate(name) for name in policy.gates]
    # A threshold says no role: it is for what versions are evaluated on. What compares decides
    # nothing of the first version at a stage.
    return {
        getattr(gate, "role", "eval")
        for gate in gates
        if isinstance(gate, _RESULTS)
        and gate.is_for(event.model)
        and (event.previous is not None or isinstance(gate, manifests.Threshold))
    }
