"""The guide's page "Deploy what was merged", and each command of the workflows that it explains."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
from typing import TYPE_CHECKING

import pytest
import yaml

from staticrun.cli.deploying import SCRIPT
from staticrun.cli.workflows import workflows
from tests.publish.made import bare, sh
from tests.story.host import Host
from tests.story.serving import until
from tests.story.shell import ROOT, Shell, program

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (ROOT / "reports/deploy-a-model.md").read_text(encoding="utf-8")
SOURCE = "git+https://example.org/staticrun.git@" + "0123456789" * 4
DEPLOY = workflows(SOURCE)[".github/workflows/deploy.yml"]
BEFORE = "github.event.before || '0000000000000000000000000000000000000000'"
PIP = '#!/bin/sh\necho "$*" >> "$(dirname "$0")/installed"\n'
# Nobody's words reach a shell, a matrix or what the host takes for a command.
HOSTILE = '$(touch .x)`touch .x`"; touch .x #%0A::error::x matrix={"include":[]}'
# What a deployment was told and given, beside the folder's own digest.
TELLING = """\
#!/bin/sh
set -eu
cd "$1"
tree=$(find . -type f -printf '%P\\0' | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
printf '%s %s %s sha256:%s told %s\\n' "$MODEL" "$STAGE" "$VERSION" "${tree%% *}" "$TREE" >> "$LOG"
"""
# Lets somebody else be first, once: what the file `first` says is run before a push.
GIT = """\
#!/bin/sh
here=$(dirname "$0")
if [ "$1" = push ] && mv "$here/first" "$here/first.sh" 2> /dev/null; then sh -e "$here/first.sh"; fi
PATH="${PATH#"$here":}" exec git "$@"
"""


def blocks(section: str, language: str) -> list[str]:
    text = PAGE.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


class Story:
    """A repository at a host, with a model whose first version is in production."""

    def __init__(self, folder: Path, monkeypatch) -> None:
        self.folder = folder
        self.remote = bare(folder / "remote.git")
        self.run = Shell(folder / "bin", {"staticrun": "-m staticrun", "python": ""})
        self.host = Host(folder / "machine", {"pip": PIP, "git": GIT, "python": program("")})
        self.log = folder / "deployed.txt"
        monkeypatch.setenv("LOG", str(self.log))
        monkeypatch.setenv("GITHUB_RUN_NUMBER", "7")
        sh(folder, "init", "--quiet", "--initial-branch=main", "a project")
        self.here = folder / "a project"
        sh(self.here, "remote", "add", "origin", str(self.remote))
        begin, train, *_ = blocks("A model and its service", "sh")
        self.run(begin, self.here)
        [fit] = blocks("A model and its service", "python")
        (self.here / "fit.py").write_text(fit)
        (self.here / "registry").mkdir()
        (self.here / "registry/policies.yaml").write_text(
            blocks("A model and its service", "yaml")[0]
        )
        [retrain] = blocks("Train again by itself", "yaml")
        (self.here / ".github/workflows/retrain.yml").write_text(retrain)
        for name, text in workflows(SOURCE).items():
            (self.here / name).write_text(text)
        self.run(train, self.here)

    def head(self) -> str:
        return sh(self.here, "rev-parse", "HEAD")

    def clone(self, at: str = "main") -> Path:
        """Check out as the host does: the commit, with all branches as they are now."""
        clone = self.folder / f"clone {len(list(self.folder.iterdir()))}"
        sh(self.folder, "clone", "--quiet", str(self.remote), str(clone))
        sh(clone, "checkout", "--quiet", "-B", "main", at)
        return clone

    def job(self, name: str, job: str, at: str, words: dict[str, str]) -> dict[str, str]:
        clone = self.clone(at)
        nothing = {"checkout": lambda _given: None, "setup-python": lambda _given: None}
        workflow = clone / f".github/workflows/{name}.yml"
        words = {"github.token": "a-token", "github.ref_name": "main", **words}
        return self.host.run(workflow, job, clone, words, nothing)

    def plan(self, before: str, after: str) -> list[dict[str, str]]:
        """Run the first job of `deploy`; give what its matrix says."""
        outputs = self.job("deploy", "plan", after, {BEFORE: before, "github.sha": after})
        words = {f"needs.plan.outputs.{name}": value for name, value in outputs.items()}
        return Host.rows(self.here / ".github/workflows/deploy.yml", "deploy", words)

    def deploy(self, row: dict[str, str], at: str) -> str:
        """Run a job of the matrix; give what deploy.sh was told, or the error."""
        before = self.log.read_text() if self.log.exists() else ""
        self.job("deploy", "deploy", at, row)
        return self.log.read_text().removeprefix(before)

    def promote(self, *words: str) -> str:
        """Move a stage on `main` and push it; give the commit."""
        command = " ".join(words)
        self.run(
            f"staticrun registry {command} --commit && git push -q origin HEAD:main", self.here
        )
        return self.head()

    def train(self, seed: int, number: int) -> None:
        self.run(
            f"python fit.py {seed}\ngit add runs\ngit commit -qm Train\n"
            f"staticrun registry register fit/seed-{seed} plane --commit",
            self.here,
        )
        assert (self.here / f"registry/models/plane/versions/000{number}.yaml").is_file()

    def at(self, ref: str = "main") -> tuple[int, bool]:
        """Say where production is on a branch of the remote, and whether it is held."""
        text = sh(self.remote, "show", f"{ref}:registry/models/plane/stages/production.yaml")
        said = yaml.safe_load(text)
        return said["version"], said["hold"]

    def branches(self) -> set[str]:
        return {*sh(self.remote, "for-each-ref", "--format=%(refname:short)").split()}


@pytest.fixture
def story(tmp_path, monkeypatch):
    return Story(tmp_path, monkeypatch)


@pytest.mark.slow
def test_a_push_is_deployed_and_what_is_old_by_then_is_not(story, capfd):
    (story.here / "deploy.sh").write_text(TELLING)
    story.run("git commit -qam Deploy && git push -q origin HEAD:main", story.here)
    begin = story.head()
    assert (story.here / "deploy.sh").stat().st_mode & 0o100

    # The first push of a branch: everything.
    [row] = story.plan("0" * 40, begin)
    tree = row["matrix.tree"]
    assert story.deploy(row, begin) == f"plane production 1 {tree} told {tree}\n"

    # Two stages in one push, of several commits; a job for each.
    story.train(2, 2)
    story.promote("promote plane 1 --to staging --reason a")
    two = story.promote("promote plane 2 --to staging --reason b")
    third = story.promote(f"promote plane 2 --to production --reason '{HOSTILE}'")
    rows = story.plan(begin, third)
    names = [(row["matrix.stage"], row["matrix.version"]) for row in rows]
    assert names == [("staging", "2"), ("production", "2")]
    assert story.plan(two, third) == rows[1:]

    # Rolled back while the older deployment waits for its reviewer.
    back = story.promote("rollback plane production --reason slow")
    capfd.readouterr()
    with pytest.raises(subprocess.CalledProcessError):
        story.deploy(rows[1], third)
    assert f"is at version 1, tree {tree} on origin/main by now" in capfd.readouterr().err
    assert "staging 2" in story.deploy(rows[0], third)
    # Planned again, the old push has what still is so.
    assert story.plan(begin, third) == rows[:1]
    [again] = story.plan(third, back)
    assert story.deploy(again, back) == f"plane production 1 {tree} told {tree}\n"

    assert not list(story.folder.rglob(".x"))

    # A stage that is cleared is said, and is no job.
    capfd.readouterr()
    story.run("git rm -q registry/models/plane/stages/staging.yaml\ngit commit -qm x", story.here)
    story.run("git push -q origin HEAD:main", story.here)
    assert story.plan(back, story.head()) == []
    assert "plane staging is at no version any more" in capfd.readouterr().err

    # After a forced push: what differs from before.
    story.run(f"git reset -q --hard {third} && git push -q --force origin HEAD:main", story.here)
    names = [row["matrix.stage"] for row in story.plan(back, third)]
    assert names == ["production"]

    # A registry that is broken deploys nothing.
    stage = story.here / "registry/models/plane/stages/production.yaml"
    stage.write_text(stage.read_text().replace(tree[7:], "0" * 64) + "tree: x\n")
    story.run("git commit -qam y && git push -q origin HEAD:main", story.here)
    with pytest.raises(subprocess.CalledProcessError):
        story.plan(third, story.head())

    steps = [
        step["run"]
        for job in yaml.safe_load(DEPLOY)["jobs"].values()
        for step in job["steps"]
        if "run" in step
    ]
    assert {*steps} == {*story.host.commands}


def test_a_stage_is_deployed_in_its_environment_and_one_at_a_time():
    job = yaml.safe_load(DEPLOY)["jobs"]["deploy"]

    assert job["environment"] == "${{ matrix.stage }}"
    assert job["strategy"]["fail-fast"] is False
    group = "deploy ${{ matrix.model }}@${{ matrix.stage }}"
    assert job["concurrency"] == {"group": group, "cancel-in-progress": False}
    assert yaml.safe_load(DEPLOY)["permissions"] == {"contents": "read"}


def test_a_script_that_nobody_filled_in_says_so_and_fails(tmp_path):
    (tmp_path / "deploy.sh").write_text(SCRIPT)
    told = {"MODEL": "plane", "STAGE": "production", "VERSION": "1", "TREE": "sha256:0a"}
    done = subprocess.run(
        ["sh", "deploy.sh", "a folder"],
        cwd=tmp_path,
        env={**os.environ, **told},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "plane 1 comes to production" in done.stderr
    assert "copy a folder" in done.stderr


def test_the_guide_shows_what_the_workflow_runs():
    steps = [step for job in yaml.safe_load(DEPLOY)["jobs"].values() for step in job["steps"]]
    plain = re.compile(r"\s*\\\n\s*")
    ran = "\n".join(plain.sub(" ", step.get("run", "")) for step in steps)
    ran = ran.replace('"origin/$BRANCH"', "origin/main").replace(' >> "$GITHUB_OUTPUT"', "")
    texts = [plain.sub(" ", text) for text in blocks("The workflow", "sh")]
    shown = [line for text in texts for line in text.splitlines()]
    assert len(shown) == 3
    assert [line for line in shown if line not in ran] == []


@pytest.mark.slow
def test_the_guide_can_be_followed_word_by_word(tmp_path, story, monkeypatch):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])

    def run(text: str, folder: Path = story.here) -> str:
        return story.run(text.replace("8765", port), folder)

    shutil.copy(ROOT / "examples/serve.py", story.here / "serve.py")
    [script] = blocks("A model and its service", "sh")[4:]
    assert script.startswith("#!/bin/sh")
    _, _, serve, ask = blocks("A model and its service", "sh")[:4]
    (story.here / "deploy.sh").write_text(script.replace("8765", port))
    run("git add . && git commit -qm 'Deploy' && git push -q origin HEAD:main")
    run(serve)
    pid = int((story.here / "served/plane/pid").read_text())
    monkeypatch.setenv("SERVED", str(story.here / "served"))
    try:
        run(f"until curl -s http://127.0.0.1:{port}/model; do sleep 0.05; done")
        answers = [json.loads(line) for line in run(ask).splitlines()]
        assert answers[0]["version"] == 1
        assert answers[1]["tree"] == answers[0]["tree"]
        assert answers[1]["predictions"] == pytest.approx([4], abs=0.1)

        go, back, by_hand = blocks("Go on, and back", "sh")
        for block, number in ((go, 2), (back, 1)):
            before = story.head()
            run(block)
            [row] = story.plan(before, story.head())
            story.job("deploy", "deploy", story.head(), row)
            said = json.loads(run(f"curl -s http://127.0.0.1:{port}/model"))
            assert (said["version"], said["tree"]) == (number, row["matrix.tree"])
        assert json.loads(run(by_hand))["version"] == 1
    finally:
        os.kill(pid, signal.SIGTERM)
    with socket.socket() as asked:
        until(lambda: asked.connect_ex(("127.0.0.1", int(port))) != 0)

    upload, digest, carry, there = blocks("Without these workflows", "sh")
    run(upload)
    told = json.loads((story.here / "served/upload.json").read_text())["tree"]
    assert run(digest).split()[0] == told.removeprefix("sha256:")
    run(carry)
    shutil.move(story.here / "served/carried.tar", tmp_path)
    run(there, tmp_path)
    assert (tmp_path / "plane/weights.npz").is_file()
    assert sh(story.here, "status", "--porcelain") == ""


@pytest.mark.slow
def test_a_training_at_night_respects_a_hold_and_goes_on_after_its_release(
    story, monkeypatch, capfd
):
    def retrain(number: int) -> None:
        monkeypatch.setenv("GITHUB_RUN_NUMBER", str(number))
        story.job("retrain", "retrain", "origin/main", {})

    story.train(2, 2)
    story.promote("promote plane 2 --to production --reason better")
    back, release = blocks("Go on, and back", "sh")[1], blocks("Train again by itself", "sh")[0]
    story.run(back, story.here)
    assert story.at() == (1, True)

    [shown] = re.findall(r"^registry/models/plane/stages/.*\n.*$", PAGE, re.MULTILINE)
    message = shown.replace("\n", " ")
    for number in (11, 12):
        capfd.readouterr()
        with pytest.raises(subprocess.CalledProcessError):
            retrain(number)
        assert message in capfd.readouterr().err
    assert story.branches() == {"main", "retrained"}
    assert story.at() == story.at("retrained") == (1, True)
    listed = sh(story.remote, "ls-tree", "--name-only", "retrained:registry/models/plane/versions")
    assert listed.split() == [f"000{number}.yaml" for number in (1, 2, 3, 4)]

    story.run(release, story.here)
    assert story.at() == (1, False)
    retrain(13)
    assert story.branches() == {"main", "retrained", "registry/plane-5-production"}
    assert story.at() == (1, False)
    assert story.at("registry/plane-5-production") == (5, False)

    # Merged, it is a change that the check lets through.
    sh(story.here, "fetch", "--quiet", "origin")
    sh(story.here, "merge", "--quiet", "--no-edit", "origin/registry/plane-5-production")
    story.run("staticrun registry check --base origin/main", story.here)
    sh(story.here, "push", "--quiet", "origin", "HEAD:main")
    assert story.at() == (5, False)

    # The same data again gives the same bytes: nothing is registered twice.
    capfd.readouterr()
    with pytest.raises(subprocess.CalledProcessError):
        retrain(13)


def rival(story: Story, seed: int) -> Path:
    """Let another job come as far as its push."""
    clone = story.clone("origin/main")
    story.run(
        f"git switch -qC retrained\npython fit.py {seed}\ngit add runs\ngit commit -qm Train\n"
        f"staticrun registry register fit/seed-{seed} plane --commit",
        clone,
    )
    return clone


@pytest.mark.slow
def test_of_two_trainings_at_once_each_gets_a_number(story):
    clone = rival(story, 8)
    first = f'cd "{clone}" && git push -q origin HEAD:retrained\n'
    (story.folder / "machine/bin/first").write_text(first)

    story.job("retrain", "retrain", "origin/main", {})

    versions = "retrained:registry/models/plane/versions"
    runs = {
        number: yaml.safe_load(sh(story.remote, "show", f"{versions}/000{number}.yaml"))["run"][
            "key"
        ]
        for number in (1, 2, 3)
    }
    assert runs == {1: "fit/seed-1", 2: "fit/seed-8", 3: "fit/seed-7"}
    assert "registry/plane-3-production" in story.branches()
    written = yaml.safe_load((story.here / ".github/workflows/retrain.yml").read_text())
    steps = [step["run"] for step in written["jobs"]["retrain"]["steps"] if "run" in step]
    assert steps == story.host.commands


@pytest.mark.slow
def test_a_training_that_is_in_conflict_with_another_stops_and_pushes_nothing(story):
    clone = rival(story, 7)  # the same run, with other words in its record
    first = f'cd "{clone}" && git push -q origin HEAD:retrained\n'
    (story.folder / "machine/bin/first").write_text(first)

    with pytest.raises(subprocess.CalledProcessError):
        story.job("retrain", "retrain", "origin/main", {})

    assert story.branches() == {"main", "retrained"}
    tip = sh(story.remote, "rev-parse", "retrained")
    assert tip == sh(clone, "rev-parse", "HEAD")
