"""The Markdown of a report: sections with anchors, and links into the project.

The same tame Markdown as everywhere, with three things more: every heading has an id, the text is
cut into sections at its highest headings, and an address may be `run:KEY`, `experiment:NAME` or
`other.md#part`, which the caller resolves.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from staticrun.pages.markdown import (
    TEXT_MAX,
    _parser,
    _shift_headings,
    _tame_block,
    _tame_inline,
    _without_empty_headings,
)
from staticrun.pages.text import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markdown_it.token import Token

_OUTSIDE = re.compile(r"(https?|mailto):", re.IGNORECASE)
# A path that no writer of Markdown types, by which a resolved link passes the taming.
_PLACE = "staticrun-link-"


class Target(NamedTuple):
    """Where a link leads.

    Attributes:
        url: The whole `href`.
        run: Key of the run that it leads to; empty otherwise.
    """

    url: str
    run: str = ""


class Section(NamedTuple):
    """A part of a report that begins with one of its highest headings.

    Attributes:
        anchor: The id of its heading; empty for the text before the first one.
        title: The heading's words, without markup.
        line: Where the heading stands in the file, from 1.
        body: The text below it.
    """

    anchor: str
    title: str
    line: int
    body: Markup


class Document(NamedTuple):
    """A whole report.

    Attributes:
        title: The words of a heading of level one that opens the text; else None.
        sections: The rest, in order.
        anchors: The ids of all headings.
        cut: Whether the text was longer than `TEXT_MAX` characters.
    """

    title: str | None
    sections: tuple[Section, ...]
    anchors: frozenset[str]
    cut: bool


def render(
    text: str,
    link: Callable[[str, int], Target | None],
    image: Callable[[str, int], str | None],
) -> Document:
    """Render a report.

    Args:
        text: The Markdown, without its head.
        link: Resolves an address that does not lead outside; it is also given the line. Where it
            gives None, the words stand without a link.
        image: Resolves a relative path of a picture, and is given the line.
    """
    parser = _parser()
    title, tokens = _parse(text)
    anchors = _anchors(tokens)
    parts = _split(tokens)
    sections = []
    for part in parts:
        body = _body(part, link, image)
        head = part[0] if part and part[0].type == "heading_open" and part[0].level == 0 else None
        rendered = parser.renderer.render(body, parser.options, {})
        # A block of code or a table may be wider than its place: who scrolls by keyboard must
        # reach it. All tags in the text are the renderer's own.
        rendered = rendered.replace("<pre><code", '<pre tabindex="0"><code')
        rendered = rendered.replace("<table>", '<div class="scroll" tabindex="0"><table>')
        rendered = rendered.replace("</table>", "</table></div>")
        sections.append(
            Section(
                anchors.get(id(head), "") if head else "",
                _words(part[1]) if head else "",
                head.map[0] + 1 if head and head.map else 1,
                Markup(rendered),  # noqa: S704 - raw HTML is off, attributes are chosen
            )
        )
    names = frozenset(anchors.values())
    return Document(title, tuple(sections), names, len(text) > TEXT_MAX)


def title_of(text: str) -> str | None:
    """Give the words of a heading of level one that opens a text."""
    return _parse(text)[0]


def anchors_of(text: str) -> frozenset[str]:
    """Give the ids of all headings of a report."""
    return frozenset(_anchors(_parse(text)[1]).values())


def _parse(text: str) -> tuple[str | None, list[Token]]:
    tokens = _without_empty_headings(_parser().parse(visible(text[:TEXT_MAX])))
    if tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        return _words(tokens[1]), tokens[3:]
    return None, tokens


def _words(inline: Token) -> str:
    """Give a heading's words without their markup."""
    return "".join(
        child.content if child.type in ("text", "code_inline") else " "
        for child in inline.children or []
        if child.type in ("text", "code_inline", "softbreak", "hardbreak")
    ).strip()


def _anchors(tokens: Sequence[Token]) -> dict[int, str]:
    """Give every heading an id, made of its words; a repeated one gets a number."""
    taken: set[str] = set()
    found = {}
    for number, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        words = re.sub(r"[^\w]+", "-", _words(tokens[number + 1]).lower()).strip("-_") or "part"
        # `main` is the page's own.
        anchor = words = words[:80] if words != "main" else "main-part"
        count = 2
        while anchor in taken:
            anchor = f"{words}-{count}"
            count += 1
        taken.add(anchor)
        token.attrs["id"] = anchor
        found[id(token)] = anchor
    return found


def _split(tokens: Sequence[Token]) -> list[list[Token]]:
    """Cut a text at its highest headings; headings inside lists and quotes cut nothing."""
    tops = [token.tag for token in tokens if token.type == "heading_open" and token.level == 0]
    highest = min(tops, default="")
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.type == "heading_open" and token.level == 0 and token.tag == highest:
            parts.append([])
        parts[-1].append(token)
    return [part for part in parts if part]


def _body(
    part: list[Token],
    link: Callable[[str, int], Target | None],
    image: Callable[[str, int], str | None],
) -> list[Token]:
    headed = part[0].type == "heading_open" and part[0].level == 0
    # Without a heading of its own the first part stands below the page's title.
    body = part[3:] if headed else part
    _shift_headings(body, 3)
    for token in body:
        _tame_block(token)
        if token.children is not None:
            line = token.map[0] + 1 if token.map else 1
            token.children = _links(token.children, line, link, image)
    for opened, inline, closed in zip(body, body[1:], body[2:], strict=False):
        if opened.type == "th_open" and not inline.content.strip():
            # A head without words heads nothing.
            opened.tag = closed.tag = "td"
            opened.attrs.pop("scope", None)
    return body


def _links(
    tokens: list[Token],
    line: int,
    link: Callable[[str, int], Target | None],
    image: Callable[[str, int], str | None],
) -> list[Token]:
    targets: dict[str, Target] = {}
    for token in tokens:
        address = str(token.attrs.get("href", "")) if token.type == "link_open" else ""
        if address and not _OUTSIDE.match(address):
            target = link(address, line)
            if target is None:
                # An empty address is the one that is never resolved.
                token.attrs["href"] = ""
                continue
            place = f"{_PLACE}{len(targets)}"
            targets[place] = target
            token.attrs["href"] = place

    def resolve(path: str) -> str | None:
        return targets[path].url if path in targets else None

    runs = {target.url: target.run for target in targets.values() if target.run}
    tamed = _tame_inline(tokens, resolve, lambda path: image(path, line))
    for token in tamed:
        url = str(token.attrs.get("href", ""))
        if token.type == "link_open" and url in runs:
            token.attrs["data-run"] = runs[url]
    return tamed
