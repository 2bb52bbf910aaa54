"""A comment as a host shows it: by a real reader of Markdown with HTML, and one of HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from markdown_it import MarkdownIt

from staticrun.review.document import MARK

PICTURE = {"img": {"src", "alt", "width"}}
ALLOWED = {"img", "h2", "h3", "p", "code", "b", "a", "table", "thead", "tbody", "tr", "th", "td"}


class Seen(HTMLParser):
    """What a host's page has of a comment."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.comments: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        assert {name for name, _ in attrs} <= {"href", "align", "scope", "style"} | PICTURE.get(
            tag, set()
        )
        self.links += [value for name, value in attrs if name in ("href", "src")]

    def handle_endtag(self, tag):
        if tag not in ("a", "b", "code"):  # what stands in another cell is not next to it
            self.text += "\n"

    def handle_comment(self, data):
        self.comments.append(data)

    def handle_decl(self, decl):
        raise AssertionError(decl)

    unknown_decl = handle_pi = handle_decl

    def handle_data(self, data):
        self.text += data


def only_ours(text: str, style: str = "markdown", address: str | None = None) -> str:
    """Assert that a comment has nothing but ours; give what is read of it."""
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    seen = Seen(html if style == "markdown" else text)
    assert text.startswith(f"{MARK}\n")
    assert len(text) <= 60_000
    assert seen.comments == [" staticrun-report "]
    assert seen.tags <= ALLOWED - ({"a", "img"} if address is None else set())
    ours = tuple(f"{address}{folder}/" for folder in ("registry", "runs", "experiments"))
    assert [link for link in seen.links if not link.startswith(ours)] == []
    assert not re.search(r"[@#]\w|://|\bGH-\d", seen.text, re.IGNORECASE)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", text)
    return seen.text
