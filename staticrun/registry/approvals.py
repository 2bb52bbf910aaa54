"""What a host said of approvals, kept on a branch of its own: `registry-approvals`.

Approvals are not in git. So CI asks the host after a merge and writes what it heard,
`approvals/COMMIT.json`, onto a branch that has nothing else, where any clone can read it without
the host. Whoever may write that branch may claim anything: it proves as much as the host's rules
protect it, and a ruleset can let CI alone write it. A note of git's could be protected by none.
Nothing of it is asked from a network here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from staticrun.errors import UserError
from staticrun.git import Objects
from staticrun.git.commits import commit_apart
from staticrun.git.objects import REGULAR
from staticrun.registry import vouched
from staticrun.registry.vouched import BYTES_MAX, Vouched

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from staticrun.registry.events import Event

BRANCH = "registry-approvals"
FOLDER = "approvals"
_LOCAL = f"refs/heads/{BRANCH}"
_REMOTE = f"refs/remotes/origin/{BRANCH}"
_FILE = re.compile(rf"{FOLDER}/([0-9a-f]{{40}}(?:[0-9a-f]{{24}})?)\.json")


def tip(objects: Objects) -> str | None:
    """Give the commit that this clone has of the branch; None for none.

    Its own branch counts, or that of the remote `origin` where it goes on from there.
    """
    own, other = objects.find(_LOCAL), objects.find(_REMOTE)
    if own and other and own != other and objects.merge_base(own, other) == own:
        return other
    return own or other


def read(root: Path, commits: Collection[str]) -> dict[str, Vouched]:
    """Read what is known of commits.

    Args:
        root: A folder in the repository.
        commits: Full hashes.

    Returns:
        Commit → what the host said of it. A commit of which nothing is written, or nothing that
        can be read, is not there: it is unknown.
    """
    objects = Objects(root)
    at = tip(objects) if commits else None
    if at is None:
        return {}
    wanted = set(commits)
    found = {}
    try:
        files = {
            match[1]: entry
            for path, entry in objects.entries(at, FOLDER).items()
            if (match := _FILE.fullmatch(path)) and match[1] in wanted
            if entry.mode in REGULAR and entry.size <= BYTES_MAX
        }
        contents = list(objects.read(list(files.values())))
    except UserError:  # a partial clone, or a broken one: what it lacks is unknown
        return {}
    for commit, data in zip(files, contents, strict=True):
        said = vouched.read(data)
        # A file speaks of the commit that it is named after, and of no other.
        if isinstance(said, Vouched) and said.commit == commit:
            found[commit] = said
    return found


def write(root: Path, said: Sequence[Vouched]) -> str:
    """Add what a host said of commits to this clone's own branch; nobody is pushed to.

    Args:
        root: A folder in the repository.
        said: Of commits, one each.

    Returns:
        Full hash of the branch's new commit.

    Raises:
        UserError: When it cannot be written.
    """
    objects = Objects(root)
    files = {f"{FOLDER}/{one.commit}.json": vouched.spell(one) for one in said}
    names = ", ".join(str(one.commit)[:12] for one in said[:3])
    more = f" and {len(said) - 3} more" if len(said) > 3 else ""
    message = f"Approvals of {names}{more}\n"
    return commit_apart(root, files, message, BRANCH, tip(objects))


def attached(events: Sequence[Event], known: Mapping[str, Vouched]) -> tuple[Event, ...]:
    """Put what is known of commits to the events that they brought, and nothing else."""
    replace = msgspec.structs.replace
    return tuple(
        event
        if event.origin.vouched is (said := known.get(event.origin.commit))
        else replace(event, origin=replace(event.origin, vouched=said))
        for event in events
    )
