"""The comment: bounded, and nothing in it that a run wrote does anything."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from staticrun import config
from staticrun.review import comment
from staticrun.review.compare import State
from staticrun.review.document import MARK, Heading, Paragraph, Table, spell
from staticrun.review.shapes import AddedRun, ChangedRun, Experiment, Review
from staticrun.review.text import code, link, words
from staticrun.store.store import Store

HOSTILE = [
    "@octocat", "a@b.com", "#12", "owner/repo#1", "GH-3", "https://e.com/x", "www.e.com", "WWW.e.com",
    "![x](https://e.com/x.png)", "[a](javascript:alert)", "<img src=x onerror=alert(1)>", "<!-- x",
    "</code></td><script>alert(1)</script>", "a|b|c", "`a`", "**b** _i_ ~~s~~", "$x$", "&lt;b&gt;",
    "line\n\n# heading\n- item", "\u202e\x00", ":smile:", "\\", "<https://e.com>", "--", "x" * 500,
]  # fmt: skip


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.text, self.links = set(), "", []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        assert {name for name, _ in attrs} <= {"href", "align", "scope", "style"}
        self.links += [value for name, value in attrs if name == "href"]

    def handle_data(self, data):
        self.text += data


def rendered(text):
    return Tags(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))


@given(st.text(max_size=60))
@example("a\\")
def test_any_text_is_itself_in_markdown_and_html(text):
    once, plain = rendered(f"a {words(text)} z"), Tags(f"a {words(text)} z")

    assert once.tags == {"p"}
    assert once.text.strip() == plain.text
    assert html.unescape(words(text)) == plain.text[2:-2]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_a_host_looks_for_is_left(text):
    source, seen = code(text), Tags(code(text)).text

    assert not re.search(r"@\w|(?<!&)#\w|://|www\.|\n|GH-\d", source, re.IGNORECASE)
    assert not re.search(r"[@#]\w|://|GH-\d", seen, re.IGNORECASE)
    assert rendered(f"| a |\n| --- |\n| {source} |").tags == {
        "table", "thead", "tbody", "tr", "th", "td", "code",
    }  # fmt: skip


@pytest.mark.parametrize("base", ["https://e.org/a|b", 'https://e.org/"x', "https://e.org/<b>/"])
def test_an_address_stays_in_its_link(base):
    found = rendered(f"| a |\n| --- |\n| {link('x', base, 'runs/a/index.html')} |")

    assert len(found.links) == 1
    assert found.links[0].endswith("/runs/a/index.html")
    assert "b" not in found.tags


@pytest.fixture
def state(project):
    settings, _ = config.load(project)
    return State(settings, Store.open(settings, cache=False))


def made(runs, name="a"):
    return Review(
        format=1,
        base="main",
        commit="0" * 40,
        added=tuple(AddedRun(f"e/{name}{n}", name, "finished", {name: 0.5}) for n in range(runs)),
        removed=tuple(f"e/gone-{n}-{name}" for n in range(runs)),
        moved=(),
        changed=tuple(ChangedRun(f"e/c-{n}", ("open", "finished")) for n in range(runs)),
        experiments=(Experiment(name, "new", runs, 0, ()),),
        regressions=0,
        tolerances=False,
    )


@pytest.mark.parametrize("style", ["markdown", "html"])
@pytest.mark.parametrize("runs", [0, 1, 3000])
def test_a_comment_is_bounded_begins_with_its_mark_and_says_what_was_left_out(state, style, runs):
    text = comment.write(made(runs), state, style, "https://example.org/")

    assert text.startswith(f"{MARK}\n")
    assert len(text) <= 60_000
    left = re.findall(r"Left out, for want of room: ([\d,]+) rows of added runs", text)
    assert len(left) == (runs == 3000)
    if left:
        shown = text.count("/runs/e/a")
        assert int(left[0].replace(",", "")) + shown == runs
        assert "3000 rows of removed runs" in text
        assert shown > 100


@pytest.mark.parametrize("style", ["markdown", "html"])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_a_name_everywhere(state, style, name):
    text = comment.write(made(2, name), state, style)
    found = rendered(text) if style == "markdown" else Tags(text)

    assert found.links == []
    assert found.tags <= {
        "h2", "h3", "p", "code", "b", "table", "thead", "tbody", "tr", "th", "td",
    }  # fmt: skip


def test_the_same_is_said_in_markdown_and_html(state):
    text = [comment.write(made(3), state, style) for style in ("markdown", "html")]
    seen = [re.sub(r"\s+", "", found.text) for found in (rendered(text[0]), Tags(text[1]))]

    assert seen[0] == seen[1]


def test_words_that_do_not_fit_are_named_too():
    blocks = [Heading("a"), Paragraph("b" * 400), Table("rows", ("A",), (("c",),) * 5)]

    assert "Left out, for want of room: 5 rows of rows." in spell(blocks, "markdown", 900)
    assert "Left out" not in spell(blocks, "markdown")
