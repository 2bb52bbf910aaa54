"""What a host protects beside the branch of promotions: that of approvals, and where is deployed.

Each fact is `no` only where the host was seen to say so. An answer that is refused, or is not as
its documentation has it, is `unknown`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec

from staticrun.registry import github
from staticrun.registry.approvals import BRANCH
from staticrun.registry.doctor import Fact
from staticrun.registry.github import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from staticrun.registry.github import Repository

_WRITES = f"not everybody who may push can write {BRANCH}"


class _Rule(msgspec.Struct):
    type: str


class _Protection(msgspec.Struct):
    """Of a branch: who may push is a list of people, teams and programs, or nothing."""

    restrictions: dict[str, Any] | None = None


class _Guard(msgspec.Struct):
    type: str
    prevent_self_review: bool = False
    reviewers: list[dict[str, Any]] = []


class _Environment(msgspec.Struct):
    protection_rules: list[_Guard] = []


def unasked(stages: Sequence[str]) -> list[Fact]:
    """List what cannot be seen from here."""
    try_ = "look at the host's settings, or run this with --host"
    why = "a setting of the host"
    return [
        Fact(what=what, state="unknown", why=why, try_=try_)
        for what in (_WRITES, *map(_reviewed, stages))
    ]


def asked(of: Repository, stages: Sequence[str], *, seen: bool) -> list[Fact]:
    """Ask the host.

    Args:
        of: The repository.
        stages: Those that are deployed to environments of their names.
        seen: Whether the host has shown the repository: only then is what it does not find not
            there.
    """
    return [_writers(of), *(_environment(of, stage, seen=seen) for stage in stages)]


def _writers(of: Repository) -> Fact:
    """Say whether a ruleset or a protected branch keeps people from writing approvals."""
    rules = _read(github.every(of, f"rules/branches/{BRANCH}"), list[_Rule])
    if isinstance(rules, list) and any(rule.type == "update" for rule in rules):
        why = "by a ruleset, but for those on its bypass list"
        return Fact(what=_WRITES, state="yes", why=why)
    classic = github.ask(of, f"branches/{BRANCH}/protection")
    if isinstance(classic, Refused) and classic.why.endswith(("not protected", "not found")):
        classic = {}
    said = _read(classic, _Protection)
    if isinstance(said, _Protection) and said.restrictions is not None:
        return Fact(what=_WRITES, state="yes", why="by branch protection")
    refused = [one for one in (rules, said) if isinstance(one, str)]
    if refused:
        return Fact(what=_WRITES, state="unknown", why="; ".join(refused))
    try_ = f"a ruleset for {BRANCH} that restricts updates; whoever may push can claim approvals"
    return Fact(what=_WRITES, state="no", try_=try_)


def _environment(of: Repository, stage: str, *, seen: bool) -> Fact:
    """Say whether somebody has to let a deployment pass."""
    what = _reviewed(stage)
    try_ = f"Settings → Environments → {stage} → Required reviewers"
    answer = github.ask(of, f"environments/{quote(stage, safe='')}")
    if isinstance(answer, Refused) and answer.status == 404 and seen:
        why = "there is no environment of that name"
        return Fact(what=what, state="no", why=why, try_=try_)
    said = _read(answer, _Environment)
    if isinstance(said, str):
        return Fact(what=what, state="unknown", why=said)
    for guard in said.protection_rules:
        if guard.type == "required_reviewers" and guard.reviewers:
            may = "nobody reviews their own" if guard.prevent_self_review else "also their own"
            why = f"one of {len(guard.reviewers)} people or teams, {may}"
            return Fact(what=what, state="yes", why=why)
    return Fact(what=what, state="no", why="it has no reviewers", try_=try_)


def _reviewed(stage: str) -> str:
    return f"a deployment to {stage} waits for a reviewer"


def _read(answer: Any, kind: type[Any]) -> Any:
    """Read an answer by its type; a text says why there is none."""
    if isinstance(answer, Refused):
        return answer.why
    try:
        return msgspec.convert(answer, kind)
    except msgspec.ValidationError:
        return "the host's answer is not as documented"
