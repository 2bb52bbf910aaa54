"""What the verbs that read history share: an event in words, and what should be known of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from staticrun.errors import Finding

if TYPE_CHECKING:
    from staticrun.registry.events import Event, History

_VERBS = {
    "stage.promoted": "promoted",
    "stage.demoted": "moved back",
    "stage.rolled_back": "rolled back",
    "stage.cleared": "cleared",
    "stage.held": "held",
    "stage.released": "released",
    "stage.noted": "noted",
    "model.created": "created",
    "version.registered": "registered",
    "version.withdrawn": "withdrawn",
    "version.changed": "CHANGED",
    "policy.changed": "changed",
    "settings.changed": "changed",
    "manifest.broken": "UNREADABLE",
}


def time(seconds: float) -> str:
    """Spell a time in UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M")


def what(event: Event) -> str:
    """Say what happened, in a few words."""
    thing = event.model or event.path
    if event.stage:
        thing = f"{event.model} {event.stage}"
    elif event.version:
        thing = f"{event.model} {event.version}"
    way = ""
    if event.stage and event.version != event.previous:
        way = f" {event.previous or 'none'} → {event.version or 'none'}"
    notes = [
        "by a revert" if event.via else "",
        "held" if event.hold and event.type != "stage.held" else "",
        *(f"in spite of {one.gate}" for one in event.overrides),
    ]
    said = ", ".join(note for note in notes if note)
    return f"{thing}{way} {_VERBS[event.type]}{f' ({said})' if said else ''}"


def facts(event: Event, *, asked: bool) -> str:
    """Say how it came onto the branch, and which of it is verified, claimed or unknown.

    Args:
        event: What happened.
        asked: Whether the host was asked about any of what is told beside it: where it was not,
            each line would say that approval is unknown.
    """
    origin, vouched = event.origin, event.origin.vouched
    said = []
    if vouched is not None and vouched.pull_request is None:
        said.append("pushed without a pull request, verified")
    elif origin.direct:
        said.append("pushed directly, unreviewed?")
    if origin.number is not None:
        said.append(f"#{origin.number} {'claimed' if vouched is None else 'verified'}")
    if origin.signature == "verified":
        said.append(f"signature of {origin.signer} verified")
    elif origin.signature != "none":
        said.append(f"signature {origin.signature}")
    if vouched is None:
        said += ["approval unknown"] if asked else []
    elif vouched.approved_by:
        said.append(f"approved by {', '.join(vouched.approved_by)}")
    elif vouched.pull_request is not None:
        said.append("approved by nobody")
    return ", ".join(said)


def cut_off(history: History) -> list[Finding]:
    """Warn of a history that is not all that happened."""
    if not history.truncated:
        return []
    said = "this clone is shallow: what its first commit has may be older, and another's"
    try_ = "git fetch --unshallow; for actions/checkout, fetch-depth: 0"
    return [Finding("history", said, "the whole history", try_, level="warning")]
