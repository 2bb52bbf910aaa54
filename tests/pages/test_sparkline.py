"""Small drawings: where points go, what is left out, and that they stay small."""

import re
import subprocess
import sys
import time
from itertools import pairwise
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from staticrun.pages.sparkline import HEIGHT, UNITS, Line, draw

STEPS = np.arange(5.0)


def drawn(*lines, text="a drawing"):
    return ET.fromstring(draw(lines, text)[0])  # noqa: S314 - drawn here


def paths(svg, name="ln"):
    return [p.get("d") for p in svg.iter("path") if name in p.get("class").split()]


def points(data):
    """Give the strokes of a path as lists of (x, y)."""
    strokes = []
    for stroke in re.split("M", data)[1:]:
        numbers = [int(n) for n in re.findall(r"-?\d+", stroke.removesuffix("h0"))]
        strokes.append(list(zip(numbers[::2], numbers[1::2], strict=True)))
    return strokes


def test_the_first_point_is_at_the_left_and_the_last_at_the_right():
    (stroke,) = points(paths(drawn(Line(STEPS, np.array([0, 1, 2, 3, 4.0]))))[0])

    assert [x for x, _ in stroke] == [0, 250, 500, 750, UNITS]
    assert stroke[0][1] > stroke[1][1] > stroke[-1][1]


@given(
    hnp.arrays(float, st.integers(1, 900), elements=st.floats(width=64)),
    st.floats(-1e300, 1e300, allow_nan=False),
)
def test_every_array_of_floats_is_drawn_inside_the_plot(values, first):
    steps = first + np.arange(float(len(values))) * max(1.0, abs(first) * 1e-6)
    svg = drawn(Line(steps, values))

    for data in paths(svg):
        for stroke in points(data):
            assert all(0 <= x <= UNITS and -1 <= y <= UNITS + 1 for x, y in stroke)


def step_axis(first, last):
    """Give (per cent across, text) of the step axis of a drawing from one step to another."""
    svg = drawn(Line(np.array([first, last]), np.array([1.0, 2.0])))
    texts = [t for t in svg.iter("text") if t.get("y") == str(HEIGHT + 16)]
    return [(t.get("x"), t.text) for t in texts]


@pytest.mark.parametrize(
    ("first", "last", "texts"),
    [
        (1, 300, ["100", "200", "300"]),
        (0, 39, ["0", "10", "20", "30"]),
        (1, 9, ["2", "4", "6", "8"]),
        (0, 1, ["0", "1"]),
        (7, 8, ["7", "8"]),
        (0, 50_000, ["0", "20k", "40k"]),
        (0, 1_234_567, ["0", "0.5M", "1M"]),
        (0.5, 2.25, ["0.5", "1", "1.5", "2"]),
        (-5, 5, ["\u22125", "0", "5"]),
    ],
)
def test_the_step_axis_has_round_numbers(first, last, texts):
    assert [text for _, text in step_axis(first, last)] == texts


def test_a_round_step_stands_where_its_points_do():
    assert step_axis(0.0, 40.0) == [("0%", "0"), ("50%", "20"), ("100%", "40")]


@pytest.mark.parametrize(
    ("first", "last", "texts"),
    [
        (1_000_000, 1_000_001, ["1,000,000", "1,000,001"]),
        (2.0**53, 2.0**53 + 4, ["9007199254740992", "9007199254740996"]),
    ],
)
def test_steps_that_nothing_round_tells_apart_are_named_at_both_ends(first, last, texts):
    assert step_axis(first, last) == [(None, texts[0]), ("100%", texts[1])]


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(allow_nan=False, allow_infinity=False),
)
def test_every_two_steps_have_an_axis_whose_texts_do_not_touch(one, other):
    marks = step_axis(min(one, other), max(one, other))
    places = [float((x or "0%").removesuffix("%")) * 1.8 for x, _ in marks]

    assert 1 <= len(marks) <= 4
    assert all(0 <= place <= 180 for place in places)
    if len(marks) > 2:
        widths = [6.2 * len(text) for _, text in marks]
        assert all(b - a >= max(widths) for a, b in pairwise(places))


def test_a_phone_leaves_out_every_second_of_crowded_steps():
    svg = drawn(Line(np.array([0.0, 1999.0]), np.array([1.0, 2.0])))
    texts = [t for t in svg.iter("text") if t.get("y") == str(HEIGHT + 16)]

    assert [(t.text, t.get("class")) for t in texts] == [
        ("0", "c"), ("500", "c o"), ("1000", "c"), ("1500", "c o"),
    ]  # fmt: skip


def test_thinning_keeps_the_extremes():
    values = np.sin(np.arange(100_000.0) / 50)
    values[54_321], values[70_000] = 9.0, -9.0
    (stroke,) = points(paths(drawn(Line(np.arange(100_000.0), values)))[0])
    heights = [y for _, y in stroke]

    assert len(stroke) <= 320
    # The scale has 4 % of room above and below.
    assert min(heights) == pytest.approx(37, abs=1)
    assert max(heights) == pytest.approx(UNITS - 37, abs=1)


def test_what_is_not_finite_is_a_gap_and_a_lonely_point_a_dot():
    values = np.array([1.0, np.nan, 2.0, np.inf, 3.0])
    (data,) = paths(drawn(Line(STEPS, values)))

    assert data.count("M") == 3
    assert data.count("h0") == 3


def test_nothing_finite_is_said_in_words():
    svg, scale = draw([Line(STEPS, np.full(5, np.nan))], "all NaN")

    assert scale is None
    assert "no finite value" in svg
    assert "<path" not in svg


@pytest.mark.parametrize(
    ("ended", "mark"), [("failed", "xx"), ("stopped", "pt"), ("open", "po"), ("finished", None)]
)
def test_the_end_says_how_the_run_ended(ended, mark):
    svg = drawn(Line(STEPS, np.array([1.0, 2, 3, 4, np.nan]), ended=ended))
    marks = [e.get("class") for e in svg.iter() if (e.get("class") or "") in ("xx", "pt", "po")]
    places = [e.get("x") for e in svg.iter("svg") if e.get("x")]

    assert marks == ([mark] if mark else [])
    # At the last finite point, not at the last step.
    assert places == (["75.0%"] if mark else [])


def test_superseded_points_are_ghosts_in_stretches_of_rising_step():
    line = Line(
        STEPS, STEPS, ghosts=(np.array([2.0, 3.0, 4.0, 2.0, 3.0]), np.array([5.0, 6, 7, 8, 9]))
    )
    svg = drawn(line)

    assert len(paths(svg, "ghost")) == 2
    assert len(paths(svg, "ln")) == 3


def test_a_band_runs_from_the_lowest_to_the_highest():
    svg = drawn(Line(STEPS, STEPS, low=STEPS - 1, high=STEPS + 1))

    assert len(paths(svg, "bd")) == 1


def test_labels_at_the_ends_do_not_touch():
    lines = [Line(STEPS, np.full(5, 1 + n / 1000), label=f"run {n}", slot=n + 1) for n in range(4)]
    svg = drawn(*lines)
    heights = sorted(float(t.get("y")) for t in svg.iter("text") if "lab" in t.get("class", ""))

    assert len(heights) == 4
    assert min(b - a for a, b in pairwise(heights)) >= 12
    assert heights[-1] <= HEIGHT + 6


def labels(svg):
    """Give (text, x, classes, y) of each name."""
    return [
        (t.text, t.get("x"), t.get("class"), float(t.get("y")))
        for t in svg.iter("text")
        if "lab" in (t.get("class") or "")
    ]


def test_a_name_stands_where_its_line_ends():
    long = Line(STEPS, np.array([0.0, 1, 2, 3, 4]), label="train", slot=1)
    early = Line(STEPS[:2], np.array([4.0, 3.0]), label="val", slot=2)
    late = Line(STEPS[3:4], np.array([1.0]), label="test", slot=3)
    svg = drawn(long, early, late)
    found = {text: (x, classes) for text, x, classes, _ in labels(svg)}

    assert found == {
        "train": ("100%", "lab c1"),
        "val": ("25.0%", "lab halo c2"),
        "test": ("75.0%", "lab halo e c3"),
    }
    assert svg.get("class") == "spark ends"


def test_a_name_of_a_lonely_point_is_level_with_it():
    svg = drawn(
        Line(STEPS, np.array([0.0, 1, 2, 3, 4]), label="train", slot=1),
        Line(STEPS[2:3], np.array([1.0]), label="test", slot=3),
    )
    (disc,) = [e for e in svg.iter("svg") if e.get("overflow")]
    (y,) = [y for text, _, _, y in labels(svg) if text == "test"]

    assert y - float(disc.get("y")) == pytest.approx(4, abs=0.2)


@pytest.mark.parametrize(
    ("values", "heights"),
    [
        ([0.0, 1.0], [104 - 4, 4]),
        ([0.48, 0.5, 0.52], [52 + 13, 52, 52 - 13]),
        ([0.99, 1.0, 0.91], [7, -6, 20]),
    ],
)
def test_names_that_would_touch_give_way_to_both_sides(values, heights):
    others = [Line(STEPS, np.array([0.0, 0, 1, 1, 1])), Line(STEPS, np.array([0.0, 0, 0, 0, 0]))]
    lines = [
        Line(STEPS, np.array([value] * 5), label=str(n), slot=n) for n, value in enumerate(values)
    ]
    found = {text: y - 4 for text, _, _, y in labels(drawn(*others, *lines))}

    assert [found[str(n)] for n in range(len(values))] == pytest.approx(heights, abs=1)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=4))
def test_names_never_touch(values):
    lines = [
        Line(STEPS, np.array([value] * 4 + [value]), label=str(n), slot=n)
        for n, value in enumerate(values)
    ]
    heights = sorted(y for _, _, _, y in labels(drawn(*lines)))

    assert all(b - a >= 12.8 for a, b in pairwise(heights))
    assert all(-3 <= y <= HEIGHT + 5 for y in heights)


def test_no_room_is_kept_for_names_where_all_stand_inside():
    lines = [Line(STEPS[:2] * 2, STEPS[:2] + n, label=f"{n}", slot=n + 1) for n in range(2)]
    ghosts = lines[0]._replace(ghosts=(STEPS * 2, STEPS))
    svg = drawn(ghosts, lines[1])

    assert svg.get("class") == "spark"
    assert len(labels(svg)) == 2


def test_names_are_text_and_never_markup():
    hostile = '<script>alert(1)</script>"\x00\u202e'
    lines = [Line(STEPS, STEPS, label=hostile), Line(STEPS, STEPS * 2, label="</svg>")]
    svg = drawn(*lines, text=hostile)

    assert svg.get("aria-label") == '<script>alert(1)</script>"␀\\u202e'
    assert {e.tag for e in svg.iter()} <= {"svg", "line", "text", "path", "circle"}


def test_a_drawing_has_no_style_of_its_own():
    text = draw([Line(STEPS, STEPS, label="a"), Line(STEPS, STEPS, label="b")], "x")[0]

    assert "style" not in text
    assert "id=" not in text


@pytest.mark.parametrize("count", [1, 2, 30, 1_000, 100_000])
def test_a_drawing_of_two_lines_has_at_most_twelve_kilobytes(count, seed):
    values = np.random.default_rng(seed).normal(size=(2, count)).cumsum(axis=1)
    steps = np.arange(float(count))
    text = draw([Line(steps, values[0], "a", 1), Line(steps, values[1], "b", 2)], "x")[0]

    assert len(text) <= 12_000


@pytest.mark.slow
def test_a_thousand_points_take_less_than_a_millisecond(seed):
    values = np.random.default_rng(seed).normal(size=1_000).cumsum()
    steps = np.arange(1_000.0)
    draw([Line(steps, values)], "x")
    begin = time.process_time()
    for _ in range(200):
        draw([Line(steps, values)], "x")

    assert (time.process_time() - begin) / 200 < 0.001


def test_the_same_points_give_the_same_bytes(seed):
    values = np.random.default_rng(seed).normal(size=500)

    assert draw([Line(np.arange(500.0), values)], "x") == draw(
        [Line(np.arange(500.0), values)], "x"
    )


def test_a_drawing_needs_no_plotting_library():
    code = "import sys; import staticrun.pages.sparkline; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"
