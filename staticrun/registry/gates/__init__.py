"""What a stage asks of a version that is to come to it: a file for every kind of gate.

A gate passes, fails, or cannot be evaluated; only the first lets a version pass. Whatever is
missing, not a number or of the wrong type never passes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun.errors import UserError
from staticrun.registry import manifests
from staticrun.registry.gates import approvals as people
from staticrun.registry.gates import came_from as path
from staticrun.registry.gates import soak as stay
from staticrun.registry.gates.better import better
from staticrun.registry.gates.card_present import card_present
from staticrun.registry.gates.clean_git import clean_git
from staticrun.registry.gates.command import command
from staticrun.registry.gates.fresh_data import fresh_data, said
from staticrun.registry.gates.integrity import integrity
from staticrun.registry.gates.paired import paired
from staticrun.registry.gates.required_files import required_files
from staticrun.registry.gates.same_data import same_data
from staticrun.registry.gates.seeds import seeds
from staticrun.registry.gates.signature_present import signature_present
from staticrun.registry.gates.threshold import threshold
from staticrun.registry.gates.verdict import Verdict, clause, digests
from staticrun.registry.promotion import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    from staticrun.registry.material import Material
    from staticrun.registry.promotion import Promotion

_KINDS: dict[type, Callable[[Any, Promotion], Verdict]] = {
    manifests.Integrity: integrity,
    manifests.Threshold: threshold,
    manifests.Better: better,
    manifests.SameData: same_data,
    manifests.RequiredFiles: required_files,
    manifests.SignaturePresent: signature_present,
    manifests.CardPresent: card_present,
    manifests.CleanGit: clean_git,
}
# Kinds that read more than manifests and what is known of the candidate.
_READING: dict[type, Callable[[Any, Promotion, Material | None], Verdict]] = {
    manifests.Paired: paired,
    manifests.Seeds: seeds,
    manifests.FreshData: fresh_data,
}
_COUNTED = (manifests.Better, manifests.Paired, manifests.Seeds)


def evaluate(
    policies: manifests.Policies,
    promotion: Promotion,
    *,
    root: Path,
    commands: bool = False,
    material: Material | None = None,
) -> tuple[Outcome, ...]:
    """Ask every gate of a stage about a promotion.

    Args:
        policies: Those that count: the base branch's.
        promotion: A version that is to come to the stage.
        root: The project's folder, where commands run.
        commands: Whether commands of the policies are run; unknown without.
        material: The evidence beyond manifests; what needs it is unknown without.

    Returns:
        What each that is for the model says, in the order of the policy, the path of `from` and
        the stay there first and the approvals last; none for a stage of which the policies ask
        nothing.
    """
    policy = policies.stages.get(promotion.stage, manifests.Policy())
    judged: list[tuple[str, str, Verdict]] = []
    if policy.came_from:
        judged.append((path.NAME, path.NAME, path.came_from(policy, promotion)))
    if policy.soak is not None:
        judged.append((stay.NAME, stay.NAME, stay.soak(policy.soak, policy.came_from, promotion)))
    for name in policy.gates:
        gate = policies.gate(name)
        if gate is not None and not gate.is_for(promotion.model):
            continue
        kind = "" if gate is None else str(gate.__struct_config__.tag)
        if gate is None:
            verdict = Verdict("unknown", "the policies have no such gate")
        elif isinstance(gate, manifests.Command):
            verdict = command(gate, promotion, root, allowed=commands)
        elif type(gate) in _READING:
            verdict = _READING[type(gate)](gate, promotion, material)
        else:
            verdict = _KINDS[type(gate)](gate, promotion)
        if isinstance(gate, _COUNTED) and material is not None and promotion.current:
            verdict = _with_uses(verdict, gate.role, promotion, material)
        judged.append((name, kind, verdict))
    if policy.approvals is not None:
        judged.append((people.NAME, people.NAME, people.approvals(policy.approvals, promotion)))
    against = {one.gate: f"{one.reason} ({one.by})" for one in promotion.overrides}
    return tuple(
        Outcome(
            gate=name,
            kind=kind,
            result=verdict.result,
            why=verdict.why,
            values=dict(verdict.values),
            # Nothing is decided against a gate that passes; and what asks for other people is
            # not decided against by whoever writes the change.
            overridden=None
            if verdict.result == "pass" or kind == people.NAME
            else against.get(name),
        )
        for name, kind, verdict in judged
    )


def _with_uses(verdict: Verdict, role: str, promotion: Promotion, material: Material) -> Verdict:
    """Say beside a comparison how often its data has decided a promotion."""
    found = digests(promotion.candidate, role)
    if isinstance(found, str):
        return verdict
    try:
        uses = max(material.uses(digest, role) for digest in found)
    except UserError as error:
        return verdict._replace(why=f"{verdict.why}; {clause(error)}")
    why = f"{verdict.why}; {said(uses, known=material.uses_known)}"
    return verdict._replace(why=why, values={**verdict.values, "uses": float(uses)})


def integrity_alone(policies: manifests.Policies) -> manifests.Policies:
    """Leave the gates that hold for a rollback, too, which has to be quick."""
    stages = {
        stage: manifests.Policy(
            gates=tuple(
                name
                for name in policy.gates
                if isinstance(policies.gate(name), manifests.Integrity)
            )
        )
        for stage, policy in policies.stages.items()
    }
    return manifests.Policies(stages=stages, gates=policies.gates)
