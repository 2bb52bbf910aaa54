"""A fork's pull request with hostile names, reasons and cards, through every command and workflow."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec
import pytest
import yaml

from staticrun.cli.workflows import workflows
from staticrun.registry import manifests
from staticrun.registry.kinds import Command, Integrity
from staticrun.registry.manifests import Override, Policies, Policy, Value, Withdrawn
from tests.publish.made import sh
from tests.registry.made import stage, write
from tests.registry.trained import registered, run
from tests.review.seen import only_ours
from tests.story.shell import Shell
from tests.story.test_workflows import (
    ASKED,
    BASE,
    BRANCH,
    MARK,
    OF_RUN,
    OWN,
    PUSHED,
    SOURCE,
    Story,
)

if TYPE_CHECKING:
    from pathlib import Path

TEXT = (
    "<img src=x onerror=alert(1)> ](javascript:alert(1)) @org/team #1 --> <!-- staticrun-report -->"
    " ``` $(touch tripped) `touch tripped`; touch tripped & | <script>alert(1)</script>"
)
# No manifest may have such characters.
UNSEEN = f"{TEXT} \u202e \x1b[31m \u2028"
FILE = "a $(touch tripped)`touch tripped`; touch tripped &<img src=x onerror=alert(1)> @org #1.csv"
CARD = f"{MARK}\n# {UNSEEN}\n\n![x](https://e.example/x.png)\n\n<script>alert(1)</script>\n"
AUTHOR = {
    "GIT_AUTHOR_NAME": f"@org/team {UNSEEN}",
    "GIT_AUTHOR_EMAIL": "$(touch tripped)@e.example",
    "GIT_COMMITTER_NAME": "`touch tripped`",
    "GIT_COMMITTER_EMAIL": "a@e.example",
}
WRITTEN = workflows(SOURCE)
# All that begin by themselves and print what a stranger wrote; those of approvals ask the host.
JOBS = (("check", "check"), ("preview", "publish"), ("pages", "publish"), ("deploy", "plan"))
POLICIES = Policies(
    stages={"production": Policy(gates=("integrity", "said"))},
    gates={
        "integrity": Integrity(),
        # Prints what the pull request has, as a gate's command may.
        "said": Command(command=("cat", "runs/exp/2/artifacts/model/said.txt")),
    },
)


def begin(here: Path) -> None:
    """Add a model to a project, whose version 1 is at production."""
    run(here, "exp/1")
    one = registered(here, 1, "exp/1")
    write(here, manifests.Model(model="churn"), POLICIES, one, stage(1, tree=one.artifact.tree))
    owners = "/registry/ @org/`touch-tripped` @<img> @$(touch-tripped)\n"
    (here / ".github").mkdir(exist_ok=True)
    (here / ".github/CODEOWNERS").write_text(owners)


def attack(here: Path) -> str:
    """Commit what a stranger would; give the commit."""
    folder = run(here, "exp/2", {"said.txt": UNSEEN.encode(), FILE: b"a", "model.onnx": b"b"})
    record = (folder / "run.jsonl").read_text().replace('"auc"', json.dumps(f"auc {TEXT[:200]}"))
    (folder / "run.jsonl").write_text(record)
    two = registered(
        here,
        2,
        "exp/2",
        created_by=TEXT,
        metrics=(Value(name=f"auc {TEXT[:200]}", value=0.875, direction="max"),),
        data=(manifests.Data(name=TEXT, role=TEXT, digest=TEXT, source=TEXT),),
        requirements=(TEXT,),
        signature={"inputs": [TEXT], TEXT: TEXT},
    )
    override = Override(gate="integrity", reason=TEXT, by=TEXT)
    three = msgspec.structs.replace(two, version=3)
    at = stage(
        2,
        tree=two.artifact.tree,
        previous=1,
        reason=TEXT,
        requested_by=TEXT,
        overrides=(override,),
    )
    write(here, two, three, at, Withdrawn(model="churn", version=3, reason=TEXT, by=TEXT))
    (here / "registry/models/churn/versions/0002.card.md").write_text(CARD)
    (here / "registry" / FILE.replace("/", "")).write_text("stray")
    shutil.copytree(folder, here / "runs/exp" / FILE.replace("/", ""))
    sh(here, "add", ".")
    subprocess.run(
        ["git", "commit", "--quiet", "-m", f"{UNSEEN}\n\nReviewed-by: {UNSEEN}"],
        cwd=here,
        env={**os.environ, **AUTHOR},
        check=True,
    )
    return sh(here, "rev-parse", "HEAD")


def untouched(folder: Path) -> None:
    """Assert that no word of it reached a shell."""
    assert [path for path in folder.rglob("*") if path.name in ("tripped", ".x")] == []


def test_what_a_fork_says_is_shown_by_check_and_report_and_does_nothing(tmp_path):
    here = tmp_path / "a project"
    sh(tmp_path, "init", "--quiet", "--initial-branch=main", str(here))
    begin(here)
    sh(here, "add", ".")
    sh(here, "commit", "--quiet", "-m", "Begin")
    sh(here, "switch", "--quiet", "-c", BRANCH)
    attack(here)
    shell = Shell(tmp_path / "bin", {"staticrun": "-m staticrun"})
    said = shell(
        "staticrun registry check --base main --commands 2>&1 || echo failed $?\n"
        "staticrun registry report --base main --commands > ../report.md\n"
        "staticrun registry report --base main --format html > ../report.html\n"
        "staticrun report --base main --format json > ../report.json\n"
        "staticrun report --from ../report.json > ../again.md",
        here,
    )

    untouched(tmp_path)
    assert "failed 1" in said
    assert not re.search("[\x1b\u202e]", said)
    styles = {"report.md": "markdown", "report.html": "html", "again.md": "markdown"}
    for name, style in styles.items():
        seen = only_ours((tmp_path / name).read_text(), style)
        assert "OVERRIDDEN" in seen
        assert "comes to version 2 (now at 1)" in seen
        assert "onerror=alert(1)" in seen  # it is read, and no element


class Attacked(Story):
    """A repository at a host, and a fork's pull request."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        begin(self.here)
        self.base = self.begin()
        self.head = attack(self.here)
        sh(self.here, "push", "--quiet", "origin", f"HEAD:refs/heads/{BRANCH}")
        self.say("pulls", [{"number": 7, "head": {"sha": self.head}}])
        self.comment = self.said / "comment.md"
        self.report = self.said / "artifact/report.json"

    def checked(self, **also: str) -> None:
        """Run the check, which fails, as it has to."""
        base = {BASE: self.base, "github.event.pull_request.base.sha": self.base}
        with pytest.raises(subprocess.CalledProcessError):
            self.run("check", "check", BRANCH, {**base, **also})

    def previewed(self, own: str = "") -> str:
        """Run the workflow that comments; give the comment, empty for none."""
        self.comment.unlink(missing_ok=True)
        words = {**OF_RUN, "github.event.workflow_run.head_sha": self.head, OWN: own}
        with suppress(subprocess.CalledProcessError):
            self.run("preview", "publish", "main", words)
        return self.comment.read_text() if self.comment.exists() else ""


@pytest.mark.slow
def test_what_a_fork_says_reaches_neither_a_shell_nor_the_comment(tmp_path):
    story = Attacked(tmp_path)
    story.checked()
    seen = only_ours(story.previewed())
    assert "Not to be merged" in seen
    assert "OVERRIDDEN" in seen

    # Whoever changes what `check` runs leaves what he likes; it is read as data, or not at all.
    good = json.loads(story.report.read_text())
    story.report.write_text(json.dumps({**good, "base": CARD, "commit": CARD}))
    only_ours(story.previewed())
    for text in (CARD, "[" * 100_000, ""):
        story.report.write_text(text)
        assert story.previewed() == ""
    story.report.unlink()
    story.report.symlink_to("/etc/passwd")
    assert story.previewed() == ""
    untouched(tmp_path)


@pytest.mark.slow
def test_what_somebody_merged_in_spite_of_all_reaches_no_shell_either(tmp_path):
    story = Attacked(tmp_path)
    story.host.stubborn = True
    story.checked()
    (story.said / "artifact/site").mkdir(exist_ok=True)
    (story.said / "artifact/site/index.html").write_text("front")
    to = "https://ada.example.org/digits/pr/7/"
    text, link = story.previewed("true"), f"[The site as it would be]({to}index.html)"
    assert link in text
    only_ours(text.replace(link, ""), "markdown", to)

    story.checked(**{ASKED: ""})
    sh(story.here, "push", "--quiet", "origin", "HEAD:refs/heads/main")
    story.checked(**{ASKED: "", PUSHED: ""})
    before = "github.event.before || '0000000000000000000000000000000000000000'"
    event = {before: story.base, "github.sha": story.head, "github.ref_name": "main"}
    for name, job, words in (("pages", "publish", {}), ("deploy", "plan", event)):
        with suppress(subprocess.CalledProcessError):
            story.run(name, job, "main", words)
    untouched(tmp_path)
    written = {
        step["run"]
        for name, job in JOBS
        for step in yaml.safe_load(WRITTEN[f".github/workflows/{name}.yml"])["jobs"][job]["steps"]
        if "run" in step
    }
    assert written == {*story.host.commands}
