"""`kind: same-data`: evaluated on the data of the version which the stage is at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun.registry.gates.verdict import Verdict, digests, first, itself, other_data

if TYPE_CHECKING:
    from staticrun.registry.manifests import SameData
    from staticrun.registry.promotion import Promotion


def same_data(gate: SameData, promotion: Promotion) -> Verdict:
    """Compare the digests of two versions' data of a role."""
    candidate, current = promotion.candidate, promotion.current
    own = digests(candidate, gate.role)
    if isinstance(own, str):
        return Verdict("unknown", own)
    if current is None:
        return first(gate.first_release, promotion.stage)
    wrong = itself(candidate, current) or other_data(candidate, current, gate.role)
    if wrong:
        return wrong
    count = f"{len(own)} dataset{'' if len(own) == 1 else 's'}"
    why = f"{count} with the role {gate.role}, the same as of version {current.version}"
    return Verdict("pass", why, {"datasets": float(len(own))})
