"""What the host has to be set to: asked by the user's own `gh` where that is wanted, else unknown.

A setting counts as there only when the host said so. A bypass list of a ruleset is shown to nobody
but administrators, so that nothing is said of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from staticrun.registry import github
from staticrun.registry.doctor import Fact, beside
from staticrun.registry.github import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

_UNPROTECTED = "Branch not protected"
# Each with where a ruleset and where a protected branch says it.
_PULL = "a pull request is required"
_OWNERS = "a review by code owners is required"
_STALE = "an approval ends when something is pushed"
_LAST = "the most recent push is approved by somebody else"
_CHECK = "a check has to pass, and on the newest base"
_FORCE = "nobody pushes by force"
_BYPASS = "nobody is let around these rules"
SETTINGS = (_PULL, _OWNERS, _STALE, _LAST, _CHECK, _FORCE, _BYPASS)


def unasked(branch: str, stages: Sequence[str] = ()) -> list[Fact]:
    """List the settings that a host needs, none of which can be seen from here."""
    try_ = f"look at the rules of {branch} on the host, or run this with --host"
    why = "a setting of the host"
    settings = [Fact(what=what, state="unknown", why=why, try_=try_) for what in SETTINGS]
    return settings + beside.unasked(stages)


def asked(root: Path, branch: str, stages: Sequence[str] = ()) -> list[Fact]:
    """Ask GitHub for the rules of a branch and what goes with it, by the user's `gh`.

    Args:
        root: The project's folder.
        branch: Where promotions are merged.
        stages: Those that are deployed to environments of their names.

    Raises:
        UserError: When the remote is not one of GitHub's, or there is no `gh`.
    """
    of, place = github.repository(root), quote(branch, safe="")
    rules = github.every(of, f"rules/branches/{place}")
    classic = github.ask(of, f"branches/{place}/protection")
    if isinstance(classic, Refused) and classic.why.endswith(_UNPROTECTED):
        classic = {}
    return read(rules, classic) + beside.asked(of, stages, seen=isinstance(rules, list))


def read(rules: Any, classic: Any) -> list[Fact]:
    """Say which settings are there.

    Args:
        rules: What the host says of the active rules of a branch, or why it says nothing.
        classic: The same of the protection of a branch; `{}` where it is not protected.
    """
    refused = [answer.why for answer in (rules, classic) if isinstance(answer, Refused)]
    ruled = {what: any(_holds(holds, rule) for rule in _list(rules)) for what, holds in _RULES}
    protected = {what: _holds(holds, classic) for what, holds in _PROTECTION}
    told = []
    for what in SETTINGS:
        sources = [
            name
            for name, seen in (("a ruleset", ruled), ("branch protection", protected))
            if seen.get(what)
        ]
        if what == _BYPASS and rules != []:
            why = "who may bypass a ruleset is shown to administrators alone"
            told.append(Fact(what=what, state="unknown", why=why, try_="look at its bypass list"))
        elif sources:
            told.append(Fact(what=what, state="yes", why=f"by {' and '.join(sources)}"))
        elif refused:
            told.append(Fact(what=what, state="unknown", why="; ".join(refused)))
        else:
            told.append(Fact(what=what, state="no", try_="set it on the host"))
    return told


def _rule(kind: str, *names: str) -> Callable[[Any], bool]:
    """Ask for a rule of a kind whose parameters are all set."""

    def holds(rule: Any) -> bool:
        said = rule.get("parameters") or {}
        return rule.get("type") == kind and all(_is_set(said[name]) for name in names)

    return holds


_RULES: tuple[tuple[str, Callable[[Any], bool]], ...] = (
    (_PULL, _rule("pull_request")),
    (_OWNERS, _rule("pull_request", "require_code_owner_review")),
    (_STALE, _rule("pull_request", "dismiss_stale_reviews_on_push")),
    (_LAST, _rule("pull_request", "require_last_push_approval")),
    (
        _CHECK,
        _rule(
            "required_status_checks",
            "required_status_checks",
            "strict_required_status_checks_policy",
        ),
    ),
    (_FORCE, _rule("non_fast_forward")),
)
_PROTECTION: tuple[tuple[str, Callable[[Any], bool]], ...] = (
    (_PULL, lambda said: bool(said["required_pull_request_reviews"])),
    (_OWNERS, lambda said: said["required_pull_request_reviews"]["require_code_owner_reviews"]),
    (_STALE, lambda said: said["required_pull_request_reviews"]["dismiss_stale_reviews"]),
    (_LAST, lambda said: said["required_pull_request_reviews"]["require_last_push_approval"]),
    (
        _CHECK,
        lambda said: (
            said["required_status_checks"]["strict"]
            and bool(said["required_status_checks"]["contexts"])
        ),
    ),
    (_FORCE, lambda said: said["allow_force_pushes"]["enabled"] is False),
    (_BYPASS, lambda said: said["enforce_admins"]["enabled"]),
)


def _holds(holds: Callable[[Any], bool], said: Any) -> bool:
    """Ask an answer; what it does not say in the expected form was not seen."""
    try:
        return holds(said) is True
    except (AttributeError, KeyError, TypeError):
        return False


def _is_set(said: Any) -> bool:
    return said is True or (isinstance(said, list) and bool(said))


def _list(said: Any) -> list[Any]:
    return said if isinstance(said, list) else []
