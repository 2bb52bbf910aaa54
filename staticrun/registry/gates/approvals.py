"""`approvals:` of a policy: enough people approved the promotion, as the host said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun.registry.gates.verdict import Verdict

if TYPE_CHECKING:
    from staticrun.registry.manifests import Approvals
    from staticrun.registry.promotion import Promotion

NAME = "approvals"


def approvals(asked: Approvals, promotion: Promotion) -> Verdict:
    """Count those who approved exactly this, and whom the policy lets approve."""
    said = promotion.vouched
    if said is None:
        return Verdict("unknown", promotion.unvouched)
    if said.pull_request is None:
        return Verdict("fail", "no pull request brought it")
    users = {one.removeprefix("@").lower() for one in asked.users}
    counted = {
        one.login.lower(): one.login
        for one in said.approvals
        if not (one.author and asked.not_author)
        if not users or one.login.lower() in users
    }
    who = ", ".join(counted.values()) or "nobody who counts"
    why = f"{who} approved it: {len(counted)} of {asked.min} asked for"
    values = {"approvals": float(len(counted)), "min": float(asked.min)}
    return Verdict("pass" if len(counted) >= asked.min else "fail", why, values)
