"""`soak:` of a policy: the version was at a stage before this one for long enough.

Times are those of the commits that moved the stages, as their committers' clocks claim: of a merge
by a host that is the host's. A build has no clock, so that a stay which goes on ends, for a
promotion that was merged, with its merge; what checks one that is not merged says what time it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun.registry.gates.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from staticrun.registry.events import Event
    from staticrun.registry.manifests import Version
    from staticrun.registry.promotion import Promotion

NAME = "soak"
_SECONDS = {"h": 3600, "d": 86400}


def soak(asked_for: str, came_from: Sequence[str], promotion: Promotion) -> Verdict:
    """Judge the longest stay at one of the stages that it has to come from."""
    stages = " or ".join(came_from)
    if not stages:
        return Verdict("unknown", "the policy names no stage to have been at: from")
    asked = int(asked_for[:-1]) * _SECONDS[asked_for[-1]]
    who = f"version {promotion.candidate.version}"
    if promotion.soaked is None:
        return Verdict("unknown", f"how long {who} was at {stages} is unknown")
    values = {"hours": promotion.soaked / 3600, "min_hours": asked / 3600}
    why = f"{who} was at {stages} for {promotion.soaked / 3600:.1f} h: {asked_for} asked for"
    return Verdict("pass" if promotion.soaked >= asked else "fail", why, values)


def soaked(
    events: Iterable[Event], version: Version, stages: Collection[str], now: float
) -> float:
    """Measure the longest stay of a version at one of some stages.

    Args:
        events: What happened, in the order of the branch.
        version: The version; other bytes under its number are none of it.
        stages: The stages.
        now: When a stay ends that goes on, in Unix seconds.

    Returns:
        Seconds; 0 where it was at none of them.
    """
    since: dict[str, float] = {}
    stays = [0.0]
    for event in events:
        if event.model != version.model or event.stage is None or event.stage not in stages:
            continue
        at = (event.version, event.tree) == (version.version, version.artifact.tree)
        if at:
            since.setdefault(event.stage, event.origin.time)
        elif event.stage in since:
            stays.append(event.origin.time - since.pop(event.stage))
    return max(*stays, *(now - begun for begun in since.values()), 0.0)
