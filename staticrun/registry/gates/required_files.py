"""`kind: required-files`: the artifact has the files that a stage needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun.registry.gates.verdict import Verdict

if TYPE_CHECKING:
    from staticrun.registry.manifests import RequiredFiles
    from staticrun.registry.promotion import Promotion


def required_files(gate: RequiredFiles, promotion: Promotion) -> Verdict:
    """Look for files by their paths in the candidate's artifact."""
    if not gate.files:
        return Verdict("unknown", "the policy names no file")
    there = {file.path for file in promotion.candidate.artifact.files}
    missing = [path for path in gate.files if path not in there]
    if missing:
        return Verdict("fail", f"the artifact has no {', '.join(missing)}")
    return Verdict("pass", f"the artifact has {', '.join(gate.files)}")
