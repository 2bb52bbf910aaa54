from __future__ import annotations

import unicodedata
from xml.etree.ElementTree import Element, fromstring, tostring

from hypothesis import given
from hypothesis import strategies as st

from staticrun.plots.text import number, shorten, visible, width

ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=80)


@given(ANY_TEXT)
def test_any_text_can_stand_in_xml_once_it_is_visible(text):
    element = Element("text")
    element.text = visible(text)
    again = fromstring(tostring(element, encoding="unicode"))  # noqa: S314
    assert (again.text or "") == visible(text)


def test_what_cannot_be_seen_is_shown():
    assert (
        visible("a\x00b\x1bc\x7fd\ne\tf\u202eg\ud800h\ufffei")
        == "a␀b␛c\ufffdd e f\ufffdg\ufffdh\ufffdi"
    )
    assert visible("مرحبا 学习率 🙂 é") == "مرحبا 学习率 🙂 é"


@given(ANY_TEXT, st.floats(10, 300))
def test_a_shortened_text_fits_and_keeps_its_ends(text, limit):
    text = visible(text)
    short = shorten(text, limit, 11.5)
    assert width(short, 11.5) <= limit or short == "…"
    if short != text:
        head, _, tail = short.partition("…")
        assert text.startswith(head)
        assert text.endswith(tail)


def test_a_text_is_cut_in_its_middle():
    assert shorten("optimizer adam, width 256, lr 0.01", 120, 11.5) == "optimizer a…6, lr 0.01"


def test_a_text_of_thousands_of_characters_is_cut_too():
    short = shorten("w" * 5000, 100, 11.5)
    assert 5 < len(short) < 20


def test_a_combining_mark_is_not_parted_from_its_letter():
    for limit in range(12, 60):
        _, _, tail = shorten("e\u0301" * 30, limit, 11.5).partition("…")
        assert not any(map(unicodedata.combining, tail[:1]))


def test_numbers_have_four_digits_and_a_real_minus_sign():
    assert [number(value) for value in (0.98765, -0.5, 12.0, 2e-7, -1234567.0, 0.0)] == [
        "0.9877",
        "\N{MINUS SIGN}0.5",
        "12",
        "2e-7",
        "\N{MINUS SIGN}1.235e6",
        "0",
    ]
