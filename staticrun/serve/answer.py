"""From a request's path and headers to a file of the site, and to the part of it that is asked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from pathlib import Path

_TEXT = {
    "html": "text/html",
    "js": "text/javascript",
    "css": "text/css",
    "txt": "text/plain",
    "csv": "text/csv",
    "xml": "application/xml",
    "svg": "image/svg+xml",
}
_TYPES = {
    **{name: f"{kind}; charset=utf-8" for name, kind in _TEXT.items()},
    "json": "application/json",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "bmp": "image/bmp",
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "flac": "audio/flac",
    "m4a": "audio/mp4",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "pdf": "application/pdf",
    "woff2": "font/woff2",
}
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def url_of(target: str) -> str | None:
    """Give the URL in the site that a request's target names; None for what is none.

    No part of it begins with a dot, so that none leads upwards or to a hidden file. A folder
    stands for its `index.html`.

    >>> url_of("/runs/a%20b/?x=1"), url_of("/../secret"), url_of("/.git/config")
    ('runs/a b/index.html', None, None)
    """
    try:
        path = unquote(target.partition("?")[0], errors="strict")
    except ValueError:  # not UTF-8
        return None
    if not path.startswith("/") or not path.isprintable() or "\\" in path:
        return None
    parts = path[1:].split("/")
    if any(part.startswith(".") for part in parts) or "" in parts[:-1]:
        return None
    parts[-1] = parts[-1] or "index.html"
    return "/".join(parts)


def file_of(site: Path, url: str) -> Path | None:
    """Find a file of the site; None where there is none, or a link leads out of the site."""
    path = site / url
    try:
        inside = path.is_file() and path.resolve().is_relative_to(site.resolve())
    except OSError:
        return None
    return path if inside else None


def type_of(url: str) -> str:
    """Give the media type of a file by its name; bytes without a meaning for what is unknown."""
    return _TYPES.get(url.rpartition(".")[2].lower(), "application/octet-stream")


def part_of(header: str | None, size: int) -> range | None:
    """Read a Range header.

    Returns:
        The bytes that are asked for, empty where there are no such bytes; None for all of them,
        also where several ranges are asked for.
    """
    match = _RANGE.fullmatch(header or "")
    if match is None or match[0] == "bytes=-":
        return None
    first, last = match[1], match[2]
    if not first:
        return range(max(size - int(last), 0), size)
    if last and int(last) < int(first):
        return None
    return range(int(first), min(int(last) + 1 if last else size, size))
