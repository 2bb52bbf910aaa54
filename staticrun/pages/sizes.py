"""How big a site is, by what is in it, against what a host allows."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

# GitHub Pages: a published site may have at most 1 GB (its documentation, "GitHub Pages limits").
PAGES_BYTES_MAX = 1_000_000_000


class Part(msgspec.Struct, frozen=True):
    """A kind of file in a site.

    Attributes:
        name: `run pages`, `objects (svg)`, …
        count: Number of files.
        bytes: Their size.
    """

    name: str
    count: int
    bytes: int


def measure(site: Path) -> list[Part]:
    """Add up the files of a site by kind, the biggest kind first."""
    sums: dict[str, tuple[int, int]] = {}
    for parent, folders, names in os.walk(site):
        if ".git" in folders:
            folders.remove(".git")
        above = Path(parent).relative_to(site).as_posix()
        for file in set(names) - {".git"}:
            size = os.lstat(os.path.join(parent, file)).st_size  # noqa: PTH118 -- hot: every file
            name = _kind(file if above == "." else f"{above}/{file}")
            count, all_bytes = sums.get(name, (0, 0))
            sums[name] = (count + 1, all_bytes + size)
    parts = [Part(name, count, size) for name, (count, size) in sums.items()]
    return sorted(parts, key=lambda part: (-part.bytes, part.name))


def _kind(url: str) -> str:
    top, _, rest = url.partition("/")
    if top == "o":
        return f"objects ({rest.rpartition('.')[2]})"
    if top == "v":
        return "versions"
    if top == "runs":
        return "run pages"
    return f"{top} pages" if rest else "entry files"
