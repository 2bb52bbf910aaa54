"""Statistics of points, against the plainest way to compute them."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from staticrun.store.series import Series, Stats, describe, last_at_steps

points = st.lists(st.tuples(st.integers(0, 5).map(float), st.floats()), max_size=20)


def arrays(made):
    return np.array([s for s, _ in made]), np.array([v for _, v in made])


@given(points)
def test_statistics_are_those_of_plain_python(made):
    stats = describe(*arrays(made))
    finite = [(s, v) for s, v in made if math.isfinite(v)]

    assert (stats.n, stats.nonfinite) == (len(made), len(made) - len(finite))
    if made:
        assert [stats.first, stats.last, stats.last_step] == [
            made[0][1],
            made[-1][1],
            made[-1][0],
        ] or (math.isnan(made[0][1]) or math.isnan(made[-1][1]))
    if finite:
        low, high = min(v for _, v in finite), max(v for _, v in finite)
        assert (stats.min, stats.min_step) == (low, next(s for s, v in finite if v == low))
        assert (stats.max, stats.max_step) == (high, next(s for s, v in finite if v == high))
        exact = math.fsum(v / len(finite) for _, v in finite)
        assert low <= stats.mean <= high or math.isclose(stats.mean, exact, rel_tol=1e-9)
        assert math.isclose(
            stats.mean, exact, rel_tol=1e-9, abs_tol=1e-9 * max(-low, high, 1e-300)
        )
    else:
        assert (stats.min, stats.max, stats.mean) == (None, None, None)


def test_no_points_have_no_statistics():
    assert describe(np.empty(0), np.empty(0)) == Stats()


def test_the_mean_of_huge_values_does_not_overflow():
    assert describe(np.arange(4.0), np.full(4, 1.7e308)).mean == 1.7e308


@given(points)
def test_the_last_value_at_a_step_holds(made):
    step, value = last_at_steps(*arrays(made))

    expected = dict(made)
    assert step.tolist() == sorted(expected)
    assert np.array_equal(value, [expected[s] for s in sorted(expected)], equal_nan=True)


def test_superseded_points_are_in_no_statistic():
    step, value = np.array([1.0, 2.0, 3.0]), np.array([5.0, 9.0, 1.0])
    series = Series("x", "main", step, step, value, np.array([False, True, False]))

    assert len(series) == 3
    assert series.stats() == Stats(2, 0, 5, 1, 3, 1, 3, 5, 1, 3)
    assert [array.tolist() for array in series.at_steps()] == [[1, 3], [5, 1]]
