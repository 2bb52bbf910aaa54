"""`kind: fresh-data`: the evaluation data has not decided too many promotions already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun.errors import UserError
from staticrun.registry.gates.verdict import Verdict, clause, digests

if TYPE_CHECKING:
    from staticrun.registry.manifests import FreshData
    from staticrun.registry.material import Material
    from staticrun.registry.promotion import Promotion


def fresh_data(gate: FreshData, promotion: Promotion, material: Material | None) -> Verdict:
    """Count the promotions that the candidate's data decided before, as git knows them."""
    found = digests(promotion.candidate, gate.role)
    if isinstance(found, str):
        return Verdict("unknown", found)
    if material is None:
        return Verdict("unknown", "the history was not looked at")
    try:
        uses = max(material.uses(digest, gate.role) for digest in found)
    except UserError as error:
        return Verdict("unknown", clause(error))
    why = f"{said(uses, known=material.uses_known)}; at most {gate.max_uses} asked for"
    values = {"uses": float(uses), "max_uses": float(gate.max_uses)}
    if uses > gate.max_uses:
        return Verdict("fail", why, values)
    return Verdict("pass" if material.uses_known else "unknown", why, values)


def said(uses: int, *, known: bool) -> str:
    """Say how many promotions data decided, in a clause.

    >>> said(1, known=True)
    'the evaluation data decided 1 promotion before'
    """
    if not uses and not known:
        return "how often the evaluation data decided before is unknown"
    count = f"{uses} promotion{'' if uses == 1 else 's'} before"
    return f"the evaluation data decided {count}{'' if known else ', or more'}"
