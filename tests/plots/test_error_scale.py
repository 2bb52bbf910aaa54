from __future__ import annotations

import itertools
import math
import re
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from staticrun import layout
from staticrun.plots import Curves, Line, digest, draw, error_scale, load_style, notes
from staticrun.plots.ticks import MOST_ERRORS, error_ticks

STYLE = load_style(layout.bundled_themes() / "default" / "plots.mplstyle")
STEPS = tuple(map(float, range(5)))
SHARES = (0.3, 0.8, 0.9, 0.95, 0.98)


def figure(*lines, **spec):
    return Curves("val/acc", "", "step", lines, scale="error", **spec)


def read(spec):
    return fromstring(draw(spec, STYLE))  # noqa: S314 - what we wrote ourselves


def ticks(spec):
    """Give the numbers at the vertical axis, from below, and their heights."""
    found = [
        (text.text, float(text.get("y")))
        for text in read(spec).iter("text")
        if text.get("class") == "axis" and text.get("text-anchor") == "end"
    ]
    return dict(found)


def points(spec, name):
    (group,) = [g for g in read(spec).iter("g") if name in g.get("class").split()]
    numbers = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", group.find("path").get("d"))]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def test_shares_near_one_stand_as_far_apart_as_their_errors_are_times_each_other():
    spec = figure(Line("a", STEPS, SHARES, slot=1))

    heights = [y for _, y in points(spec, "mean")]

    rises = [before - after for before, after in itertools.pairwise(heights)]
    factors = [math.log(a / b) for a, b in itertools.pairwise(1 - share for share in SHARES)]
    assert rises == pytest.approx([rises[0] * one / factors[0] for one in factors], abs=0.2)
    assert notes(spec) == ("log error",)
    assert list(ticks(spec)) == ["0.5", "0.8", "0.9", "0.95", "0.98"]


def test_up_is_better_and_a_band_stays_around_its_mean():
    low, high = tuple(v - 0.02 for v in SHARES), tuple(v + 0.01 for v in SHARES)
    spec = figure(Line("a", STEPS, SHARES, low, high, slot=1))

    mean, band = points(spec, "mean"), points(spec, "band")

    lower, upper = band[: len(STEPS)], band[: len(STEPS) - 1 : -1]
    for (_, middle), (_, below), (_, above) in zip(mean, lower, upper, strict=True):
        assert above < middle < below
    # The band of the best share is the widest, as its errors differ the most.
    widths = [below - above for (_, below), (_, above) in zip(lower, upper, strict=True)]
    assert widths == sorted(widths)


def test_one_itself_stands_at_the_edge_one_tick_beyond_the_best_below_it():
    spec = figure(Line("a", STEPS, (0.5, 0.9, 0.98, 1.0, 0.97), slot=1))

    found = ticks(spec)

    assert list(found) == ["0.5", "0.8", "0.9", "0.95", "0.98", "1"]
    assert notes(spec) == ("log error, 1 at the edge",)
    top = min(y for _, y in points(spec, "mean"))
    assert top == pytest.approx(10.0)
    # 0.99 would stand there: as far above 0.98 as 0.95 is above 0.9.
    rise = found["0.98"] - found["1"]
    assert rise == pytest.approx(found["0.9"] - found["0.95"], abs=0.2)


def test_a_line_behind_never_reaches_an_edge_that_is_not_there():
    behind = Line("", STEPS, (0.5, 1.0, 1.0, 1.0, 1.0), kind="context")
    spec = figure(Line("a", STEPS, SHARES, slot=1), behind)

    assert notes(spec) == ("log error",)
    assert "1" not in ticks(spec)
    # It leaves the plot, whose top is at 10, and is cut off there.
    assert min(y for _, y in points(spec, "context")) < 0


def test_per_cent_are_ticked_in_per_cent():
    spec = figure(
        Line("a", STEPS, (30.0, 80.0, 90.0, 95.0, 100.0), slot=1),
        whole=100.0,
    )

    assert list(ticks(spec)) == ["50", "80", "90", "95", "100"]
    assert notes(spec) == ("log error, 100 at the edge",)


@pytest.mark.parametrize("value", [-0.1, 1.1])
def test_a_value_that_is_no_share_makes_the_axis_straight_and_is_told(value):
    spec = figure(Line("a", STEPS, (*SHARES[:-1], value), slot=1))

    assert notes(spec) == ("not log error, as not all values are from 0 to 1",)


@pytest.mark.parametrize("value", [1.0, 0.95, 1 - 1e-9])
def test_one_value_alone_has_a_straight_axis(value):
    spec = figure(Line("a", STEPS, (value,) * 5, slot=1))

    assert notes(spec) == ()
    assert list(ticks(spec)) == [f"{value:.4g}"]


def test_rounding_is_no_digit_of_an_accuracy():
    spec = figure(Line("a", STEPS, (*SHARES[:-1], 0.9999999999999998), slot=1))

    assert notes(spec) == ("log error, 1 at the edge",)


def test_the_scale_is_a_part_of_the_key_of_the_cache():
    line = Line("a", STEPS, SHARES, slot=1)
    specs = [
        Curves("val/acc", "", "step", (line,)),
        Curves("val/acc", "", "step", (line,), scale="log"),
        figure(line),
        figure(line, whole=100.0),
    ]

    assert len({digest(spec, STYLE) for spec in specs}) == 4


@pytest.mark.parametrize(
    ("low", "high", "texts"),
    [
        (0.0, 0.97, "0 0.5 0.8 0.9 0.95"),
        (0.1, 0.999, "0.5 0.9 0.95 0.99 0.995 0.999"),
        (0.91, 0.94, "0.91 0.92 0.93 0.94"),
        (0.2, 0.99999, "0.9 0.99 0.999 0.9999 0.99999"),
    ],
)
def test_ticks_are_round_shares(low, high, texts):
    assert " ".join(error_ticks(low, high).texts) == texts


@given(st.floats(0, 1 - 1e-6), st.floats(0, 1 - 1e-6), st.sampled_from([1.0, 100.0]))
def test_ticks_of_errors_are_few_distinct_and_inside(a, b, whole):
    low, high = min(a, b) * whole, max(a, b) * whole
    assume(high - low > 1e-9)
    found = error_ticks(low, high, whole)

    assert 1 <= len(found.values) <= MOST_ERRORS
    assert len(set(found.texts)) == len(found.texts) == len(found.values)
    assert all(low - 1e-12 <= value <= high for value in found.values)
    assert list(found.values) == sorted(found.values)


@given(st.floats(0, 1 - 2e-6), st.sampled_from([1.0, 100.0]))
def test_the_edge_is_beyond_the_best_and_no_more_than_a_tick(best, whole):
    best *= whole
    edge = error_scale.edge(best, whole)

    assert best < edge < whole
    assert (whole - best) / (whole - edge) < 2.5 + 1e-3
    assert error_scale.straighten(error_scale.bend(edge, whole), whole) == pytest.approx(edge)


@pytest.mark.parametrize(
    ("values", "results", "suits"),
    [
        ([0.1, 0.95], [0.95], True),
        ([0.1, 0.95, 0.3], [0.3], False),
        ([0.1, 0.9], [0.9], False),
        ([0.1, 1.2], [1.2], False),
        ([-0.1, 0.95], [0.95], False),
        ([], [], False),
    ],
)
def test_the_scale_is_for_shares_whose_best_result_is_near_one(values, results, suits):
    assert error_scale.suits(values, results) is suits
