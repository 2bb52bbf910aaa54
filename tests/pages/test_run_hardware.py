"""Where a run was made, in words: the machine, variables, seeds, lock files."""

from __future__ import annotations

import pytest

from staticrun.pages.views.run_hardware import hardware_words
from tests.pages.test_run_view import look, start, write

H100 = {"name": "NVIDIA H100 80GB HBM3", "memory_bytes": 85_520_809_984}


@pytest.mark.parametrize(
    ("hardware", "expected"),
    [
        (None, ""),
        ({}, ""),
        ({"cpus": 8, "memory_bytes": 32_000_000_000}, "8 CPUs, memory 32 GB"),
        ({"cpu": "EPYC 7B13", "cpus": 64, "cpus_usable": 8}, "EPYC 7B13, 64 CPUs, 8 usable"),
        ({"cpus": 1, "cpu_limit": 0.5}, "1 CPU, limited to 0.5"),
        (
            {"memory_bytes": 32_000_000_000, "memory_limit_bytes": 4_000_000_000},
            "memory 32 GB, limited to 4 GB",
        ),
        (
            {"gpus": [H100, H100], "gpu_driver": "550.54.15", "cuda": "12.4"},
            "2 \N{MULTIPLICATION SIGN} NVIDIA H100 80GB HBM3 (85.5 GB), driver 550.54.15, CUDA 12.4",
        ),
        ({"gpus": [H100, {"name": "T4"}]}, "NVIDIA H100 80GB HBM3 (85.5 GB), T4"),
        ({"gpus": "many", "cpus": "x", "npu": True}, "gpus many, cpus x, npu true"),
    ],
)
def test_what_is_known_of_a_machine_is_said_in_a_line(hardware, expected):
    # Between a number and its unit no line breaks.
    assert hardware_words(hardware).replace("\u202f", " ") == expected


def test_variables_seeds_and_lock_files_stand_among_the_surroundings(project):
    write(
        project,
        start(env={"OMP_NUM_THREADS": "2"}, seeds={"torch": 7, "random": None}),
        {"type": "use", "uri": "uv.lock", "sha256": "b" * 64, "role": "lock file"},
        {"type": "use", "uri": "s3://bucket/w", "sha256": "c" * 64, "role": "start weights"},
    )
    view, _ = look(project)

    said = {fact.term: [piece.text for piece in fact.pieces] for fact in view.surroundings}
    assert said["environment"] == ["OMP_NUM_THREADS=2"]
    assert said["seeds found"] == ["torch 7, random not to be known"]
    assert said["lock files"] == ["b" * 12]
    assert said["uses"] == ["c" * 12]
    margin = {fact.term: [piece.text for piece in fact.pieces] for fact in view.facts}
    assert margin["uses"] == ["s3://bucket/w"]
