"""The command line as a user meets it: a process, its output and its exit code."""

import subprocess
import sys
from typing import NamedTuple

import pytest


class Ran(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def staticrun(project):
    """Run `staticrun …` in the project."""

    def run(*arguments, stdin=""):
        done = subprocess.run(
            [sys.executable, "-m", "staticrun", *arguments],
            cwd=project,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def two_runs(project):
    """Write two runs of one experiment, as a shell script would."""
    for name, rate, accuracy in (("a", 0.1, 0.75), ("b", 0.01, 0.875)):
        folder = project / "runs/vision" / name
        folder.mkdir(parents=True)
        (folder / "run.jsonl").write_text(
            f'{{"type":"start","format":1,"time":1770000000,"id":"id-of-{name}","name":"run {name}"}}\n'
            f'{{"type":"params","values":{{"lr":{rate},"width":64}}}}\n'
            f'{{"type":"metrics","step":0,"time":1770000001,"values":{{"acc":{accuracy},"loss":"NaN"}}}}\n'
            '{"type":"end","status":"finished","time":1770000002}\n'
        )
