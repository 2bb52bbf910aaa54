"""Read the runs of a published site: a folder, a `file://` address or one of the web.

What is read may come from a stranger: files have bounds, shards are checked against the digests
in their names, and a wrong answer is an error that says what was expected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun.published.site import Site

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Site", "open_site"]


def open_site(where: str | Path, version: str | None = None) -> Site:
    """Open a published site to read its runs.

    Args:
        where: Its folder, or its address: `https://…`, `http://…` or `file://…`.
        version: The name or an alias of a site version; the newest state when None.

    Returns:
        The site; nothing of it is read before runs are asked for.

    Raises:
        UserError: When the address is of another kind.
    """
    return Site(where, version)
