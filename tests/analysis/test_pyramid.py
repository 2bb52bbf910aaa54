from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from staticrun.analysis.pyramid import WIDTH_MIN, bucket, coarsen, narrowest

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


@given(series, series, st.integers(-2, 40))
def test_buckets_of_two_runs_add_up_to_those_of_all_their_points(one, other, width):
    """Where both runs have a bucket, counts and sums add up and the extremes are the outer ones."""
    steps_of_one = {step for step, _, _ in one}
    other = [point for point in other if point[0] not in steps_of_one]
    whole = bucket(*arrays(sorted(one + other)), width)
    parts = [bucket(*arrays(points), width) for points in (one, other) if points]
    at = np.concatenate([part.at for part in parts])

    assert sorted(set(at.tolist())) == whole.at.tolist()
    for i, place in enumerate(whole.at):
        n, total, low, high, nonfinite = (
            np.concatenate([getattr(part, name)[part.at == place] for part in parts])
            for name in ("n", "sum", "min", "max", "nonfinite")
        )
        assert (n.sum(), nonfinite.sum()) == (whole.n[i], whole.nonfinite[i])
        assert total.sum() == pytest.approx(whole.sum[i], rel=1e-6, abs=1e-6)
        assert np.array_equal(np.fmin.reduce(low), whole.min[i], equal_nan=True)
        assert np.array_equal(np.fmax.reduce(high), whole.max[i], equal_nan=True)


@given(series.filter(lambda points: len(points) > 5), st.integers(2, 5))
def test_the_narrowest_width_is_the_smallest_of_which_so_many_buckets_suffice(points, most):
    step, value, time = arrays(points)
    width = narrowest(step, most)

    assert len(bucket(step, value, time, width).at) <= most
    assert len(bucket(step, value, time, width - 1).at) > most


def test_a_step_far_from_the_others_does_not_widen_their_buckets():
    step = np.append(np.arange(1000.0), 2.0**52)

    assert narrowest(step, 512) == 1


@pytest.mark.parametrize(
    ("step", "width"),
    [
        (np.arange(2048.0) / 2**70, WIDTH_MIN),
        (np.append(np.arange(1025.0) * 1e-300, 2.0**53 - 1), WIDTH_MIN),
        (2.0**53 - np.arange(1.0, 2049)[::-1], 2),
        (np.arange(-1024.0, 1024), 2),
        (np.arange(2048.0) / 64, -4),
    ],
)
def test_steps_of_any_size_have_buckets(step, width):
    assert narrowest(step, 512) == width
    assert bucket(step, step, step, width).n.sum() == len(step)


def test_the_range_of_a_mean_is_that_of_what_it_is_the_mean_of():
    step = np.arange(4.0)
    found = bucket(step, step, step, 2, low=step - 1, high=np.array([9, 1, NAN, 3.0]))

    assert (found.min.tolist(), found.max.tolist()) == ([-1], [9])
