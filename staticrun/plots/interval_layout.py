"""Where the parts of a figure of intervals stand."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from staticrun.plots import frame
from staticrun.plots.color import slot_token
from staticrun.plots.frame import MIDDLE, segment
from staticrun.plots.intervals import MOST_ROWS, notes
from staticrun.plots.scene import Box, Scale, Scene, Shape, Text
from staticrun.plots.text import number, shorten, visible, width
from staticrun.plots.ticks import LARGEST, linear_ticks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from staticrun.plots.frame import Sizes
    from staticrun.plots.intervals import Intervals, Row
    from staticrun.plots.style import Style

# px
ROW, TOP, EDGE, DOT, TICK, ARROW = 24.0, 6.0, 10.0, 3.5, 5.0, 4.0
LABEL_SHARE: Final = 0.38
# Intervals may widen the scale by so many times what means and runs span; beyond they are cut off.
INTERVAL_SHARE: Final = 1.0
PADDING: Final = 0.05


def make_scene(spec: Intervals, style: Style) -> Scene:
    """Lay out a figure of intervals."""
    size = frame.sizes(style)
    rows = spec.rows[:MOST_ROWS]
    above = TOP + (2 * size.axis if spec.better and spec.reference is not None else 0)
    span = _span(spec, rows)
    scene = Scene(
        name="intervals",
        key=spec.key,
        title=frame.plain_title(spec.title),
        unit=", ".join(filter(None, (frame.plain_title(spec.unit), *notes(spec)))),
        description="no finite values",
        width=spec.width,
        height=above + ROW * max(len(rows), 2),
        plot=Box(0, 0, spec.width, above + ROW * max(len(rows), 2)),
    )
    if span is None:
        scene.texts.append(frame.note(scene.plot, "no finite values", style))
        return scene
    ticks = linear_ticks(*span)
    names = [shorten(visible(row.label), LABEL_SHARE * spec.width, size.label) for row in rows]
    left = max(width(name, size.label) for name in names) + 2 * EDGE
    right = spec.width - max(frame.name_room(spec.x_label, ticks, size), EDGE)
    bottom = above + ROW * len(rows)
    scene.plot = box = Box(math.ceil(left), above, math.floor(right), bottom)
    scene.height = math.ceil(bottom + frame.floor_room(ticks, style))
    scale = Scale(*span, box.left, box.right)
    floor, texts = frame.floor(box, scale, ticks, spec.x_label, style)
    scene.shapes = [*frame.columns(box, scale, ticks, style), *_reference(spec, scale, box)]
    scene.texts = [*texts, *_sides(spec, scale, box, size)]
    for place, (row, name) in enumerate(zip(rows, names, strict=True)):
        y = above + ROW * (place + 0.5)
        scene.shapes += _marks(row, y, scale, spec.reference, style)
        baseline = y + MIDDLE * size.label
        scene.texts.append(Text(0, baseline, name, "row", size.label, color="ink"))
        if row.mean is None or not math.isfinite(row.mean):
            scene.texts.append(Text(box.left + 4, baseline, "no finite value", "note", size.label))
    scene.shapes += floor
    scene.description = "; ".join(map(_describe, rows))
    return scene


def _span(spec: Intervals, rows: Sequence[Row]) -> tuple[float, float] | None:
    """Hold every mean, run and the reference; intervals within reason."""
    core = _finite(
        value
        for row in rows
        for value in (row.mean, *row.points, spec.reference)
        if value is not None
    )
    if not any(row.mean is not None and math.isfinite(row.mean) for row in rows):
        return None
    ends = _finite(end for row in rows for end in (row.low, row.high) if end is not None)
    low, high = min(core), max(core)
    half = high / 2 - low / 2
    if half == 0:
        # A single mean: its interval is all that there is to see.
        low, high = min(core + ends), max(core + ends)
    elif ends:
        low = max(min(low, *ends), low - 2 * INTERVAL_SHARE * half)
        high = min(max(high, *ends), high + 2 * INTERVAL_SHARE * half)
    half = high / 2 - low / 2
    return max(low - 2 * PADDING * half, -LARGEST), min(high + 2 * PADDING * half, LARGEST)


def _finite(values: Iterable[float]) -> list[float]:
    return [value for value in values if math.isfinite(value)]


def _marks(row: Row, y: float, scale: Scale, reference: float | None, style: Style) -> list[Shape]:
    if row.mean is None or not math.isfinite(row.mean):
        return []
    color, stroke = slot_token(row.slot), style.number("lines.linewidth")
    low = row.mean if row.low is None else row.low
    high = row.mean if row.high is None else row.high
    shapes = []
    if low < high:
        start, stop = scale.at(max(low, scale.low)), scale.at(min(high, scale.high))
        lines = [segment(start, y, stop, y)]
        # An end that is cut off points on.
        if low < scale.low:
            lines.append(
                np.array([(start + ARROW, y - ARROW), (start, y), (start + ARROW, y + ARROW)])
            )
        if high > scale.high:
            lines.append(
                np.array([(stop - ARROW, y - ARROW), (stop, y), (stop - ARROW, y + ARROW)])
            )
        shapes.append(
            Shape("interval", tuple(lines), stroke=color, width=stroke, title=_describe(row))
        )
    points = [scale.at(point) for point in row.points if math.isfinite(point)]
    if points:
        ticks = tuple(segment(x, y - TICK, x, y + TICK) for x in points)
        shapes.append(Shape("runs", ticks, stroke=color, opacity=0.55))
    hollow = reference is not None and row.low is not None and low <= reference <= high
    shapes.append(
        Shape(
            "dot",
            circle=(scale.at(row.mean), y, DOT),
            stroke=color,
            fill="paper" if hollow else color,
            width=stroke,
            title=_describe(row),
        )
    )
    return shapes


def _reference(spec: Intervals, scale: Scale, box: Box) -> list[Shape]:
    if spec.reference is None or not math.isfinite(spec.reference):
        return []
    x = scale.at(spec.reference)
    return [Shape("reference", (segment(x, box.top - TOP, x, box.bottom),), stroke="ink")]


def _sides(spec: Intervals, scale: Scale, box: Box, size: Sizes) -> list[Text]:
    if spec.better is None or spec.reference is None:
        return []
    x, y = scale.at(spec.reference), box.top - TOP - 2
    left, right = ("better", "worse") if spec.better == "low" else ("worse", "better")
    return [
        Text(x - frame.GAP, y, left, "axis", size.axis, "end"),
        Text(x + frame.GAP, y, right, "axis", size.axis),
    ]


def _describe(row: Row) -> str:
    name = shorten(visible(row.label), 400, 10)
    if row.mean is None or not math.isfinite(row.mean):
        return f"{name}: no finite value"
    if row.low is None or row.high is None:
        return f"{name}: {number(row.mean)}"
    return f"{name}: {number(row.mean)}, {number(row.low)} to {number(row.high)}"
