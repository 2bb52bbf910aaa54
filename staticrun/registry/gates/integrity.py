"""`kind: integrity`: the bytes and the run's record are those of the version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun.registry.gates.verdict import Verdict

if TYPE_CHECKING:
    from staticrun.registry.manifests import Integrity
    from staticrun.registry.promotion import Promotion


def integrity(_gate: Integrity, promotion: Promotion) -> Verdict:
    """Judge what was found where the candidate says that it is."""
    evidence = promotion.evidence
    why = "; ".join((*evidence.claims, *evidence.why))
    states = {"the artifact": evidence.artifact, "the run's record": evidence.record}
    said = ", ".join(f"{what} is {state}" for what, state in states.items())
    if evidence.claims or "mismatch" in states.values():
        return Verdict("fail", why or said)
    if set(states.values()) != {"verified"}:
        return Verdict("unknown", why or said)
    return Verdict("pass", f"{said}: {promotion.candidate.artifact.tree}")
