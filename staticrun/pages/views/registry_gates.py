"""What the gates of a stage say of a version that is at it, or that may come to it.

Commands of the policies are never run by a build: such a gate is unknown here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from staticrun.pages import format as fmt
from staticrun.pages.registered import ARRIVALS
from staticrun.pages.views import registry_metrics, registry_stages
from staticrun.pages.views.registry_moves import said
from staticrun.pages.views.registry_stages import StageName
from staticrun.pages.views.sentence import capital, listing, small
from staticrun.privacy.rules import REDACTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from staticrun.pages.context import Context
    from staticrun.pages.registered import Registered
    from staticrun.registry.manifests import Override, Version
    from staticrun.registry.promotion import Evidence, Outcome
    from staticrun.registry.state import ModelState
    from staticrun.registry.vouched import Vouched

_MARKS = {"pass": "ok", "fail": "fail", "unknown": "ne"}
_VERBS = {"pass": ("passes", "pass"), "fail": ("fails", "fail")}


class GateRow(msgspec.Struct, frozen=True):
    """A gate.

    Attributes:
        gate: Its name in the policies.
        kind: What it checks; empty where the name says it.
        mark: Class of the mark.
        result: `pass`, `fail` or `unknown`.
        why: What it found.
        overridden: Why somebody decided against it; empty where nobody did.
    """

    gate: str
    kind: str
    mark: str
    result: str
    why: str
    overridden: str


class Gates(msgspec.Struct, frozen=True):
    """The gates of a stage.

    Attributes:
        stage: The stage.
        head: Which promotion they are asked about, in words.
        verdict: How many pass, fail and are unknown.
        rows: The gates in the order of the policy.
        mark: Class of the mark of them all.
    """

    stage: StageName
    head: str
    verdict: str
    rows: tuple[GateRow, ...]
    mark: str


class _Case(NamedTuple):
    """A promotion to ask gates about.

    Attributes:
        head: Which one it is, in words.
        before: The version that it takes or took the place of; None for none.
        overrides: Gates that it was made in spite of.
        been_at: Stages that the version had been at until then.
        event: Id of the event that brought it; empty where nothing did yet.
        vouched: What the host said of it; None where that is unknown.
        soaked: How long the version was at a stage before, in seconds; None where that is unknown.
    """

    head: str
    before: int | None
    overrides: tuple[Override, ...]
    been_at: frozenset[str]
    event: str = ""
    vouched: Vouched | None = None
    soaked: float | None = None


def of_version(
    model: ModelState,
    version: Version,
    evidence: Evidence,
    registered: Registered,
    context: Context,
    champion: int | None = None,
) -> tuple[Gates, ...]:
    """Ask the gates of every stage that has some, as the policies are now.

    They are asked about the last promotion of the version to the stage; where there was none,
    about the one that would bring it there. With a champion, where it takes that one's place.
    """
    stages = dict.fromkeys((*registered.state.order(model.name), *registered.stages()))
    stages.update(dict.fromkeys(sorted(registered.state.policies.stages)))
    found = []
    for stage in stages:
        case = _case(model, version, stage, registered)
        if champion is not None and (case is None or case.before != champion):
            continue
        outcomes = case and _outcomes(model, version, stage, case, evidence, registered, context)
        if case and outcomes:
            rows = tuple(_row(one, version, registered, context) for one in outcomes)
            results = {one.result for one in outcomes}
            worst = next(one for one in ("fail", "unknown", "pass") if one in results)
            name = registry_stages.name(stage, registered)
            found.append(Gates(name, case.head, verdict(outcomes), rows, _MARKS[worst]))
    return tuple(found)


def _case(model: ModelState, version: Version, stage: str, registered: Registered) -> _Case | None:
    """Find the promotion to ask about; None where a withdrawn version was never promoted."""
    at, number = model.stages.get(stage), version.version
    is_at = at is not None and at.version == number
    been: set[str] = set()
    case = None
    for place, event in enumerate(registered.events(model.name)):
        if event.version != number or not event.stage or event.type not in ARRIVALS:
            continue
        if (event.type, event.stage) == ("stage.promoted", stage):
            instead = f" in place of version {event.previous}" if event.previous else ""
            when = "" if registered.is_first(event) else f" {fmt.date(event.origin.time)}"
            head = f"promoted{when}{instead}"
            facts = (event.origin.vouched, _soaked(version, stage, place, registered))
            case = _Case(head, event.previous, event.overrides, frozenset(been), event.id, *facts)
        been.add(event.stage)
    arrival = registered.arrival(model.name, stage) if is_at else None
    if case is not None:
        back = "; here again by a way back, which asks integrity alone"
        came_back = arrival is not None and arrival.type != "stage.promoted"
        return case._replace(head=case.head + back) if came_back else case
    been_at = frozenset(been.union(model.stages_of(number)))
    if at is not None and is_at:
        return _Case("at this version", at.previous, at.overrides, been_at)
    if number in model.withdrawn:
        return None
    return _Case("if it were promoted", at.version if at else None, (), been_at)


def _soaked(version: Version, stage: str, place: int, registered: Registered) -> float | None:
    """Measure how long a version had been at a stage before when it was promoted."""
    from staticrun.registry.gates.soak import soaked

    policy = registered.state.policies.stages.get(stage)
    if policy is None or policy.soak is None or registered.history.truncated:
        return None
    events = registered.events(version.model)
    return soaked(events[:place], version, policy.came_from, events[place].origin.time)


def verdict(outcomes: Sequence[Outcome]) -> str:
    """Count what gates say, in a sentence.

    >>> from staticrun.registry.promotion import Outcome
    >>> verdict([Outcome(gate="a", kind="a", result="pass", why="")])
    'One gate passes.'
    """
    parts: list[str] = []
    for result in ("pass", "fail", "unknown"):
        number = sum(one.result == result for one in outcomes)
        if number:
            noun = "" if parts else " gate" if number == 1 else " gates"
            one, many = _VERBS.get(result, ("is unknown", "are unknown"))
            parts.append(f"{small(number)}{noun} {one if number == 1 else many}")
    overridden = sum(one.overridden is not None for one in outcomes)
    if overridden:
        parts.append(f"{small(overridden)} {'was' if overridden == 1 else 'were'} overridden")
    return f"{capital(listing(parts))}."


def _outcomes(
    model: ModelState,
    version: Version,
    stage: str,
    case: _Case,
    evidence: Evidence,
    registered: Registered,
    context: Context,
) -> Sequence[Outcome]:
    from staticrun.registry.gates import evaluate
    from staticrun.registry.material import Material
    from staticrun.registry.promotion import Promotion

    promotion = Promotion(
        model=model.name,
        stage=stage,
        candidate=version,
        current=model.versions.get(case.before or 0),
        card=model.cards.get(version.version),
        been_at=case.been_at,
        evidence=evidence,
        overrides=case.overrides,
        vouched=case.vouched,
        soaked=case.soaked,
    )
    root, policies = context.config.root, registered.state.policies
    decided = registered.uses.before(case.event)
    material = Material(root, context.store.as_recorded(), decided=decided, cache=True)
    outcomes = evaluate(policies, promotion, root=root, material=material)
    return [_as_known(one, registered) for one in outcomes]


def _as_known(outcome: Outcome, registered: Registered) -> Outcome:
    """Say `unknown` where a gate fails only since there is no history to look at."""
    from staticrun.registry.gates import came_from

    history = registered.history
    if outcome.kind != came_from.NAME or outcome.result != "fail":
        return outcome
    if history.commit is not None and not history.truncated:
        return outcome
    why = "history truncated" if history.truncated else "history unknown"
    return msgspec.structs.replace(outcome, result="unknown", why=why)


def _row(outcome: Outcome, version: Version, registered: Registered, context: Context) -> GateRow:
    metric = getattr(registered.state.policies.gate(outcome.gate), "metric", None)
    hidden = {one.name for one in version.metrics} - {
        one.name for one in registry_metrics.shown_of(version, context)
    }
    return GateRow(
        outcome.gate,
        "" if outcome.kind == outcome.gate else outcome.kind,
        _MARKS[outcome.result],
        outcome.result,
        REDACTED if metric in hidden else said(outcome.why, context),
        said(outcome.overridden or "", context),
    )
