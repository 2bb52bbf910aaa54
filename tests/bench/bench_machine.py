"""What sampling the machine takes of one core, against the 0.1 % that it may take.

    python tests/bench/bench_machine.py

The time of the processor that a sample takes is divided by the default interval; a slow machine
waits longer, so that the share is never exceeded.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import psutil

from staticrun.log.background import INTERVAL_S, SHARE
from staticrun.log.machine import Sampler

SAMPLES = 40


def main() -> None:
    """Measure, print."""
    with tempfile.TemporaryDirectory() as folder:
        sampler = Sampler(Path(folder))
        begin = time.process_time()
        for _ in range(SAMPLES):
            sampler.sample()
        cost = (time.process_time() - begin) / SAMPLES
    interval = max(INTERVAL_S, cost / SHARE)
    print(f"sample   {cost * 1e3:6.2f} ms of the processor, {len(psutil.pids())} processes")
    print(f"interval {interval:6.1f} s")
    print(f"share    {cost / interval:8.3%} of one core, at most {SHARE:.1%}")


if __name__ == "__main__":
    main()
