from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from staticrun.analysis.statistics import Difference, Interval, mean_interval, paired, welch

NAN, INF = float("nan"), float("inf")
# scipy sums in float64 and squares; ours sums exactly: they agree to about 1e-9 where scipy is sound.
CLOSE = 1e-9
ADAM, SGD = [0.9889, 0.9861, 0.987], [0.9786, 0.9771, 0.98]
samples = st.lists(st.integers(-10_000, 10_000).map(lambda k: k / 64), min_size=2, max_size=9)


@given(samples)
def test_the_interval_is_that_of_scipy(values):
    ours = mean_interval(values)
    if len(set(values)) == 1:
        assert (ours.low, ours.high, ours.reason) == (
            None,
            None,
            f"all {len(values)} values are equal",
        )
        return
    low, high = stats.t.interval(
        0.95, len(values) - 1, loc=sum(values) / len(values), scale=stats.sem(values)
    )
    assert (ours.low, ours.high) == pytest.approx((low, high), rel=CLOSE, abs=CLOSE)
    assert ours.std == pytest.approx(stats.tstd(values), rel=CLOSE)


# scipy warns of cancellation where one side is constant; there ours is exact and it still agrees.
@pytest.mark.filterwarnings("ignore:Precision loss")
@given(samples, samples)
def test_welch_is_that_of_scipy(a, b):
    ours = welch(a, b)
    if len(set(a)) == 1 and len(set(b)) == 1:
        assert ours.reason == "neither side varies"
        return
    test = stats.ttest_ind(a, b, equal_var=False)
    interval = test.confidence_interval(0.95)
    assert ours.p == pytest.approx(test.pvalue, rel=1e-7, abs=1e-12)
    assert ours.df == pytest.approx(test.df, rel=CLOSE)
    assert (ours.low, ours.high) == pytest.approx(
        (interval.low, interval.high), rel=CLOSE, abs=1e-8
    )


@pytest.mark.filterwarnings("ignore:Precision loss")
@given(st.lists(st.tuples(st.integers(-999, 999), st.integers(-999, 999)), min_size=2, max_size=9))
def test_the_paired_test_is_that_of_scipy(pairs):
    a, b = ({seed: float(pair[side]) for seed, pair in enumerate(pairs)} for side in (0, 1))
    ours = paired(a, b)
    if len({x - y for x, y in pairs}) == 1:
        assert ours.reason == f"all {len(pairs)} differences are equal"
        return
    test = stats.ttest_rel(list(a.values()), list(b.values()))
    interval = test.confidence_interval(0.95)
    assert ours.p == pytest.approx(test.pvalue, rel=1e-7, abs=1e-12)
    assert (ours.low, ours.high) == pytest.approx(
        (interval.low, interval.high), rel=CLOSE, abs=1e-8
    )


@given(samples.flatmap(lambda values: st.tuples(st.just(values), st.permutations(values))))
def test_the_order_of_the_runs_changes_no_digit(pair):
    values, shuffled = pair
    assert mean_interval(values) == mean_interval(shuffled)
    assert welch(values, ADAM) == welch(shuffled, ADAM)


def test_welch_of_a_known_example():
    ours = welch(ADAM, SGD)
    assert ours.delta == pytest.approx(0.00876666666666667, rel=1e-12)
    assert (ours.low, ours.high) == pytest.approx(
        (0.00550218760820820, 0.0120311457251254), rel=CLOSE
    )
    assert ours.p == pytest.approx(0.00172970026785665, rel=CLOSE)
    assert (ours.test, ours.n_a, ours.n_b, ours.holds_zero) == ("Welch's t test", 3, 3, False)


def test_one_value_has_a_mean_and_no_interval():
    assert mean_interval([0.5]) == Interval(n=1, mean=0.5, reason="one value has no interval")


def test_equal_values_have_a_spread_of_zero_and_no_interval():
    expected = Interval(n=3, mean=0.1, std=0.0, reason="all 3 values are equal")
    assert mean_interval([0.1, 0.1, 0.1]) == expected


def test_values_that_are_not_finite_are_left_out_and_counted():
    assert mean_interval([NAN, INF, 2.0]) == Interval(
        n=1, mean=2.0, left_out=2, reason="one value has no interval"
    )
    assert mean_interval([NAN]) == Interval(n=0, left_out=1, reason="no finite value")
    assert mean_interval([]) == Interval(n=0, reason="no finite value")


def test_a_side_with_a_single_value_is_not_tested():
    expected = Difference(
        delta=1.0, low=None, high=None, p=None, test="Welch's t test", n_a=1, n_b=2, left_out=1,
        reason="one side has a single value",
    )  # fmt: skip
    assert welch([3.0, NAN], [1.0, 3.0]) == expected
    assert expected.holds_zero is None


def test_an_empty_side_has_no_difference():
    found = welch([], [1.0, 2.0])
    assert (found.delta, found.p, found.reason) == (None, None, "one side has no finite value")


def test_one_side_may_be_constant_and_both_may_not():
    assert welch([1.0, 1.0], [1.0, 2.0]).p == pytest.approx(0.5)
    found = welch([1.0, 1.0], [2.0, 2.0])
    assert (found.delta, found.low, found.p, found.reason) == (
        -1.0,
        None,
        None,
        "neither side varies",
    )


def test_seeds_without_a_partner_are_left_out_of_a_paired_test():
    found = paired({1: 3.0, 2: 4.0, 3: 9.0, 4: NAN}, {1: 1.0, 2: 1.0, 4: 1.0})
    assert (found.delta, found.n_a, found.left_out) == (2.5, 2, 2)
    assert paired({1: 1.0}, {2: 1.0}).reason == "no pair shares a seed"
    assert paired({1: 1.0}, {1: 2.0}).reason == "a single pair has no interval"


@pytest.mark.parametrize("scale", [1e-300, 1e-160, 1e160, 1e300])
def test_tiny_and_huge_numbers_keep_their_p(scale):
    ours = welch([scale * x for x in ADAM], [scale * x for x in SGD])
    assert ours.p == pytest.approx(welch(ADAM, SGD).p, rel=1e-6)
    assert ours.low is not None
    assert math.isfinite(ours.low)


def test_numbers_at_the_end_of_float64_make_no_infinite_interval():
    found = mean_interval([1.7e308, -1.7e308])
    assert (found.mean, found.low, found.reason) == (
        0.0,
        None,
        "the spread is beyond the numbers of this machine",
    )
    difference = welch([1.7e308, 1.6e308], [-1.7e308, -1.6e308])
    assert (difference.delta, difference.p) == (None, None)
