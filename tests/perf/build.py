"""Measure builds: the first, one with nothing changed, one with one run more.

    .venv/bin/python tests/perf/build.py [RUNS]

CPU seconds of the whole command, its workers with it, also as a ratio to a floor: the CPU seconds
of a Python that starts, decodes every record with the standard library and writes as many bytes
in as many files as the site has. Seconds of a busy machine mean little; ratios mean more.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.story.project import Project  # noqa: E402 -- a script beside the tests' own data

POINTS_A_RUN = 20


BUILD = ("-m", "staticrun", "build", "--quiet")
FLOOR = """
import json, pathlib
for path in pathlib.Path("runs").rglob("run*.jsonl"):
    with path.open() as stream:
        for line in stream:
            json.loads(line)
sizes = [path.stat().st_size for path in pathlib.Path("site").rglob("*") if path.is_file()]
pathlib.Path("floor").mkdir()
for number, size in enumerate(sizes):
    pathlib.Path(f"floor/{number}").write_bytes(b"x" * size)
"""


def measure(project: Path, *arguments: str) -> tuple[float, float]:
    """Run Python in a project; give wall and CPU seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, *arguments],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
    )
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, used


def main() -> None:
    """Print one line a build."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    with tempfile.TemporaryDirectory() as folder:
        project = Project(Path(folder, "project"), seed=1)
        for _ in range(runs):
            project.add_run()
        changes = (
            ("first build", None),
            ("nothing changed", None),
            ("one run more", project.add_run),
            ("one run goes on", project.append),
            ("nothing changed", None),
        )
        measured = []
        for name, change in changes:
            if change:
                change()
            measured.append((name, *measure(project.root, *BUILD)))
        _, floor = measure(project.root, "-c", FLOOR)
        print(f"{runs} runs of about {POINTS_A_RUN} points, {os.cpu_count()} cores")
        print(f"{'':20}{'wall s':>8}{'CPU s':>8}{'x floor':>9}")
        for name, wall, used in [*measured, ("the floor", 0.0, floor)]:
            print(f"{name:20}{wall:8.2f}{used:8.2f}{used / floor:9.1f}")


if __name__ == "__main__":
    main()
