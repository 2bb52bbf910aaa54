"""What `run.log` with two metrics costs, against the least that any writer must do.

    python tests/bench/bench_log.py

The floor is `os.write` of the encoded record to a file of the same kind, with the time taken, in
the same process. Beside it stands what most loggers do at best: `json.dumps` into a buffered
file, which loses what is buffered when the process is killed. All take turns, and the best of
many rounds counts, so that the machine's mood cancels out of the ratios. Then: calls a second
from one thread and from four, and what `import staticrun; staticrun.start()` costs.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import staticrun
from staticrun.record.codec import encode
from staticrun.record.types import Metrics

if TYPE_CHECKING:
    from typing import TextIO

CALLS = 20_000
ROUNDS = 15
THREADS = 4
STARTS = 7
VALUES = {"train/loss": 0.31234, "val/acc": 0.92123}
START = """
import sys, time
before = set(sys.modules)
begin = time.perf_counter()
import staticrun
imported = time.perf_counter()
run = staticrun.start("bench", capture={capture})
started = time.perf_counter()
own = {{name.partition(".")[0] for name in set(sys.modules) - before}} - sys.stdlib_module_names
print(1000 * (imported - begin), 1000 * (started - imported), len(sys.modules), *sorted(own))
run.finish()
"""


def floor(descriptor: int) -> float:
    """Write records with nothing around them; seconds a call."""
    begin = time.perf_counter()
    for step in range(CALLS):
        record = Metrics(values=VALUES, step=step, time=time.time())
        os.write(descriptor, encode(record) + b"\n")
    return (time.perf_counter() - begin) / CALLS


def buffered(file: TextIO) -> float:
    """Write the same by json.dumps into a buffered file; seconds a call."""
    begin = time.perf_counter()
    for step in range(CALLS):
        record = {"type": "metrics", "values": VALUES, "step": step, "time": time.time()}
        file.write(json.dumps(record) + "\n")
    return (time.perf_counter() - begin) / CALLS


def logged(run: staticrun.Run, calls: int = CALLS) -> float:
    """Write the same by `Run.log`; seconds a call."""
    begin = time.perf_counter()
    for step in range(calls):
        run.log(VALUES, step=step)
    return (time.perf_counter() - begin) / calls


def together(run: staticrun.Run) -> float:
    """Write the same from four threads; seconds a call."""
    threads = [
        threading.Thread(target=logged, args=[run, CALLS // THREADS]) for _ in range(THREADS)
    ]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return (time.perf_counter() - begin) / CALLS


def started(folder: str, capture: object) -> tuple[float, float, int, list[str]]:
    """Start a run in a fresh process: ms of the import, ms of `start`, modules, packages."""
    found = [
        subprocess.run(
            [sys.executable, "-c", START.format(capture=capture)],
            cwd=folder,
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(staticrun.__file__).parents[1])},
        ).stdout.split()
        for _ in range(STARTS)
    ]
    imports, starts = ([float(one[index]) for one in found] for index in (0, 1))
    return statistics.median(imports), statistics.median(starts), int(found[0][2]), found[0][3:]


def main() -> None:
    """Measure, print."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "floor.jsonl")
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL)
        with (
            staticrun.start("bench", root=folder, capture=False) as run,
            Path(folder, "buffered.jsonl").open("a", encoding="utf-8") as file,
        ):
            rounds = [
                (floor(descriptor), buffered(file), logged(run), together(run))
                for _ in range(ROUNDS)
            ]
        os.close(descriptor)
        least, dumped, cost, threads = map(min, zip(*rounds, strict=True))
        print(f"floor                  {least * 1e6:8.2f} µs a record")
        print(
            f"json.dumps, buffered   {dumped * 1e6:8.2f} µs a record, {dumped / least:.2f} floors"
        )
        print(f"run.log                {cost * 1e6:8.2f} µs a record, {cost / least:.2f} floors")
        print(f"  from one thread      {1 / cost:8,.0f} calls a second")
        print(f"  from {THREADS} threads       {1 / threads:8,.0f} calls a second")
        for capture in (False, None):
            imports, starts, modules, packages = started(folder, capture)
            print(
                f"start, capture={capture!s:<8}{starts:8.1f} ms, after an import of {imports:.1f}"
            )
        print(
            f"  modules loaded       {modules:8} of which not Python's own: {' '.join(packages)}"
        )


if __name__ == "__main__":
    main()
