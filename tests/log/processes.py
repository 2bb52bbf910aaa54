"""Real processes that write runs: each a Python of its own, with the variables that it is given."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import staticrun

CODE = Path(staticrun.__file__).parents[1]


def begin(text: str, **variables: str) -> subprocess.Popen[str]:
    """Start a script; `finish` waits for it."""
    return subprocess.Popen(
        [sys.executable, "-c", f"import os, sys, time\nimport staticrun\n{text}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": str(CODE), **variables},
    )


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Give exit code, output and errors of a script that has come to its end."""
    output, errors = process.communicate(timeout=60)
    return process.returncode, output, errors


def run(text: str, **variables: str) -> str:
    """Run a script that ends well and says nothing on stderr; give its output."""
    code, output, errors = finish(begin(text, **variables))
    assert (code, errors) == (0, "")
    return output


def torch(rank: int, size: int, **more: str) -> dict[str, str]:
    """Give the variables that torchrun sets for a rank, those of a launch without any name."""
    return {
        "RANK": str(rank),
        "LOCAL_RANK": str(rank),
        "WORLD_SIZE": str(size),
        "LOCAL_WORLD_SIZE": str(size),
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": "29500",
        "TORCHELASTIC_RUN_ID": "none",
        "TORCHELASTIC_RESTART_COUNT": "0",
        **more,
    }


def slurm(rank: int, size: int, **more: str) -> dict[str, str]:
    """Give the variables that srun sets for a task."""
    return {
        "SLURM_JOB_ID": "4711",
        "SLURM_STEP_ID": "0",
        "SLURM_PROCID": str(rank),
        "SLURM_NTASKS": str(size),
        "SLURM_STEP_NUM_TASKS": str(size),
        **more,
    }
