"""Measure builds: the first, one with nothing changed, one with one run more.

    .venv/bin/python tests/perf/build.py [RUNS]

Wall and CPU seconds of the whole command, its workers with it, and the largest resident size of
one process. The numbers of a busy machine are good for ratios only.
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


def measure(project: Path) -> tuple[float, float, float]:
    """Build a project; give wall seconds, CPU seconds and megabytes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "staticrun", "build", "--quiet"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
    )
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, used, after.ru_maxrss / 1024


def main() -> None:
    """Print one line a build."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    with tempfile.TemporaryDirectory() as folder:
        project = Project(Path(folder, "project"), seed=1)
        for _ in range(runs):
            project.add_run()
        print(f"{runs} runs of about {POINTS_A_RUN} points, on {os.cpu_count()} cores")
        print(f"{'':24}{'wall s':>8}{'CPU s':>8}{'MB':>8}")
        for name, change in (
            ("first build", None),
            ("nothing changed", None),
            ("one run more", project.add_run),
            ("one run goes on", project.append),
            ("nothing changed", None),
        ):
            if change:
                change()
            wall, used, size = measure(project.root)
            print(f"{name:24}{wall:8.2f}{used:8.2f}{size:8.0f}")


if __name__ == "__main__":
    main()
