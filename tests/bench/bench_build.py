"""What builds cost, against floors measured in the same run, and how that grows.

    python tests/bench/bench_build.py [RUNS ...]

The floor of a first build is its own rendering: what its templates take to become HTML. The floor
of every other build is a walk: a Python that starts and asks for the status of every file of the
inputs and of the site, and does nothing else. CPU seconds of one process, its start included;
ratios mean more than seconds. Growth is of the cost a run from the fewest runs to the most.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.story.project import Project  # noqa: E402 -- a script beside the tests' own data

RUNS = (100, 500, 2000)
BUILD = ("-m", "staticrun", "build", "--quiet", "--jobs", "1")
# A build that says how long its rendering took.
FIRST = """
import time
from pathlib import Path
from staticrun.pages.build import build
from staticrun.pages.render import Renderer

spent, render = 0.0, Renderer.render

def timed(*arguments):
    global spent
    began = time.process_time()
    page = render(*arguments)
    spent += time.process_time() - began
    return page

Renderer.render = timed
build(Path.cwd(), jobs=1)
print(spent)
"""
WALK = """
import os

def walk(folder):
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                walk(entry.path)
            else:
                entry.stat()

for folder in ("runs", "reports", "site"):
    walk(folder)
"""


def run(project: Path, *arguments: str) -> tuple[float, str]:
    """Run Python in a project; give its CPU seconds and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        sys.exit(done.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def measure(folder: Path, runs: int) -> dict[str, tuple[float, float]]:
    """Build a project of so many runs again and again.

    Returns:
        Build → its CPU seconds, and those of its floor.
    """
    project = Project(folder, seed=1)
    for _ in range(runs):
        project.add_run()
    first, rendering = run(project.root, "-c", FIRST)
    found = {"first build": (first, float(rendering))}
    walk = min(run(project.root, "-c", WALK)[0] for _ in range(3))
    again = min(run(project.root, *BUILD)[0] for _ in range(3))
    found["nothing changed"] = again, walk
    for name, change in (("one run more", project.add_run), ("one run goes on", project.append)):
        change()
        found[name] = run(project.root, *BUILD)[0], walk
    return found


def main() -> None:
    """Measure, print."""
    sizes = tuple(map(int, sys.argv[1:])) or RUNS
    found = {}
    for runs in sizes:
        with tempfile.TemporaryDirectory() as folder:
            found[runs] = measure(Path(folder, "project"), runs)
    heads = [f"{runs:>10,}" for runs in sizes]
    print(f"{'CPU ms a run, of so many runs':30}", *heads, "    growth")
    for name in found[sizes[0]]:
        each = [found[runs][name][0] / runs * 1e3 for runs in sizes]
        print(f"{name:30}", *(f"{ms:10.2f}" for ms in each), f"{each[-1] / each[0]:10.2f}")
    print(f"\n{'times the floor':30}", *heads)
    for name in found[sizes[0]]:
        ratios = [cost / floor for cost, floor in (found[runs][name] for runs in sizes)]
        floor = "its rendering" if name == "first build" else "a walk"
        print(f"{f'{name}: {floor}':30}", *(f"{ratio:10.1f}" for ratio in ratios))


if __name__ == "__main__":
    main()
