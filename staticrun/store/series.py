"""A series of points and what is said of it in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]
    Truths = NDArray[np.bool_]


class Stats(msgspec.Struct, frozen=True):
    """The statistics of a metric, over its points that are not superseded.

    `min`, `max` and `mean` are over the finite values; all in the metric's unit.

    Attributes:
        n: Number of points, the non-finite ones included.
        nonfinite: How many are NaN or infinite.
        first: Value of the first point in the order of the file; may be NaN.
        last: Value of the last point; may be NaN.
        last_step: Step of the last point.
        min: Smallest finite value; None when there is none.
        min_step: Step of its first occurrence.
        max: Largest finite value; None when there is none.
        max_step: Step of its first occurrence.
        mean: Mean of the finite values; None when there is none.
    """

    n: int = 0
    nonfinite: int = 0
    first: float | None = None
    last: float | None = None
    last_step: float | None = None
    min: float | None = None
    min_step: float | None = None
    max: float | None = None
    max_step: float | None = None
    mean: float | None = None


class Series(msgspec.Struct, frozen=True, eq=False):
    """The points of one metric, in the order in which they were written.

    A mean over several writers has one point a step, sorted by step. All arrays have one shape.

    Attributes:
        name: The metric.
        writer: Who logged it: `main`, `rank3`, …; empty for a mean over several writers.
        step: float64[n]; for use of the machine the number of the sample, from 0.
        time: float64[n], Unix seconds; NaN where no time was logged.
        value: float64[n], in the metric's unit; may be NaN or infinite.
        superseded: bool[n]; True where a later segment went back to this step or before it.
        low: float64[n], the smallest value among the writers; None unless it is a mean.
        high: float64[n], the largest value among the writers; None unless it is a mean.
        count: int64[n], how many writers logged the step; None unless it is a mean.
    """

    name: str
    writer: str
    step: Floats
    time: Floats
    value: Floats
    superseded: Truths
    low: Floats | None = None
    high: Floats | None = None
    count: Integers | None = None

    def __len__(self) -> int:
        return len(self.step)

    def at_steps(self) -> tuple[Floats, Floats]:
        """Give one value a step: the last that was logged.

        Returns:
            step: float64[m], ascending, without repetition.
            value: float64[m]. Superseded points are left out.
        """
        live = ~self.superseded
        return last_at_steps(self.step[live], self.value[live])

    def value_at(self, step: float) -> float | None:
        """Give the value at a step, or the last one before it; None where there is none."""
        steps, values = self.at_steps()
        place = int(steps.searchsorted(step, side="right")) - 1
        return float(values[place]) if place >= 0 else None

    def stats(self) -> Stats:
        """Sum the series up; superseded points are left out."""
        live = ~self.superseded
        return describe(self.step[live], self.value[live])


def last_at_steps(step: Floats, value: Floats) -> tuple[Floats, Floats]:
    """Sort points by step and keep the last of each.

    Args:
        step: float64[n], in any order.
        value: float64[n].

    Returns:
        step: float64[m], ascending, without repetition.
        value: float64[m].
    """
    import numpy as np

    order = np.argsort(step, kind="stable")
    step, value = step[order], value[order]
    last = np.append(step[1:] != step[:-1], True)[: len(step)]
    return step[last], value[last]


def describe(step: Floats, value: Floats) -> Stats:
    """Sum points up.

    Args:
        step: float64[n], in the order of the file.
        value: float64[n], may hold NaN and infinities.
    """
    import numpy as np

    n = len(value)
    if n == 0:
        return Stats()
    finite = np.isfinite(value)
    good = int(np.count_nonzero(finite))
    stats = Stats(
        n=n,
        nonfinite=n - good,
        first=float(value[0]),
        last=float(value[-1]),
        last_step=float(step[-1]),
    )
    if not good:
        return stats
    if good < n:
        step, value = step[finite], value[finite]
    low, high = int(value.argmin()), int(value.argmax())
    with np.errstate(over="ignore"):
        mean = float(value.mean())
    if not np.isfinite(mean):  # the sum of huge values overflows where their mean does not
        with np.errstate(over="ignore"):  # of the largest ones by the last digit alone
            mean = float((value / good).sum())
        mean = min(max(mean, float(value[low])), float(value[high]))
    return msgspec.structs.replace(
        stats,
        min=float(value[low]),
        min_step=float(step[low]),
        max=float(value[high]),
        max_step=float(step[high]),
        mean=mean,
    )
