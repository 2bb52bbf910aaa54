"""Where the parts of a figure of versions stand."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from staticrun.plots import frame
from staticrun.plots.frame import MIDDLE, segment
from staticrun.plots.scene import Box, Scale, Scene, Shape, Text
from staticrun.plots.text import number, shorten, visible, width
from staticrun.plots.ticks import LARGEST, Ticks, linear_ticks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from staticrun.plots.style import Style
    from staticrun.plots.versions import Point, Versions

# px
TOP, EDGE, DOT, CROSS, APART = 22.0, 10.0, 4.0, 4.5, 9.0
NAME_MOST: Final = 120.0
PADDING: Final = 0.08


def make_scene(spec: Versions, style: Style) -> Scene:
    """Lay out a figure of versions."""
    size = frame.sizes(style)
    values = [point.value for point in spec.points if math.isfinite(point.value)]
    scene = Scene(
        name="versions",
        key=spec.key,
        title=frame.plain_title(spec.title),
        unit=frame.plain_title(spec.unit),
        description="; ".join(map(_describe, spec.points)),
        width=spec.width,
        height=spec.height,
        plot=Box(0, 0, spec.width, spec.height),
    )
    if not values:
        scene.texts.append(frame.note(scene.plot, "no finite values", style))
        return scene
    ticks = linear_ticks(*_span(values))
    left = max(width(text, size.axis) for text in ticks.texts) + 2 * EDGE
    below = Ticks((), ())
    box = Box(left, TOP, spec.width - EDGE, spec.height - frame.floor_room(below, style))
    scene.plot = box
    up = Scale(*_span(values), box.bottom, box.top)
    # Half a step at both ends, so that no point stands on the axis.
    step = (box.right - box.left) / len(spec.points)
    places = [box.left + step * (place + 0.5) for place in range(len(spec.points))]
    scene.shapes, scene.texts = frame.rows(box, up, ticks, style)
    floor, _ = frame.floor(box, Scale(0, 1, box.left, box.right), below, "", style)
    scene.shapes += floor
    named = 0
    for x, point in zip(places, spec.points, strict=True):
        if not math.isfinite(point.value):
            continue
        y = up.at(point.value)
        scene.shapes.append(_mark(point, x, y, style))
        if point.name:
            # Neighbours' names stand above and below by turns.
            shift = -APART if named % 2 == 0 else APART + 0.75 * size.label
            named += 1
            name = shorten(visible(point.name), NAME_MOST, size.label)
            scene.texts.append(_named(name, x, y + shift, spec.width, size.label))
    scene.texts += _numbers(spec.points, places, box.bottom, size.axis)
    return scene


def _span(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    # A single value stands in the middle of a scale that has a name for it.
    pad = (high / 2 - low / 2) * 2 * PADDING or abs(low) * PADDING or 1.0
    return max(low - pad, -LARGEST), min(high + pad, LARGEST)


def _mark(point: Point, x: float, y: float, style: Style) -> Shape:
    wide, title = style.number("lines.linewidth"), _describe(point)
    if point.state == "withdrawn":
        lines = (
            segment(x - CROSS, y - CROSS, x + CROSS, y + CROSS),
            segment(x - CROSS, y + CROSS, x + CROSS, y - CROSS),
        )
        return Shape("withdrawn", lines, stroke="worse", width=wide, title=title)
    fill = "ink" if point.state == "staged" else "paper"
    return Shape("dot", circle=(x, y, DOT), stroke="ink", fill=fill, width=wide, title=title)


def _named(name: str, x: float, y: float, most: float, size: float) -> Text:
    half = width(name, size) / 2
    x = min(max(x, half), most - half)
    return Text(x, y, name, "label", size, "middle", color="ink")


def _numbers(
    points: Sequence[Point], places: Sequence[float], bottom: float, size: float
) -> list[Text]:
    """Write as many numbers below the axis as have room, the last one among them."""
    widest = max(width(str(point.number), size) for point in points) + EDGE
    every = max(1, math.ceil(widest * len(points) / max(places[-1] - places[0] + widest, 1)))
    return [
        Text(x, bottom + size * (1 + MIDDLE), str(point.number), "axis", size, "middle")
        for place, (x, point) in enumerate(zip(places, points, strict=True))
        if (len(points) - 1 - place) % every == 0
    ]


def _describe(point: Point) -> str:
    value = number(point.value) if np.isfinite(point.value) else "no finite value"
    more = [part for part in (point.name, point.state == "withdrawn" and "withdrawn") if part]
    return f"version {point.number}: {', '.join([value, *map(visible, more)])}"
