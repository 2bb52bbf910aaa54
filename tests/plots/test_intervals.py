from __future__ import annotations

import math
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staticrun import layout
from staticrun.plots import Intervals, Row, draw, load_style, notes, standalone


def read(svg):
    """Parse what we wrote ourselves."""
    return fromstring(svg)  # noqa: S314


STYLE = load_style(layout.bundled_themes() / "default" / "plots.mplstyle")


def groups(svg, name):
    return [group for group in read(svg).iter("g") if group.get("class") == name]


rows = st.builds(
    Row,
    label=st.text(max_size=20),
    mean=st.none() | st.floats(),
    low=st.none() | st.floats(),
    high=st.none() | st.floats(),
    points=st.lists(st.floats(), max_size=3).map(tuple),
    slot=st.none() | st.integers(1, 20),
)


@settings(max_examples=40)
@given(st.lists(rows, max_size=5), st.none() | st.floats(), st.sampled_from([None, "low", "high"]))
def test_any_rows_make_well_formed_xml_without_styles(found, reference, better):
    svg = draw(Intervals("acc", "", tuple(found), reference=reference, better=better), STYLE)
    root = read(svg)
    assert " style=" not in svg
    assert all("nan" not in path.get("d") for path in root.iter("path"))
    read(standalone(svg))


def test_a_mean_whose_interval_holds_the_reference_is_hollow():
    found = (Row("surely", 0.2, 0.1, 0.3), Row("perhaps", 0.1, -0.1, 0.3), Row("unknown", 0.1))
    svg = draw(Intervals("difference", "", found, reference=0.0, better="low"), STYLE)
    fills = [group.find("path").get("fill") for group in groups(svg, "dot")]
    assert fills == ["var(--ink, #1b1a17)", "var(--paper, #fffdf8)", "var(--ink, #1b1a17)"]
    texts = [text.text for text in read(svg).iter("text")]
    assert texts.index("better") < texts.index("worse")


def test_runs_are_ticks_and_a_mean_without_interval_is_only_a_dot():
    svg = draw(
        Intervals("acc", "", (Row("a", 0.9, 0.8, 1.0, (0.85, 0.9, 0.95)), Row("b", 0.7))), STYLE
    )
    assert len(groups(svg, "interval")) == 1
    assert len(groups(svg, "dot")) == 2
    assert groups(svg, "runs")[0].find("path").get("d").count("M") == 3


def test_an_interval_far_beyond_all_others_is_cut_off_with_an_arrow():
    found = (Row("a", 0.90, 0.89, 0.91), Row("b", 0.92, -80.0, 82.0))
    svg = draw(Intervals("acc", "", found), STYLE)
    near, far = (group.find("path").get("d") for group in groups(svg, "interval"))
    assert (near.count("M"), far.count("M")) == (1, 3)


def test_a_row_without_a_value_says_so():
    svg = draw(Intervals("acc", "", (Row("a", 0.9), Row("diverged", math.nan))), STYLE)
    assert "no finite value" in [text.text for text in read(svg).iter("text")]
    empty = draw(Intervals("acc", "", ()), STYLE)
    assert [text.text for text in read(empty).iter("text")] == ["no finite values"]


def test_rows_beyond_the_fortieth_are_counted():
    spec = Intervals("acc", "", tuple(Row(f"{k}", k / 50) for k in range(50)))
    assert notes(spec) == ("10 more rows not drawn",)
    assert len(groups(draw(spec, STYLE), "dot")) == 40


def test_a_spec_refuses_what_cannot_be_drawn():
    with pytest.raises(ValueError, match="expected 240 to 4000"):
        Intervals("acc", "", (), width=10)
