"""What a repository's own files say: owners, attributes, workflows, settings, and its history."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from staticrun import layout
from staticrun.git import Objects, attributes
from staticrun.layout import RegistryFile
from staticrun.registry.doctor import Fact, owners, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from staticrun.registry.state import State

WORKFLOWS = ".github/workflows"
_CHECK = re.compile(r"\bstaticrun\s+registry\s+check\b[^\n]*--base\b")
_APPROVED = re.compile(r"\bstaticrun\s+registry\s+check\b[^\n]*--approvals\b(?!-)")
_COMMENT = re.compile(r"^\s*#.*$|\s#.*$", re.MULTILINE)


def facts(root: Path, runs: Sequence[str], state: State) -> list[Fact]:
    """Say what a repository's files let be seen.

    Args:
        root: The project's folder.
        runs: The folders that hold runs, relative to the project.
        state: Its registry.

    Raises:
        UserError: When it is in no repository.
    """
    objects = Objects(root)
    below = objects.prefix()
    top = root.parents[below.count("/")] if below else root
    prefix = f"{below}/" if below else ""
    workflows = _workflows_of(top)
    guarded = [f"{prefix}{path}" for path in _guarded(state)]
    guarded += [f"{WORKFLOWS}/{name}" for name in workflows or ["check.yml"]]
    return [
        *owners.facts(top, guarded),
        *_attributes(root, runs),
        *_checks(workflows),
        _whole(objects),
        *_policies(state),
        *_asking(workflows, state),
        *_signers(top, prefix, state),
    ]


def protected(state: State) -> str:
    """Name the stage that is guarded most: the last one of the order."""
    return state.settings.order[-1] if state.settings.order else "production"


def _guarded(state: State) -> list[str]:
    """List the paths that not everybody who may push should change."""
    models = sorted(state.models) or ["any"]
    stages = [RegistryFile("stage", name, stage=protected(state)).path for name in models]
    signers = [path] if (path := state.settings.allowed_signers) else []
    return [*stages, RegistryFile("policies").path, RegistryFile("registry").path, *signers]


def _attributes(root: Path, runs: Sequence[str]) -> list[Fact]:
    """Look at what git would do to the bytes of records and manifests."""
    told = []
    for folder, name, wanted in (
        *((folder, f"{folder}/a/b/run.jsonl", {"text": "unset"}) for folder in runs),
        (layout.REGISTRY, RegistryFile("model", "any").path, {"text": "set", "eol": "lf"}),
    ):
        found = attributes(root, name, tuple(wanted))
        line = {"unset": "-text"}.get(wanted["text"], "text eol=lf")
        what = f"{folder}/ has the same bytes in every clone"
        if found is None:
            told.append(Fact(what=what, state="unknown", why="git does not say"))
        elif found == wanted:
            told.append(Fact(what=what, state="yes", why=f".gitattributes: {line}"))
        else:
            try_ = f"add to .gitattributes: {folder}/** {line}"
            told.append(Fact(what=what, state="no", why="line ends may be changed", try_=try_))
    return told


def _workflows_of(top: Path) -> dict[str, str]:
    """Read the workflows, without comments: name → text."""
    try:
        names = sorted(entry.name for entry in (top / WORKFLOWS).iterdir())
    except OSError:
        return {}
    read = {name: text_of(top, f"{WORKFLOWS}/{name}") for name in names}
    kept = {name: text for name, text in read.items() if text and name.endswith(("yml", "yaml"))}
    return {name: _COMMENT.sub("", text) for name, text in kept.items()}


def _checks(texts: dict[str, str]) -> list[Fact]:
    """Look for a workflow that checks every pull request."""
    what = "a workflow checks every pull request"
    checking = {name: text for name, text in texts.items() if _CHECK.search(text)}
    asked = [name for name, text in checking.items() if re.search(r"\bpull_request\b", text)]
    if not asked:
        why = f"{', '.join(checking)} does not run on pull_request" if checking else ""
        try_ = 'a step `staticrun registry check --base "origin/$GITHUB_BASE_REF"`'
        return [Fact(what=what, state="no", why=why, try_=try_)]
    told = [Fact(what=what, state="yes", why=f"{WORKFLOWS}/{asked[0]}")]
    for name in asked:
        deep = re.search(r"\bfetch-depth:\s*['\"]?0\b", checking[name]) is not None
        what = f"{name} has the whole history"
        try_ = "" if deep else "fetch-depth: 0 for actions/checkout"
        told.append(Fact(what=what, state="yes" if deep else "no", try_=try_))
    if dangerous := [name for name, text in texts.items() if "pull_request_target" in text]:
        what = "no workflow has the base's secrets beside a stranger's code"
        why = f"{', '.join(dangerous)} runs on pull_request_target"
        told.append(
            Fact(what=what, state="unknown", why=why, try_="never check out the head there")
        )
    return told


def _whole(objects: Objects) -> Fact:
    what = "this clone has the whole history"
    if not objects.shallow():
        return Fact(what=what, state="yes")
    return Fact(what=what, state="no", why="it is shallow", try_="git fetch --unshallow")


def _policies(state: State) -> list[Fact]:
    stage = protected(state)
    policy = state.policies.stages.get(stage)
    what = f"{stage} asks something of a version"
    if policy is not None and policy.gates:
        return [Fact(what=what, state="yes", why=", ".join(policy.gates))]
    try_ = f"in {RegistryFile('policies').path}: stages: {{{stage}: {{gates: [integrity]}}}}"
    return [Fact(what=what, state="no", try_=try_)]


def _asking(texts: dict[str, str], state: State) -> list[Fact]:
    """Look for a workflow that asks the host who approved, where a policy does."""
    asking = [stage for stage, one in state.policies.stages.items() if one.approvals is not None]
    if not asking:
        return []
    what = f"a workflow asks who approved what comes to {', '.join(asking)}"
    name = next((name for name, text in texts.items() if _APPROVED.search(text)), None)
    if name is not None:
        return [Fact(what=what, state="yes", why=f"{WORKFLOWS}/{name}")]
    try_ = "staticrun init --github writes approved.yml"
    return [Fact(what=what, state="no", why="approvals stay unknown", try_=try_)]


def _signers(top: Path, prefix: str, state: State) -> list[Fact]:
    path = state.settings.allowed_signers
    what = "signatures of commits are verified"
    if path is None:
        why = "registry.yaml names no allowed_signers, so that every name is only claimed"
        return [Fact(what=what, state="unknown", why=why)]
    if text_of(top, f"{prefix}{path}"):
        return [Fact(what=what, state="yes", why=f"by {path}")]
    return [Fact(what=what, state="no", why=f"{path} is not there", try_=f"write {path}")]
