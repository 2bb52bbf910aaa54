"""Publishing onto a branch of a git remote, by one commit that takes the place of the last.

A reader has the old commit or the new one, never a part. Nothing is checked out: the commit is
made in a repository of our own, in the cache.
"""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import TYPE_CHECKING

from staticrun import layout
from staticrun.errors import UserError
from staticrun.git.bare import FILE_MODE, open_bare
from staticrun.git.objects import Entry
from staticrun.git.remote import author, remote
from staticrun.publish import mark
from staticrun.publish.place import Done, Nothing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from staticrun.git.bare import Bare
    from staticrun.git.objects import Head
    from staticrun.publish.order import Order
    from staticrun.publish.place import Place
    from staticrun.publish.plan import Plan

CACHE = "publish.git"
# Other publishers may be quicker, each time; nobody is so unlucky for so long.
TRIES = 12
_WAIT_S, _WAIT_MAX_S = 0.05, 5.0
_OURS = "Published by staticrun"


class Branch:
    """A commit of a branch and what is in it: a place.

    Args:
        bare: Where its objects are.
        commit: The commit.
    """

    def __init__(self, bare: Bare, commit: str) -> None:
        self._bare = bare
        self.entries = bare.entries(commit)
        self.sizes = {url: entry.size for url, entry in self.entries.items()}

    def read(self, urls: Sequence[str]) -> Iterator[bytes]:
        """Read files, in the order given."""
        return self._bare.read([self.entries[url] for url in urls])


def push(root: Path, name: str, make: Callable[[Place], Plan], order: Order, subject: str) -> Done:
    """Publish what a plan says, made anew whenever another publisher was quicker.

    Args:
        root: The project's folder.
        name: The branch's.
        make: Plans, from what is published.
        order: Which remote, and what becomes of the branch's commits.
        subject: First line of the commit's message.

    Raises:
        UserError: When the remote cannot be reached or refuses, or others are quicker every time.
    """
    at = remote(root, order.remote)
    with open_bare(root / layout.CACHE / CACHE) as bare:
        for number in range(TRIES):
            if number:
                time.sleep(random.uniform(0, min(_WAIT_S * 2**number, _WAIT_MAX_S)))  # noqa: S311
            old = bare.tip(at, name)
            if old is not None and not bare.fetch(at, name, old):
                continue
            ready = _commit(bare, old, make, order, (subject, *author(root)))
            if order.dry_run or not (ready.written or ready.removed):
                return ready
            why = bare.push(at, name, ready.commit or "", old)
            now = ready.commit if why is None else bare.tip(at, name)
            if now == ready.commit:
                bare.tidy(ready.commit or "")
                return ready
            if why and now == old and "lock" not in why:
                raise _refused(name, why)
    raise UserError(
        f"branch:{name}",
        f"another publisher was quicker {TRIES} times",
        "a moment without others",
        "publish again",
    )


def _commit(
    bare: Bare,
    old: str | None,
    make: Callable[[Place], Plan],
    order: Order,
    words: tuple[str, str, str],
) -> Done:
    """Make the commit that is to take the place of another one; none where nothing changes."""
    there: Place = Branch(bare, old) if old else Nothing()
    before = there.entries if isinstance(there, Branch) else {}
    plan = make(there)
    after = _entries(bare, plan, before)
    changed = {url for url, entry in after.items() if before.get(url) != entry}
    gone = before.keys() - after.keys()
    # What stays for one more publication stays as long as there is no other.
    if all(url.rpartition("/")[2] == mark.NAME for url in changed) and gone <= plan.grace:
        return Done(plan, old, 0, 0)
    if order.history is None and old is not None:
        _refuse_to_forget(bare.head(old))
    if order.dry_run:
        return Done(plan, old, len(changed), len(gone))
    subject, *who = words
    message, parent = f"{subject}\n\n{_OURS}.\n", old if order.history else None
    commit = bare.commit(after, message, (who[0], who[1]), parent)
    return Done(plan, commit, len(changed), len(gone))


def _refused(name: str, why: str) -> UserError:
    return UserError(
        f"branch:{name}",
        f"the remote refuses the commit: {why}",
        "a branch that you may push to, by force",
        "another branch: --to branch:NAME; or --history, which needs no force",
    )


def _entries(bare: Bare, plan: Plan, before: dict[str, Entry]) -> dict[str, Entry]:
    paths = {url: one for url, one in plan.files.items() if isinstance(one, Path)}
    texts = {url: one for url, one in plan.files.items() if isinstance(one, bytes)}
    found = {url: before[url] for url, one in plan.files.items() if one is None}
    names = bare.write(paths.values())
    for (url, path), name in zip(paths.items(), names, strict=True):
        found[url] = Entry(FILE_MODE, name, path.stat().st_size)
    for (url, data), name in zip(texts.items(), bare.write_bytes(texts.values()), strict=True):
        found[url] = Entry(FILE_MODE, name, len(data))
    return found


def _refuse_to_forget(head: Head) -> None:
    """Refuse to put an orphan in the place of commits that somebody may want."""
    if head.parents or _OURS not in head.message:
        raise UserError(
            "the branch",
            "has commits that would be lost",
            "a branch that holds one commit of staticrun's, or none",
            "--history to add a commit to them, or --no-history to lose them",
        )
