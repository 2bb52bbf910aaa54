"""`from:` of a policy: the version was at one of the stages before this one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun.registry.gates.verdict import Verdict

if TYPE_CHECKING:
    from staticrun.registry.manifests import Policy
    from staticrun.registry.promotion import Promotion

NAME = "came-from"


def came_from(policy: Policy, promotion: Promotion) -> Verdict:
    """Judge where the candidate was, which is what was merged and not what a change brings."""
    who = f"version {promotion.candidate.version}"
    been = [stage for stage in policy.came_from if stage in promotion.been_at]
    if been:
        return Verdict("pass", f"{who} was at {', '.join(been)}")
    return Verdict("fail", f"{who} was never at {' or '.join(policy.came_from)}")
