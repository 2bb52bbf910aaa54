"""What happens in a registry: the types of its history, as programs read them too."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from staticrun.registry.manifests import Override
from staticrun.registry.vouched import Vouched

Type = Literal[
    "model.created",
    "version.registered",
    "version.withdrawn",
    "version.changed",
    "stage.promoted",
    "stage.demoted",
    "stage.rolled_back",
    "stage.cleared",
    "stage.held",
    "stage.released",
    "stage.noted",
    "policy.changed",
    "settings.changed",
    "manifest.broken",
]


class Origin(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The commit of a branch's own line by which something came onto it.

    Attributes:
        commit: Full hash.
        time: When it was committed, in Unix seconds, as its committer's clock claims.
        subject: First line of its message.
        author: Who wrote the change, as claimed: the head of what was merged, for a merge.
        committer: Who brought it onto the branch, as claimed.
        merge: Full hash of the merged commit; None where no merge brought it.
        pull_request: The number that the message names, as claimed; None where it names none.
        trailers: `Key: value` lines at the end of the message, as claimed.
        signature: `verified` by the allowed signers, `unknown` where there is one that was not or
            could not be verified, `none` where there is none, `bad` where it does not fit.
        signer: Whose signature it is, where it is verified.
        vouched: What the host said of its pull request and approvals, as the branch
            `registry-approvals` has it; None where nothing is known.
    """

    commit: str
    time: float
    subject: str
    author: str
    committer: str
    merge: str | None = None
    pull_request: int | None = None
    trailers: tuple[tuple[str, str], ...] = ()
    signature: Literal["verified", "unknown", "none", "bad"] = "none"
    signer: str | None = None
    vouched: Vouched | None = None

    @property
    def direct(self) -> bool:
        """Whether not even a claim says that anybody else looked at it before it came."""
        if self.vouched is not None:
            return self.vouched.pull_request is None
        return self.merge is None and self.pull_request is None

    @property
    def number(self) -> int | None:
        """The pull request that brought it: as the host says, else as its message claims."""
        return self.pull_request if self.vouched is None else self.vouched.pull_request


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that happened to a registry.

    Attributes:
        id: sha256 of commit, path and type, as 64 hex digits: the same whenever it is asked for.
        type: What happened.
        origin: How it came onto the branch.
        path: The file that says so.
        model: The registered model; empty for policies and settings.
        stage: The stage, for `stage.*`.
        version: The version that is at the stage now, or that was registered or withdrawn.
        previous: The version that was at the stage before, as the files before say it.
        tree: Tree digest of `version`.
        reason: As the file says it.
        by: Who asked for it or said so, as the file claims.
        hold: Whether the stage is held now.
        via: `revert` where a file came back byte for byte to what it was before.
        overrides: Gates that the move was made in spite of.
    """

    id: str
    type: Type
    origin: Origin
    path: str
    model: str = ""
    stage: str | None = None
    version: int | None = None
    previous: int | None = None
    tree: str | None = None
    reason: str | None = None
    by: str | None = None
    hold: bool = False
    via: Literal["revert"] | None = None
    overrides: tuple[Override, ...] = ()


class History(msgspec.Struct, frozen=True, kw_only=True):
    """All that happened, in the order of a branch's first parents, the oldest first.

    Attributes:
        events: What happened.
        commit: Where the reading ended; None in no repository, or before its first commit.
        truncated: Whether the clone is shallow, so that the first events are only what was there.
        pending: Paths of the work tree that are not as the commit has them.
    """

    events: tuple[Event, ...] = ()
    commit: str | None = None
    truncated: bool = False
    pending: tuple[str, ...] = ()


class Use(msgspec.Struct, frozen=True):
    """A promotion that results decided.

    Attributes:
        event: Id of the event.
        data: Role and digest of what the version cites with a role that the gates named.
    """

    event: str
    data: frozenset[tuple[str, str]]


class Uses(msgspec.Struct, frozen=True):
    """Promotions that results decided.

    Attributes:
        found: In the order in which they came onto the branch.
        known: Whether those are all: there is a history, and it is not cut off.
    """

    found: tuple[Use, ...] = ()
    known: bool = False

    def count(self, digest: str, role: str) -> int:
        """Count those whose version cites data with a role."""
        return sum((role, digest) in one.data for one in self.found)

    def before(self, event: str) -> Uses:
        """Give those that came before an event."""
        ids = [one.event for one in self.found]
        end = ids.index(event) if event in ids else len(ids)
        return Uses(self.found[:end], self.known)


def spelled(event: Event) -> dict[str, Any]:
    """Give an event as programs read it, `staticrun.event/1`.

    What only the host knows, approvals and the gates of a pull request, is `unknown` where it was
    not asked: neither empty nor passed.
    """
    origin = event.origin
    number, vouched = origin.number, origin.vouched
    return {
        "schema": "staticrun.event/1",
        "id": event.id,
        "type": event.type,
        "model": event.model or None,
        "stage": event.stage,
        "from": event.previous,
        "to": event.version,
        "tree": event.tree,
        "path": event.path,
        "hold": event.hold,
        "via": event.via,
        "reason": event.reason,
        "by": event.by,
        "overrides": msgspec.to_builtins(event.overrides),
        "commit": origin.commit,
        "time": origin.time,
        "subject": origin.subject,
        "author": origin.author,
        "merged_by": origin.committer,
        "merge": origin.merge,
        "pr": None if number is None else {"number": number, "verified": vouched is not None},
        "direct": origin.direct,
        "trailers": [list(pair) for pair in origin.trailers],
        "signature": origin.signature,
        "signer": origin.signer,
        "approvals": "unknown"
        if vouched is None
        else [
            {"login": one.login, "at": one.at, "commit": vouched.head}
            for one in vouched.approvals
            if not one.author
        ],
        "gates": "unknown",
    }
