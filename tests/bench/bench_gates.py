"""What a test of predictions costs: time, and the most memory, of each in a process of its own.

    python tests/bench/bench_gates.py [ROWS RESAMPLES]

Once as a gate does it, from the bytes of two CSV files to the verdict's numbers, for every measure
and test.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import time
from pathlib import Path

CODE = Path(__file__).parents[2]
ROWS, RESAMPLES = 48_210, 2_000
CASES = (
    *((name, "bootstrap") for name in ("accuracy", "f1", "auc", "log-loss", "brier", "rmse")),
    ("accuracy", "permutation"),
    ("auc", "permutation"),
    ("accuracy", "mcnemar"),
)


def made(rows: int, measure: str, skill: float) -> bytes:
    """Write the predictions of a model."""
    rng = random.Random(f"{measure} {skill}")
    lines = ["id,target,prediction,region"]
    for number in range(rows):
        target = number % 2
        right = rng.random() < skill
        said = (target if right else 1 - target) if measure in ("accuracy", "f1") else None
        noisy = 0.5 + (target - 0.5) * skill / 2 + (rng.random() - 0.5) / 2
        score = said if said is not None else f"{min(max(noisy, 0), 1):.6f}"
        lines.append(f"row-{number},{target},{score},{rng.choice('nesw')}")
    return "\n".join(lines).encode()


def once(measure: str, test: str, rows: int, resamples: int) -> None:
    """Judge as a gate does, and print what that took."""
    from staticrun.analysis.measures import measure as of
    from staticrun.registry.gates.paired import compare
    from staticrun.registry.kinds import Paired
    from staticrun.registry.predictions import Columns, demand_same_rows, read

    files = [made(rows, measure, skill) for skill in (0.81, 0.80)]
    gate = Paired(metric="m", measure=measure, predictions="p.csv", test=test, resamples=resamples)  # type: ignore[arg-type]
    begun = time.perf_counter()
    ours, theirs = (read(data, Columns(), "p.csv") for data in files)
    demand_same_rows(ours, theirs, "p.csv")
    parsed = time.perf_counter()
    found = compare(gate, of(measure), ours, theirs)
    ended = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{measure:<9} {test:<12} read {parsed - begun:6.2f} s, test {ended - parsed:6.2f} s, "
        f"{peak:6.0f} MB, p = {found.p:.4g}"
    )


def main() -> None:
    """Time every case."""
    rows, resamples = (
        (int(word) for word in sys.argv[1:]) if len(sys.argv) > 2 else (ROWS, RESAMPLES)
    )
    print(f"{rows:,} rows, {resamples:,} resamples")
    for measure, test in CASES:
        words = ["--once", measure, test, str(rows), str(resamples)]
        subprocess.run(
            [sys.executable, __file__, *words], check=True, env={"PYTHONPATH": str(CODE)}
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--once"]:
        once(sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
    else:
        main()
