"""Figures of a registry: versions by a metric, and the lanes of stages."""

from __future__ import annotations

import math
import re
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staticrun import layout
from staticrun.plots import digest, draw, load_style, standalone
from staticrun.plots.lane_layout import make_scene as lay_out_lanes
from staticrun.plots.lanes import Bar, Lane, Lanes
from staticrun.plots.version_layout import make_scene as lay_out_versions
from staticrun.plots.versions import Point, Versions

STYLE = load_style(layout.bundled_themes() / "default/plots.mplstyle")
POINTS = (
    Point(1, 96.7),
    Point(2, 97.8, "withdrawn"),
    Point(3, 97.5, "staged", "production"),
    Point(4, math.nan),
)


def lanes(*found: Lane, **changes: object) -> Lanes:
    return Lanes("Stages over time", "by version", found, 0.0, 10.0, **changes)


def test_a_version_at_a_stage_is_filled_a_withdrawn_one_a_cross_and_others_are_hollow():
    shapes = lay_out_versions(Versions("acc", "%", POINTS), STYLE).shapes

    dots = [shape.fill for shape in shapes if shape.name == "dot"]
    assert dots == ["paper", "ink"]
    assert [shape.stroke for shape in shapes if shape.name == "withdrawn"] == ["worse"]


def test_versions_stand_at_equal_distances_and_higher_values_higher():
    scene = lay_out_versions(Versions("acc", "%", POINTS[:1] + POINTS[2:3]), STYLE)
    (x1, y1, _), (x2, y2, _) = (
        shape.circle for shape in scene.shapes if shape.name == "dot" and shape.circle
    )

    assert x2 - x1 == pytest.approx((scene.plot.right - scene.plot.left) / 2)
    assert y2 < y1


def test_a_figure_of_versions_is_read_out_with_its_numbers():
    svg = fromstring(draw(Versions("acc", "%", POINTS), STYLE))  # noqa: S314 - we drew it

    assert svg.get("aria-label") == (
        "acc. version 1: 96.7; version 2: 97.8, withdrawn; version 3: 97.5, production; "
        "version 4: no finite value"
    )


def test_as_many_numbers_are_written_as_have_room_and_the_last_one():
    points = tuple(Point(number, number) for number in range(1, 101))
    texts = lay_out_versions(Versions("acc", "", points, width=358), STYLE).texts
    written = [int(text.text) for text in texts if text.anchor == "middle"]

    assert written[-1] == 100
    assert 5 < len(written) < 40


@settings(max_examples=30)
@given(st.lists(st.floats(), min_size=1, max_size=30), st.text(max_size=50))
def test_no_value_and_no_name_breaks_a_figure_of_versions(values, name):
    points = tuple(Point(n + 1, value, "staged", name) for n, value in enumerate(values))
    scene = lay_out_versions(Versions(name, name, points), STYLE)

    for text in scene.texts:
        assert 0 <= text.x <= scene.width
        assert math.isfinite(text.y)


def test_a_bar_reaches_from_its_start_to_its_stop():
    bars = (Bar(0.0, 5.0, "1"), Bar(5.0, 10.0, "2", "now"), Bar(9.99, 10.0, "3", "withdrawn"))
    scene = lay_out_lanes(lanes(Lane("production", bars)), STYLE)
    first, now = (shape for shape in scene.shapes if shape.name == "bar")

    wide = scene.plot.right - scene.plot.left
    assert first.paths[0][:, 0].min() == scene.plot.left
    assert first.paths[0][:, 0].max() == pytest.approx(scene.plot.left + wide / 2 - 1)
    assert first.opacity < now.opacity == 1
    assert [shape.dash for shape in scene.shapes if shape.name == "gone"] == [(3, 2)]
    # The third number has no room beside the second.
    assert [text.text for text in scene.texts if text.role == "label"] == ["1", "2", "3"]


def test_a_number_without_room_is_left_to_its_bar():
    bars = tuple(Bar(n / 100, n / 100 + 0.01, str(n), title=f"version {n}") for n in range(100))
    scene = lay_out_lanes(lanes(Lane("staging", bars), width=358.0), STYLE)

    assert len([text for text in scene.texts if text.role == "label"]) < 10
    assert "version 99" in scene.description


def test_figures_of_a_registry_are_drawn_and_stand_alone():
    bars = (Bar(0.0, 5.0, "1", title="version 1"),)
    for spec in (
        Versions("acc", "%", POINTS),
        lanes(Lane("staging", bars), ticks=((0.0, "1 Dec 2026"),)),
    ):
        svg = draw(spec, STYLE)
        assert draw(spec, STYLE) == svg
        assert not re.search(r"style=|<script|/>\s*<desc />", svg)
        fromstring(standalone(svg))  # noqa: S314 - we drew it
        assert len(digest(spec, STYLE)) == 64


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Versions, {"points": ()}),
        (Versions, {"points": POINTS, "key": "1 2"}),
        (Lanes, {"lanes": (), "first": 1.0, "last": 1.0}),
        (Lanes, {"lanes": (), "first": 0.0, "last": 1.0, "key": '"'}),
    ],
)
def test_a_figure_of_nothing_and_a_key_that_is_none_are_refused(kind, said):
    with pytest.raises(ValueError, match="expected"):
        kind("a", "", **said)
