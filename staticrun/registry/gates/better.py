"""`kind: better`: a metric better than that of the version which the stage is at."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from staticrun.registry.gates.verdict import Verdict, enough, gain, plain, sides

if TYPE_CHECKING:
    from staticrun.registry.manifests import Better
    from staticrun.registry.promotion import Promotion


def better(gate: Better, promotion: Promotion) -> Verdict:
    """Judge the candidate by the current version, on the same data and in the same direction."""
    if gate.direction not in ("max", "min") or not 0 <= gate.min_delta < math.inf:
        return Verdict("unknown", "the policy gives no direction, or no finite min_delta from 0")
    found = sides(gate, gate.direction, promotion)
    if isinstance(found, Verdict):
        return found
    current, new, old = found
    gained = gain(new, old, gate.direction)
    values = {"candidate": new, "current": old, "gain": float(gained), "min_delta": gate.min_delta}
    by, delta = plain(abs(float(gained)), gate.min_delta)
    asked = f"at least {delta}" if gate.min_delta else "more than 0"
    shown = plain(new, old)
    why = f"{gate.metric} is {shown[0]}, and {shown[1]} in version {current.version}"
    why += f": {'worse' if gained < 0 else 'better'} by {by}, {asked} asked for"
    return Verdict("pass" if enough(gained, gate.min_delta) else "fail", why, values)
