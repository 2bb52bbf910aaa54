"""What happened to a registry, a line each, with how far each fact can be trusted.

Git knows order and content. Who did something, when, and by which pull request is what somebody
claims; a signature by an allowed signer is verified, and approvals are where the host was asked.
What nothing is known of is `unknown`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from staticrun import layout
from staticrun.pages import format as fmt
from staticrun.pages.views.naming import shown
from staticrun.pages.views.sentence import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from staticrun.pages.context import Context
    from staticrun.pages.registered import Registered
    from staticrun.registry.events import Event, Origin
    from staticrun.registry.manifests import Override
    from staticrun.registry.state import ModelState

TEMPLATE = "registry_timeline.html"
COMMIT_DIGITS = 7
MOVES_MAX = 500
REASON_MAX = 500
PERSON_MAX = 60
# What is told of an event that is no move of a stage; the stage's name stands behind the others.
_WHAT = {
    "model.created": "model created",
    "version.registered": "registered",
    "version.withdrawn": "withdrawn",
    "version.changed": "changed after it was registered",
    "stage.promoted": "promoted",
    "stage.demoted": "demoted",
    "stage.rolled_back": "rolled back",
    "stage.cleared": "cleared",
    "stage.held": "held",
    "stage.released": "released",
    "stage.noted": "said anew",
    "policy.changed": "policies changed",
    "settings.changed": "settings changed",
    "manifest.broken": "a manifest cannot be read",
}
# What the timeline leaves to the pages of models.
QUIET = frozenset({"model.created", "version.registered", "stage.noted"})


class Mark(msgspec.Struct, frozen=True):
    """A fact and how it is known.

    Attributes:
        mark: Class of the mark: empty for verified, `half` for claimed, `none` for unknown, and
            those of gates.
        text: The fact.
    """

    mark: str
    text: str


class Move(msgspec.Struct, frozen=True):
    """An event.

    Attributes:
        time: When, as its commit claims.
        iso: The same for programs.
        model: The registered model; empty where it concerns all.
        model_url: Its page.
        stage: The stage; empty where it concerns none.
        before: Version that was at the stage; empty for none.
        after: Version that it is about; empty for none.
        url: Page of that version; empty where it has none.
        against: Page that compares it with the one whose place it took; empty for none.
        what: What happened, in a word or two.
        reason: Why.
        asides: What else is to be known of it.
        overrides: Gates that it was made in spite of.
        marks: How its facts are known.
        commit: Abbreviated.
    """

    time: str
    iso: str
    model: str
    model_url: str
    stage: str
    before: str
    after: str
    url: str
    against: str
    what: str
    reason: str
    asides: tuple[str, ...]
    overrides: tuple[str, ...]
    marks: tuple[Mark, ...]
    commit: str


class TimelineView(msgspec.Struct, frozen=True):
    """All moves, the newest first.

    Attributes:
        deck: How many there are.
        notes: What a reader must know of them.
        moves: The moves.
        left_out: How many older ones are not listed, in words; empty for none.
    """

    deck: str
    notes: tuple[str, ...]
    moves: tuple[Move, ...]
    left_out: str


def make(registered: Registered, context: Context) -> TimelineView:
    """Make the view of the timeline."""
    found = [event for event in registered.history.events if event.type not in QUIET]
    moves = tuple(listed(reversed(found[-MOVES_MAX:]), registered, context))
    deck = f"{count(len(found), 'change')} of what is to be used, in the order of the branch."
    more = len(found) - len(moves)
    left_out = f"{fmt.plural(more, 'older change')} in registry.json." if more else ""
    return TimelineView(deck, tuple(notes(registered)), moves, left_out)


def notes(registered: Registered) -> Iterator[str]:
    """Say what is unknown of the whole history."""
    history = registered.history
    if history.commit is None:
        yield "History unknown: this is no git repository, or it has no commit."
    elif history.truncated:
        yield "History truncated: the clone is shallow. Fetch all of it: fetch-depth: 0."
    if history.events and not registered.asked:
        yield "Approvals unknown: the host was not asked."


def listed(events: Iterable[Event], registered: Registered, context: Context) -> Iterator[Move]:
    """Tell events in the order given."""
    for event in events:
        model = registered.state.models.get(event.model)
        number = event.version
        known = model is not None and number in model.versions
        yield Move(
            fmt.date(event.origin.time),
            fmt.iso(event.origin.time),
            event.model,
            layout.model_url(event.model) if model is not None else "",
            event.stage or "",
            "" if event.previous in (None, number) else str(event.previous),
            "" if number is None else str(number),
            layout.model_version_url(event.model, number) if known and number else "",
            _against(event, model) if model is not None else "",
            _WHAT[event.type],
            # A file of all models has no reason of its own: its commit's message claims one.
            said(event.reason or ("" if event.model else event.origin.subject), context),
            tuple(_asides(event, context)),
            overridden(event.overrides, event.stage or "", context),
            marks(event, registered, context),
            event.origin.commit[:COMMIT_DIGITS],
        )


def _against(event: Event, model: ModelState) -> str:
    one, other = event.version or 0, event.previous or 0
    there = one != other and {one, other} <= model.versions.keys()
    promoted = event.type == "stage.promoted"
    return layout.against_url(event.model, one, other) if there and promoted else ""


def person(text: str, context: Context) -> str:
    """Give a person's name, without the address behind it."""
    name = text.partition("<")[0].strip() or text.strip("<> ").partition("@")[0]
    return shown(context.rules.text(name), PERSON_MAX, "unknown")


def said(text: str, context: Context, most: int = REASON_MAX) -> str:
    """Give what a person wrote on one line, as pages may show it."""
    return shown(context.rules.text(text), most, "") if text else ""


def overridden(overrides: Iterable[Override], stage: str, context: Context) -> tuple[str, ...]:
    """Tell in spite of which gates a stage was moved."""
    return tuple(
        said(f"{one.gate} of {stage} was overridden by {one.by}: {one.reason}", context)
        for one in overrides
    )


def marks(event: Event | None, registered: Registered, context: Context) -> tuple[Mark, ...]:
    """Say how the facts of an event are known: pull request, approval, who brought it in."""
    if event is None:
        return (Mark("none", "unknown how it came"),)
    origin = event.origin
    if registered.is_first(event):
        return (Mark("none", "history truncated: perhaps from before"),)
    return (_request(origin), *_approval(origin, registered, context), _brought(origin, context))


def _request(origin: Origin) -> Mark:
    if origin.vouched is not None:
        return Mark("", f"pull request {origin.number}" if origin.number else "no pull request")
    if origin.number is None:
        return Mark("none", "pull request unknown")
    return Mark("half", f"pull request {origin.number}")


def _approval(origin: Origin, registered: Registered, context: Context) -> Iterator[Mark]:
    """Say who approved it; where the host was asked about nothing, the page says that once."""
    if origin.vouched is not None:
        if origin.vouched.pull_request is not None:
            yield Mark(
                "", f"approved by {_names(origin.vouched.approved_by, context) or 'nobody'}"
            )
        return
    reviewers = [value for key, value in origin.trailers if key.lower() == "reviewed-by"]
    if reviewers:
        yield Mark("half", f"reviewed by {_names(reviewers, context)}")
    elif registered.asked:
        yield Mark("none", "approval unknown")


def _names(people: Sequence[str], context: Context) -> str:
    return fmt.listed([person(name, context) for name in people], 3)


def _brought(origin: Origin, context: Context) -> Mark:
    how = "pushed" if origin.direct else "merged"
    who = person(origin.committer, context)
    match origin.signature:
        case "verified":
            return Mark("", f"{how}, signed by {person(origin.signer or '', context)}")
        case "bad":
            return Mark("fail", f"{how} by {who}, with a signature that does not fit")
        case "unknown":
            return Mark("half", f"{how} by {who}, signature not verified")
    return Mark("half", f"{how} by {who}")


def _asides(event: Event, context: Context) -> Iterator[str]:
    if event.by:
        yield f"{'requested by' if event.stage else 'by'} {person(event.by, context)}"
    origin = event.origin
    if origin.author and person(origin.author, context) != person(origin.committer, context):
        yield f"written by {person(origin.author, context)}"
    if event.hold and event.type != "stage.held":
        yield "on hold"
    if event.via == "revert":
        yield "by a revert"
