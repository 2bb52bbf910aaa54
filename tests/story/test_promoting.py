"""The guide's page "Promote a model by pull request", word by word, in a fresh repository."""

from __future__ import annotations

import json
import re

import pytest

from tests.publish.made import bare, sh
from tests.story.shell import ROOT, Shell

PAGE = (ROOT / "reports/promote-a-model.md").read_text(encoding="utf-8")


def blocks(section: str, language: str) -> list[str]:
    text = PAGE.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.fixture
def fresh(tmp_path):
    """Give a repository without a commit, with a remote without a branch."""
    bare(tmp_path / "remote.git")
    sh(tmp_path, "init", "--quiet", "--initial-branch=main", "a project")
    sh(tmp_path / "a project", "remote", "add", "origin", str(tmp_path / "remote.git"))
    return tmp_path / "a project"


@pytest.fixture
def run(tmp_path):
    """Run a block of the guide, where `staticrun` is the one that is tested."""
    return Shell(tmp_path / "bin", {"staticrun": "-m staticrun", "python": ""})


def at(run, fresh) -> dict[str, tuple[int, bool]]:
    [model] = json.loads(run("staticrun registry show --json", fresh))["models"]
    return {name: (one["version"], one["hold"]) for name, one in model["stages"].items()}


@pytest.mark.slow
def test_the_guide_can_be_followed_word_by_word(run, fresh):
    begin, train, register, promote, better, *rest = blocks("Step by step", "sh")
    pull, check, comment, merge, back, release, withdraw = rest
    run(begin, fresh)
    (fresh / "fit.py").write_text(blocks("Step by step", "python")[0])
    config = fresh / "staticrun.yaml"
    [line] = blocks("Step by step", "yaml")
    config.write_text(config.read_text().replace("metrics:\n", f"metrics:\n{line}"))
    run(train, fresh)
    run(register, fresh)
    run(promote, fresh)
    assert at(run, fresh) == {"production": (1, False), "staging": (1, False)}
    run(better, fresh)
    said = run(pull, fresh)

    # What the page shows of the change is what a reviewer sees, but for digests.
    shown = blocks("Step by step", "diff")[0].splitlines()
    plain = re.compile(r"sha256:[0-9a-f]+…?")
    seen = [plain.sub("sha256:…", row) for row in said.splitlines()]
    changed = [plain.sub("sha256:…", row) for row in shown if row[:1] in "+-"]
    assert [row for row in seen if re.match(r"[+-](?![+-])", row)][-len(changed) :] == changed
    assert sh(fresh, "status", "--porcelain") == ""

    run(check, fresh)
    told = run(comment, fresh)
    assert "<code>curve</code> <code>production</code> comes to version 2 (now at 1)" in told
    assert "<b>May be merged</b>" in told
    assert "<code>eval/error</code> better by " in told
    run(merge, fresh)
    assert at(run, fresh)["production"] == (2, False)
    run(back, fresh)
    assert at(run, fresh)["production"] == (1, True)
    run(release, fresh)
    assert at(run, fresh)["production"] == (2, False)
    run(withdraw, fresh)
    for block in blocks("What was when", "sh"):
        run(block, fresh)

    # The policies of the page let through what was promoted, and nothing that is worse.
    [policies] = blocks("What a stage asks for", "yaml")
    (fresh / "registry/policies.yaml").write_text(policies)
    sh(fresh, "add", "registry")
    sh(fresh, "commit", "-qm", "Ask for more")
    run("staticrun registry check", fresh)
    sh(fresh, "branch", "asked")
    run("staticrun registry promote curve 2 --to canary --reason x --commit", fresh)
    run("staticrun registry check --base asked", fresh)
    sh(fresh, "status", "--porcelain")
    run("staticrun build", fresh)
