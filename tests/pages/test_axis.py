"""The scale of a small drawing holds its values, and its ticks lie on it."""

import math

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from staticrun.pages.axis import axis, ticks

FINITE = st.floats(allow_nan=False, allow_infinity=False)


def scale_of(*values):
    return axis([np.array(values, dtype=float)])


@given(st.lists(FINITE, min_size=1, max_size=20))
def test_every_value_lies_on_the_scale(values):
    scale = scale_of(*values)

    assert scale.low <= min(values) <= max(values) <= scale.high
    assert all(-1e-6 <= scale.height(value) <= 1 + 1e-6 for value in values)


@given(st.lists(FINITE, min_size=1, max_size=20))
@example([-1.2e308])
@example([1.7e308])
def test_one_to_three_ticks_lie_on_the_scale_and_read_differently(values):
    scale = scale_of(*values)
    found = ticks(scale)

    assert 1 <= len(found) <= 3
    assert all(-1e-6 <= scale.height(value) <= 1 + 1e-6 for value, _ in found)
    assert len({text for _, text in found}) == len(found)


def test_ticks_are_round():
    assert [text for _, text in ticks(scale_of(0.0, 1.0))] == ["0", "0.5", "1"]
    assert [text for _, text in ticks(scale_of(0.0, 29.0))] == ["0", "20"]
    assert [text for _, text in ticks(scale_of(1e-9, 3e-9))] == [
        "1e\u22129",
        "2e\u22129",
        "3e\u22129",
    ]


def test_thousands_and_millions_are_written_as_in_the_large_figures():
    assert [text for _, text in ticks(scale_of(167_096, 196_170))] == ["170k", "180k", "190k"]
    assert [text for _, text in ticks(scale_of(0, 2_500_000))] == ["0", "1M", "2M"]
    assert [text for _, text in ticks(scale_of(15_000, 15_400))] == ["15,000", "15,200", "15,400"]


def test_a_constant_is_its_own_tick():
    assert ticks(scale_of(0.1, 0.1)) == [(0.1, "0.1")]


def test_a_loss_that_falls_by_decades_is_drawn_on_a_logarithmic_scale():
    falling = scale_of(*(2 * math.exp(-step / 4) + 0.01 for step in range(30)))
    rising = scale_of(*(1 - 0.99 * math.exp(-step / 4) for step in range(30)))
    touching_zero = scale_of(*(2 * math.exp(-step) for step in range(30)), 0.0)

    assert (falling.log, rising.log, touching_zero.log) == (True, False, False)


def test_nothing_finite_has_no_scale():
    assert scale_of(math.nan, math.inf) is None
    assert axis([]) is None
