"""Curves: what several runs did on average, and fewer points that show the same.

Arrays are float64[n], a step and a value each, sorted by step. Nothing is smoothed and nothing is
interpolated: a mean at a step is over the runs that logged that step, and says how many they were.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """The mean of several curves.

    Attributes:
        step: float64[n], ascending, unique.
        mean: float64[n], over the members that have a finite value at the step; NaN where none.
        low: float64[n], the lowest of them.
        high: float64[n], the highest.
        n: int64[n], how many they are.
        members: How many curves went in.
    """

    step: Floats
    mean: Floats
    low: Floats
    high: Floats
    n: NDArray[np.int64]
    members: int


def mean_curve(curves: Sequence[tuple[Floats, Floats]], least: int = 1) -> Curve:
    """Average curves at each step that at least one of them has.

    Args:
        curves: A step and a value array each; steps ascend; of a repeated step the last counts.
            Non-finite values are left out, so that one diverged run does not blank the others;
            `n` tells.
        least: Keep only steps at which so many members have a finite value; 0 keeps also those
            at which none has.

    Returns:
        The mean with the band from the lowest to the highest member. The order of the curves
        changes no bit. Takes O(members * steps) memory.
    """
    import numpy as np

    arrays = [
        # Adding zero makes a negative zero positive: which of the two came first must not show.
        (np.asarray(step, np.float64) + 0.0, np.asarray(value, np.float64) + 0.0)
        for step, value in curves
    ]
    steps = np.unique(np.concatenate([step for step, _ in arrays] or [np.empty(0)]))
    steps = steps[np.isfinite(steps)]
    table = np.full((len(arrays), len(steps)), np.nan)
    for row, (step, value) in zip(table, arrays, strict=True):
        known = np.isfinite(step)
        row[np.searchsorted(steps, step[known])] = value[known]
    # Sorted columns (NaN last) make the sums, hence every bit, independent of the runs' order.
    table = np.sort(np.where(np.isfinite(table), table, np.nan), axis=0)
    n = np.count_nonzero(~np.isnan(table), axis=0)
    some = np.maximum(n, 1)
    # Divided before it is summed where the plain sum would leave float64.
    with np.errstate(over="ignore"):
        mean = np.nansum(table, axis=0) / some
    if not np.isfinite(mean).all():
        mean = np.where(np.isfinite(mean), mean, np.nansum(table / some, axis=0))
    columns = np.arange(len(steps))
    low = table[0] if len(table) else steps
    high = table[some - 1, columns] if len(table) else steps
    # A mean of equal numbers may round past them; the band holds its mean.
    mean = np.where(n > 0, np.clip(mean, low, high), np.nan)
    keep = n >= least
    return Curve(
        step=steps[keep],
        mean=mean[keep],
        low=low[keep],
        high=high[keep],
        n=n[keep].astype(np.int64),
        members=len(arrays),
    )


def thin(step: Floats, value: Floats, points: int) -> tuple[Floats, Floats]:
    """Leave out points that a drawing of so many points cannot show.

    Args:
        step: float64[n].
        value: float64[n]; non-finite values are gaps.
        points: About how many to keep, at least 4.

    Returns:
        At most `points` points, in order: the first and the last, and of each of equal buckets
        (by number, not by step) the lowest, the highest and, where it has one, a gap. All points
        when they are no more than `points`.
    """
    places = thin_places(value, points)
    return step[places], value[places]


def thin_places(value: Floats, points: int) -> Places:
    """Choose the places that `thin` keeps, ascending."""
    import numpy as np

    total = len(value)
    if total <= points:
        return np.arange(total)
    gap = ~np.isfinite(value)
    each = 3 if gap.any() else 2
    buckets = max((max(points, 4) - 2) // each, 1)
    size = -(-total // buckets)
    # Padded to whole buckets; the padding is neither lowest, highest nor a gap.
    padding = buckets * size - total
    shape = (buckets, size)
    lowest = np.concatenate([np.where(gap, np.inf, value), np.full(padding, np.inf)])
    highest = np.concatenate([np.where(gap, -np.inf, value), np.full(padding, -np.inf)])
    start = np.arange(buckets) * size
    chosen = [
        np.array([0, total - 1]),
        start + lowest.reshape(shape).argmin(axis=1),
        start + highest.reshape(shape).argmax(axis=1),
    ]
    if each == 3:
        holes = np.concatenate([gap, np.zeros(padding, bool)]).reshape(shape)
        chosen.append((start + holes.argmax(axis=1))[holes.any(axis=1)])
    places = np.unique(np.concatenate(chosen))
    return places[places < total]
