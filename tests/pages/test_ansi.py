"""What a program wrote to a terminal, as the terminal would leave it, in colours one can read."""

import re
import time

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from staticrun import layout
from staticrun.pages import excerpts
from staticrun.pages.ansi import PLAIN, Span, read_line, text_of, without_ansi
from staticrun.pages.context import Link, Site
from staticrun.pages.render import Renderer
from staticrun.plots.color import linear, mix

THEME = layout.bundled_themes() / "default"
GREYS = (0, 7, 8, 15)
COLOURS = range(16)


def line(text, most=300):
    return read_line(text, PLAIN, most)[0]


def test_a_line_without_styles_is_its_text():
    assert line("loss 0.5") == "loss 0.5"
    assert line("\x1b[0mloss\x1b[K 0.5\x1b[39m") == "loss 0.5"


@pytest.mark.parametrize(
    ("codes", "style"),
    [
        ("31", "f1"),
        ("94", "f12"),
        ("42", "k2"),
        ("107", "k15"),
        ("1;4;33", "f3 bold under"),
        ("2", "dim"),
        ("7", "inverse"),
        ("7;31", "k1"),
        ("7;44", "f4 k7"),
        ("7;31;44", "f4 k1"),
        ("38;5;9", "f9"),
        ("38;5;196", "f9"),
        ("38;5;232", "f0"),
        ("48;5;255", "k7"),
        ("38;2;250;5;5", "f9"),
        ("38;2;0;0;230;1", "f4 bold"),
        ("38:2::0:200:0", "f2"),
        ("38:2:1:0:200:0", "f2"),
        ("4:3", "under"),
        ("31;", ""),
        ("1;22;31;39;4;24;7;27;41;49", ""),
        ("38;5;999;1", "bold"),
        ("38;9", ""),
        ("38;2;1", ""),
        ("73;1000000", ""),
        ("9" * 5000, ""),
    ],
)
def test_the_codes_of_a_terminal_become_classes(codes, style):
    assert line(f"\x1b[{codes}mtext\x1b[m") == ((Span("text", style),) if style else "text")


def test_neighbours_of_one_style_are_one_span_and_plain_text_stays_between():
    found = line("a \x1b[31mb\x1b[1C\x1b[31mc\x1b[0m d")

    assert found == (Span("a ", ""), Span("bc", "f1"), Span(" d", ""))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("10%\r\x1b[32m50%\x1b[0m\r\x1b[32m100%\x1b[0m\r\x1b[K", (Span("100%", "f2"),)),
        ("\x1b[32m10%\rdone", (Span("done", "f2"),)),
        ("done\r   ", "done"),
    ],
)
def test_of_a_progress_bar_the_last_state_is_shown(text, shown):
    assert line(text) == shown


def test_the_last_state_of_a_very_long_progress_bar_is_shown():
    assert line("\r".join(f"{n} of 100000 {'#' * 40}" for n in range(100_001)), 80).startswith(
        "100000 of"
    )


def test_a_colour_lasts_until_it_is_taken_back():
    found = excerpts.of_text(b"\x1b[31mfirst\nsecond\x1b[0m\nthird\n")

    assert found.head == ((Span("first", "f1"),), (Span("second", "f1"),), "third")


def test_a_long_line_is_cut_by_what_is_seen_of_it():
    found = line("\x1b[31m" + "x" * 50 + "\x1b[0m" + "y" * 50, 80)

    assert text_of(found) == "x" * 50 + "y" * 29 + "…"
    assert text_of(line("\x1b[31m" + "x" * 80 + "\x1b[0m   ", 80)) == "x" * 80


@given(st.text(st.sampled_from("\x1b[]0123456789;:m\x07\r\\AB (<&")), st.integers(1, 20))
def test_any_text_is_some_line_without_escapes(text, most):
    found = line(text, most)

    assert len(text_of(found)) <= most
    assert "\r" not in text_of(found)
    assert len(without_ansi(text)) <= len(text)


@given(st.text(st.sampled_from("abc \u00e9<"), max_size=40))
def test_text_without_escapes_is_kept(text):
    assert line(text) == text.rstrip()


def test_a_hostile_line_is_read_in_time():
    began = time.perf_counter()
    for piece in ("\x1b[", "\x1b]", "\x1b[38;2;1;2;3m", "\x1b[" + "0" * 99, "a\r", "\x1bP"):
        line(piece * (3_000_000 // len(piece)))

    assert time.perf_counter() - began < 10


def test_what_a_run_printed_stays_text(tmp_path):
    (tmp_path / "one.html").write_text(
        '{% from "parts/evidence.html" import lines %}{{ lines(view.text, "Console") }}'
    )
    text = excerpts.of_text(b'\x1b[31m<b onclick="x">\x00\xe2\x80\xae</pre>\x1b[0m<i>\n')
    page = Renderer([tmp_path, THEME / "templates"], "1").render(
        "one.html", _View(text=text), Site("s", None, (Link("a", "b"),), "c", "d")
    )

    assert (
        b'<span class="f1">&lt;b onclick=&#34;x&#34;&gt;\xe2\x90\x80\\u202e&lt;/pre&gt;</span>'
        b"&lt;i&gt;" in page
    )


class _View(msgspec.Struct, frozen=True):
    text: excerpts.Excerpt


def _tokens(scheme):
    text = (THEME / "styles/tokens.css").read_text("utf-8")
    pairs = re.findall(r"--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)", text)
    return {name: colours[scheme == "dark"] for name, *colours in pairs}


def _contrast(one, other):
    weights = (0.2126, 0.7152, 0.0722)
    low, high = sorted(
        sum(w * c for w, c in zip(weights, linear(colour), strict=True)) for colour in (one, other)
    )
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_can_be_read_on_every_other(scheme):
    tokens = _tokens(scheme)
    css = (THEME / "styles/run.css").read_text("utf-8")
    [share] = {
        int(n)
        for n in re.findall(r"color-mix\(in oklab, var\(--\w+\) (\d+)%, var\(--wash\)\)", css)
    }
    coloured = {n: tokens[f"f{n}"] for n in COLOURS if n not in GREYS}
    inks = [*coloured.values(), tokens["ink"]]
    behind = [mix(colour, tokens["wash"], share / 100) for colour in coloured.values()]
    behind.append(mix(tokens["muted"], tokens["wash"], share / 100))
    worst = min(_contrast(ink, under) for ink in inks for under in [*behind, tokens["wash"]])

    assert worst >= 4.5
    assert _contrast(tokens["muted"], tokens["wash"]) >= 4.5
    assert _contrast(tokens["paper"], tokens["ink"]) >= 4.5


def test_the_style_sheet_has_every_class():
    css = (THEME / "styles/run.css").read_text("utf-8")
    classes = [f"{kind}{n}" for kind in "fk" for n in COLOURS]

    assert [name for name in classes if not re.search(rf"\.{name}\b", css)] == []
