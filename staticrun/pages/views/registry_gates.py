"""What the gates of a stage say of a version that is at it, or that may come to it.

Commands of the policies are never run by a build: such a gate is unknown here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from staticrun.pages.registered import ARRIVALS
from staticrun.pages.views import registry_stages
from staticrun.pages.views.registry_moves import said
from staticrun.pages.views.registry_stages import StageName
from staticrun.pages.views.sentence import capital, listing, small

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from staticrun.pages.context import Context
    from staticrun.pages.registered import Registered
    from staticrun.registry.manifests import Version
    from staticrun.registry.promotion import Evidence, Outcome
    from staticrun.registry.state import ModelState

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
        head: Whether the version is at it, in words.
        verdict: How many pass, fail and are unknown.
        rows: The gates in the order of the policy.
        mark: Class of the mark of them all.
    """

    stage: StageName
    head: str
    verdict: str
    rows: tuple[GateRow, ...]
    mark: str


def of_version(
    model: ModelState,
    version: Version,
    evidence: Evidence,
    registered: Registered,
    context: Context,
) -> tuple[Gates, ...]:
    """Ask the gates of every stage that has some, as the policies are now.

    A version that is at a stage is compared with the one that was there before; any other with
    the one that is there.
    """
    stages = dict.fromkeys((*registered.state.order(model.name), *registered.stages()))
    stages.update(dict.fromkeys(sorted(registered.state.policies.stages)))
    found = []
    for stage in stages:
        at = model.stages.get(stage)
        is_at = at is not None and at.version == version.version
        if version.version in model.withdrawn and not is_at:
            continue  # it cannot come to any
        outcomes = _outcomes(model, version, stage, evidence, registered, context)
        if outcomes:
            head = "is at this version" if is_at else "if it came to this version"
            if is_at and _came_back(model, stage, registered):
                head += ", by a way back: integrity alone is asked"
            rows = tuple(_row(one, context) for one in outcomes)
            results = {one.result for one in outcomes}
            worst = next(one for one in ("fail", "unknown", "pass") if one in results)
            name = registry_stages.name(stage, registered)
            found.append(Gates(name, head, verdict(outcomes), rows, _MARKS[worst]))
    return tuple(found)


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
    evidence: Evidence,
    registered: Registered,
    context: Context,
) -> Sequence[Outcome]:
    from staticrun.registry.gates import evaluate, integrity_alone
    from staticrun.registry.promotion import Promotion

    at = model.stages.get(stage)
    is_at = at is not None and at.version == version.version
    before = None if at is None else at.previous if is_at else at.version
    policies = registered.state.policies
    if is_at and _came_back(model, stage, registered):
        policies = integrity_alone(policies)
    promotion = Promotion(
        model=model.name,
        stage=stage,
        candidate=version,
        current=model.versions.get(before or 0),
        card=model.cards.get(version.version),
        been_at=frozenset(_been_at(model, version, registered)),
        evidence=evidence,
        overrides=at.overrides if at is not None and is_at else (),
    )
    return [
        _as_known(one, registered)
        for one in evaluate(policies, promotion, root=context.config.root)
    ]


def _came_back(model: ModelState, stage: str, registered: Registered) -> bool:
    event = registered.arrival(model.name, stage)
    return event is not None and event.type != "stage.promoted"


def _been_at(model: ModelState, version: Version, registered: Registered) -> Iterator[str]:
    yield from model.stages_of(version.version)
    for event in registered.events(model.name):
        if event.stage and event.type in ARRIVALS and event.version == version.version:
            yield event.stage


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


def _row(outcome: Outcome, context: Context) -> GateRow:
    return GateRow(
        outcome.gate,
        "" if outcome.kind == outcome.gate else outcome.kind,
        _MARKS[outcome.result],
        outcome.result,
        said(outcome.why, context),
        said(outcome.overridden or "", context),
    )
