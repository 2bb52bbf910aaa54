"""Where the parts of a figure of lanes stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from staticrun.plots import frame
from staticrun.plots.frame import MIDDLE, segment
from staticrun.plots.scene import Box, Scale, Scene, Shape, Text
from staticrun.plots.text import shorten, visible, width

if TYPE_CHECKING:
    from staticrun.plots.lanes import Bar, Lanes
    from staticrun.plots.style import Style

# px
LANE, BAR, TOP, EDGE, GAP, LEAST = 40.0, 14.0, 18.0, 10.0, 1.0, 2.0
NAME_SHARE: Final = 0.28


def make_scene(spec: Lanes, style: Style) -> Scene:
    """Lay out a figure of lanes."""
    size = frame.sizes(style)
    names = [shorten(visible(one.name), NAME_SHARE * spec.width, size.label) for one in spec.lanes]
    left = max((width(name, size.label) for name in names), default=0) + 2 * EDGE
    bottom = TOP + LANE * len(spec.lanes)
    scene = Scene(
        name="lanes",
        key=spec.key,
        title=frame.plain_title(spec.title),
        unit=frame.plain_title(spec.unit),
        description=". ".join(
            f"{lane.name}: {', '.join(bar.title for bar in lane.bars)}" for lane in spec.lanes
        ),
        width=spec.width,
        height=bottom,
        plot=Box(left, TOP, spec.width - EDGE, bottom),
    )
    across = Scale(spec.first, spec.last, left, spec.width - EDGE)
    end = 0.0
    for place, text in spec.ticks:
        x = across.at(place)
        if x >= end and x + width(text, size.axis) < spec.width:
            line = segment(x, size.axis + 4, x, bottom)
            wide, opacity = style.number("grid.linewidth"), style.number("grid.alpha")
            scene.shapes.append(Shape("grid", (line,), stroke="ink", width=wide, opacity=opacity))
            scene.texts.append(Text(x, size.axis, text, "axis", size.axis))
            end = x + width(text, size.axis) + EDGE
    for row, (lane, name) in enumerate(zip(spec.lanes, names, strict=True)):
        base = TOP + LANE * (row + 1) - 4
        middle = base - BAR / 2 + MIDDLE * size.label
        scene.texts.append(Text(0, middle, name, "row", size.label, color="ink"))
        end = 0.0
        for bar in lane.bars:
            start = across.at(bar.start)
            stop = max(across.at(bar.stop) - GAP, start + LEAST)
            scene.shapes.append(_bar(bar, Box(start, base - BAR, stop, base), style))
            # A number whose place another one took is told when its bar is pointed at.
            if start >= end:
                above = base - BAR - 4
                color = "ink" if bar.state == "now" else "muted"
                scene.texts.append(Text(start, above, bar.label, "label", size.axis, color=color))
                end = start + width(bar.label, size.axis) + 4
    return scene


def _bar(bar: Bar, box: Box, style: Style) -> Shape:
    import numpy as np

    inset = 0.5 if bar.state == "withdrawn" else 0.0
    left, top, right, bottom = (
        box.left + inset,
        box.top + inset,
        box.right - inset,
        box.bottom - inset,
    )
    corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom), (left, top)])
    title = visible(bar.title)
    if bar.state == "withdrawn":
        wide = style.number("axes.linewidth")
        return Shape("gone", (corners,), stroke="worse", width=wide, dash=(3, 2), title=title)
    now = bar.state == "now"
    return Shape("bar", (corners,), fill="ink", opacity=1.0 if now else 0.16, title=title)
