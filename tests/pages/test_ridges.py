"""Ridges: every histogram that is one is drawn, with its weight where its values are."""

import math
import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from staticrun.pages.ridges import (
    COLUMNS,
    HEIGHT,
    beyond,
    distribution,
    draw,
    drawn_limits,
)

MAX = 1.7976931348623157e308


def drawn(*found, text="a drawing"):
    return ET.fromstring(draw(found, text))  # noqa: S314 - drawn here


def ridges(svg):
    """Give for each ridge its points, without its feet: (column, pixels down)."""
    found = []
    for path in svg.iter("path"):
        numbers = [int(n) for n in re.findall(r"-?\d+", path.get("d"))]
        points = zip(numbers[::2], numbers[1::2], strict=True)
        found.append([(x / 2, y / 10) for x, y in points][1:-1])
    return found


def peak(points):
    return min(points, key=lambda point: point[1])[0] / COLUMNS


def test_the_weight_is_where_the_values_are():
    one = distribution(0, [0, 1, 2, 3, 4], [1, 0, 0, 9])
    (points,) = ridges(drawn(one))
    down = dict(points)

    assert down[COLUMNS - 0.5] == 0
    assert down[0.5] == pytest.approx(HEIGHT * 8 / 9, abs=0.1)
    assert down[COLUMNS / 2 + 0.5] == HEIGHT


def test_bins_of_unequal_width_are_drawn_by_density():
    # The same values: twenty in 0 to 1, twenty in 1 to 5.
    fine = distribution(0, [0, 1, 2, 3, 4, 5], [20, 5, 5, 5, 5])
    coarse = distribution(0, [0, 1, 5], [20, 20])

    assert ridges(drawn(fine)) == ridges(drawn(coarse))


def test_edges_that_differ_from_step_to_step_share_one_axis():
    svg = drawn(distribution(0, [-1, 0, 1], [1, 3]), distribution(9, [4, 6, 8, 10], [0, 0, 2]))
    texts = [t.text for t in svg.iter("text") if t.get("y") == str(HEIGHT + 16)]
    early, late = ridges(svg)

    assert texts == ["0", "5", "10"]
    assert peak(early) < 0.2
    assert peak(late) > 0.8


def test_the_latest_step_stands_below_and_in_front():
    steps = [distribution(n * 100, [0, 1, 2], [1, 1]) for n in range(5)]
    svg = drawn(*steps)
    names = [(t.text, float(t.get("y"))) for t in svg.iter("text") if t.get("x") == "-6"]
    classes = [path.get("class") for path in svg.iter("path")]

    assert [text for text, _ in names] == ["0", "100", "200", "300", "400"]
    assert names == sorted(names, key=lambda name: name[1])
    assert names[-1][1] == HEIGHT
    assert classes == ["rg"] * 4 + ["rg last"]


@pytest.mark.parametrize(
    ("edges", "counts"),
    [
        ([0, 1], [0]),
        ([0, 1, 2], [0, 0]),
        ([0, 1, 2], [1, -1]),
        ([0, 1, 2], [1, float("nan")]),
        ([0, 1, 2], [1, float("inf")]),
        ([0, float("nan"), 2], [1, 1]),
        ([2, 1, 0], [1, 1]),
        ([0, 1], [1, 1]),
        ([0], []),
        ([], []),
        ([float("-inf"), float("inf")], [4]),
        ([float("-inf"), 0, 1, float("inf")], [4, 0, 4]),
    ],
)
def test_what_is_no_distribution_is_not_drawn(edges, counts):
    assert distribution(0, edges, counts) is None


def test_bins_without_an_end_are_left_out():
    one = distribution(0, [float("-inf"), 0, 1, float("inf")], [100, 3, 100])

    assert (one.edges.tolist(), one.counts.tolist()) == ([0, 1], [3])


@pytest.mark.parametrize(
    ("edges", "counts"),
    [
        ([5, 5], [3]),
        ([0, 5e-324], [1]),
        ([-MAX, MAX], [1]),
        ([-MAX, 0, MAX], [MAX, MAX]),
        ([MAX, MAX], [1]),
        ([1e-320, 2e-320, 3e-320], [1, 2]),
        ([0, 1e-300, 1, 1e300], [1, 1, 1]),
        ([1.0, np.nextafter(1.0, 2)], [1]),
        ([0, 0, 0, 1, 1, 1], [1, 5, 0, 3, 3]),
        ([0, 1, 2], [5e-324, 1e308]),
    ],
)
def test_extreme_edges_and_counts_are_drawn(edges, counts):
    svg = drawn(distribution(0, edges, counts))

    for points in ridges(svg):
        assert points
        assert all(0 <= x <= COLUMNS and 0 <= y <= HEIGHT for x, y in points)


@given(
    st.lists(
        st.tuples(
            st.lists(st.floats(), max_size=12), st.lists(st.floats(), max_size=12), st.booleans()
        ),
        min_size=1,
        max_size=8,
    )
)
def test_no_histogram_breaks_a_drawing(logged):
    found = []
    for step, (edges, counts, mended) in enumerate(logged):
        at = sorted(edge for edge in edges if not math.isnan(edge)) if mended else edges
        many = [abs(count) for count in counts[: len(at) - 1]] if mended and at else counts
        many += [1.0] * (len(at) - 1 - len(many)) if mended else []
        one = distribution(step, at, many)
        if one:
            found.append(one)
    if found:
        svg = drawn(*found)
        assert len(ridges(svg)) == len(found)
        for points in ridges(svg):
            assert points
            assert all(0 <= x <= COLUMNS and -0.1 <= y <= HEIGHT for x, y in points)


def test_edges_that_are_nearer_than_halves_can_tell_are_drawn():
    for edges, counts in (([0.0, 5e-324], [1.0]), ([0.0, 3.5e-297, 6.2e11], [199.0, 1.0])):
        assert len(ridges(drawn(distribution(0, edges, counts)))) == 1


def test_names_are_text_and_the_drawing_has_no_style():
    hostile = '</svg><script>alert(1)</script>"\x00\u202e'
    text = draw([distribution(0, [0, 1], [1])], hostile)

    assert "<script" not in text
    assert ET.fromstring(text).get("aria-label").startswith("</svg><script>")  # noqa: S314
    assert "style" not in text


@pytest.mark.parametrize("bins", [1, 64, 100_000])
def test_a_drawing_is_small_however_many_bins_there_are(bins, seed):
    rng = np.random.default_rng(seed)
    found = [
        distribution(n * 10**6, np.linspace(-n - 1, n + 1, bins + 1), rng.random(bins) + 0.1)
        for n in range(8)
    ]

    assert len(draw(found, "x")) <= 9_000


def test_an_outlier_does_not_flatten_what_it_stands_beside():
    edges = [*range(11), 1000, 1001]
    one = distribution(0, edges, [100] * 10 + [0, 1])

    assert drawn_limits([one]) == (0, 10)
    assert beyond([one]) == pytest.approx(1 / 1001)
    (points,) = ridges(drawn(one))
    assert min(x for x, _ in points) < 1
    assert max(x for x, _ in points) > COLUMNS - 1


def test_what_is_no_outlier_keeps_its_place():
    tail = distribution(0, [0, 1, 1000], [99, 1])
    near = distribution(0, [0, 1, 2.5], [999, 1])
    late = distribution(1, [900, 1000], [5])
    early = distribution(0, [0, 1], [5])

    assert drawn_limits([tail]) == (0, 1000)
    assert drawn_limits([near]) == (0, 2.5)
    assert drawn_limits([early, late]) == (0, 1000)
    assert beyond([tail]) == beyond([near]) == beyond([early, late]) == 0
