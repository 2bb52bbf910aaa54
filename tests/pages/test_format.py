"""What is printed is what was measured, the same on every machine."""

import doctest
import math
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staticrun.config import Metric
from staticrun.pages import format as fmt

FINITE = st.floats(allow_nan=False, allow_infinity=False)


def plain(text):
    return float(text.replace("\u2212", "-").replace(",", ""))


def test_the_examples_in_the_documentation_hold():
    assert doctest.testmod(fmt).failed == 0


@given(st.floats(-1e308, 1e308))
def test_a_number_is_printed_within_half_a_unit_of_its_fourth_digit(value):
    shown = plain(fmt.number(value))

    assert math.isclose(shown, value, rel_tol=6e-4)


@given(FINITE)
def test_the_exact_text_of_a_number_reads_back_as_the_number(value):
    assert plain(fmt.exact(value)) == value


@given(st.floats())
def test_every_float_has_a_text_without_a_hyphen(value):
    assert "-" not in fmt.number(value)
    assert fmt.number(value) != ""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (math.nan, "NaN"),
        (math.inf, "infinity"),
        (-math.inf, "\u2212infinity"),
        (None, "\u2013"),
        (-0.0, "0"),
        (0.98055, "0.9806"),
        (2900.0, "2900"),
        (10000.0, "10,000"),
        (123456.789, "123,457"),
        (-1.5e-9, "\u22121.5e\u22129"),
        (9.99996, "10"),
    ],
)
def test_numbers_have_few_digits_and_non_finite_ones_are_words(value, text):
    assert fmt.number(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (2e-6, "2 µs"),
        (0.0123, "12 ms"),
        (0.512, "0.51 s"),
        (12.34, "12.3 s"),
        (59.96, "1 min 00 s"),
        (64.2, "1 min 04 s"),
        (3840, "1 h 04 min"),
        (86_399, "1 d 00 h"),
        (200_000, "2 d 08 h"),
        (-5, "\u22125 s"),
        (math.nan, "NaN s"),
        (math.inf, "infinity s"),
        (None, "\u2013"),
    ],
)
def test_durations_have_their_two_largest_units(seconds, text):
    assert fmt.duration(seconds).replace("\u202f", " ").replace("\xa0", " ") == text


@given(st.floats())
def test_every_float_is_some_duration_and_some_date(value):
    assert fmt.duration(value)
    assert fmt.date(value)
    assert fmt.iso(value) == "" or fmt.iso(value).endswith("Z")


def test_a_date_is_absolute_and_says_its_zone():
    assert fmt.date(1795110180) == "19 Nov 2026, 17:43 UTC"
    assert fmt.iso(1795110180) == "2026-11-19T17:43:00Z"
    assert fmt.clock(1795110180.9) == "2026-11-19 17:43:00"
    assert fmt.date(1e300) == "Unix time 1e300"


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 B"), (999, "999 B"), (153_680, "153.7 kB"), (5_000_000, "5 MB")]
)
def test_sizes_are_decimal(count, text):
    assert fmt.size(count).replace("\u202f", " ") == text


def test_a_metric_is_printed_as_the_project_asks():
    share, loss = Metric(format=".1%"), Metric(unit="nats", format=".3f")

    assert fmt.quantity(0.98055, share) == ("98.1", "%")
    assert fmt.metric_value(0.5, loss) == "0.500\u202fnats"
    assert fmt.quantity(math.nan, loss) == ("NaN", "")
    assert fmt.unit(share) == "%"
    assert fmt.quantity(None, share) == ("\u2013", "")


def test_a_format_that_would_fill_the_memory_is_not_used():
    assert fmt.metric_value(1.5, Metric(format="1000000000f")) == "1.5"


def test_a_column_has_equal_decimals():
    assert fmt.column([0.9861, 0.98, None, math.nan]) == ["0.9861", "0.9800", "\u2013", "NaN"]
    assert fmt.column([0.5, 12.25]) == ["0.50", "12.25"]
    assert fmt.column([30.0, 4.0]) == ["30", "4"]
    assert fmt.column([1e-9, 1.0]) == ["1e\u22129", "1"]
    assert fmt.column([0.25, 12345.6]) == ["0.25", "12,346"]


@given(st.lists(FINITE | st.none(), max_size=8))
def test_a_column_loses_no_cell(values):
    cells = fmt.column(values)

    assert len(cells) == len(values)
    assert all(cells)


def test_params_are_spelled_as_one_would_type_them():
    assert fmt.scalar(-1e-5) == "-1e-5"
    assert fmt.scalar(3.0) == "3"
    assert fmt.scalar(0.1 + 0.2) == "0.30000000000000004"
    assert fmt.scalar([1, [2, "a"], {"b": None}]) == "1, [2, a], {b: null}"


def test_a_list_without_end_and_nesting_without_end_are_cut():
    deep = []
    for _ in range(5000):
        deep = [deep]

    assert fmt.scalar(list(range(1000))).endswith("98, 99, …")
    assert "…" in fmt.scalar(deep)


def test_a_name_that_cannot_be_seen_is_shown_by_its_code_points():
    assert fmt.label("\u200b") == "U+200B"
    assert fmt.label("") == "(empty)"
    assert fmt.label(" loss") == " loss"


def test_a_long_text_keeps_its_ends():
    assert fmt.short("a" * 50 + "b" * 50, 11) == "aaaaa…bbbbb"
    assert len(fmt.short("x" * 10_000, 80)) == 80


def test_locale_and_time_zone_change_nothing():
    """The machine's settings are read when a process starts, so two processes are compared."""
    program = (
        "import locale\n"
        "try: locale.setlocale(locale.LC_ALL, '')\n"
        "except locale.Error: pass\n"
        "from staticrun.pages import format as f\n"
        "print(ascii([f.date(1795110180), f.number(12345.6), f.clock(0), f.size(1500)]))"
    )

    def run(**settings):
        return subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, **settings},
            check=True,
            capture_output=True,
        ).stdout

    assert run(TZ="UTC", LC_ALL="C") == run(TZ="Asia/Kathmandu", LC_ALL="de_DE.UTF-8")
