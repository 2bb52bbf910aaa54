"""`kind: better`: a metric better than that of the version which the stage is at."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING

from staticrun.registry.gates.verdict import Verdict, first, itself, number, other_data

if TYPE_CHECKING:
    from staticrun.registry.manifests import Better
    from staticrun.registry.promotion import Promotion


def better(gate: Better, promotion: Promotion) -> Verdict:
    """Judge the candidate by the current version, on the same data and in the same direction."""
    candidate, current = promotion.candidate, promotion.current
    if gate.direction not in ("max", "min") or not 0 <= gate.min_delta < math.inf:
        return Verdict("unknown", "the policy gives no direction, or no finite min_delta from 0")
    for version in (candidate, current) if current else (candidate,):
        for metric in version.metrics:
            if metric.name == gate.metric and metric.direction not in (None, gate.direction):
                why = f"{gate.metric} is {metric.direction} in version {version.version}"
                return Verdict("fail", f"{why}, and {gate.direction} in the policy")
    new = number(candidate, gate.metric)
    if isinstance(new, str):
        return Verdict("fail", new)
    if current is None:
        return first(gate.first_release, promotion.stage)
    old = number(current, gate.metric)
    if isinstance(old, str):
        return Verdict("unknown", old)
    wrong = itself(candidate, current) or other_data(candidate, current, gate.role)
    if wrong:
        return wrong
    # As a reviewer reckons: 0.3 is better than 0.1 by 0.2, which floats deny.
    gain = Decimal(repr(new)) - Decimal(repr(old))
    gain = gain if gate.direction == "max" else -gain
    values = {"candidate": new, "current": old, "gain": float(gain), "min_delta": gate.min_delta}
    enough = gain > 0 and gain >= Decimal(repr(gate.min_delta))
    asked = f"at least {gate.min_delta!r}" if gate.min_delta else "more than 0"
    why = f"{gate.metric} is {new!r}, and {old!r} in version {current.version}"
    why += f": better by {float(gain)!r}, {asked} asked for"
    return Verdict("pass" if enough else "fail", why, values)
