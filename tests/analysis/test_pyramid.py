from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from staticrun.analysis.pyramid import bucket, coarsen, overview_width

NAN = float("nan")
values = st.floats(allow_nan=True, allow_infinity=True, width=32)
series = st.lists(
    st.tuples(st.integers(-(2**40), 2**40).map(lambda k: k / 4), values, st.booleans()),
    min_size=1, max_size=60, unique_by=lambda point: point[0],
).map(sorted)  # fmt: skip


def arrays(points):
    step, value, timed = (np.array(column, dtype=float) for column in zip(*points, strict=True))
    return step, value, np.where(timed > 0, 1e9 + step, NAN)


@given(series, st.integers(-2, 40))
def test_a_bucket_says_of_its_points_what_is_so(points, width):
    step, value, time = arrays(points)
    found = bucket(step, value, time, width)
    place = np.floor(step / 2.0**width)

    assert found.at.tolist() == sorted(set(place.tolist()))
    for i, at in enumerate(found.at):
        own, finite = value[place == at], value[(place == at) & np.isfinite(value)]
        assert found.n[i] == len(finite)
        assert found.nonfinite[i] == len(own) - len(finite)
        assert found.sum[i] == pytest.approx(finite.sum(), rel=1e-6, abs=1e-6)
        assert np.array_equal([found.first[i], found.last[i]], own[[0, -1]], equal_nan=True)
        if len(finite):
            assert (found.min[i], found.max[i]) == (finite.min(), finite.max())
        else:
            assert np.isnan([found.min[i], found.max[i]]).all()
        times = time[(place == at) & ~np.isnan(time)]
        assert np.array_equal(found.time[i], times[-1] if len(times) else NAN, equal_nan=True)


@given(series, st.integers(-2, 20), st.integers(0, 20))
def test_a_level_made_of_a_finer_one_is_the_one_made_of_the_points(points, width, more):
    step, value, time = arrays(points)
    made = coarsen(bucket(step, value, time, width), width + more)
    direct = bucket(step, value, time, width + more)

    for name in direct._fields:
        one, other = getattr(made, name), getattr(direct, name)
        if name == "sum":
            assert np.allclose(one, other, rtol=1e-9, atol=1e-6 * np.nanmax(np.abs(other) + 1))
        else:
            assert np.array_equal(one, other, equal_nan=True), name


@given(series, st.integers(2, 30))
def test_the_overview_has_as_many_buckets_as_fit(points, most):
    step, value, time = arrays(points)
    width = overview_width(step, most)

    assert len(bucket(step, value, time, width).at) <= most
    if len(step) > 1:
        assert len(bucket(step, value, time, width - 3).at) > most or len(step) <= most * 8


def test_the_range_of_a_mean_is_that_of_what_it_is_the_mean_of():
    step = np.arange(4.0)
    found = bucket(step, step, step, 2, low=step - 1, high=np.array([9, 1, NAN, 3.0]))

    assert (found.min.tolist(), found.max.tolist()) == ([-1], [9])
