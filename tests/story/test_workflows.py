"""Each command of each workflow is run: from a push to a preview, its comment, and its end."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from staticrun.cli.workflows import workflows
from tests.publish.made import bare, published, sh
from tests.story.host import Host

ROOT = Path(__file__).parents[2]
SOURCE = "git+https://example.org/staticrun.git@" + "0123456789" * 4
MARK = "<!-- staticrun-report -->"
# A branch may be called so; it is data.
BRANCH = "wider-$(touch$IFS.x)"
PUSHED = "!cancelled() && github.event_name != 'push'"
ASKED = "!cancelled() && github.event_name == 'pull_request'"
BASE = "github.event.pull_request.base.sha || github.event.merge_group.base_sha"
# What expressions say where a test does not say otherwise.
WORDS = {"github.token": "a-token", PUSHED: "true", ASKED: "true", "steps.site.outputs.url": ""}
OF_RUN = {
    "github.event.workflow_run.head_repository.owner.login": "ada",
    "github.event.workflow_run.head_branch": BRANCH,
    "github.event.workflow_run.id": "99",
}
OWN = (
    "steps.pull.outputs.number && "
    "github.event.workflow_run.head_repository.full_name == github.repository"
)
# Answers as GitHub's client does, from files beside it; what it is told to write is kept there.
GH = f"""\
#!/bin/sh
''''exec "{sys.executable}" "$0" "$@" # to Python a text; no path with a space may follow `#!`'''
import json, os, shutil, subprocess, sys
from pathlib import Path

words, here = sys.argv[1:], Path(__file__).parents[1] / "host"
with (here / "calls").open("a") as stream:
    print(json.dumps(words), file=stream)
path = next((word for word in words if word.startswith("repos/ada/digits/")), "")
if words[:2] == ["run", "download"]:
    shutil.copytree(here / "artifact", words[words.index("--dir") + 1], symlinks=True)
elif "-F" in words:
    body = words[words.index("-F") + 1].removeprefix("body=@")
    shutil.copy(body, here / "comment.md")
else:
    said = here / (path.rpartition("/")[2] + ".json")
    if not said.exists():  # the answer goes to standard output all the same, unfiltered
        print('{{"message":"Not Found","status":"404"}}')
        sys.exit("gh: Not Found (HTTP 404)")
    query = words[words.index("--jq") + 1]
    subprocess.run(["jq", "--raw-output", query], stdin=said.open(), check=True)
"""


class Story:
    """A repository at a host, and what is done in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.remote = bare(folder / "remote.git")
        pip = '#!/bin/sh\necho "$*" >> "$(dirname "$0")/installed"\n'
        self.host = Host(folder / "machine", {"gh": GH, "pip": pip})
        self.said = folder / "machine/host"
        self.said.mkdir()
        self.say("pages", {"html_url": "https://ada.example.org/digits/"})
        self.say("comments", [{"id": 1, "body": MARK, "user": {"login": "mallory"}}])
        sh(folder, "clone", "--quiet", str(self.remote), "here")
        self.here = folder / "here"
        sh(self.here, "switch", "--quiet", "--orphan", "main")

    def begin(self) -> str:
        """Push a project with its workflows and a run; give the commit."""
        for name, text in workflows(SOURCE).items():
            (self.here / name).parent.mkdir(parents=True, exist_ok=True)
            (self.here / name).write_text(text)
        (self.here / "staticrun.yaml").write_text("project: {name: Digits}\n")
        (self.here / ".gitignore").write_text("site/\n.staticrun/\n")
        self.train("one")
        return self.push("main")

    def say(self, name: str, value: object) -> None:
        (self.said / f"{name}.json").write_text(json.dumps(value))

    def calls(self) -> list[list[str]]:
        return [json.loads(line) for line in (self.said / "calls").read_text().splitlines()]

    def train(self, name: str) -> None:
        folder = self.here / "runs/digits" / name
        folder.mkdir(parents=True)
        (folder / "run.jsonl").write_text(
            f'{{"type":"start","format":1,"time":1770000000,"id":"{name}"}}\n'
            '{"type":"metrics","step":0,"values":{"acc":0.5}}\n'
            '{"type":"end","status":"finished","time":1770000002}\n'
        )

    def push(self, branch: str) -> str:
        sh(self.here, "add", ".")
        sh(self.here, "commit", "--quiet", "-m", "a")
        sh(self.here, "push", "--quiet", "origin", f"HEAD:refs/heads/{branch}")
        return sh(self.here, "rev-parse", "HEAD")

    def run(self, name: str, job: str, branch: str, words: dict[str, str]) -> None:
        """Run a job of a workflow in a fresh clone of a branch."""
        clone = self.folder / f"clone {len(self.host.commands)}"
        sh(self.folder, "clone", "--quiet", "--branch", branch, str(self.remote), str(clone))
        self.host.run(
            clone / f".github/workflows/{name}.yml",
            job,
            clone,
            {**WORDS, **words},
            {
                "checkout": lambda _given: None,
                "setup-python": lambda _given: None,
                "upload-artifact": self._upload,
            },
        )
        assert not list(self.folder.rglob(".x"))

    def _upload(self, given: dict[str, str]) -> None:
        shutil.rmtree(self.said / "artifact", ignore_errors=True)
        # Hidden files stay out, as there.
        shutil.copytree(given["path"], self.said / "artifact", ignore=shutil.ignore_patterns(".*"))


@pytest.mark.slow
def test_a_push_is_published_and_a_pull_request_previewed_commented_and_removed(tmp_path):
    story = Story(tmp_path)
    base = story.begin()

    story.run("pages", "publish", "main", {})
    assert "runs/digits/one/index.html" in published(story.remote)

    story.train("two")
    head = story.push(BRANCH)
    words = {BASE: base, "github.event.pull_request.base.sha": base}
    story.run("check", "check", BRANCH, words)
    # What is merged in a queue is checked, and on a push all there is: there is nobody to tell.
    for also in ({ASKED: "", BASE: base}, {ASKED: "", PUSHED: ""}):
        story.run("check", "check", BRANCH, also)

    of_run = {**OF_RUN, "github.event.workflow_run.head_sha": head}
    story.say(
        "pulls", [{"number": 6, "head": {"sha": base}}, {"number": 7, "head": {"sha": head}}]
    )
    story.run("preview", "publish", "main", {**of_run, OWN: "true"})

    held = published(story.remote)
    comment = (story.said / "comment.md").read_text()
    assert "runs/digits/two/index.html" not in held
    assert "pr/7/runs/digits/two/index.html" in held
    assert comment.splitlines()[0] == MARK
    to = "https://ada.example.org/digits/pr/7"
    assert f'<a href="{to}/runs/digits/two/index.html"><code>digits/two</code></a>' in comment
    assert f"({to}/index.html)" in comment
    assert comment.endswith("own check left. The checks that are required decide.\n")
    assert story.calls()[-1][:5] == [
        *("api", "--silent", "--method", "POST"),
        "repos/ada/digits/issues/7/comments",
    ]

    # The second time the comment is there; a stranger's that begins like it is not it.
    ours = {"id": 42, "body": f"{MARK}\nold", "user": {"login": "github-actions[bot]"}}
    story.say("comments", [{"id": 1, "body": MARK, "user": {"login": "mallory"}}, ours])
    before = published(story.remote)
    story.run("preview", "publish", "main", {**of_run, OWN: ""})  # of a fork
    assert story.calls()[-1][3:5] == ["PATCH", "repos/ada/digits/issues/comments/42"]
    comment = (story.said / "comment.md").read_text()
    assert "digits/two" in comment
    assert "](" not in comment
    assert "<a" not in comment
    assert published(story.remote) == before

    # Where nothing is published on GitHub's pages there is no address, and no link.
    (story.said / "pages.json").unlink()
    story.run("preview", "publish", "main", {**of_run, OWN: "true"})
    assert (story.said / "comment.md").read_text() == comment

    # A run of commits that are not the newest any more says nothing.
    story.say("pulls", [])
    count = len(story.calls())
    story.run("preview", "publish", "main", {**of_run, OWN: ""})
    assert len(story.calls()) == count + 1

    story.run("preview", "remove", "main", {"github.event.number": "7"})
    assert not any(url.startswith("pr/7/") for url in published(story.remote))
    assert "runs/digits/one/index.html" in published(story.remote)

    written = [
        step["run"]
        for name, text in workflows(SOURCE).items()
        # tests/story/test_deploying.py and test_vouching.py run the others.
        if not name.endswith(("deploy.yml", "approvals.yml", "approved.yml"))
        for job in yaml.safe_load(text)["jobs"].values()
        for step in job["steps"]
        if "run" in step
    ]
    assert {*written} == {*story.host.commands}
    installed = (tmp_path / "machine/bin/installed").read_text().splitlines()
    assert {*installed} == {f"install staticrun @ {SOURCE}"}


@pytest.mark.slow
def test_this_repository_publishes_its_site_with_three_versions(tmp_path):
    remote = bare(tmp_path / "remote.git")
    clone = tmp_path / "a clone"
    sh(tmp_path, "clone", "--quiet", "--no-hardlinks", str(ROOT), str(clone))
    sh(clone, "remote", "set-url", "origin", str(remote))
    own = ROOT / "staticrun/web/dist"
    shutil.copytree(own, clone / "staticrun/web/dist", dirs_exist_ok=True)
    [command] = re.findall(r"^publish:.*\n\t@(.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    make = f'#!/bin/sh -e\n[ "$*" = publish ]\n{command}\n'
    host = Host(
        tmp_path / "machine", {"make": make.replace(".venv/bin/python", f'"{sys.executable}"')}
    )
    commits = sh(clone, "rev-list", "--first-parent", "--max-count=3", "HEAD").split()
    for number, commit in enumerate(reversed(commits), 1):
        words = [sys.executable, "-m", "staticrun", "build", "--version", f"v{number}"]
        subprocess.run([*words, "--at", commit, "--quiet"], cwd=clone, check=True, timeout=300)
    sh(clone, "commit", "--quiet", "--all", "-m", "Three versions")
    nothing = {"checkout": lambda _given: None, "setup-python": lambda _given: None}

    host.run(
        clone / ".github/workflows/pages.yml", "publish", clone, {"github.token": "t"}, nothing
    )

    held = published(remote)
    listed = json.loads(held["versions.json"])["versions"]
    assert {one["name"] for one in listed} == {"v1", "v2", "v3"}
    assert {f"v/v{number}/receipt.json" for number in (1, 2, 3)} <= held.keys()
    assert len(host.commands) == 1
    assert sh(clone, "status", "--porcelain") == ""
