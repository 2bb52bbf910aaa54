"""Whether one model is better than another on the same examples, or only lucky.

Every test is one-sided: p is how easily a candidate that is not better would look as good. Where
chance is drawn it is drawn from `numpy.random.RandomState`, whose stream NumPy has frozen (NEP 19,
"Random number generator policy": `RandomState` stays bit for bit what it is; `Generator` may
change), and what is drawn is measured by exact sums (`staticrun.analysis.measures`), so that the
same seed gives the same p on every machine. Of `over_seeds` by Welch alone the last digits are
those of `scipy.special`.
"""

from __future__ import annotations

import math
from itertools import chain
from typing import TYPE_CHECKING, Literal

import msgspec
import numpy as np

from staticrun.analysis.measures import fixed_point, hits
from staticrun.analysis.statistics import CONFIDENCE, welch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from staticrun.analysis.direction import Direction
    from staticrun.analysis.measures import Floats, Ints, Measure, Scores, Values

RESAMPLES = 2000
# All swaps of so many examples are tried; of more, a sample.
EXACT_MAX = 12
# Numbers that are held at once, whatever the number of examples.
_HELD = 1 << 20
# Values that differ by less, relative to the larger one, are equal: sums may be taken apart in
# different ways that only rounding tells apart.
_SAME = 1e-12
# Terms of a binomial are kept with so many bits, so that none is lost that float64 could hold.
_BITS = 2200


class Paired(msgspec.Struct, frozen=True):
    """Two models on the same examples.

    Attributes:
        n: How many examples.
        candidate: The measure of the candidate.
        current: The measure of the other one.
        gain: By how much the candidate is better, above 0 in either direction.
        low: Lower end of the two-sided interval of the gain.
        high: Its upper end.
        p: One-sided: how easily one that is not better would look as good.
    """

    n: int
    candidate: float
    current: float
    gain: float
    low: float
    high: float
    p: float


class Discordant(msgspec.Struct, frozen=True):
    """Examples that one of two models has right.

    Attributes:
        candidate: How many only the candidate has right.
        current: How many only the other one has right.
        p: One-sided, exact.
    """

    candidate: int
    current: int
    p: float


class OverSeeds(msgspec.Struct, frozen=True):
    """Results of two groups of runs that differ in nothing but their seeds.

    Attributes:
        n_candidate: Runs of the candidate.
        n_current: Runs of the other one.
        candidate: Mean of the candidate's results.
        current: Mean of the other one's.
        gain: By how much the candidate is better, above 0 in either direction.
        low: Lower end of the two-sided interval of the gain; None where there is none.
        high: Its upper end.
        p: One-sided; None where nothing can be said.
        reason: Why there is no p; empty when there is one.
    """

    n_candidate: int
    n_current: int
    candidate: float
    current: float
    gain: float
    low: float | None = None
    high: float | None = None
    p: float | None = None
    reason: str = ""


def paired(
    measure: Measure,
    target: Values,
    candidate: Values,
    current: Values,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    confidence: float = CONFIDENCE,
    margin: float = 0.0,
) -> Paired:
    """Test by the paired bootstrap whether the candidate is better: examples are drawn anew.

    Args:
        measure: What is measured.
        target: What is true, an example each.
        candidate: What the candidate says of each.
        current: What the other model says of each.
        resamples: How many times as many examples are drawn, with replacement.
        seed: Of the draws, 0 to 2**32 - 1.
        confidence: Of the interval, between 0 and 1.
        margin: How much worse is no worse; 0 to ask whether it is better.

    Returns:
        The percentile interval of the gain, and p = (1 + number of resamples whose gain is
        not above -margin) / (resamples + 1). A resample without a value counts as no gain.

    Raises:
        UserError: As `Measure.scores`.

    Source: B. Efron and R. Tibshirani, An Introduction to the Bootstrap (1993), chapters 13 and
    16; B. Phipson and G. Smyth, Statistical Applications in Genetics and Molecular Biology 9
    (2010), for the 1 that keeps p above 0.
    """
    ours, theirs = measure.scores(target, candidate, current)
    n = len(target)
    weights = _resampled(np.random.RandomState(seed), n, resamples)
    every = np.ones((1, n), np.int64)
    values = [(ours.at(one), theirs.at(one)) for one in chain([every], weights)]
    new, old = (np.concatenate(side) for side in zip(*values, strict=True))
    gains = np.nan_to_num(measure.gain(new, old))
    low, high = _percentiles(gains[1:], confidence)
    p = _share(int((gains[1:] <= -margin).sum()), resamples)
    return Paired(n, float(new[0]), float(old[0]), float(gains[0]), low, high, p)


def permutation(
    measure: Measure,
    target: Values,
    candidate: Values,
    current: Values,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> float:
    """Test by swaps whether the candidate is better: who said what of an example is drawn anew.

    Where both models are alike, it does not matter whose prediction is whose.

    Args:
        measure: What is measured.
        target: What is true, an example each.
        candidate: What the candidate says of each.
        current: What the other model says of each.
        resamples: How many ways to swap are drawn, where they are not all tried.
        seed: Of the draws, 0 to 2**32 - 1.

    Returns:
        p: of all ways to swap, the share whose gain is not below that of none, up to `EXACT_MAX`
        examples, as `scipy.stats.permutation_test(permutation_type="samples",
        alternative="greater")`; of drawn ones (1 + their number) / (resamples + 1).

    Raises:
        UserError: As `Measure.scores`.

    Source: R. A. Fisher, The Design of Experiments (1935), 21; B. Phipson and G. Smyth,
    Statistical Applications in Genetics and Molecular Biology 9 (2010), for the 1.
    """
    n = len(target)
    (scores,) = measure.scores([*target, *target], [*candidate, *current])
    exact = n <= EXACT_MAX
    ways = _every_way(n) if exact else _some_ways(np.random.RandomState(seed), n, resamples)
    values = [_sides(scores, np.zeros((1, n), np.int64)), *(_sides(scores, one) for one in ways)]
    new, old = (np.concatenate(side) for side in zip(*values, strict=True))
    gains = measure.gain(new, old)
    alike = _SAME * max(abs(float(new[0])), abs(float(old[0])))
    found = int((gains[1:] >= gains[0] - alike).sum())
    return found / 2**n if exact else _share(found, resamples)


def mcnemar(target: Values, candidate: Values, current: Values) -> Discordant:
    """Test exactly whether the candidate has more examples right, by those that only one has.

    Args:
        target: The right label of each example.
        candidate: The candidate's.
        current: The other model's.

    Returns:
        p: the chance of as many for the candidate where each goes to either side alike, as
        `scipy.stats.binomtest(candidate, candidate + current, alternative="greater")`; 1 where
        there is none.

    Raises:
        UserError: As `Measure.scores`.

    Source: Q. McNemar, Psychometrika 12 (1947), as the exact binomial test.
    """
    ours, theirs = hits(target, candidate), hits(target, current)
    won, lost = int((ours & ~theirs).sum()), int((theirs & ~ours).sum())
    return Discordant(won, lost, _at_least(won, won + lost))


def over_seeds(
    candidate: Sequence[float],
    current: Sequence[float],
    *,
    direction: Direction,
    test: Literal["welch", "bootstrap"] = "welch",
    resamples: int = RESAMPLES,
    seed: int = 0,
    confidence: float = CONFIDENCE,
) -> OverSeeds:
    """Test whether the candidate's results are better than the other one's, over their seeds.

    Args:
        candidate: A finite result of each run of the candidate.
        current: A finite result of each run of the other one.
        direction: Which results are better.
        test: `welch`, one-sided, as `scipy.stats.ttest_ind(equal_var=False)`; or `bootstrap` of
            the difference of means, each side drawn anew: of few runs too sure of itself.
        resamples: How many times runs are drawn, for `bootstrap`.
        seed: Of the draws, 0 to 2**32 - 1.
        confidence: Of the interval, between 0 and 1.

    Returns:
        No interval and no p, with a reason, for fewer than two runs on a side, or where neither
        side varies: runs that a seed does not change say nothing of chance.

    Source: as `staticrun.analysis.statistics.welch`, and as `paired`.
    """
    said = welch(candidate, current, confidence)
    sign = 1 if direction == "max" else -1
    new, old = (math.fsum(one) / len(one) if one else math.nan for one in (candidate, current))
    gain = sign * (new - old)
    counts = len(candidate), len(current)
    known = OverSeeds(*counts, new, old, gain, reason=said.reason)
    if said.p is None or said.low is None or said.high is None:
        return known
    if test == "welch":
        low, high = sorted((sign * said.low, sign * said.high))
        p = said.p / 2 if gain > 0 else 1 - said.p / 2
        return msgspec.structs.replace(known, low=low, high=high, p=p)
    stream = np.random.RandomState(seed)
    drawn = [_means(stream, side, resamples) for side in (candidate, current)]
    gains = sign * (drawn[0] - drawn[1])
    low, high = _percentiles(gains, confidence)
    p = _share(int((gains <= 0).sum()), resamples)
    return msgspec.structs.replace(known, low=low, high=high, p=p)


def _resampled(stream: np.random.RandomState, n: int, resamples: int) -> Iterator[Ints]:
    """Draw how often each example counts, some resamples at a time."""
    for rows in _blocks(n, resamples):
        drawn = [np.bincount(stream.randint(0, n, n, dtype=np.int64), minlength=n) for _ in rows]
        yield np.array(drawn, np.int64)


def _some_ways(stream: np.random.RandomState, n: int, resamples: int) -> Iterator[Ints]:
    """Draw which examples are swapped."""
    for rows in _blocks(n, resamples):
        yield np.array([stream.randint(0, 2, n, dtype=np.int8) for _ in rows], np.int64)


def _means(stream: np.random.RandomState, values: Sequence[float], resamples: int) -> Floats:
    """Draw the mean of as many values anew."""
    n = len(values)
    (exact,), exponent = fixed_point(np.array(values, np.float64))
    sums = exact[stream.randint(0, n, (resamples, n), dtype=np.int64)].sum(axis=1)
    means: Floats = np.ldexp(sums / n, exponent)
    return means


def _every_way(n: int) -> Iterator[Ints]:
    yield np.arange(2**n, dtype=np.int64)[:, None] >> np.arange(n) & 1


def _blocks(n: int, resamples: int) -> Iterator[range]:
    size = max(1, _HELD // n)
    for begin in range(0, resamples, size):
        yield range(begin, min(begin + size, resamples))


def _sides(scores: Scores, swaps: Ints) -> tuple[Floats, Floats]:
    """Measure both sides after swaps, of what both models said one after the other."""
    kept = 1 - swaps
    return scores.at(np.hstack((kept, swaps))), scores.at(np.hstack((swaps, kept)))


def _percentiles(drawn: Floats, confidence: float) -> tuple[float, float]:
    """Give the two values between which lie as many of those drawn, symmetrically."""
    ranked = np.sort(drawn)
    # A trifle more: 1 - 0.9 is less than 0.1, and a count must not depend on that.
    place = max(1, int((len(drawn) + 1) * (1 - confidence) / 2 + 1e-9))
    return float(ranked[place - 1]), float(ranked[-place])


def _share(found: int, resamples: int) -> float:
    return (1 + found) / (resamples + 1)


def _at_least(hits: int, trials: int) -> float:
    """Give the chance of so many heads or more, in integers.

    Terms are taken relative to the one in the middle, where all others are smaller; both halves
    are alike, so that they add up to twice what lies above.
    """
    half = (trials + 1) // 2  # the first above the middle, or the middle itself
    middle = 1 << _BITS
    total, tail, term, at = 0, 0, middle, half
    while at <= trials and term:
        total += term
        tail += term if at >= hits else 0
        term, at = term * (trials - at) // (at + 1), at + 1
    whole = 2 * total - (0 if trials % 2 else middle)
    # Of fewer than half, what is missing lies below, as what is above the mirrored count.
    return tail / whole if hits >= half else 1 - _at_least(trials - hits + 1, trials)
