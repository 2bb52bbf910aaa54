"""What a served page has beside its file: a script and a style, and leave to hear from here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun import layout
from staticrun.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

# Below this name nothing of a site can stand: names of pages begin with a letter or a digit.
OWN = "_live"
EVENTS = f"{OWN}/events"
_CSP = b"content=\"default-src 'none';"
_SCRIPT = b"<script defer src="
# The page of a project whose first build failed.
_EMPTY = b"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; style-src 'self'">
<meta name="color-scheme" content="light dark"><title>No site yet</title><link rel="icon" href="data:,">
<script defer src=""></script></head>
<body><main><h1>There is no site yet</h1><p>It comes with the first build that succeeds.</p></main></body></html>
"""  # noqa: E501


def assets() -> dict[str, bytes]:
    """Give the files that are served below `OWN`.

    Raises:
        UserError: When the bundle was not built, which happens in a checkout only.
    """
    folder = layout.bundle()
    try:
        return {f"{OWN}/{name}": (folder / name).read_bytes() for name in ("live.js", "live.css")}
    except OSError as error:
        raise UserError(
            "staticrun/web/dist/live.js",
            f"the browser's bundle cannot be read ({error.strerror})",
            "a bundle, made from staticrun/web by hatch_build.py",
            "make bundle, or: python hatch_build.py",
        ) from error


def page(body: bytes, url: str, build: str) -> bytes:
    """Make the copy of a page that is served.

    The script stands before the page's own, so that it sees what the builder wrote. Pages of site
    versions never change and are served as they are.

    Args:
        body: The file.
        url: Where it stands in the site.
        build: Name of the build that it is from.
    """
    if url.startswith(("v/", "o/")) or _SCRIPT not in body:
        return body
    root = layout.root_prefix(url)
    added = (
        f'<link rel="stylesheet" href="{root}{OWN}/live.css" data-build>\n'
        f'<script defer src="{root}{OWN}/live.js" data-build="{build}"></script>\n'
    )
    allowed = body.replace(_CSP, _CSP + b" connect-src 'self';", 1)
    return allowed.replace(_SCRIPT, added.encode() + _SCRIPT, 1)


def nothing(build: str) -> bytes:
    """Make the page that stands in for a site that was never built."""
    return page(_EMPTY, "index.html", build).replace(b'<script defer src=""></script>', b"")


def stands(site: Path) -> bool:
    """Say whether there is a site to show."""
    return (site / "index.html").is_file()
