"""A page that the newest state no longer has, and site versions have: it says where it is.

Pages of old versions lead to the newest state where no script maps their links, so that what they
lead to must stay there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from staticrun import layout

if TYPE_CHECKING:
    from collections.abc import Iterable

    from staticrun.receipts import Receipt

TEMPLATE = "gone.html"


class InVersion(msgspec.Struct, frozen=True):
    """A version that has the page, and where."""

    name: str
    url: str


class GoneView(msgspec.Struct, frozen=True):
    """What the page shows.

    Attributes:
        what: What was there: the run's key, or the page's address.
        versions: The versions that have it, the newest first.
    """

    what: str
    versions: tuple[InVersion, ...]


def find(receipts: Iterable[Receipt], present: set[str]) -> dict[str, GoneView]:
    """Find the pages that versions have and the newest state has not.

    Args:
        receipts: Of all versions, the oldest first.
        present: URLs of the newest state's pages.

    Returns:
        URL in the newest state → what stands there now.
    """
    found: dict[str, tuple[str, list[InVersion]]] = {}
    for receipt in receipts:
        missing = {url: at for url, at in receipt.places().items() if url not in present}
        keys = {layout.run_url(key): key for key in receipt.runs} if missing else {}
        for url, at in missing.items():
            what = keys.get(url) or url.removesuffix("/index.html")
            found.setdefault(url, (what, []))[1].append(InVersion(receipt.name, at))
    return {url: GoneView(what, tuple(places[::-1])) for url, (what, places) in found.items()}
