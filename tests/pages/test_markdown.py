"""Markdown of a stranger: text stays text, links lead nowhere else, pictures are the run's own."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staticrun.pages.markdown import TEXT_MAX, relative_path, render

ALLOWED = {
    "p", "a", "em", "strong", "s", "code", "pre", "ul", "ol", "li", "blockquote", "hr", "br",
    "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td", "img",
}  # fmt: skip


class Elements(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def elements(text, **resolvers):
    return Elements(render(text, **resolvers)).found


def test_raw_html_is_text():
    body = render("<script>alert(1)</script> <img src=x onerror=alert(1)> <!-- x -->")

    assert {tag for tag, _ in Elements(body).found} == {"p"}
    assert "&lt;script&gt;" in body


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "&#106;avascript:alert(1)",
        "java&#9;script:alert(1)",
        "java%0ascript:alert(1)",
        "vbscript:x",
        "data:text/html,<script>alert(1)</script>",
        "data:image/svg+xml;base64,AA",
        "file:///etc/passwd",
        "ftp://example.org/",
        "//example.org/",
        "/\\example.org",
        "\\\\example.org",
        "../../../etc/passwd",
        "a/../../b",
        "%2e%2e/x",
        "blob:x",
        "http:/",
        "#x",
        "?x",
    ],
)
def test_a_link_that_leads_elsewhere_is_text(address):
    found = elements(f"[words]({address}) <{address}>", link=lambda path: f"SITE/{path}")
    addresses = {attributes.get("href", "") for tag, attributes in found if tag == "a"}

    assert all(a.startswith(("SITE/", "http:")) for a in addresses)
    assert "words" in render(f"[words]({address})")
    assert not any(":" in a.removeprefix("http:") or ".." in a for a in addresses)


def test_links_to_the_web_and_to_people_stay():
    found = elements("[a](https://example.org/x?y=1#z) [b](http://example.org) [c](mailto:a@b.c)")

    assert [attributes["href"] for tag, attributes in found if tag == "a"] == [
        "https://example.org/x?y=1#z",
        "http://example.org",
        "mailto:a@b.c",
    ]


def test_a_relative_link_leads_where_the_page_resolves_it():
    known = {"artifacts/report.txt": "o/ab/cd.txt"}

    assert '<a href="o/ab/cd.txt">x</a>' in render("[x](artifacts/report.txt)", link=known.get)
    assert "<a" not in render("[x](artifacts/other.txt)", link=known.get)
    assert "<a" not in render("[x](artifacts/report.txt)")


def test_a_link_without_words_shows_its_address():
    assert ">http://example.org</a>" in render("[](http://example.org)")


def test_a_picture_is_the_runs_own_or_is_named_in_words():
    known = {"artifacts/roc.png": "o/ab/cd.png"}
    body = render(
        "![curve](artifacts/roc.png) ![evil](https://example.org/x.png) ![d](data:image/png,x)",
        image=known.get,
    )

    assert [attributes for tag, attributes in Elements(body).found if tag == "img"] == [
        {"src": "o/ab/cd.png", "alt": "curve", "loading": "lazy"}
    ]
    assert "[picture not shown: evil (https://example.org/x.png)]" in body


def test_headings_begin_where_the_page_has_room_and_skip_none():
    found = [tag for tag, _ in elements("# a\n#### b\n##### c\n## d\n# e\n#\n") if tag[0] == "h"]

    assert found == ["h3", "h4", "h5", "h4", "h3"]


def test_tables_have_heads_and_no_inline_style():
    body = render("| a | b |\n|---|--:|\n| 1 | 2 |")

    assert '<th scope="col">a</th>' in body
    assert '<td class="n">2</td>' in body
    assert "style" not in body


def test_characters_that_steer_are_visible():
    assert "a␀b" in render("a\x00b") or "a\ufffdb" in render("a\x00b")
    assert "\\u202e" in render("\u202eabc")
    assert "\x02" not in render("a\x02b")


def test_a_very_long_text_is_cut_and_says_so():
    body = render("a " * TEXT_MAX)

    assert "The text goes on; the first 100,000 characters are shown." in body


@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_any_text_makes_only_the_elements_of_prose(text):
    found = elements(text, link=lambda path: f"l/{path}", image=lambda path: f"i/{path}")

    assert {tag for tag, _ in found} <= ALLOWED
    for _, attributes in found:
        assert set(attributes) <= {"href", "src", "alt", "loading", "class", "scope", "start"}


MARKS = st.lists(
    st.sampled_from(
        ["[", "]", "(", ")", "!", "<", ">", "`", "*", "_", "\n", "#", "|", "-", "a", ":",
         "javascript:", "data:", "&#x6a;", "\\", '"', "'", " ", "http://", "<script>", "\t"]
    ),
    max_size=40,
)  # fmt: skip


@given(MARKS.map("".join))
def test_no_arrangement_of_marks_makes_a_scheme(text):
    for _, attributes in elements(text, link=lambda p: f"l/{p}", image=lambda p: f"i/{p}"):
        for name in ("href", "src"):
            if name in attributes:
                assert attributes[name].startswith(("http://", "l/", "i/"))


def test_a_relative_path_is_below_its_folder():
    assert relative_path("a/./b.png") == "a/b.png"
    assert relative_path("a/../b.png") is None
    assert relative_path("") is None
