"""Means, intervals and differences over the few runs of a group.

Pure functions over plain numbers. Sums are exact (`statistics` of the standard library), so that
the order of the runs never changes a digit. Where a number cannot be known it is None and
`reason` says why in a clause; no interval is ever invented.

The quantiles and tails of Student's t are scipy's, taken from `scipy.special`; the formulas around
them are those of `scipy.stats`, with which the tests compare every number: `scipy.stats` takes
1.3 s to import, `scipy.special` 0.3 s.
"""

from __future__ import annotations

import math
import statistics
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

CONFIDENCE: Final = 0.95


class Interval(msgspec.Struct, frozen=True):
    """The mean of some values and how far it can be trusted.

    Attributes:
        n: How many finite values there are.
        mean: Their mean; None when n = 0.
        std: Sample standard deviation (n - 1); None when n < 2.
        low: Lower end of the Student-t interval of the mean.
        high: Its upper end.
        left_out: How many values were not finite, hence left out.
        reason: Why there is no interval; empty when there is one.
    """

    n: int
    mean: float | None = None
    std: float | None = None
    low: float | None = None
    high: float | None = None
    left_out: int = 0
    reason: str = ""

    @property
    def half(self) -> float | None:
        """Half the width of the interval: what stands after ±."""
        return None if self.high is None or self.low is None else (self.high - self.low) / 2


class Difference(msgspec.Struct, frozen=True):
    """The difference of two means.

    Attributes:
        delta: Mean of `a` less mean of `b`; None when one of them has no finite value.
        low: Lower end of the interval of the difference.
        high: Its upper end.
        p: Two-sided p-value of the hypothesis that the means are equal.
        test: Name of the test.
        n_a: How many finite values `a` has; pairs, in a paired test.
        n_b: The same for `b`.
        df: Degrees of freedom.
        left_out: How many values or pairs were left out as not finite or without partner.
        reason: Why there is no interval and no p; empty when there are.
    """

    delta: float | None
    low: float | None
    high: float | None
    p: float | None
    test: str
    n_a: int
    n_b: int
    df: float | None = None
    left_out: int = 0
    reason: str = ""

    @property
    def holds_zero(self) -> bool | None:
        """Whether the interval holds zero; None when there is no interval."""
        return None if self.low is None or self.high is None else self.low <= 0 <= self.high


def mean_interval(values: Sequence[float], confidence: float = CONFIDENCE) -> Interval:
    """Give the mean of values with its Student-t interval.

    Args:
        values: Any finite or non-finite numbers; the latter are left out and counted.
        confidence: Between 0 and 1.

    Returns:
        An interval of low and high None, with a reason, for fewer than two finite values and for
        values that are all equal: identical runs say nothing of the spread.
    """
    finite = _finite(values)
    n, left_out = len(finite), len(values) - len(finite)
    if not n:
        return Interval(n=0, left_out=left_out, reason="no finite value")
    mean = _mean(finite)
    if n == 1:
        return Interval(n=1, mean=mean, left_out=left_out, reason="one value has no interval")
    std = _std(finite)
    if std == 0:
        reason = f"all {n} values are equal"
        return Interval(n=n, mean=mean, std=0.0, left_out=left_out, reason=reason)
    half = _quantile(n - 1, confidence) * std / math.sqrt(n)
    low, high = mean - half, mean + half
    if not (math.isfinite(low) and math.isfinite(high)):
        reason = "the spread is beyond the numbers of this machine"
        return Interval(n=n, mean=mean, std=_known(std), left_out=left_out, reason=reason)
    return Interval(n=n, mean=mean, std=std, low=low, high=high, left_out=left_out)


def welch(a: Sequence[float], b: Sequence[float], confidence: float = CONFIDENCE) -> Difference:
    """Test whether two groups have different means, without assuming equal variances.

    Args:
        a: Values of the candidate; non-finite ones are left out and counted.
        b: Values of the baseline.
        confidence: Of the interval, between 0 and 1.

    Returns:
        `a` less `b`. No interval and no p, with a reason, when a group has fewer than two finite
        values or neither has any variance.

    Source: B. L. Welch, Biometrika 34 (1947), with Satterthwaite's degrees of freedom, as
    `scipy.stats.ttest_ind(a, b, equal_var=False)` and its `confidence_interval`.
    """
    test = "Welch's t test"
    x, y = _finite(a), _finite(b)
    left_out = len(a) + len(b) - len(x) - len(y)
    if not x or not y:
        return _unknown(test, x, y, left_out, "one side has no finite value")
    if len(x) < 2 or len(y) < 2:
        return _unknown(test, x, y, left_out, "one side has a single value")
    part_x, part_y = _std(x) / math.sqrt(len(x)), _std(y) / math.sqrt(len(y))
    if part_x == 0 and part_y == 0:
        return _unknown(test, x, y, left_out, "neither side varies")
    error = math.hypot(part_x, part_y)
    # Shares of the variance first: squares of tiny or huge errors leave float64.
    share_x, share_y = (part_x / error) ** 2, (part_y / error) ** 2
    df = 1 / (share_x**2 / (len(x) - 1) + share_y**2 / (len(y) - 1))
    delta = _mean(x) - _mean(y)
    return _tested(test, delta, error, df, (len(x), len(y)), left_out, confidence)


def paired(
    a: Mapping[Hashable, float], b: Mapping[Hashable, float], confidence: float = CONFIDENCE
) -> Difference:
    """Test whether pairs differ: runs of two groups that share a seed.

    Only for who asks for it: pairing by seed supposes that the seed does the same to both.

    Args:
        a: Seed → value of the candidate.
        b: Seed → value of the baseline.
        confidence: Of the interval, between 0 and 1.

    Returns:
        The mean of `a` less `b` over the seeds that both have with a finite value; seeds that
        only one has, or without a finite value, are left out and counted.

    Source: as `scipy.stats.ttest_rel`.
    """
    test = "paired t test"
    shared = [key for key in a if key in b and math.isfinite(a[key]) and math.isfinite(b[key])]
    left_out = len({*a, *b}) - len(shared)
    differences = [a[key] - b[key] for key in shared]
    if len(shared) < 2:
        reason = "no pair shares a seed" if not shared else "a single pair has no interval"
        return _unknown(test, differences, [0.0] * len(shared), left_out, reason)
    std = _std(differences)
    if std == 0:
        reason = f"all {len(shared)} differences are equal"
        return _unknown(test, differences, [0.0] * len(shared), left_out, reason)
    n = len(shared)
    delta, error = _mean(differences), std / math.sqrt(n)
    return _tested(test, delta, error, float(n - 1), (n, n), left_out, confidence)


def _tested(
    test: str,
    delta: float,
    error: float,
    df: float,
    counts: tuple[int, int],
    left_out: int,
    confidence: float,
) -> Difference:
    from scipy.special import stdtr

    half = _quantile(df, confidence) * error
    low, high = delta - half, delta + half
    known = math.isfinite(low) and math.isfinite(high)
    return Difference(
        delta=_known(delta),
        low=low if known else None,
        high=high if known else None,
        p=float(2 * stdtr(df, -abs(delta / error))) if known else None,
        test=test,
        n_a=counts[0],
        n_b=counts[1],
        df=df,
        left_out=left_out,
        reason="" if known else "the spread is beyond the numbers of this machine",
    )


def _unknown(
    test: str, x: Sequence[float], y: Sequence[float], left_out: int, reason: str
) -> Difference:
    delta = _known(_mean(x) - _mean(y)) if x and y else None
    return Difference(
        delta=delta,
        low=None,
        high=None,
        p=None,
        test=test,
        n_a=len(x),
        n_b=len(y),
        left_out=left_out,
        reason=reason,
    )


def _finite(values: Sequence[float]) -> list[float]:
    return [float(value) for value in values if math.isfinite(value)]


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _mean(values: Sequence[float]) -> float:
    return statistics.mean(values)


def _std(values: Sequence[float]) -> float:
    try:
        return statistics.stdev(values)
    except OverflowError:
        return math.inf


def _quantile(df: float, confidence: float) -> float:
    """Give the t that leaves (1 - confidence) / 2 above it."""
    from scipy.special import stdtrit

    return float(stdtrit(df, (1 + confidence) / 2))
