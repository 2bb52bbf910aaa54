"""What `start` costs in a repository of 5,000 files with changes, and when the rest is there.

    python tests/bench/bench_start.py

Each round is a run in a process of its own, as a training is. `start` is what the training waits
for, `finish` what a run that ends at once waits for: the rest of its record.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

CODE = Path(__file__).parents[2]
FILES = 5_000
CHANGED = 200
ROUNDS = 9
TRAINING = """
import json, time
import staticrun
begin, own = time.perf_counter(), time.thread_time()
run = staticrun.start("bench", params={"lr": 0.1}, seed=1)
started, own = time.perf_counter(), time.thread_time() - own
run.finish()
print(json.dumps([started - begin, own, time.perf_counter() - started]))
"""


def make_repository(root: Path) -> None:
    """Write a repository with changed and with new files."""
    for number in range(FILES):
        path = root / f"part{number // 100}" / f"module{number}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"value = {number}\n" * 40)
    (root / "runs").mkdir()
    (root / "uv.lock").write_text("version = 1\n" * 2_000)
    settings = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    for words in (("init", "-q"), ("add", "."), (*settings, "commit", "-q", "-m", "first")):
        subprocess.run(["git", *words], cwd=root, check=True)
    for number in range(CHANGED):
        with (root / f"part{number // 100}" / f"module{number}.py").open("a") as stream:
            stream.write("changed = True\n")
    (root / "new.py").write_text("new = True\n")
    (root / "train.py").write_text(TRAINING)


def main() -> None:
    """Measure, print."""
    environment = {**os.environ, "PYTHONPATH": str(CODE)}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        make_repository(root)
        found = []
        for _ in range(ROUNDS):
            done = subprocess.run(
                [sys.executable, "train.py"],
                cwd=root,
                env=environment,
                check=True,
                capture_output=True,
                text=True,
            )
            found.append(json.loads(done.stdout))
    for name, times in zip(
        ("start", "of it CPU", "finish"), zip(*found, strict=True), strict=True
    ):
        ordered = sorted(1_000 * time for time in times)
        middle, most = statistics.median(ordered), ordered[-1]
        print(f"{name:9} median {middle:6.1f} ms, slowest {most:6.1f} ms")


if __name__ == "__main__":
    main()
