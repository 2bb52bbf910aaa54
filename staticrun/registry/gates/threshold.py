"""`kind: threshold`: a metric within fixed limits."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from staticrun.registry.gates.verdict import Verdict, number, plain

if TYPE_CHECKING:
    from staticrun.registry.manifests import Threshold
    from staticrun.registry.promotion import Promotion


def threshold(gate: Threshold, promotion: Promotion) -> Verdict:
    """Judge a metric of the candidate by itself."""
    limits = {"min": gate.min, "max": gate.max}
    given = {name: limit for name, limit in limits.items() if limit is not None}
    if not given or not all(math.isfinite(limit) for limit in given.values()):
        return Verdict("unknown", "the policy gives no finite min or max")
    value = number(promotion.candidate, gate.metric)
    if isinstance(value, str):
        return Verdict("fail", value)
    shown = dict(zip(("is", *given), plain(value, *given.values()), strict=True))
    said = f"{gate.metric} is {shown['is']}"
    values = {gate.metric: value, **given}
    # What came to zero from below is below zero: -0.0 == 0.0, whatever was rounded away.
    negative = value == 0 and math.copysign(1, value) < 0
    if gate.min is not None and not (value >= gate.min and not (negative and gate.min == 0)):
        return Verdict("fail", f"{said}, below {shown['min']}", values)
    if gate.max is not None and not value <= gate.max:
        return Verdict("fail", f"{said}, above {shown['max']}", values)
    within = " and ".join(f"{name} {shown[name]}" for name in given)
    return Verdict("pass", f"{said}: {within}", values)
