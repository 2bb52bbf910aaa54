"""Runs go to the first folder that `runs:` names, and everything finds them there."""

from __future__ import annotations

import subprocess
import sys

import pytest

import staticrun
from staticrun.log.tell import LogWarning
from tests.log.records import start_of


@pytest.fixture
def trials(project):
    (project / "staticrun.yaml").write_text("runs: [data/trials, archive]\n")
    (project / "runs").rmdir()
    return project


def test_a_run_lies_in_the_first_folder_and_its_key_does_not_name_it(trials):
    with staticrun.start("vision/digits", name="one") as run:
        run.log({"loss": 1})

    assert run.key == "vision/digits/one"
    assert run.folder == trials / "data/trials/vision/digits/one"
    assert not (trials / "runs").exists()


def test_what_was_written_is_read_back(trials):
    with staticrun.start("digits", name="one") as run, run.child("two"):
        pass

    assert [found.key for found in staticrun.runs()] == ["digits/one", "digits/two"]


def test_a_run_still_holds_no_runs(trials):
    with staticrun.start("digits", name="one"):
        pass

    with pytest.raises(staticrun.UsageError, match="'digits/one' is a run"):
        staticrun.start("digits/one")


def test_a_wrong_folder_is_told_once_and_the_run_goes_to_runs(project):
    (project / "staticrun.yaml").write_text("runs: ../elsewhere\n")

    with pytest.warns(LogWarning, match=r"staticrun.yaml:1: runs is \"../elsewhere\"") as told:
        run = staticrun.start("digits", name="one", capture=False)
    with run.child("two"):
        pass
    run.finish()

    assert len(told) == 1
    assert run.folder == project / "runs/digits/one"


def test_runs_are_no_change_of_the_code(trials):
    def git(*arguments):
        subprocess.run(["git", *arguments], cwd=trials, check=True, capture_output=True)

    script = "import staticrun\nwith staticrun.start('digits', name='a'): pass\n"
    (trials / "train.py").write_text(script)
    git("init")
    git("add", ".")
    git("commit", "--message", "all")
    for _ in range(2):
        subprocess.run([sys.executable, "train.py"], cwd=trials, check=True)

    starts = [start_of(trials / "data/trials/digits" / name)["git"] for name in ("a", "a-2")]

    assert [one["dirty"] for one in starts] == [False, False]
    assert [one.get("diff") for one in starts] == [None, None]


def test_the_trash_is_where_the_run_is(trials):
    def cli(*arguments):
        command = [sys.executable, "-m", "staticrun", "runs", *arguments]
        done = subprocess.run(command, cwd=trials, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    with staticrun.start("digits", name="one", capture=False) as run:
        pass
    old = trials / "archive/digits/old"
    old.mkdir(parents=True)
    (old / "run.jsonl").write_bytes((run.folder / "run.jsonl").read_bytes())

    assert cli("delete", "digits/one", "digits/old")[0] == 0
    assert (trials / "data/trials/.trash/digits/one/run.jsonl").is_file()
    assert (trials / "archive/.trash/digits/old/run.jsonl").is_file()
    assert cli("restore", "digits/old", "digits/one")[0] == 0
    assert (old / "run.jsonl").is_file()
    assert (run.folder / "run.jsonl").is_file()

    cli("delete", "digits/one", "digits/old")
    assert cli("gc", "--yes")[1].startswith("2 files, ")
    assert not (trials / "archive/.trash").exists()
