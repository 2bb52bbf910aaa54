from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from staticrun.analysis.curves import mean_curve, thin

values = st.floats(allow_nan=True, allow_infinity=True)
finite = st.floats(-1e6, 1e6)
curves = st.lists(st.dictionaries(st.integers(0, 12), finite, max_size=8), max_size=5)


def arrays(points):
    steps = sorted(points)
    return np.array(steps, float), np.array([points[step] for step in steps], float)


@given(curves)
def test_a_mean_is_over_the_runs_that_logged_the_step(members):
    curve = mean_curve([arrays(member) for member in members])
    assert curve.step.tolist() == sorted({step for member in members for step in member})
    for step, mean, low, high, n in zip(
        curve.step, curve.mean, curve.low, curve.high, curve.n, strict=True
    ):
        there = [member[int(step)] for member in members if int(step) in member]
        assert n == len(there)
        assert (low, high) == (min(there), max(there))
        assert low <= mean <= high
        np.testing.assert_allclose(mean, np.mean(there), rtol=1e-12, atol=1e-9)


@given(curves.flatmap(lambda members: st.tuples(st.just(members), st.permutations(members))))
def test_the_order_of_the_runs_changes_no_bit(pair):
    before, after = (mean_curve([arrays(member) for member in members]) for members in pair)
    for name in ("step", "mean", "low", "high", "n"):
        assert getattr(before, name).tobytes() == getattr(after, name).tobytes()


def test_a_value_that_is_not_finite_is_left_out_of_the_mean():
    step = np.array([0.0, 1.0])
    members = [(step, np.array([1.0, np.nan])), (step, np.array([3.0, np.inf]))]
    curve = mean_curve(members)
    assert (curve.step.tolist(), curve.mean.tolist(), curve.n.tolist()) == ([0.0], [2.0], [2])
    whole = mean_curve(members, least=0)
    assert (whole.n.tolist(), np.isnan(whole.mean).tolist()) == ([2, 0], [False, True])


def test_steps_of_few_members_can_be_left_out():
    long, short = np.arange(4.0), np.arange(2.0)
    curve = mean_curve([(long, long), (short, short)], least=2)
    assert (curve.step.tolist(), curve.members) == ([0.0, 1.0], 2)


def test_of_a_repeated_step_the_last_value_counts():
    assert mean_curve([(np.array([1.0, 1.0]), np.array([5.0, 7.0]))]).mean.tolist() == [7.0]


def test_huge_numbers_have_a_mean():
    step = np.array([0.0])
    assert mean_curve(
        [(step, np.array([1.5e308])), (step, np.array([1.7e308]))]
    ).mean.tolist() == [1.6e308]


def test_no_curve_has_no_mean():
    curve = mean_curve([])
    assert (len(curve.step), curve.members) == (0, 0)


@given(st.lists(values, max_size=300), st.integers(4, 80))
def test_thinning_keeps_ends_extremes_gaps_and_order(series, points):
    value = np.array(series, float)
    step = np.arange(len(value), dtype=float)
    kept, thinned = thin(step, value, points)
    assert len(kept) <= max(points, 0)
    assert (np.diff(kept) > 0).all()
    np.testing.assert_array_equal(value[kept.astype(int)], thinned)
    if len(value):
        assert (kept[0], kept[-1]) == (0, len(value) - 1)
    whole, part = value[np.isfinite(value)], thinned[np.isfinite(thinned)]
    if len(whole):
        assert (part.min(), part.max()) == (whole.min(), whole.max())
    assert np.isfinite(value).all() == np.isfinite(thinned).all()


def test_thinning_keeps_the_extremes_of_every_bucket():
    value = np.random.default_rng(1).normal(size=10_000)
    kept, thinned = thin(np.arange(10_000.0), value, 250)
    size = -(-10_000 // 124)
    for start in range(0, 10_000, size):
        inside = (kept >= start) & (kept < start + size)
        bucket = value[start : start + size]
        assert (thinned[inside].min(), thinned[inside].max()) == (bucket.min(), bucket.max())


def test_a_short_series_stays_whole():
    step = np.arange(250.0)
    assert thin(step, step, 250)[0] is not None
    assert len(thin(step, step, 250)[0]) == 250
