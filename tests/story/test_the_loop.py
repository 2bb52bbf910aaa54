"""The whole loop: trained, registered, promoted, merged, deployed, served, and back again."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pytest

from staticrun.cli.main import main
from tests.publish.made import bare, sh
from tests.story.serving import Service, service, until
from tests.story.shell import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PAGE = (ROOT / "reports/deploy-a-model.md").read_text(encoding="utf-8")


def block(begin: str, language: str) -> str:
    """Give the block of the guide that begins so."""
    found = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    [one] = [text for text in found if text.startswith(begin)]
    return one


class Ran(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def staticrun(monkeypatch, capsys):
    """Run `staticrun …` where the test stands; in this process, which is ten times as fast."""

    def run(*words: str, code: int = 0) -> Ran:
        monkeypatch.setattr(sys, "argv", ["staticrun", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        ran = Ran(ended.value.code or 0, *capsys.readouterr())
        assert ran.code == code, ran
        return ran

    return run


class Loop:
    """A project on `main` of a remote, and what people and jobs do in it.

    Args:
        here: The project's folder.
        staticrun: Runs the command line there.
    """

    def __init__(self, here: Path, staticrun: Callable[..., Ran]) -> None:
        self.here, self.staticrun = here, staticrun

    def commit(self, message: str) -> None:
        sh(self.here, "add", ".")
        sh(self.here, "commit", "--quiet", "-m", message)

    def train(self, seed: int) -> None:
        words = [sys.executable, "fit.py", str(seed)]
        own = {**os.environ, "PYTHONPATH": str(ROOT)}
        subprocess.run(words, cwd=self.here, env=own, check=True, capture_output=True, timeout=60)
        self.commit("Train")
        self.staticrun("registry", "register", f"fit/seed-{seed}", "plane", "--commit")

    def push(self) -> tuple[str, str]:
        """Push `main`; give the commits that a host tells of it."""
        before = sh(self.here, "for-each-ref", "--format=%(objectname)", "refs/remotes/origin")
        sh(self.here, "push", "--quiet", "origin", "HEAD:main")
        return before or "0" * 40, sh(self.here, "rev-parse", "HEAD")

    def matrix(self, before: str, after: str) -> list[dict[str, Any]]:
        words = ("--from", before, "--to", after, "--against", "origin/main", "--github-matrix")
        out = self.staticrun("registry", "events", *words).out
        rows: list[dict[str, Any]] = json.loads(out.removeprefix("matrix="))["include"]
        return rows

    def deploy(self, row: dict[str, Any]) -> str:
        """Pull what a job of the matrix is told to; give the digest that the service is told."""
        what = f"{row['model']}@{row['stage']}"
        words = ("--tree", row["tree"], "--against", "origin/main", "--out", "served/files")
        ran = self.staticrun("registry", "pull", what, *words, "--json")
        (self.here / "served/told.json").write_text(ran.out)
        tree: str = json.loads(ran.out)["tree"]
        return tree

    def checked(self, head: str) -> dict[str, str]:
        """Check a promotion, as a pull request does; gate → what it says."""
        ran = self.staticrun("registry", "check", "--base", "main", "--head", head, "--json")
        [judged] = json.loads(ran.out)["moves"]
        return {one["gate"]: one["result"] for one in judged["gates"]}


@pytest.fixture
def loop(tmp_path, monkeypatch, staticrun):
    remote = bare(tmp_path / "remote.git")
    here = tmp_path / "a project"
    sh(tmp_path, "init", "--quiet", "--initial-branch=main", str(here))
    sh(here, "remote", "add", "origin", str(remote))
    for name, text in {
        "staticrun.yaml": "project: {name: Planes}\n",
        "fit.py": block('"""Fit a plane', "python"),
        "registry/policies.yaml": block("schema: staticrun.policies", "yaml"),
        ".gitignore": ".staticrun/\n/served/\n/weights.npz\n",
    }.items():
        (here / name).parent.mkdir(exist_ok=True)
        (here / name).write_text(text)
    monkeypatch.chdir(here)
    return Loop(here, staticrun)


def reloaded(served: Service, tree: str) -> dict[str, Any]:
    """Tell the service that there is something new; what it says when it runs that."""
    os.kill(served.process.pid, signal.SIGHUP)
    until(lambda: served.about()["tree"] == tree)
    return served.about()


def test_the_whole_loop_from_a_training_to_a_service_and_back(loop, staticrun):
    loop.commit("Begin")
    loop.train(1)
    first = ("--to", "production", "--reason", "The first one", "--commit")
    staticrun("registry", "promote", "plane", "1", *first)
    [row] = loop.matrix(*loop.push())
    assert (row["model"], row["stage"], row["version"]) == ("plane", "production", 1)
    old = loop.deploy(row)

    with service(loop.here / "served/files", "--told", "served/told.json") as served:
        about = served.about()
        facts = [about[one] for one in ("model", "stage", "version", "tree")]
        assert facts == ["plane", "production", 1, old]

        # A better one, on a branch: checked, reported, and merged.
        loop.train(2)
        branch = "registry/plane-2-production"
        move = ("--to", "production", "--reason", "New points", "--branch")
        staticrun("registry", "promote", "plane", "2", *move)
        assert loop.checked(branch) == {"integrity": "pass", "small-error": "pass"}
        comment = staticrun("registry", "report", "--base", "main", "--head", branch).out
        assert comment.startswith("<!-- staticrun-report -->\n")
        assert all(fact in comment for fact in ("production", "New points", "small-error"))
        sh(loop.here, "merge", "--quiet", "--no-ff", "-m", "Merge", branch)
        merged = loop.push()

        # A job is told of it, and the service takes it once it has been told, too.
        [row] = loop.matrix(*merged)
        new = loop.deploy(row)
        assert (row["version"], row["tree"]) == (2, new)
        assert served.about()["tree"] == old != new
        assert reloaded(served, new)["version"] == 2
        weights = np.load(loop.here / "served/files/weights.npz", allow_pickle=False)
        points = np.array([[1.0, 0, 0], [0, 2, 0.5]])
        status, said = served.predict(*points.tolist())
        assert (status, said["tree"]) == (200, new)
        expected = points @ weights["coef"] + weights["intercept"]
        assert said["predictions"] == pytest.approx(expected.tolist())

        # Back; and a job of before that is run again comes too late.
        back = ("plane", "production", "--reason", "Slow in the field", "--commit")
        staticrun("registry", "rollback", *back)
        [row] = loop.matrix(*loop.push())
        assert (row["version"], loop.deploy(row)) == (1, old)
        assert reloaded(served, old)["version"] == 1
        assert loop.matrix(*merged) == []
        sh(loop.here, "checkout", "--quiet", "--detach", merged[1])
        words = ("--tree", new, "--against", "origin/main", "--out", "served/late")
        late = staticrun("registry", "pull", "plane@production", *words, code=1)
        assert f"plane@production: is at version 1, tree {old} on origin/main" in late.err
        assert not (loop.here / "served/late").exists()

    assert served.process.returncode == -signal.SIGTERM
    assert sh(loop.here, "status", "--porcelain") == ""
