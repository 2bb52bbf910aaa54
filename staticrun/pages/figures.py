"""Figures by content: drawn once, kept in the cache, never drawn when matplotlib need not load."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

import msgspec
from markupsafe import Markup

from staticrun import files

if TYPE_CHECKING:
    from pathlib import Path

    from staticrun.pages.objects import Objects


class Figure(msgspec.Struct, frozen=True):
    """A figure of a page: `svg` stands in the page, `url` is the same as a file of its own."""

    svg: Markup
    url: str


class Figures:
    """Draws the figures of one page.

    Args:
        cache: Folder of drawn figures; always safe to delete.
        style: The matplotlib style.
        style_digest: Over the style and all that draws: `digest_of`.
        objects: Where the stand-alone files go.

    Attributes:
        used: Names of the cache's files that the page needs.
    """

    def __init__(self, cache: Path, style: Path, style_digest: str, objects: Objects) -> None:
        self._cache, self._style, self._objects = cache, style, objects
        self._digest = style_digest.encode()
        self.used: set[str] = set()

    def get(self, spec: msgspec.Struct) -> Figure:
        """Draw a figure, or take it from the cache.

        Args:
            spec: One of the specs of `plots`.
        """
        from staticrun.plots.svg import standalone

        body = type(spec).__name__.encode() + msgspec.json.encode(spec)
        name = files.sha256(self._digest + body)
        path = self._cache / name[:2] / f"{name[2:]}.svg"
        self.used.add(f"{path.parent.name}/{path.name}")
        try:
            svg = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            svg = self._draw(spec)
            files.write_atomic(path, svg.encode())
        return Figure(Markup(svg), self._objects.put(standalone(svg), "svg"))  # noqa: S704 -- ours

    def _draw(self, spec: msgspec.Struct) -> str:
        from staticrun.plots import draw
        from staticrun.plots.style import load_style

        return draw(spec, load_style(self._style))


def digest_of(style: Path, code: str) -> str:
    """Digest what a figure depends on beside its spec: the style, matplotlib, the code."""
    return files.sha256(style.read_bytes() + version("matplotlib").encode() + code.encode())
