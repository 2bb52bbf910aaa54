"""Draw any figure: the door of this room."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import msgspec

from staticrun.files import sha256
from staticrun.plots import curves, intervals
from staticrun.plots.svg import inline

if TYPE_CHECKING:
    from staticrun.plots.lanes import Lanes
    from staticrun.plots.scene import Scene
    from staticrun.plots.style import Style
    from staticrun.plots.versions import Versions

    Spec: TypeAlias = curves.Curves | intervals.Intervals | Lanes | Versions


def draw(spec: Spec, style: Style) -> str:
    """Draw a figure.

    Args:
        spec: What it shows.
        style: Of the theme: `load_style`.

    Returns:
        An `<svg>` element to stand in a page, in the page's colours and fonts; `standalone` makes
        a file of it. The same arguments give the same text, in any process.

    Raises:
        UserError: When the style sets what matplotlib does not know.
    """
    from staticrun.plots.paint import paint

    laid_out = scene(spec, style)
    return inline(paint(laid_out, style), laid_out, style)


def scene(spec: Spec, style: Style) -> Scene:
    """Lay out a figure, before anything is drawn."""
    if isinstance(spec, curves.Curves):
        from staticrun.plots.curve_layout import make_scene as lay_out_curves

        return lay_out_curves(spec, style)
    if isinstance(spec, intervals.Intervals):
        from staticrun.plots.interval_layout import make_scene as lay_out_intervals

        return lay_out_intervals(spec, style)
    return _of_registry(spec, style)


def _of_registry(spec: Lanes | Versions, style: Style) -> Scene:
    # Projects without a registry load neither.
    from staticrun.plots.lane_layout import make_scene as lay_out_lanes
    from staticrun.plots.lanes import Lanes
    from staticrun.plots.version_layout import make_scene as lay_out_versions

    return lay_out_lanes(spec, style) if isinstance(spec, Lanes) else lay_out_versions(spec, style)


def notes(spec: Spec) -> tuple[str, ...]:
    """Say what a reader must know to read a figure right: for the line under its title.

    Known from the spec alone, so that a page can say it without drawing: `log y`, that an axis
    could not be logarithmic, how many values are not finite, how much has no name.
    """
    if isinstance(spec, curves.Curves):
        return curves.notes(spec)
    return intervals.notes(spec) if isinstance(spec, intervals.Intervals) else ()


def digest(spec: Spec, style: Style) -> str:
    """Digest all that a figure depends on: sha256 as 64 hex digits, the key of a cache."""
    kind = type(spec).__name__.encode()
    return sha256(b"\n".join([style.digest.encode(), kind, msgspec.msgpack.encode(spec)]))
