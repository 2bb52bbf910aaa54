"""What `run.log` with two metrics costs, against the least that any writer must do.

    python tests/bench/bench_log.py

The floor is `os.write` of the encoded record to a file of the same kind, with the time taken, in
the same process; the two take turns, and the best of many rounds counts, so that the machine's
mood cancels out of the ratio.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import staticrun
from staticrun.record.codec import encode
from staticrun.record.types import Metrics

CALLS = 20_000
ROUNDS = 15
VALUES = {"train/loss": 0.31234, "val/acc": 0.92123}


def floor(descriptor: int) -> float:
    """Write records with nothing around them; seconds a call."""
    begin = time.perf_counter()
    for step in range(CALLS):
        record = Metrics(values=VALUES, step=step, time=time.time())
        os.write(descriptor, encode(record) + b"\n")
    return (time.perf_counter() - begin) / CALLS


def logged(run: staticrun.Run) -> float:
    """Write the same by `Run.log`; seconds a call."""
    begin = time.perf_counter()
    for step in range(CALLS):
        run.log(VALUES, step=step)
    return (time.perf_counter() - begin) / CALLS


def main() -> None:
    """Measure, print."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "floor.jsonl")
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL)
        with staticrun.start("bench", root=folder, capture=False) as run:
            pairs = [(floor(descriptor), logged(run)) for _ in range(ROUNDS)]
        os.close(descriptor)
    least, cost = min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)
    print(f"floor    {least * 1e6:6.2f} µs a record")
    print(f"run.log  {cost * 1e6:6.2f} µs a record")
    print(f"ratio    {cost / least:6.2f}")


if __name__ == "__main__":
    main()
