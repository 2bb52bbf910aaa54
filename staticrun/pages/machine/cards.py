"""What a link to a page shows elsewhere: Open Graph words and a card.

Source: ogp.me. Its addresses are absolute, so that there is none without `project.url`; a run's
page has none, since there may be thousands of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from staticrun import layout
from staticrun.pages.views.naming import shown
from staticrun.pages.views.sentence import plain
from staticrun.plots.card import HEIGHT, WIDTH, Card

if TYPE_CHECKING:
    from staticrun.pages.context import Context
    from staticrun.pages.plan import Page

KINDS = ("project", "experiment", "comparison", "model", "report")
_TITLE, _TEXT = 200, 400


class Share(msgspec.Struct, frozen=True):
    """What stands in a page's head for whoever shows a link to it.

    Attributes:
        title: Its heading.
        description: A sentence or two; may be empty.
        url: Its absolute address.
        image: The card's absolute address.
        width: Of the card, in px.
        height: Of the card, in px.
    """

    title: str
    description: str
    url: str
    image: str
    width: int = WIDTH
    height: int = HEIGHT


def make(page: Page, view: Any, context: Context) -> Share | None:
    """Say what a link to a page shows, and draw its card where there is none yet.

    Args:
        page: Which page.
        view: Its view, of the page's kind.
        context: The project; its figures take the card.
    """
    base = context.site.url
    if not base or page.kind not in KINDS:
        return None
    heading = getattr(view, "title", "") or view.name
    text = view.description if page.kind == "report" else plain(view.deck)
    title, text = shown(heading, _TITLE), shown(text, _TEXT, "")
    place = urlsplit(base)
    foot = context.site.name if page.kind != "project" else f"{place.netloc}{place.path}"
    image = context.figures.card(Card(page.kind, title, text, shown(foot, _TITLE)))
    return Share(title, text, layout.absolute(base, page.url), layout.absolute(base, image))
