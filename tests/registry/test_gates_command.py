"""The gate of a project's own command: what it is told, and that it never runs away."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import pytest

from staticrun.registry import manifests
from staticrun.registry.gates import evaluate
from staticrun.registry.manifests import Policies, Policy
from staticrun.registry.promotion import Promotion
from tests.registry.made import version


def judged(root, *command, timeout=20.0, commands=True, candidate=None):
    gate = manifests.Command(command=command, timeout=timeout)
    policies = Policies(stages={"production": Policy(gates=("g",))}, gates={"g": gate})
    promotion = Promotion(
        model="churn", stage="production", candidate=candidate or version(2), current=version(1)
    )
    (found,) = evaluate(policies, promotion, root=root, commands=commands)
    return found


def python(root, text, **said):
    return judged(root, sys.executable, "-c", text, **said)


@pytest.mark.parametrize(
    ("code", "expected"), [(0, "pass"), (1, "fail"), (2, "unknown"), (77, "unknown")]
)
def test_its_exit_code_says_what_it_found(tmp_path, code, expected):
    found = python(tmp_path, f"print('p95 is 18 ms'); raise SystemExit({code})")
    assert found.result == expected
    assert found.why.endswith(f"ended with {code}: p95 is 18 ms")


def test_it_reads_the_promotion_in_the_project(tmp_path):
    text = "import sys; open('asked.json', 'w').write(sys.stdin.read())"
    assert python(tmp_path, text).result == "pass"
    asked = json.loads((tmp_path / "asked.json").read_text())
    assert (asked["stage"], asked["candidate"]["version"]) == ("production", 2)
    assert asked["current"]["artifact"]["tree"] == version(1).artifact.tree


def test_without_leave_nothing_is_run(tmp_path):
    found = python(tmp_path, "open('ran', 'w')", commands=False)
    assert (found.result, list(tmp_path.iterdir())) == ("unknown", [])
    assert "--commands" in found.why


def test_there_is_no_shell(tmp_path):
    found = judged(tmp_path, "echo", "$(touch ran); touch ran", "| touch ran")
    assert found.why == "echo ended with 0: $(touch ran); touch ran | touch ran"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [("no-such-program",), ("./no",), ("echo", "a\0b")])
def test_what_cannot_be_run_is_unknown(tmp_path, command):
    found = judged(tmp_path, *command)
    assert found.result == "unknown"
    assert "cannot be run" in found.why


def test_one_that_takes_too_long_is_ended_with_all_that_it_started(tmp_path):
    text = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)'])\n"
        "open('child', 'w').write(str(child.pid))\n"
        "time.sleep(300)"
    )
    begun = time.monotonic()
    found = python(tmp_path, text, timeout=0.5)
    assert found.result == "unknown"
    assert "took more than 0.5 s" in found.why
    assert time.monotonic() - begun < 15
    assert_gone(tmp_path)


def test_what_it_leaves_behind_is_ended(tmp_path):
    text = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)'])\n"
        "open('child', 'w').write(str(child.pid))"
    )
    begun = time.monotonic()
    assert python(tmp_path, text).result == "pass"
    assert time.monotonic() - begun < 15
    assert_gone(tmp_path)


def assert_gone(folder: Path) -> None:
    pid = int((folder / "child").read_text())
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (ProcessLookupError, FileNotFoundError):
            return
        if state == "Z":  # ended, and waiting for whoever takes orphans
            return
        time.sleep(0.02)
    pytest.fail("the command's child is still there")


def test_much_that_is_asked_and_much_that_is_said_block_nothing(tmp_path):
    files = tuple(
        manifests.File(path=f"part-{number:05}.bin", size=1, sha256="0" * 64)
        for number in range(4000)
    )
    candidate = version(
        2,
        artifact=version(2).artifact.__class__(
            path="runs/x", tree=version(2).artifact.tree, size=4000, files=files
        ),
    )
    found = python(tmp_path, "print('x' * 3_000_000); print('done')", candidate=candidate)
    assert (found.result, found.why[-6:]) == ("pass", ": done")
    silent = python(tmp_path, "import os; os.close(0); os.close(1)", candidate=candidate)
    assert silent.result == "pass"
