"""Everything that is to be said of a registry, or of a change to one.

Without a base all of it is read, as it is. With a base only what differs from it and all pointers
are: what merging would give, the way there, and what the base's policies ask of every move.
"""

from __future__ import annotations

from time import time
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from staticrun.errors import Finding
from staticrun.git import Objects
from staticrun.layout import RegistryFile, registry_file
from staticrun.registry import changes, manifests
from staticrun.registry.comparison import Comparison
from staticrun.registry.evidence import examine
from staticrun.registry.gates import evaluate, integrity_alone
from staticrun.registry.gates.soak import soaked
from staticrun.registry.history import history
from staticrun.registry.material import Material
from staticrun.registry.promotion import Promotion
from staticrun.registry.rules import broken_rules
from staticrun.registry.sources import Commit, Folder
from staticrun.registry.state import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from staticrun.registry.changes import Move
    from staticrun.registry.known import Known
    from staticrun.registry.manifests import Version
    from staticrun.registry.promotion import Evidence, Outcome
    from staticrun.registry.sources import Source
    from staticrun.registry.state import State
    from staticrun.registry.vouched import Vouched
    from staticrun.store.store import Store

    Examine = Callable[[Version], Evidence]


class Judged(NamedTuple):
    """A move of a stage to a version, and what its gates say.

    Attributes:
        move: What the change does.
        promotion: What the gates looked at.
        outcomes: What they say, in the order of the policy.
    """

    move: Move
    promotion: Promotion
    outcomes: tuple[Outcome, ...]


class Checked(NamedTuple):
    """What was found.

    Attributes:
        findings: What is wrong, in the order of places.
        judged: The moves of the change with their gates, in the order of paths; none without a
            base.
        compared: What the change is; None without a base.
        evidence: Model and version → how it compares with what is here, of those looked at.
    """

    findings: list[Finding]
    judged: tuple[Judged, ...] = ()
    compared: Comparison | None = None
    evidence: Mapping[tuple[str, int], Evidence] = MappingProxyType({})

    @property
    def stopped(self) -> tuple[Outcome, ...]:
        """The outcomes that let nothing pass."""
        every = (outcome for one in self.judged for outcome in one.outcomes)
        return tuple(outcome for outcome in every if not outcome.lets_pass)


def check(
    root: Path,
    store: Store,
    base: str | None = None,
    *,
    head: str | None = None,
    commands: bool = False,
    known: Known | None = None,
    approvals: Vouched | None = None,
) -> Checked:
    """Check a registry, or what a branch changes in it.

    Args:
        root: The project's folder.
        store: Its runs in the work tree, which versions are compared with.
        base: The branch that the change is for; None to check the registry as it is.
        head: The commit to check; None for the work tree.
        commands: Whether commands of the base's policies are run.
        known: What contents said before; takes on what is read now.
        approvals: What the host said of the change; of another commit it counts for nothing.

    Raises:
        UserError: When a ref names no commit, or two have none in common.
    """
    evidence: dict[tuple[str, int], Evidence] = {}

    def examined(version: Version) -> Evidence:
        key = (version.model, version.version)
        if key not in evidence:
            evidence[key] = examine(root, store, version)
        return evidence[key]

    if base is None:
        objects = Objects(root)
        source: Source = Folder(root)
        if head is not None:
            source = Commit(objects, objects.resolve(head), objects.prefix())
        state = load(source, known)
        found = [*state.findings, *broken_rules(state)]
        for version in _pointed_at(state):
            found += _differences(version, examined(version))
        return Checked(sorted(found))
    compared = Comparison(root, base, head, known)
    # The base is what decides, and what was decided before.
    material = Material(root, store, before=base)
    vouched = compared.bound(approvals)
    judged = tuple(_judged(compared, root, examined, material, vouched, commands=commands))
    after, settings = compared.after, (compared.base if compared.base.names else compared.after)
    found = [*after.findings, *broken_rules(after)]
    found += changes.broken_promises(compared.changed, settings.settings)
    for move in compared.moves:
        found += changes.broken_move(move)
    if compared.moves:
        found += _untrusted(compared)
    for one in judged:
        found += _about(one)
    candidates = [one.promotion.candidate for one in judged]
    for version in {id(one): one for one in (*candidates, *_registered(compared))}.values():
        found += _differences(version, examined(version))
    return Checked(sorted(set(found)), judged, compared, evidence)


def _pointed_at(state: State) -> Iterator[Version]:
    for model in state.models.values():
        for number in sorted({stage.version for stage in model.stages.values()}):
            if number in model.versions:
                yield model.versions[number]


def _registered(compared: Comparison) -> Iterator[Version]:
    """Give the versions whose files the change brings."""
    for path in compared.changed:
        place = registry_file(path)
        if place is not None and place.kind == "version" and place.model in compared.after.models:
            version = compared.after.models[place.model].versions.get(place.number)
            if version is not None:
                yield version


def _differences(version: Version, evidence: Evidence) -> Iterator[Finding]:
    """Say what a version's manifest claims, and the run and the bytes do not."""
    path = RegistryFile("version", version.model, version.version).path
    for claim in evidence.claims:
        expected = f"what the record of run {version.run.id} says"
        yield Finding(path, claim, expected, "register the run anew, and never edit a version")
    states = {"the artifact": evidence.artifact, "the run's record": evidence.record}
    said = [f"{what} is {state}" for what, state in states.items() if state != "verified"]
    if said:
        level: changes.Level = "error" if "mismatch" in states.values() else "warning"
        yield Finding(path, "; ".join(evidence.why) or ", ".join(said), level=level)


def _judged(
    compared: Comparison,
    root: Path,
    examined: Examine,
    material: Material,
    vouched: Vouched | str,
    *,
    commands: bool,
) -> Iterator[Judged]:
    """Ask the gates of the base branch about every stage that comes to another version."""
    for move in compared.moves:
        model = compared.after.models.get(move.model)
        candidate = model.versions.get(move.after.version) if model and move.after else None
        if model is None or candidate is None or not move.moved:
            continue  # what is no version is told by the rules
        of_base = compared.base.models.get(move.model)
        number = move.before.version if move.before else 0
        promotion = Promotion(
            model=move.model,
            stage=move.stage,
            candidate=candidate,
            current=of_base.versions.get(number) if of_base else None,
            card=model.cards.get(candidate.version),
            been_at=compared.been_at(move.model, candidate.version, candidate.artifact.tree),
            evidence=examined(candidate),
            overrides=move.overrides,
            soaked=_soaked(compared, root, candidate, move.stage),
            vouched=None if isinstance(vouched, str) else vouched,
            unvouched=vouched if isinstance(vouched, str) else "",
        )
        policies = compared.base.policies
        if move.kind != "promotion":
            policies = integrity_alone(policies)
        outcomes = evaluate(policies, promotion, root=root, commands=commands, material=material)
        yield Judged(move, promotion, outcomes)


def _soaked(compared: Comparison, root: Path, version: Version, stage: str) -> float | None:
    """Measure how long a version was at a stage before, until now, where a policy asks for it."""
    policy = compared.base.policies.stages.get(stage)
    if policy is None or policy.soak is None or compared.truncated():
        return None
    events = history(root, compared.tip).events
    return soaked(events, version, policy.came_from, time())


def _about(one: Judged) -> Iterator[Finding]:
    """Say what would let a move pass that nobody judged, and which gates it passes in spite of."""
    move = one.move
    if move.before is not None and one.promotion.current is None:
        what = f"version {move.before.version}, which the stage is at, cannot be read"
        yield Finding(move.path, what, "a version to compare with")
    if move.kind != "promotion":
        what = (
            f"version {one.promotion.candidate.version} was there before: integrity alone is asked"
        )
        yield Finding(move.path, what, level="note")
    gates = {outcome.gate: outcome for outcome in one.outcomes}
    for override in move.overrides:
        outcome = gates.get(override.gate)
        if outcome is None or outcome.overridden is None:
            what = f"the override of {override.gate} decides nothing"
            expected = "a gate of this stage that did not pass"
            yield Finding(move.path, what, expected, "remove it", level="warning")
        else:
            what = f"moves in spite of {outcome.gate}: {outcome.why}; {outcome.overridden}"
            yield Finding(move.path, what, level="warning")


def _untrusted(compared: Comparison) -> Iterator[Finding]:
    """Say where what judges a move cannot be trusted to be what the base branch decided."""
    for finding in compared.base.findings:
        if finding.where.partition(":")[0] == changes.POLICIES:
            what = f"cannot be read in the base branch, and judges moves: {finding.what}"
            yield Finding(changes.POLICIES, what, "policies", "mend them in a change of their own")
    if compared.truncated():
        what = "the clone is shallow, so that stages may have been at more than it knows"
        yield Finding("registry", what, "", "git fetch --unshallow origin", level="warning")
    gates = compared.base.policies.gates
    for name, gate in gates.items():
        if isinstance(gate, manifests.Command):
            for path in filter(compared.changes_file, gate.command):
                what = f"is what the gate {name} runs, and changes together with a stage"
                yield Finding(path, what, "commands that were there before the move")
