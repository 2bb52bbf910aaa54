"""Texts of runs in a comment: shown as they are, and nothing that anybody acts on.

A comment is Markdown that a code host reads: with HTML, links, pictures, mentions of people and of
issues. Every ASCII sign that a rule of Markdown reads becomes a character reference, which none
reads. What a host looks for in the text that came out (`@name`, `#1`, an e-mail address) is parted
by a space of no width. Names stand in `<code>`, where hosts look for nothing.
"""

from __future__ import annotations

import html
import re
from urllib.parse import quote

from staticrun import layout
from staticrun.pages.views.naming import shown

# All but those that mean nothing inside of a line: `0.97`, `val/acc`, `lr-0.1`, `(n = 4)`.
_SIGN = re.compile(r"[!\"#$&*:<>?@\[-`{-~]|(?<=[wW])\.")
_PARTED = re.compile(r"[@#](?=\w)|(?<=\bgh)-|:(?=//)", re.IGNORECASE)
_MOST = 80


def words(text: str, most: int = _MOST) -> str:
    """Escape a text for a line of Markdown and of HTML alike, cut in its middle when it is long.

    >>> words("a_b <i>")
    'a&#95;b &#60;i&#62;'
    """
    parted = _PARTED.sub("\\g<0>\u200b", shown(text, most))
    return _SIGN.sub(lambda sign: f"&#{ord(sign[0])};", parted)


def code(text: str, most: int = _MOST) -> str:
    """Give a name or value as code."""
    return f"<code>{words(text, most)}</code>"


def link(text: str, base: str | None, url: str) -> str:
    """Give a name as a link to its page, or as code alone where no address is known.

    Args:
        text: The name.
        base: Where the site is published.
        url: Of the page, relative to the site's root.
    """
    return f'<a href="{href(base, url)}">{code(text)}</a>' if base else code(text)


def href(base: str, url: str) -> str:
    """Give the address of something on the site, for an attribute of HTML.

    Args:
        base: Where the site is published.
        url: Relative to the site's root.
    """
    return html.escape(quote(layout.absolute(base, url), safe=":/%~,;=&?@!$'()+-._"))
