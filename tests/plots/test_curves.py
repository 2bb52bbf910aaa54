from __future__ import annotations

import itertools
import math
import re
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staticrun import layout
from staticrun.plots import Curves, Line, digest, draw, load_style, notes, standalone


def read(svg):
    """Parse what we wrote ourselves."""
    return fromstring(svg)  # noqa: S314


STYLE = load_style(layout.bundled_themes() / "default" / "plots.mplstyle")
NAN, INF = math.nan, math.inf
STEPS = tuple(map(float, range(1, 31)))
HOSTILE = (
    "$x^2$ & \\frac{1}{2}",
    "<script>alert(1)</script>",
    "w" * 5000,
    "تدريب النموذج",
    "ctl\x00\x1b[31m",
    "🙂 emoji 👩‍👩‍👧",
    "学习率 0.1",
    "\u202eevil",
)


def falling(start=1.0, rate=0.1):
    return tuple(start * math.exp(-rate * step) for step in STEPS)


def figure(*lines, **spec):
    return Curves(
        **{"title": "val/loss", "unit": "nats", "x_label": "epoch", "lines": lines, **spec}
    )


def texts(svg, name):
    return [text for text in read(svg).iter("text") if name in text.get("class").split()]


def shapes(svg, name):
    return [
        path.get("d")
        for group in read(svg).iter("g")
        if set(name.split()) <= set(group.get("class").split())
        for path in group.iter("path")
    ]


def points(path):
    numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", path)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def fits_a_page(svg):
    """Hold what every figure must: well-formed, no inline style, no script, no loose colour."""
    root = read(svg)
    assert root.tag == "svg"
    assert root.get("role") == "img"
    assert root.get("aria-label")
    tags = {element.tag for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "g", "path", "text", "defs", "clipPath", "rect"}
    for element in root.iter():
        assert not {"style", "onload", "href"} & set(element.attrib)
        for name in ("stroke", "fill"):
            assert re.fullmatch(
                r"none|var\(--\w+, #\w{6}\)|color-mix\(.*\)", element.get(name, "none")
            )
        assert "nan" not in element.get("d", "")
        assert "inf" not in element.get("d", "")
    assert "#fa57" not in svg
    read(standalone(svg))


series = st.lists(st.floats(), min_size=0, max_size=40)
kinds = st.sampled_from(["member", "mean", "baseline", "context", "ghost"])


@st.composite
def lines(draw_):
    values = tuple(draw_(series))
    band = draw_(st.sampled_from(["linear", "log", "error"]))
    return Line(
        label=draw_(st.sampled_from(["", "adam", *HOSTILE])),
        step=tuple(
            sorted(
                draw_(
                    st.lists(
                        st.floats(allow_nan=False), min_size=len(values), max_size=len(values)
                    )
                )
            )
        ),
        value=values,
        low=values if band else None,
        high=values if band else None,
        slot=draw_(st.none() | st.integers(1, 30)),
        kind=draw_(kinds),
        ended=draw_(st.sampled_from(["finished", "failed", "open", "stopped", "?"])),
    )


@settings(max_examples=40)
@given(st.lists(lines(), max_size=5), st.sampled_from(["linear", "log", "error"]))
def test_any_lines_make_a_figure_that_fits_a_page(found, log):
    fits_a_page(draw(figure(*found, scale=log), STYLE))


def test_hostile_names_are_text():
    found = [
        Line(name, STEPS, falling(1 + place), slot=place + 1) for place, name in enumerate(HOSTILE)
    ]
    svg = draw(figure(*found, title="<b>$1</b>", unit="\x00", x_label="$step$\u202e"), STYLE)
    fits_a_page(svg)
    assert "<script" not in svg
    assert [text.text for text in texts(svg, "label")] == [
        "$x^2$ & \\frac{1}{2}",
        "<script>alert(1)</script>",
        "wwwwww…wwwwww",
        "تدريب النموذج",
        "ctl␀␛[31m",
        "🙂 emoji 👩‍👩‍👧",
        "学习率 0.1",
        "\ufffdevil",
    ]
    assert texts(svg, "name")[0].text == "$step$\ufffd"


@settings(max_examples=30)
@given(st.lists(st.floats(0, 1), min_size=2, max_size=8))
def test_labels_never_cover_each_other(ends):
    found = [
        Line(f"run {place}", (0.0, 1.0), (0.5, end), slot=place + 1)
        for place, end in enumerate(ends)
    ]
    svg = draw(figure(*found), STYLE)
    heights = sorted(float(text.get("y")) for text in texts(svg, "label"))
    assert len(heights) == len(ends)
    size = float(texts(svg, "label")[0].get("font-size"))
    assert all(after - before >= size for before, after in itertools.pairwise(heights))
    bottom = float(texts(svg, "name")[0].get("y"))
    assert bottom - heights[-1] >= size
    assert heights[0] >= size / 2


def test_labels_stand_in_the_figure():
    found = [Line("a name that is far too long for its figure" * 3, STEPS, falling(), slot=1)]
    svg = draw(figure(*found), STYLE)
    label = texts(svg, "label")[0]
    assert "…" in label.text
    assert float(label.get("x")) > 344 * 0.5


def test_a_label_has_the_colour_of_its_line():
    svg = draw(
        figure(Line("a", STEPS, falling(), slot=3), Line("b", STEPS, falling(2), kind="baseline")),
        STYLE,
    )
    assert [text.get("class") for text in texts(svg, "label")] == ["label c3", "label ci"]
    assert texts(svg, "label")[0].get("fill") == (
        "color-mix(in oklab, var(--r3, #69291a) 70%, var(--ink, #1b1a17))"
    )


def test_colours_from_the_eleventh_on_come_again_dashed():
    svg = draw(
        figure(*(Line(f"{slot}", STEPS, falling(slot), slot=slot) for slot in (1, 11, 21))), STYLE
    )
    groups = [group for group in read(svg).iter("g") if "mean" in group.get("class").split()]
    found = [
        (path.get("stroke"), path.get("stroke-dasharray"))
        for group in groups
        for path in group.iter("path")
    ]
    assert found == [("var(--r1, #2f35af)", dash) for dash in (None, "6,3", "2,2")]


def test_of_forty_lines_eight_are_named_and_the_others_are_context():
    spec = figure(*(Line(f"run {k}", STEPS, falling(k + 1), slot=k + 1) for k in range(40)))
    svg = draw(spec, STYLE)
    assert [text.text for text in texts(svg, "label")] == [f"run {k}" for k in range(8)]
    assert len(shapes(svg, "line context")) == 32
    assert len(shapes(svg, "line mean")) == 8
    assert notes(spec) == ("32 more lines without a name",)


def test_a_baseline_keeps_its_name_among_forty():
    found = [Line(f"run {k}", STEPS, falling(k + 1), slot=k + 1) for k in range(40)]
    svg = draw(figure(*found, Line("base", STEPS, falling(), kind="baseline")), STYLE)
    assert len(shapes(svg, "line baseline")) == 1
    assert "base" in [text.text for text in texts(svg, "label")]


def test_gaps_stay_gaps_and_a_lone_point_is_a_dot():
    value = (1.0, 2.0, NAN, 3.0, INF, 4.0, 5.0)
    svg = draw(figure(Line("", STEPS[:7], value, slot=1)), STYLE)
    line, dot = shapes(svg, "line mean")
    assert line.count("M") == 2
    assert len(points(line)) == 4
    assert len(points(dot)) > 8
    assert notes(figure(Line("", STEPS[:7], value))) == ("2 values not finite",)


def test_a_single_point_is_a_dot_in_the_middle():
    svg = draw(figure(Line("one", (5.0,), (0.37,), slot=3)), STYLE)
    (dot,) = shapes(svg, "line mean")
    xs, ys = zip(*points(dot), strict=True)
    assert max(xs) - min(xs) < 6
    assert [text.text for text in texts(svg, "axis")] == ["0.37", "5"]
    assert 60 < sum(ys) / len(ys) < 160


def test_a_figure_without_a_finite_value_says_so():
    for spec in (figure(), figure(Line("a", (1.0,), (NAN,))), figure(Line("a", (), ()))):
        svg = draw(spec, STYLE)
        assert [text.text for text in read(svg).iter("text")] == ["no finite values"]


def test_a_log_axis_falls_back_where_a_value_is_not_above_zero():
    above, zero = Line("a", STEPS, falling(), slot=1), Line("b", STEPS[:2], (1.0, 0.0), slot=2)
    assert notes(figure(above, scale="log")) == ("log y",)
    assert notes(figure(above, zero, scale="log")) == ("not log y, as not all values are above 0",)
    assert notes(figure(above, zero)) == ()
    svg = draw(figure(above, zero, scale="log"), STYLE)
    assert read(svg).findtext("desc") == "nats, not log y, as not all values are above 0"
    assert "0" in [text.text for text in texts(svg, "axis")]


def test_an_exponential_is_straight_on_a_log_axis():
    svg = draw(figure(Line("", STEPS, falling(), slot=1), scale="log"), STYLE)
    found = points(shapes(svg, "line mean")[0])
    slopes = {round((b[1] - a[1]) / (b[0] - a[0]), 1) for a, b in itertools.pairwise(found)}
    assert len(slopes) == 1


def test_context_widens_the_scale_a_little_and_is_cut_off_beyond():
    own = Line("a", (0.0, 1.0), (0.0, 1.0), slot=1)
    far = Line("far", (0.0, 1.0), (0.0, 1e9), kind="context")
    alone, beside = (draw(figure(*found), STYLE) for found in ((own,), (own, far)))
    (before,), (after,) = shapes(alone, "line mean"), shapes(beside, "line mean")
    rise = [abs(points(path)[0][1] - points(path)[1][1]) for path in (before, after)]
    assert 0.7 < rise[1] / rise[0] < 0.9
    assert 'clip-path="url(#curves-plot)"' in beside
    assert "clip-path" not in alone


def test_thousands_of_points_become_few_and_keep_the_extremes():
    value = [math.sin(k / 50) for k in range(20_000)]
    value[12_345] = 7.0
    svg = draw(figure(Line("", tuple(map(float, range(20_000))), tuple(value), slot=1)), STYLE)
    found = points(shapes(svg, "line mean")[0])
    assert len(found) <= 250
    flat = draw(figure(Line("", (0.0, 1.0), (-1.0, 7.0), slot=1)), STYLE)
    assert min(y for _, y in found) == min(y for _, y in points(shapes(flat, "line mean")[0]))


def test_lines_end_with_what_happened():
    found = [
        Line(ended, STEPS[:9], falling(k + 1)[:9], slot=k + 1, ended=ended)
        for k, ended in enumerate(["failed", "open", "stopped", "finished"])
    ]
    svg = draw(figure(*found), STYLE)
    root = read(svg)
    assert [len(shapes(svg, name)) for name in ("failed", "open", "stopped", "finished")] == [
        1,
        1,
        1,
        0,
    ]
    (cross,) = [group.find("path") for group in root.iter("g") if group.get("class") == "failed"]
    assert cross.get("stroke") == "var(--worse, #a6282a)"


@pytest.mark.parametrize(
    "values",
    [
        (1e300, -1e300, 1.7e308),
        (1e-300, 3e-300, 2e-300),
        (5.0, 5.0, 5.0),
        (-1.7e308, 1.7e308, 0.0),
    ],
)
def test_any_magnitude_fits_into_the_plot(values):
    svg = draw(figure(Line("a", (0.0, 1.0, 2.0), values, slot=1)), STYLE)
    fits_a_page(svg)
    assert all(0 <= x <= 344 and 0 <= y <= 216 for x, y in points(shapes(svg, "line mean")[0]))


def test_a_line_is_named_to_who_points_at_it():
    svg = draw(figure(Line("adam <256>", STEPS, falling(), slot=1)), STYLE)
    assert [title.text for title in read(svg).iter("title")] == [
        "val/loss",
        "adam <256>: 0.04979 at 30",
    ]
    assert read(svg).get("aria-label") == "val/loss. 1 line over epoch; adam <256> ends at 0.04979"


def test_ids_carry_the_key_of_the_figure():
    far = Line("far", (0.0, 1.0), (0.0, 9.0), kind="context")
    svgs = [
        draw(figure(far, Line("a", STEPS, falling()), key=key), STYLE) for key in ("one", "two")
    ]
    ids = [
        [element.get("id") for element in read(svg).iter() if element.get("id")] for svg in svgs
    ]
    assert ids == [["one-plot"], ["two-plot"]]


def test_a_file_of_its_own_has_real_colours_title_and_unit():
    data = standalone(draw(figure(Line("adam", STEPS, falling(), slot=1)), STYLE))
    text = data.decode()
    assert text.startswith(
        "<?xml version='1.0' encoding='utf-8'?>\n<svg xmlns=\"http://www.w3.org/2000/svg\""
    )
    assert "var(" not in text
    assert "color-mix" not in text
    assert "#2f35af" in text
    namespace = "{http://www.w3.org/2000/svg}"
    found = [element.text for element in read(data).iter(f"{namespace}text")]
    assert found[:2] == ["val/loss", "nats"]
    assert "Archivo" in read(data).get("font-family")


def test_the_digest_knows_every_part_of_the_spec():
    line = Line("a", STEPS, falling(), slot=1)
    spec = figure(line)
    others = [
        figure(line, title="x"),
        figure(line, scale="log"),
        figure(line, key="k"),
        figure(Line("a", STEPS, (*falling()[:-1], NAN), slot=1)),
        figure(Line("a", STEPS, (*falling()[:-1], INF), slot=1)),
    ]
    assert len({digest(one, STYLE) for one in (spec, *others)}) == 6
    assert digest(spec, STYLE) == digest(figure(line), STYLE)


def test_a_spec_refuses_what_cannot_be_drawn():
    with pytest.raises(ValueError, match="need one length"):
        Line("a", (1.0,), ())
    with pytest.raises(ValueError, match="low and high each other"):
        Line("a", (1.0,), (1.0,), low=(1.0,))
    with pytest.raises(ValueError, match="expected a letter"):
        figure(key='"><script>')
    with pytest.raises(ValueError, match="expected 160 to 4000"):
        figure(width=10)


def test_a_wide_figure_has_a_few_ticks_more():
    line = Line("", STEPS, falling(), slot=1)
    for width, expected in (
        (344, ["10", "20", "30"]),
        (1080, ["5", "10", "15", "20", "25", "30"]),
    ):
        svg = draw(figure(line, width=width), STYLE)
        assert [
            text.text for text in texts(svg, "axis") if text.get("text-anchor") == "middle"
        ] == expected


def test_a_line_that_hatches_is_drawn_thinner():
    steps = tuple(map(float, range(1000)))
    noisy = Line("", steps, tuple(math.sin(7.7 * step) for step in steps), slot=1)
    calm = Line("", steps, tuple(math.sin(step / 99) for step in steps), slot=2)
    svg = draw(figure(noisy, calm), STYLE)
    groups = [group for group in read(svg).iter("g") if "mean" in group.get("class").split()]
    assert [group.find("path").get("stroke-width") for group in groups] == ["0.75", "1.5"]
