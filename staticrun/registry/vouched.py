"""What a host said of who vouches for a merge: a file for a commit, as programs read it, too.

It says what the host answered to whoever asked it. It proves no more than that somebody who may
write the file says so: whoever reads it decides whose word that is.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from staticrun.registry.words import Commit, Login, Manifest, Time

BYTES_MAX = 1 << 18
Why = Literal[
    "an earlier state",
    "asked for changes",
    "dismissed",
    "may not write here",
    "a program",
    "unread",
]


class Approval(Manifest, frozen=True, kw_only=True):
    """Somebody who approved exactly what was merged, and may write to the repository.

    Attributes:
        login: Who.
        at: When, as the host says.
        author: Whether what was approved is their own, as a whole or in part.
    """

    login: Login
    at: Time | None = None
    author: bool = False


class Discounted(Manifest, frozen=True, kw_only=True):
    """Somebody whose last word on a pull request is no approval of what was merged.

    Attributes:
        login: Who.
        why: Why it does not count: they approved `an earlier state`; `asked for changes`; it was
            `dismissed`; they `may not write here`, so that anybody could have said it; they are
            `a program`; or what they may do is `unread`, since the host did not say.
    """

    login: Login
    why: Why


class Vouched(Manifest, frozen=True, kw_only=True):
    """`approvals/COMMIT.json` on the branch `registry-approvals`: what the host knows of a merge.

    Attributes:
        schema: What the file is.
        commit: The commit by which it came onto the branch; null before the merge.
        pull_request: Its number; null where no pull request brought it.
        head: The commit that was merged, and that approvals have to be of.
        author: Who opened the pull request.
        approvals: Who approved it.
        others: Whose last word does not count.
    """

    schema: Literal["staticrun.approvals/1"] = "staticrun.approvals/1"
    commit: Commit | None = None
    pull_request: Annotated[int, Meta(ge=1, le=999_999_999)] | None = None
    head: Commit | None = None
    author: Login | None = None
    approvals: Annotated[tuple[Approval, ...], Meta(max_length=500)] = ()
    others: Annotated[tuple[Discounted, ...], Meta(max_length=500)] = ()

    @property
    def approved_by(self) -> tuple[str, ...]:
        """Who approved it that did not write it."""
        return tuple(one.login for one in self.approvals if not one.author)


def read(data: bytes) -> Vouched | str:
    """Read a file; a text says in a clause what is wrong with it."""
    if len(data) > BYTES_MAX:
        return f"has more than {BYTES_MAX >> 10} KiB"
    try:
        return msgspec.json.decode(data, type=Vouched)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return f"is no file of approvals: {error}"


def spell(vouched: Vouched) -> bytes:
    """Write it down: the same facts are the same bytes."""
    return msgspec.json.format(msgspec.json.encode(vouched), indent=1) + b"\n"
