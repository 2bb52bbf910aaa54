"""What happened in a registry, read from git: in the order of a branch's own commits, never dates.

A commit is compared with its first parent, so that a merge tells what it brought onto the branch,
whoever wrote it and whenever. All that was read is kept in the cache up to the commit at which it
ended: a second reading costs nothing, and a commit more costs itself.
"""

from __future__ import annotations

from contextlib import suppress
from inspect import getsource
from typing import TYPE_CHECKING

import msgspec

from staticrun import files, git, layout
from staticrun.errors import UserError
from staticrun.git import Objects, signatures
from staticrun.git.objects import REGULAR
from staticrun.registry import (
    approvals,
    canonical,
    events,
    kinds,
    manifests,
    origins,
    read,
    state,
    steps,
    walk,
    words,
)
from staticrun.registry.clocks import until
from staticrun.registry.events import Event, History
from staticrun.registry.known import Known

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from staticrun.git.objects import Entry

# What brings a stage to where it is, or away from there.
COMES = (
    "stage.promoted",
    "stage.demoted",
    "stage.rolled_back",
    "stage.cleared",
    "manifest.broken",
)
_CODE = (words, kinds, manifests, canonical, read, state, events, origins, steps, walk, signatures)
# A large work tree takes its time, and a busy machine must not hide what is not committed.
_TIMEOUT_S = 60.0


class _Kept(msgspec.Struct):
    """A history that was read, and what it stands on.

    Attributes:
        code: A digest of the code that read it.
        below: The project's folder in the repository.
        first: The commit at which it begins.
        signers: Path and content of the file that lists who may sign; empty for none.
        last: The commit at which it ends; empty before the first one is read.
        events: What happened.
        past: What the next commit is compared with.
    """

    code: str
    below: str
    first: str
    signers: tuple[str, str]
    last: str = ""
    events: list[Event] = []
    past: walk.Past = msgspec.field(default_factory=walk.Past)


def history(root: Path, ref: str = "HEAD", known: Known | None = None) -> History:
    """Read what happened in a project's registry.

    Args:
        root: The project's folder.
        ref: Where the reading ends: a branch, a tag or a hash. The work tree is looked at where
            that is what is checked out.
        known: What contents of manifests said before; takes on what is read now.

    Returns:
        All of it; nothing without a repository, and before its first commit.

    Raises:
        UserError: When this clone has no such commit, or lacks what it needs of it.
    """
    objects = Objects(root)
    try:
        head = objects.find("HEAD")
    except OSError:  # there is no git
        return History()
    commit = head if ref == "HEAD" else objects.resolve(ref)
    if commit is None:
        return History()
    below = objects.prefix()
    line = objects.first_parents(commit)[::-1]
    allowed = signers(objects, commit, below)
    code = files.sha256("".join(map(getsource, _CODE)).encode())
    names = (allowed[0], allowed[1].name) if allowed else ("", "")
    kept = _recall(root, _Kept(code, below, line[0], names))
    if kept.last and kept.last not in line:
        if objects.find(kept.last) and commit in objects.first_parents(kept.last):
            here = set(line)  # it ends on the way to where that one did
            kept.events = [event for event in kept.events if event.origin.commit in here]
            kept.last = commit
        else:
            kept = _Kept(code, below, line[0], names)
    begin = line.index(kept.last) + 1 if kept.last else 0
    if begin < len(line):
        pairs = [(line[at], line[at - 1] if at else None) for at in range(begin, len(line))]
        own = Known(root) if known is None else known
        found = list(steps.steps(objects, below, pairs, names[0], own))
        listed = next(objects.read([allowed[1]])) if allowed else None
        came = origins.origins(objects, [one for one, _ in found], listed)
        for one, changes in found:
            kept.events += kept.past.step(came[one], changes)
        kept.last = commit
        if commit == head:
            _keep(root, kept)
        if known is None and not begin:  # else it would let go of what the others need
            own.save()
    # Never from the cache: it is known later than the commit, and may be known better then.
    vouched = approvals.read(root, {event.origin.commit for event in kept.events})
    return History(
        events=approvals.attached(kept.events, vouched),
        commit=commit,
        truncated=bool(objects.head(line[0]).parents),
        pending=_pending(root, below) if commit == head else (),
    )


def at(history: History, model: str, stage: str, when: float | str | None = None) -> Event | None:
    """Find what a stage was at.

    Args:
        history: Of the registry.
        model: A registered model.
        stage: A stage.
        when: Unix seconds, which are looked for as `staticrun.registry.clocks` says; or the full
            hash of a commit at which something happened; None for the end.

    Returns:
        The event by which the stage came to where it was: its `version` is None where the stage
        was cleared or its file could not be read. None where it had never been at any version.

    Raises:
        UserError: When nothing happened at that commit.
    """
    events: Sequence[Event] = history.events
    if isinstance(when, str):
        last = max((n for n, one in enumerate(events) if one.origin.commit == when), default=-1)
        if last < 0:
            what = "is no commit of this branch at which the registry changed"
            raise UserError(when, what, try_="staticrun registry history")
        events = events[: last + 1]
    elif when is not None:
        events = until(events, when)
    found = None
    for event in events:
        if (event.model, event.stage) == (model, stage):
            unread = found is not None and found.type == "manifest.broken"
            if found is None or unread or event.type in COMES:
                found = event
    return found


def signers(objects: Objects, commit: str, below: str) -> tuple[str, Entry] | None:
    """Find the file that lists who may sign, as the commit says and has it."""
    settings = _file(objects, commit, below, layout.RegistryFile("registry").path)
    if settings is None:
        return None
    said, _ = read.read(next(objects.read([settings])), "", manifests.Registry)
    path = said.allowed_signers if said else None
    entry = _file(objects, commit, below, path) if path else None
    return (path, entry) if path and entry else None


def _file(objects: Objects, commit: str, below: str, path: str) -> Entry | None:
    entry = objects.entry(commit, f"{below}/{path}".lstrip("/"))
    regular = entry and entry.mode in REGULAR and entry.size <= read.BYTES_MAX
    return entry if regular else None


def _pending(root: Path, below: str) -> tuple[str, ...]:
    """List the files of the work tree that are not as the commit has them, if git says so."""
    top = f"{below}/" if below else ""
    found: Iterable[str] = git.changed(root, [layout.REGISTRY], _TIMEOUT_S) or ()
    return tuple(sorted(path.removeprefix(top) for path in found))


def _recall(root: Path, wanted: _Kept) -> _Kept:
    """Give the history that was kept where it stands on the same; else `wanted`."""
    # What came with the repository may be a stranger's, and say that it was verified.
    if not git.tracked(root, layout.CACHE):
        with suppress(OSError, msgspec.MsgspecError):
            kept = msgspec.msgpack.decode(_place(root).read_bytes(), type=_Kept)
            same = ("code", "below", "first", "signers")
            if all(getattr(kept, name) == getattr(wanted, name) for name in same):
                return kept
    return wanted


def _keep(root: Path, kept: _Kept) -> None:
    """Write a history down; a cache that cannot be written is none."""
    with suppress(OSError):
        files.write_atomic(_place(root), msgspec.msgpack.encode(kept))


def _place(root: Path) -> Path:
    return root / layout.CACHE / "registry-history.msgpack"
