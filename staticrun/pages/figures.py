"""Figures by content: drawn once, kept in the cache; matplotlib loads only to draw a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from markupsafe import Markup

from staticrun import files, plots
from staticrun.plots import card

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from staticrun.pages.objects import Objects
    from staticrun.plots.render import Spec
    from staticrun.plots.style import Style


class Figure(msgspec.Struct, frozen=True):
    """A figure of a page: `svg` stands in the page, `url` is the same as a file of its own."""

    svg: Markup
    url: str


class Figures:
    """Draws the figures of one page.

    Args:
        cache: Folder of drawn figures; always safe to delete.
        style: The matplotlib style.
        objects: Where the stand-alone files go.

    Attributes:
        used: Names of the cache's files that the page needs.
    """

    def __init__(self, cache: Path, style: Style, objects: Objects) -> None:
        self._cache, self._style, self._objects = cache, style, objects
        self.used: set[str] = set()

    def get(self, spec: Spec) -> Figure:
        """Draw a figure, or take it from the cache."""
        path = self._place(plots.digest(spec, self._style), "svg")
        try:
            svg = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            svg = plots.draw(spec, self._style)
            files.write_atomic(path, svg.encode())
        url = self._objects.put(plots.standalone(svg), "svg")
        return Figure(Markup(svg), url)  # noqa: S704 -- drawn by us, every text in it escaped

    def picture(self, spec: Spec) -> str:
        """Draw a figure as a PNG for where no SVG may stand, or take it; give its URL."""
        from staticrun.plots import picture

        name = picture.digest(spec, self._style)
        return self._png(name, lambda: picture.draw(spec, self._style))

    def card(self, spec: card.Card) -> str:
        """Draw a card, or take it from the cache; give its URL."""
        name = card.digest(spec, self._style)
        return self._png(name, lambda: card.draw(spec, self._style))

    def _png(self, name: str, draw: Callable[[], bytes]) -> str:
        path = self._place(name, "png")
        try:
            data = path.read_bytes()
        except OSError:
            data = draw()
            files.write_atomic(path, data)
        return self._objects.put(data, "png")

    def _place(self, name: str, extension: str) -> Path:
        """Give the cache's file of a digest, and note that the page needs it."""
        path = self._cache / name[:2] / f"{name[2:]}.{extension}"
        self.used.add(f"{path.parent.name}/{path.name}")
        return path
