"""Every spelling of a number means one thing."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staticrun.record.numbers import WORDS, is_inexact, spell, to_number


@pytest.mark.parametrize("value", [True, False, "", "1", "NAN", "infinity", "+inf", [], {}, b"2"])
def test_what_is_no_number(value):
    assert to_number(value) is None


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("Infinity", math.inf),
        ("inf", math.inf),
        ("-Infinity", -math.inf),
        ("-inf", -math.inf),
        (10**400, math.inf),
        (-(10**400), -math.inf),
        (2**53 + 1, 2.0**53),
        (1.5, 1.5),
        (0, 0.0),
    ],
)
def test_what_a_number_is(value, number):
    assert to_number(value) == number
    assert isinstance(to_number(value), float)


@pytest.mark.parametrize("value", [None, "NaN", math.nan])
def test_what_is_not_a_number_by_name(value):
    assert math.isnan(to_number(value))


@given(st.floats())
def test_a_spelled_number_is_read_as_it_was(value):
    spelled = spell(value)

    assert math.isfinite(value) == isinstance(spelled, float)
    assert spelled in WORDS or spelled == value
    assert repr(to_number(spelled)) == repr(value)


@given(st.integers())
def test_an_integer_is_inexact_beyond_2_to_the_53(value):
    assert is_inexact(value) == (abs(value) > 2**53)


def test_what_is_no_integer_or_overflows_is_not_inexact():
    assert not any(map(is_inexact, [1e300, "9007199254740993", None, 10**400]))
