"""A figure as a PNG, on a ground of its own: for comments and mails, where no SVG may stand.

The fonts are those that come with matplotlib, by their files, as on a card.
"""

from __future__ import annotations

import io
import warnings
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

from staticrun.files import sha256
from staticrun.plots import render
from staticrun.plots.text import shorten

if TYPE_CHECKING:
    from staticrun.plots.render import Spec
    from staticrun.plots.style import Style

# px of the file for one of the figure; px around it, and of title and unit.
_DENSITY: Final = 2
_EDGE, _TITLE, _UNIT = 16.0, 15.0, 11.5
_SIDES: Final = {"start": "left", "middle": "center", "end": "right"}


def digest(spec: Spec, style: Style) -> str:
    """Digest all that a picture depends on: sha256 as 64 hex digits, the key of a cache."""
    return sha256(f"picture {render.digest(spec, style)}".encode())


def draw(spec: Spec, style: Style) -> bytes:
    """Draw a figure in light colours, its title and unit above: two px for each of its own.

    Raises:
        UserError: When the style sets what matplotlib does not know.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.transforms import Affine2D

    from staticrun.plots.paint import patch, set_parameters

    scene = render.scene(spec, style)
    palette = style.palette
    font = FontProperties(fname=Path(mpl.get_data_path(), "fonts/ttf/DejaVuSans.ttf"))
    header = 2 * _TITLE + 1.6 * _UNIT
    placed = Affine2D().translate(_EDGE, _EDGE).scale(_DENSITY)
    wide, high = scene.width + 2 * _EDGE, scene.height + header + 2 * _EDGE
    with ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")  # a sign that the font lacks is drawn as a box
        set_parameters(stack, style)
        stack.enter_context(mpl.rc_context({"text.parse_math": False}))
        size = (wide / 72, high / 72)
        figure = Figure(size, dpi=72 * _DENSITY, layout=None, facecolor=palette["paper"])
        canvas = FigureCanvasAgg(figure)

        def write(x: float, y: float, text: str, size: float, token: str, side: str) -> None:
            figure.text(
                (x + _EDGE) / wide,
                1 - y / high,
                text,
                color=palette[token],
                fontproperties=font,
                fontsize=size * 0.92,  # wider than the page's font
                ha=side,
                va="baseline",
            )

        write(0, _EDGE + _TITLE, shorten(scene.title, scene.width, _TITLE), _TITLE, "ink", "left")
        below = _EDGE + 2 * _TITLE + _UNIT
        write(0, below, shorten(scene.unit, scene.width, _UNIT), _UNIT, "muted", "left")
        for shape in scene.shapes:
            figure.add_artist(patch(shape, scene.height, palette.__getitem__, placed))
        top = header + _EDGE
        for text in scene.texts:
            write(text.x, top + text.y, text.text, text.size, text.color, _SIDES[text.anchor])
        output = io.BytesIO()
        canvas.print_png(output, metadata={"Software": None})  # type: ignore[no-untyped-call]
    return output.getvalue()
