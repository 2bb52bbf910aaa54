"""What a run and a group of runs came to: the numbers that tables, sentences and tests share.

A run's result for a metric is its last value, or else the number of that name in its summary. A
failed run did not come to its end: its value is shown, but it takes part in no mean and is never
called best. A mean is over runs that ended, finished or stopped; only where none did is it over
open ones, whose last value is that of a training half done. The page counts whom it leaves out.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from staticrun.record.numbers import to_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from staticrun.analysis.direction import Direction
    from staticrun.analysis.statistics import Interval
    from staticrun.store.run import Run

STATUSES = ("finished", "failed", "stopped", "open")


def value(run: Run, metric: str) -> float | None:
    """Give a run's result; None where it has none."""
    last = run.value(metric)
    if last is None and metric in run.summary:
        return to_number(run.summary[metric])
    return last


def has_ended(run: Run) -> bool:
    """Say whether a run's result may stand for it: it did not fail."""
    return run.status != "failed"


def names(runs: Iterable[Run]) -> Counter[str]:
    """Count, for each metric and each number of a summary, the runs that have it."""
    found: Counter[str] = Counter()
    for run in runs:
        own = set(run.metrics)
        own.update(
            name
            for name, item in run.summary.items()
            if isinstance(item, int | float) and not isinstance(item, bool)
        )
        found.update(own)
    return found


@dataclass(frozen=True, slots=True)
class Result:
    """A group's result for one metric.

    Attributes:
        values: The finite results of the runs that count.
        interval: Their mean with its 95 % interval; None without a value.
        failed: Number of failed runs, left out.
        open: Number of open runs, left out since others ended.
        nonfinite: Number of runs that count but whose result is NaN or infinite.
        missing: Number of runs that count but have no such metric.
        half_done: Whether the runs that count are open, since none ended.
    """

    values: tuple[float, ...]
    interval: Interval | None
    failed: int
    open: int
    nonfinite: int
    missing: int
    half_done: bool

    @property
    def n(self) -> int:
        """How many runs stand behind the mean."""
        return len(self.values)

    @property
    def mean(self) -> float | None:
        """The mean, None without a value."""
        return self.interval.mean if self.interval else None


def counted(runs: Sequence[Run]) -> list[Run]:
    """Choose the runs that a mean is over: those that ended well, else those that are open."""
    ended = [run for run in runs if run.status in ("finished", "stopped")]
    return ended or [run for run in runs if has_ended(run)]


def result(runs: Sequence[Run], metric: str) -> Result:
    """Sum up what a group of runs came to."""
    from staticrun.analysis.statistics import mean_interval

    chosen = counted(runs)
    failed = sum(not has_ended(run) for run in runs)
    found = [value(run, metric) for run in chosen]
    present = [number for number in found if number is not None]
    finite = tuple(number for number in present if math.isfinite(number))
    return Result(
        finite,
        mean_interval(finite) if finite else None,
        failed,
        len(runs) - len(chosen) - failed,
        len(present) - len(finite),
        len(found) - len(present),
        any(run.status == "open" for run in chosen),
    )


def order(
    number: float | None, direction: Direction | None, *, ended: bool = True
) -> tuple[int, float]:
    """Give the place of a result in a table, as a key to sort by.

    Best first, then the finite results of failed runs, then NaN and the infinities, then runs
    without one. Without a direction all finite results are equal, so that names decide.
    """
    if number is None:
        return 3, 0.0
    if not math.isfinite(number):
        return 2, 0.0
    if direction is None:
        return int(not ended), 0.0
    return int(not ended), number if direction == "min" else -number


def status_counts(runs: Iterable[Run]) -> dict[str, int]:
    """Count runs by status, in the order of `STATUSES`."""
    counts = dict.fromkeys(STATUSES, 0)
    for run in runs:
        counts[run.status] = counts.get(run.status, 0) + 1
    return counts
