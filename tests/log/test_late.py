"""Facts that take time follow in records of their own, and a run that ends at once has them."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

import staticrun
from tests.log.records import of_type, read, start_of

CODE = Path(staticrun.__file__).parents[1]
SCRIPT = "import staticrun\nwith staticrun.start('digits', name='one'):\n    pass\n"


def git(folder, *arguments):
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


def train(folder, text=SCRIPT):
    (folder / "train.py").write_text(text)
    environment = {**os.environ, "PYTHONPATH": str(CODE), "STATICRUN_CAPTURE": "-console"}
    subprocess.run([sys.executable, "train.py"], cwd=folder, check=True, env=environment)
    return folder / "runs" / "digits" / "one"


def test_the_start_is_completed_by_starts_with_its_id_and_time(project):
    with staticrun.start("digits") as run:
        first = read(run.folder / "run.jsonl")[0]

    starts = [record for record in read(run.folder / "run.jsonl") if record["type"] == "start"]
    assert "packages" not in first
    assert len(starts) > 1
    assert {(record["id"], record["time"]) for record in starts} == {(run.id, first["time"])}


def test_what_came_late_is_one_start_for_the_reader(project):
    with staticrun.start("digits", seed=3) as run:
        pass

    (found,) = staticrun.runs("digits", root=project)
    assert found.segments == 1
    assert found.start.seed == 3
    assert found.start.packages == start_of(run.folder)["packages"]
    assert found.findings == ()


def test_start_returns_before_git_has_answered(project, tmp_path, monkeypatch):
    git(project, "init", "-q")
    git(project, "commit", "-q", "--allow-empty", "-m", "first")
    slow = tmp_path / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text(
        f'#!/bin/sh\nuntil [ -e "{tmp_path}/go" ]; do sleep 0.05; done\n'
        'PATH="${PATH#*:}" exec git "$@"\n'
    )
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}:{os.environ['PATH']}")

    run = staticrun.start("digits")
    run.log({"loss": 1})
    assert "git" not in start_of(run.folder)
    (tmp_path / "go").touch()
    run.finish()

    assert "commit" in start_of(run.folder)["git"]
    assert read(run.folder / "run.jsonl")[-1]["type"] == "end"


def test_lock_files_that_git_has_are_told_by_digest(project):
    (project / "uv.lock").write_text("version = 1\n")
    (project / "requirements-dev.txt").write_text("numpy==2.2.0\n")
    (project / "requirements.md").write_text("none\n")
    git(project, "init", "-q")
    git(project, "add", "uv.lock")
    git(project, "commit", "-q", "-m", "first")
    folder = train(project)

    digests = {name: hashlib.sha256((project / name).read_bytes()).hexdigest() for name in
               ("requirements-dev.txt", "uv.lock")}  # fmt: skip
    assert of_type(folder, "use") == [
        {"uri": name, "sha256": digest, "role": "lock file"} for name, digest in digests.items()
    ]
    kept = {record["path"] for record in of_type(folder, "artifact") if record["kind"] == "text"}
    assert kept == {"artifacts/source/requirements-dev.txt", "artifacts/source/train.py"}


def test_a_lock_file_that_was_changed_is_kept(project):
    (project / "uv.lock").write_text("version = 1\n")
    git(project, "init", "-q")
    git(project, "add", ".")
    git(project, "commit", "-q", "-m", "first")
    (project / "uv.lock").write_text("version = 2\n")
    folder = train(project)

    assert (folder / "artifacts/source/uv.lock").read_text() == "version = 2\n"


def test_a_script_that_git_has_is_not_kept_and_another_is(project):
    folder = train(project)
    assert (folder / "artifacts/source/train.py").read_text() == SCRIPT

    (project / "runs" / "digits" / "one").rename(project / "before")
    git(project, "init", "-q")
    git(project, "add", "train.py")
    git(project, "commit", "-q", "-m", "first")
    folder = train(project)
    assert not (folder / "artifacts/source").exists()


def test_a_script_with_a_secret_in_it_is_told_of_and_not_kept(project):
    token = "ghp" + "_" + "abcdefghijklmnopqrstuvwxyzABCDEFGHIJ"
    folder = train(project, f"{SCRIPT}TOKEN = '{token}'\n")

    assert not (folder / "artifacts").exists()
    assert [record["text"] for record in of_type(folder, "log")] == [
        "train.py is not kept as an artifact: something in it looks like a secret"
    ]
    assert token not in (folder / "run.jsonl").read_text()


def test_the_cells_of_a_notebook_are_kept(project):
    # What IPython's kernel gives to a cell: a shell whose namespace has the history `In`.
    text = (
        "import sys, types\n"
        "shell = types.SimpleNamespace(user_ns={'In': ['', 'import staticrun', 'run.log(…)']})\n"
        "sys.modules['IPython'] = types.SimpleNamespace(get_ipython=lambda: shell)\n"
        "sys.ps1 = ''\n" + SCRIPT
    )
    folder = train(project, text)

    assert (folder / "artifacts/source/notebook.py").read_text(encoding="utf-8") == (
        "# In [1]\nimport staticrun\n\n# In [2]\nrun.log(…)\n"
    )


@pytest.mark.parametrize("switch", ["packages", "locks", "source", "git"])
def test_what_is_switched_off_is_not_looked_up(project, switch):
    (project / "uv.lock").write_text("version = 1\n")
    git(project, "init", "-q")
    git(project, "commit", "-q", "--allow-empty", "-m", "first")
    text = SCRIPT.replace("name='one'", f"name='one', capture={{{switch!r}: False}}")
    folder = train(project, text)

    found = {
        "packages": "packages" in start_of(folder),
        "git": "git" in start_of(folder),
        "locks": any(record["uri"] == "uv.lock" for record in of_type(folder, "use")),
        "source": (folder / "artifacts/source/train.py").exists(),
    }
    assert {name for name, there in found.items() if not there} == {switch}
