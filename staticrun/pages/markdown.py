"""Markdown of a stranger as HTML that is only text, links and pictures.

Raw HTML is text. A link leads to http, https or mailto, or to what the caller resolves; a picture
is one that the caller resolves. Everything else is shown as the text that it is. Headings begin
at the level that the page has room for and never skip one.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from markupsafe import Markup

from staticrun.pages.text import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

    Resolve = Callable[[str], str | None]

TEXT_MAX = 100_000
_OUTSIDE = frozenset({"http", "https", "mailto"})
_LEVEL_MAX = 6
# A letter before the first colon that stands before any slash: what a browser takes for a scheme.
_SCHEME = re.compile(r"[^/?#]*:")
_ENCODED_STEP = re.compile(r"%2e|%2f|%5c|%00", re.IGNORECASE)


def render(
    text: str,
    *,
    link: Resolve | None = None,
    image: Resolve | None = None,
    heading: int = 3,
) -> Markup:
    """Render Markdown.

    Args:
        text: CommonMark with tables and strikethrough; beyond `TEXT_MAX` characters it is cut,
            and the page says so.
        link: Turns a relative address into a URL, or None where there is nothing to lead to.
            Without it, relative links become text.
        image: The same for pictures. No picture ever comes from another host.
        heading: Level of the highest heading.

    Returns:
        Block elements, without a frame.
    """
    cut = len(text) > TEXT_MAX
    source = visible(text[:TEXT_MAX])
    parser = _parser()
    tokens = _without_empty_headings(parser.parse(source))
    _shift_headings(tokens, heading)
    for token in tokens:
        _tame_block(token)
        if token.children is not None:
            token.children = _tame_inline(token.children, link, image)
    body = parser.renderer.render(tokens, parser.options, {})
    if cut:
        body += f"<p>The text goes on; the first {TEXT_MAX:,} characters are shown.</p>\n"
    return Markup(body)  # noqa: S704 - raw HTML is off and every attribute was chosen above


def relative_path(address: str) -> str | None:
    """Read a relative address as a path below the text's own folder.

    Returns:
        The path, `/` between its parts; None for everything that has a scheme, a host or a way
        up, or that only looks like a path.
    """
    if _SCHEME.match(address) or "\\" in address or _ENCODED_STEP.search(address):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or parts.path.startswith("/") or not parts.path:
        return None
    steps = [step for step in parts.path.split("/") if step not in ("", ".")]
    return None if ".." in steps or not steps else "/".join(steps)


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # maxNesting is the default of the commonmark preset; deeper text stays text.
    options = {"html": False, "linkify": False, "maxNesting": 20, "xhtmlOut": False}
    parser = MarkdownIt("commonmark", options)
    parser.enable(["table", "strikethrough"])
    # The parser hands every address over, `_tame_inline` decides: what the parser refuses would
    # stand in the text with its brackets.
    parser.validateLink = _any_address  # type: ignore[method-assign]
    return parser


def _any_address(url: str) -> bool:
    return isinstance(url, str)


def _without_empty_headings(tokens: list[Token]) -> list[Token]:
    empty = {
        number
        for number, token in enumerate(tokens)
        if token.type == "heading_open" and not tokens[number + 1].content.strip()
    }
    return [t for n, t in enumerate(tokens) if not {n, n - 1, n - 2} & empty]


def _shift_headings(tokens: Sequence[Token], top: int) -> None:
    """Give headings the levels from `top` on, in steps of one downwards."""
    open_levels: list[int] = []
    closing = ""
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1])
            while open_levels and open_levels[-1] >= level:
                open_levels.pop()
            open_levels.append(level)
            closing = f"h{min(top + len(open_levels) - 1, _LEVEL_MAX)}"
            token.tag = closing
        elif token.type == "heading_close":
            token.tag = closing


def _tame_block(token: Token) -> None:
    """Take inline styles off tables and languages off code; say what heads are for."""
    if token.type in ("th_open", "td_open"):
        right = "right" in str(token.attrs.get("style", ""))
        token.attrs = {"class": "n"} if right else {}
        if token.type == "th_open":
            token.attrs["scope"] = "col"
    elif token.type == "fence":
        token.info = ""


def _tame_inline(
    tokens: Sequence[Token], link: Resolve | None, image: Resolve | None
) -> list[Token]:
    out: list[Token] = []
    kept: list[bool] = []
    for number, token in enumerate(tokens):
        if token.type == "link_open":
            address = str(token.attrs.get("href", ""))
            url = _address(address, link)
            kept.append(url is not None)
            if url is not None:
                token.attrs = {"href": url}
                out.append(token)
            if tokens[number + 1].type == "link_close":  # a link without words
                out.append(_text(address))
        elif token.type == "link_close":
            if kept.pop():
                out.append(token)
        elif token.type == "image":
            out.append(_picture(token, image))
        else:
            out.append(token)
    return out


def _picture(token: Token, image: Resolve | None) -> Token:
    source = str(token.attrs.get("src", ""))
    path = relative_path(source)
    url = image(path) if image and path else None
    alt = "".join(child.content for child in token.children or [])
    if url is None:
        words = f"{alt} ({source})" if alt else source
        return _text(f"[picture not shown: {words}]")
    token.attrs = {"src": url, "alt": "", "loading": "lazy"}
    return token


def _address(address: str, link: Resolve | None) -> str | None:
    try:
        scheme = urlsplit(address).scheme.lower()
    except ValueError:
        return None
    if scheme in _OUTSIDE and address.lower().startswith(f"{scheme}:"):
        return address
    path = relative_path(address)
    return link(path) if link and path else None


def _text(content: str) -> Token:
    from markdown_it.token import Token

    return Token("text", "", 0, content=content)
