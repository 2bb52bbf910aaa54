from __future__ import annotations

import itertools

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from staticrun.plots.ticks import MOST, linear_ticks, log_ticks

finite = st.floats(allow_nan=False, allow_infinity=False)
positive = st.floats(1e-300, 1e300)


@given(finite, finite)
def test_linear_ticks_are_few_distinct_and_inside(a, b):
    low, high = min(a, b), max(a, b)
    assume(high / 2 - low / 2 > 1e-12 * max(abs(low), abs(high)))
    ticks = linear_ticks(low, high)
    assert 1 <= len(ticks.values) <= MOST
    assert len(set(ticks.texts)) == len(ticks.texts) == len(ticks.values)
    assert all(low <= value <= high for value in ticks.values)
    assert list(ticks.values) == sorted(ticks.values)


@given(positive, positive)
def test_log_ticks_are_few_distinct_and_inside(a, b):
    low, high = min(a, b), max(a, b)
    assume(high > low * 1.001)
    ticks = log_ticks(low, high)
    assert 1 <= len(ticks.values) <= MOST
    assert len(set(ticks.texts)) == len(ticks.texts) == len(ticks.values)
    assert all(low <= value <= high for value in ticks.values)


@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_whole_ticks_are_whole(low, size):
    assert all(value.is_integer() for value in linear_ticks(low, low + size, whole=True).values)


@pytest.mark.parametrize(
    ("low", "high", "texts"),
    [
        (0, 1, "0 0.5 1"),
        (0.1, 0.99, "0.2 0.4 0.6 0.8"),
        (1, 30, "10 20 30"),
        (0, 30_000, "0 10k 20k 30k"),
        (0, 2_500_000, "0 1M 2M"),
        (-0.02, 0.02, "\N{MINUS SIGN}0.02 0 0.02"),
        (0, 3e-5, "0 1e-5 2e-5 3e-5"),
        (0, 2e9, "0 1e9 2e9"),
        (0.05, 0.35, "0.1 0.2 0.3"),
        (8_500, 9_900, "8500 9000 9500"),
    ],
)
def test_linear_ticks_are_written_short_and_exactly(low, high, texts):
    assert " ".join(linear_ticks(low, high).texts) == texts


@pytest.mark.parametrize(
    ("low", "high", "texts"),
    [
        (0.02, 2.3, "0.03 0.1 0.3 1"),
        (0.04, 0.6, "0.05 0.1 0.2 0.5"),
        (1e-7, 1e3, "1e-6 0.001 1 1000"),
        (0.55, 0.65, "0.55 0.6 0.65"),
    ],
)
def test_log_ticks_are_round(low, high, texts):
    assert " ".join(log_ticks(low, high).texts) == texts


def test_numbers_that_differ_late_are_written_as_a_sum():
    ticks = linear_ticks(1_000_000.0011, 1_000_000.0041)
    assert (ticks.base, ticks.texts) == ("1000000", ("+0.002", "+0.003", "+0.004"))


def test_a_single_value_has_a_single_tick():
    assert linear_ticks(0.1, 0.1).texts == ("0.1",)


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_neighbouring_ticks_are_equally_far(low, size):
    values = linear_ticks(low, low + size).values
    steps = [after - before for before, after in itertools.pairwise(values)]
    assert steps == pytest.approx([steps[0]] * len(steps) if steps else [], rel=1e-4)
