"""Each way of the guide to keep runs, word by word: its commands, real git, a remote, a clone."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.story.shell import ROOT, Shell
from tests.story.site_bytes import contents, differences

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (ROOT / "reports/where-runs-live.md").read_text(encoding="utf-8")
TRAIN = """\
import sys, staticrun
with staticrun.start("digits", name=sys.argv[1], params={"lr": 0.1}) as run:
    run.log({"loss": 0.5}, step=0)
    run.text("first line\\r\\nsecond line")
"""


def section(number: int) -> str:
    return PAGE.partition(f"\n## {number}. ")[2].partition("\n## ")[0]


def commands(number: int) -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```$", section(number), re.MULTILINE | re.DOTALL)


@pytest.fixture
def sh(tmp_path):
    """Run lines of the guide, where `staticrun` is the one that is tested."""
    return Shell(tmp_path / "bin", {"staticrun": "-m staticrun"})


@pytest.fixture
def cloned(sh, tmp_path):
    """Give a new project in a clone of an empty remote, with nothing committed yet."""
    sh("git init --bare --quiet remote.git && git clone --quiet remote.git project", tmp_path)
    folder = tmp_path / "project"
    sh("git switch --quiet --orphan main && staticrun init", folder)
    (folder / "train.py").write_text(TRAIN)
    return folder


def train(folder: Path, name: str) -> None:
    subprocess.run(
        [sys.executable, "train.py", name],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
    )


def push(sh, folder: Path, message: str = "Begin") -> None:
    sh(f"git add . && git commit --quiet -m '{message}' && git push --quiet origin HEAD", folder)


def clone(sh, folder: Path, name: str) -> Path:
    sh(f"git clone --quiet --branch main remote.git {name}", folder.parent)
    return folder.parent / name


@pytest.mark.slow
def test_committed_runs_give_the_same_site_in_a_clone(sh, cloned):
    push(sh, cloned)
    train(cloned, "one")
    [commit] = commands(1)
    sh(commit, cloned)
    sh("git push --quiet origin HEAD", cloned)
    elsewhere = clone(sh, cloned, "elsewhere")

    for folder in (cloned, elsewhere):
        sh("staticrun check --bytes && staticrun build --strict", folder)

    assert section(1).count((cloned / ".gitattributes").read_text().splitlines()[1]) == 1
    assert differences(contents(cloned / "site"), contents(elsewhere / "site")) == []


def test_a_site_is_built_where_the_runs_are_and_copied(sh, cloned, tmp_path):
    train(cloned, "one")
    [build_and_copy] = commands(2)
    for place in ("/tmp/my-site", "/srv/www/my-project"):  # noqa: S108 -- as the guide writes them
        assert place in build_and_copy
        build_and_copy = build_and_copy.replace(place, f"{tmp_path}{place}")
    (tmp_path / "srv/www/my-project").mkdir(parents=True)

    for _ in range(2):
        sh(build_and_copy, cloned)

    assert (tmp_path / "srv/www/my-project/runs/digits/one/index.html").is_file()
    assert not (cloned / "site").exists()


@pytest.mark.slow
def test_runs_on_a_branch_of_their_own_reach_another_machine_and_ci(sh, cloned):
    once, whenever, elsewhere = commands(3)
    push(sh, cloned)
    sh(once, cloned)
    push(sh, cloned, "Keep runs elsewhere")
    for name in ("one", "two"):
        train(cloned, name)
        sh(whenever, cloned)

    other = clone(sh, cloned, "other")
    sh(elsewhere, other)
    train(other, "three")
    sh(whenever, other)
    ci = clone(sh, cloned, "ci")
    [steps] = re.findall(r"^```yaml\n(.*?)^```$", section(3), re.MULTILINE | re.DOTALL)
    checkout, move = yaml.safe_load(steps)
    place = checkout["with"]
    sh(f"git clone --quiet --branch {place['ref']} ../remote.git {place['path']}", ci)
    sh(move["run"], ci)
    sh("staticrun check --bytes && staticrun build --strict", ci)

    found = sorted(path.parent.name for path in (ci / "runs").rglob("run.jsonl"))
    assert found == ["one", "three", "two"]
    assert sh("git ls-files runs kept", cloned) == ""
    assert sh("git status --short", cloned) == ""
    assert (ci / "site/runs/digits/three/index.html").is_file()


def test_a_run_is_read_while_it_is_copied_in_the_middle_of_a_line(sh, cloned):
    train(cloned, "one")
    file = cloned / "runs/digits/one/run.jsonl"
    whole = file.read_bytes()
    half = whole[: whole.rindex(b'{"type":"end"') + 5]
    file.write_bytes(half)

    waiting = sh("staticrun check", cloned)
    file.write_bytes(whole)
    shutil.rmtree(cloned / ".staticrun")

    assert "0 errors, 0 warnings" in waiting
    assert "finished" in sh("staticrun runs list", cloned)
