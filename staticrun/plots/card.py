"""A card for links in chats and social networks: a page's title and what it says, as PNG.

The fonts are those that come with matplotlib, by their files, so that a card is the same on every
machine; nothing in a text is read as mathematics.
"""

from __future__ import annotations

import io
import warnings
from bisect import bisect_right
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from staticrun.files import sha256
from staticrun.plots.text import visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.font_manager import FontProperties

    from staticrun.plots.style import Style

WIDTH: Final = 1200
HEIGHT: Final = 630
_EDGE = 76
_TITLE, _TEXT, _SMALL = 64, 31, 25
_TITLE_LINES, _TEXT_LINES = 3, 4
# Longer texts are cut before anything is measured.
_CHARACTERS = 600


class Card(msgspec.Struct, frozen=True):
    """What a card shows.

    Attributes:
        kind: What sort of page it is, small above the title.
        title: The page's heading.
        text: What the page says in a sentence or two; may be empty.
        foot: Whose page it is, small at the bottom.
    """

    kind: str
    title: str
    text: str
    foot: str


def digest(card: Card, style: Style) -> str:
    """Digest all that a card depends on: sha256 as 64 hex digits, the key of a cache."""
    return sha256(b"\n".join([style.digest.encode(), b"Card", msgspec.msgpack.encode(card)]))


def draw(card: Card, style: Style) -> bytes:
    """Draw a card: a PNG of 1200 by 630 pixels, the same bytes for the same arguments."""
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.patches import Rectangle
    from matplotlib.transforms import IdentityTransform

    fonts = Path(mpl.get_data_path(), "fonts/ttf")
    serif, sans = (
        FontProperties(fname=fonts / name) for name in ("DejaVuSerif.ttf", "DejaVuSans.ttf")
    )
    palette = style.palette
    with mpl.rc_context({"text.parse_math": False}), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a sign that the font lacks is drawn as a box
        figure = Figure((WIDTH / 72, HEIGHT / 72), dpi=72, facecolor=palette["paper"])
        canvas = FigureCanvasAgg(figure)

        def write(y: float, text: str, font: FontProperties, size: float, token: str) -> None:
            figure.text(
                _EDGE / WIDTH,
                1 - y / HEIGHT,
                text,
                color=palette[token],
                fontproperties=font,
                fontsize=size,
                va="baseline",
            )

        bar = Rectangle((0, 0), 14, HEIGHT, color=palette["r1"], transform=IdentityTransform())
        figure.add_artist(bar)
        room = WIDTH - 2 * _EDGE
        write(
            _EDGE + _SMALL,
            _lines(card.kind, room, 1, _measure(sans, _SMALL))[0],
            sans,
            _SMALL,
            "muted",
        )
        y = _EDGE + _SMALL + 24.0
        for line in _lines(card.title, room, _TITLE_LINES, _measure(serif, _TITLE)):
            y += _TITLE * 1.2
            write(y, line, serif, _TITLE, "ink")
        y += 24
        left = max(int((HEIGHT - _EDGE - 60 - y) // (_TEXT * 1.45)), 0)
        for line in _lines(card.text, room, min(_TEXT_LINES, left), _measure(sans, _TEXT)):
            y += _TEXT * 1.45
            write(y, line, sans, _TEXT, "muted")
        write(
            HEIGHT - _EDGE + 8,
            _lines(card.foot, room, 1, _measure(sans, _SMALL))[0],
            sans,
            _SMALL,
            "ink",
        )
        output = io.BytesIO()
        canvas.print_png(output, metadata={"Software": None})  # type: ignore[no-untyped-call]
    return output.getvalue()


def _measure(font: FontProperties, size: float) -> Callable[[str], float]:
    """Give what tells how wide a text is, in px."""
    from matplotlib.font_manager import get_font

    face = get_font(str(font.get_file()))

    def wide(text: str) -> float:
        face.set_size(size, 72)
        face.set_text(text, 0.0)
        width: float = face.get_width_height()[0] / 64
        return width

    return wide


def _lines(text: str, room: float, most: int, wide: Callable[[str], float]) -> list[str]:
    """Break a text into at most so many lines; what does not fit is cut, and says so."""
    words = visible(text[:_CHARACTERS]).split()
    lines: list[str] = []
    # A word at a time: measuring whole lines takes ten times as long.
    gap = wide("a b") - wide("ab")
    while words and len(lines) < most:
        line = words.pop(0)
        used = wide(line)
        while words and (used := used + gap + wide(words[0])) <= room:
            line = f"{line} {words.pop(0)}"
        if len(lines) == most - 1 and (words or len(text) > _CHARACTERS):
            line, words = f"{line}…", []
        if wide(line) > room:  # one word, or a last one with its dots
            # By halves: a measurement takes as long as the text is.
            keep = bisect_right(range(1, len(line)), room, key=lambda n: wide(f"{line[:n]}…"))
            line = f"{line[:keep]}…"
        lines.append(line)
    return lines or [""][:most]
