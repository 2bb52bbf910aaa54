"""`kind: signature-present`: the version says what goes in and what comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun.registry.gates.verdict import Verdict

if TYPE_CHECKING:
    from staticrun.registry.manifests import SignaturePresent
    from staticrun.registry.promotion import Promotion


def signature_present(_gate: SignaturePresent, promotion: Promotion) -> Verdict:
    """Look for inputs and outputs, however they are spelled."""
    signature = promotion.candidate.signature
    if not isinstance(signature, dict) or not signature:
        return Verdict("fail", f"version {promotion.candidate.version} has no signature")
    for key in ("inputs", "outputs"):
        value = signature.get(key)
        if not isinstance(value, list | dict | str) or not value:
            return Verdict("fail", f"the signature names no {key}")
    return Verdict("pass", "the signature names inputs and outputs")
