"""Let matplotlib draw a scene: the only place that knows it.

Artists stand on the bare `Figure`, in px: an `Axes` costs 13 ms even with everything of it
switched off, more than all lines of a usual figure (4 ms). No pyplot, no text, no font: texts are
written by `svg`, so that neither a missing glyph nor a `$` in a run's name ever matters.
"""

from __future__ import annotations

import io
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from staticrun.errors import UserError
from staticrun.plots.color import stand_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.patches import PathPatch
    from matplotlib.transforms import Transform

    from staticrun.plots.scene import Scene, Shape
    from staticrun.plots.style import Style

# What the bytes must not depend on, whatever the machine's matplotlibrc or a theme says.
_PINNED = {
    "svg.fonttype": "none",
    "svg.hashsalt": "staticrun",
    "svg.image_inline": True,
    "lines.scale_dashes": False,
    "figure.autolayout": False,
    "figure.constrained_layout.use": False,
    "path.simplify": True,
    "path.simplify_threshold": 1 / 9,
    "path.sketch": None,
    "path.effects": [],
}
_RESET = ("figure", "lines", "patch", "path", "svg")


def paint(scene: Scene, style: Style) -> str:
    """Draw the shapes of a scene.

    Returns:
        matplotlib's SVG; the group of each shape has the id `s` and its number.

    Raises:
        UserError: When the style sets what matplotlib does not know.
    """
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure
    from matplotlib.transforms import IdentityTransform

    height = scene.height
    with ExitStack() as stack:
        set_parameters(stack, style)
        size = (scene.width / 72, height / 72)
        figure = Figure(figsize=size, dpi=72, layout=None, frameon=False)
        canvas = FigureCanvasSVG(figure)
        for number, shape in enumerate(scene.shapes):
            drawn = patch(shape, height, stand_in, IdentityTransform())
            drawn.set_gid(f"s{number}")
            figure.add_artist(drawn)
        output = io.StringIO()
        canvas.print_svg(output, metadata={"Date": None, "Creator": None})  # type: ignore[no-untyped-call]
    return output.getvalue()


def patch(
    shape: Shape, height: float, color: Callable[[str], str], transform: Transform
) -> PathPatch:
    """Turn a shape upside down, as matplotlib counts from below, and into one compound path.

    Args:
        shape: The shape.
        height: Of the scene, in px.
        color: Gives the colour of a token.
        transform: From px of the scene to those of the canvas.
    """
    import numpy as np
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    if shape.circle:
        x, y, radius = shape.circle
        path = Path.circle((x, height - y), radius)
    else:
        points = np.concatenate(shape.paths)
        codes = np.full(len(points), Path.LINETO, Path.code_type)
        codes[np.cumsum([0, *map(len, shape.paths[:-1])])] = Path.MOVETO
        path = Path(points * (1, -1) + (0, height), codes)
    return PathPatch(
        path,
        transform=transform,
        fill=shape.fill is not None,
        facecolor=color(shape.fill) if shape.fill else "none",
        edgecolor=color(shape.stroke) if shape.stroke else "none",
        linewidth=shape.width if shape.stroke else 0,
        linestyle=(0, shape.dash) if shape.dash else "solid",
        capstyle="butt",
        joinstyle="round",
        alpha=shape.opacity if shape.opacity < 1 else None,
    )


def set_parameters(stack: ExitStack, style: Style) -> None:
    """Set what figures depend on, until the stack is left.

    Raises:
        UserError: When the style sets what matplotlib does not know.
    """
    import matplotlib as mpl

    defaults = {
        name: value
        for name, value in mpl.rcParamsDefault.items()
        if name.partition(".")[0] in _RESET
    }
    given = {name: parameter.value for name, parameter in style.parameters.items()}
    settings: dict[Any, Any] = {**defaults, **given, **_PINNED}
    try:
        stack.enter_context(mpl.rc_context(settings))
    except (KeyError, ValueError, TypeError):
        raise _unknown(style) from None


def _unknown(style: Style) -> UserError:
    """Find the line of a style that matplotlib refuses."""
    import matplotlib as mpl

    for name, parameter in style.parameters.items():
        try:
            mpl.RcParams({name: parameter.value})
        except (KeyError, ValueError, TypeError):
            what = f"matplotlib refuses {name}: {parameter.value}"
            return UserError(parameter.where, what, "one of its parameters and a value of it")
    return UserError("plots.mplstyle", "matplotlib refuses the style")
