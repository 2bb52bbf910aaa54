"""A series summed up in buckets of equal width in steps, level upon level.

A bucket holds [i · 2^k, (i + 1) · 2^k): where it lies depends on no series. So buckets of one
width add up, over runs as over levels, and appending to a series changes its last bucket alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# log2 of the least width: steps that lie closer share a bucket, and no number overflows.
WIDTH_MIN = -64


class Buckets(NamedTuple):
    """Buckets of one width that hold a point, ascending; all arrays are float64[m].

    Attributes:
        width: k, of a width of 2^k steps; below 0 only where steps lie closer than 1.
        at: i, the bucket's place.
        n: How many of its values are finite.
        sum: Of the finite values.
        min: Of the finite values; NaN where there is none.
        max: The same.
        first: The first value; may be NaN or infinite.
        last: The last value.
        nonfinite: How many values are not finite.
        time: Of the last point that has one, Unix seconds; NaN where none has.
    """

    width: int
    at: Floats
    n: Floats
    sum: Floats
    min: Floats
    max: Floats
    first: Floats
    last: Floats
    nonfinite: Floats
    time: Floats


def bucket(
    step: Floats,
    value: Floats,
    time: Floats,
    width: int,
    low: Floats | None = None,
    high: Floats | None = None,
) -> Buckets:
    """Sum points up.

    Args:
        step: float64[n], ascending.
        value: float64[n]; may hold NaN and infinities.
        time: float64[n], Unix seconds; NaN where unknown.
        width: k, of a width of 2^k steps.
        low: float64[n], the smallest of what a value is the mean of; None for the value itself.
        high: The same, the largest.
    """
    at, starts, ends = _places(step, width)
    finite = np.isfinite(value)
    known = np.where(finite, value, np.nan)
    with np.errstate(over="ignore", invalid="ignore"):
        total = np.add.reduceat(np.where(finite, value, 0.0), starts)
    return Buckets(
        width,
        at,
        np.add.reduceat(finite, starts, dtype=np.float64),
        total,
        np.fmin.reduceat(_finite(known if low is None else low), starts),
        np.fmax.reduceat(_finite(known if high is None else high), starts),
        value[starts],
        value[ends - 1],
        np.add.reduceat(~finite, starts, dtype=np.float64),
        _last_known(time, starts, ends),
    )


def coarsen(fine: Buckets, width: int) -> Buckets:
    """Add buckets up to wider ones; as if they were made of the points, but for rounding of sums.

    Args:
        fine: Narrower buckets.
        width: At least theirs.
    """
    at, starts, ends = _places(fine.at, width - fine.width)
    with np.errstate(over="ignore", invalid="ignore"):
        total = np.add.reduceat(fine.sum, starts)
    return Buckets(
        width,
        at,
        np.add.reduceat(fine.n, starts),
        total,
        np.fmin.reduceat(fine.min, starts),
        np.fmax.reduceat(fine.max, starts),
        fine.first[starts],
        fine.last[ends - 1],
        np.add.reduceat(fine.nonfinite, starts),
        _last_known(fine.time, starts, ends),
    )


def narrowest(step: Floats, most: int) -> int:
    """Give the smallest width of which at most so many buckets hold a point.

    Args:
        step: float64[n], ascending, distinct, within ±2^53; n > most.
        most: At least 2: however wide buckets are, those below 0 and those above are two.

    Returns:
        k, of a width of 2^k steps; at least `WIDTH_MIN`.
    """
    # Points that lie 2^low apart have a bucket each; all lie within 2^high of 0.
    low = max(int(np.frexp(np.diff(step).min())[1]) - 1, WIDTH_MIN)
    high = max(low, int(np.frexp(np.abs(step).max())[1]))
    while low < high:  # a wider bucket holds whole narrower ones, so that their number falls
        middle = (low + high) // 2
        if len(_places(step, middle)[0]) > most:
            low = middle + 1
        else:
            high = middle
    return high


def _places(step: Floats, width: int) -> tuple[Floats, NDArray[np.int64], NDArray[np.int64]]:
    """Give the bucket numbers that occur, and where each begins and ends."""
    at = np.floor(np.ldexp(step, -width))  # by a power of two: exact
    bounds = np.flatnonzero(at[1:] != at[:-1]) + 1
    starts = np.concatenate([[0], bounds])
    return at[starts], starts, np.concatenate([bounds, [len(at)]])


def _finite(values: Floats) -> Floats:
    return np.where(np.isfinite(values), values, np.nan)


def _last_known(time: Floats, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Floats:
    place = np.where(np.isnan(time), -1, np.arange(len(time)))
    latest = np.maximum.accumulate(place)[ends - 1]
    return np.where(latest >= starts, time[latest], np.nan)
