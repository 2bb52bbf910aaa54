"""`kind: clean-git`: the run ran what a commit holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun.registry.gates.verdict import Verdict

if TYPE_CHECKING:
    from staticrun.registry.manifests import CleanGit
    from staticrun.registry.promotion import Promotion


def clean_git(_gate: CleanGit, promotion: Promotion) -> Verdict:
    """Judge what the run recorded of its code."""
    code = promotion.candidate.code
    if not code.commit:
        return Verdict("fail", "the run's code is in no commit")
    if code.dirty is False:
        return Verdict("pass", f"the run ran commit {code.commit[:12]}")
    if code.dirty is True:
        return Verdict("fail", f"the run ran more than commit {code.commit[:12]}")
    return Verdict("unknown", f"nobody knows whether commit {code.commit[:12]} is all that ran")
