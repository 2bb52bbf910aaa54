"""What leads to a site's versions: the list for the selector, and pages that only lead on.

Builder and publisher both write it: the one for the versions that its folder has, the other for
those that the published site has.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import msgspec

from staticrun import layout, script

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from staticrun.receipts import Receipt

FORMAT = 1
LIST = "versions.js"
TWIN = "versions.json"


class Version(msgspec.Struct, frozen=True):
    """A site version as the selector of every page offers it.

    Attributes:
        name: Its name.
        time: Of its commit, or of its newest record, in Unix seconds.
        commit: Full hash; empty outside of git.
        runs: How many runs it has.
        rebuildable: Whether its commit has all that it was made from.
        aliases: Further names.
    """

    name: str
    time: float | None
    commit: str
    runs: int
    rebuildable: bool
    aliases: tuple[str, ...] = ()


class Versions(msgspec.Struct, frozen=True):
    """`versions.js` and `versions.json`: all site versions, the newest first.

    Attributes:
        format: 1.
        versions: The versions.
    """

    format: int
    versions: tuple[Version, ...]


def spell(receipts: Iterable[Receipt], aliases: Mapping[str, Sequence[str]]) -> dict[str, bytes]:
    """Spell the list of versions, for the selector and for programs.

    Args:
        receipts: Of all versions, the oldest first.
        aliases: Name of a version → further names.

    Returns:
        URL → bytes.
    """
    versions = tuple(
        Version(
            one.name,
            one.time,
            one.commit or "",
            len(one.runs),
            one.rebuildable,
            tuple(aliases.get(one.name, ())),
        )
        for one in reversed([*receipts])
    )
    said = Versions(FORMAT, versions)
    return {LIST: script.spell(LIST, said), TWIN: msgspec.json.encode(said)}


def redirects(
    receipts: Iterable[Receipt], aliases: Mapping[str, Sequence[str]]
) -> dict[str, bytes]:
    """Make the pages of aliases: each leads to the same page of the version that it stands for.

    Returns:
        URL → bytes.
    """
    return {
        f"{layout.version_url(alias)}/{url}": lead(
            f"{layout.version_url(alias)}/{url}", f"{layout.version_url(one.name)}/{url}", one.name
        )
        for one in receipts
        for alias in aliases.get(one.name, ())
        for url in one.entries
        if url.endswith(".html")
    }


def lead(at: str, to: str, title: str) -> bytes:
    """Make a page that leads to another one; both as URLs of the site."""
    way = html.escape(layout.root_prefix(at) + to)
    return _REDIRECT.format(to=way, title=html.escape(title)).encode()


_REDIRECT = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'">
<title>{title}</title>
<meta http-equiv="refresh" content="0; url={to}">
</head>
<body><main><h1>{title}</h1><p>This page is at <a href="{to}">{to}</a>.</p></main></body>
</html>
"""
