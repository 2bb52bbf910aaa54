"""A process is killed at any moment: what its calls had written is there, and nothing else is hurt.

The process says after each call that it has returned, in memory that its parent sees: so the
parent knows at the kill which records must be found.
"""

from __future__ import annotations

import json
import mmap
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import staticrun

CODE = """
import mmap, os, sys
import staticrun

returned = mmap.mmap(int(sys.argv[1]), 8)
run = staticrun.start("digits", name="one", capture=False)
step = 0
while True:
    run.log({"train/loss": 1 / (step + 1), "val/acc": 0.5}, step=step)
    step += 1
    returned[:] = step.to_bytes(8, "little")
"""


def killed_after(seconds, project):
    """Let a process log, kill it; give how many of its calls had returned."""
    descriptor = os.memfd_create("returned")
    os.ftruncate(descriptor, 8)
    with mmap.mmap(descriptor, 8) as returned:
        process = subprocess.Popen(
            [sys.executable, "-c", CODE, str(descriptor)],
            cwd=project,
            pass_fds=[descriptor],
            env={**os.environ, "PYTHONPATH": str(Path(staticrun.__file__).parents[1])},
        )
        while not any(returned[:]):
            assert process.poll() is None
            time.sleep(0.001)
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.wait()
        os.close(descriptor)
        return int.from_bytes(returned[:], "little")


@pytest.mark.parametrize(
    "seed", [*range(10), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(10, 100))]
)
def test_every_call_that_returned_is_found(seed, project):
    chance = random.Random(seed)
    returned = killed_after(chance.uniform(0, 0.15), project)
    file = project / "runs" / "digits" / "one" / "run.jsonl"
    before = file.read_bytes()
    whole, _, half = before.rpartition(b"\n")
    records = [json.loads(line) for line in whole.split(b"\n")]
    steps = [record["step"] for record in records if record["type"] == "metrics"]

    # The call that was under way may have written its line, and only it may have half of one.
    assert steps in ([*range(returned)], [*range(returned + 1)])
    assert half == b"" or len(steps) == returned

    (read,) = staticrun.runs("digits", root=project)
    assert read.status == "open"
    assert list(read.series("val/acc").step) == steps
    with staticrun.start("digits", name="two", root=project, capture=False) as later:
        later.log({"val/acc": 1})
    assert [run.key for run in staticrun.runs("digits", root=project)] == [
        "digits/one",
        "digits/two",
    ]
    assert file.read_bytes() == before
