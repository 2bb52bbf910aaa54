"""The page for addresses that lead nowhere: `404.html`.

A host serves it at any depth, so nothing in it may be relative. With the project's address it
leads on; without, it says how the addresses of the site are made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from staticrun.pages.context import Context

TEMPLATE = "missing.html"


class Place(msgspec.Struct, frozen=True):
    """Where to look.

    Attributes:
        text: What is there, or how its address is made.
        url: Its absolute address; empty where the site's own is not known.
    """

    text: str
    url: str = ""


class MissingView(msgspec.Struct, frozen=True):
    """What the page shows.

    Attributes:
        root: The site's absolute address with a slash at its end; empty where it is not known.
        deck: What happened, in a sentence or two.
        places: Where to look.
    """

    root: str
    deck: str
    places: tuple[Place, ...]


def make(context: Context) -> MissingView:
    """Make the view of the page for addresses that lead nowhere."""
    site = context.site
    deck = "A run keeps its address while its folder keeps its name. It may have been renamed."
    if site.url is None:
        places = (
            Place("The front page is index.html in the folder that holds this site."),
            Place("An experiment's page is experiments/NAME/index.html below it."),
            Place("A run's page is runs/EXPERIMENT/RUN/index.html below it."),
        )
        return MissingView("", deck, places)
    root = site.url.rstrip("/") + "/"
    links = [Place("Front page", f"{root}index.html")]
    links += [Place(link.text, root + link.url) for link in site.nav]
    return MissingView(root, deck, tuple(links))
