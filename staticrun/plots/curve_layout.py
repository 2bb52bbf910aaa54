"""Where the parts of a figure of curves stand."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from staticrun.plots import frame
from staticrun.plots.curve_marks import (
    KINDS,
    Track,
    draw_band,
    draw_ending,
    draw_stroke,
    make_track,
)
from staticrun.plots.curve_range import find_range
from staticrun.plots.curves import has_edge, is_named, notes, scale, settled
from staticrun.plots.labels import spread
from staticrun.plots.scene import Box, Scale, Scene, Shape, Text
from staticrun.plots.text import number, shorten, visible, width
from staticrun.plots.ticks import MOST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from staticrun.plots.curves import Curves
    from staticrun.plots.frame import Sizes
    from staticrun.plots.style import Style

# px; from the end of the axis to a label, and free on both sides of a leader.
TOP, LEFT, LABEL_GAP, LEADER_GAP = 10.0, 38.0, 12.0, 3.0
# Labels take at most this share of the figure.
LABEL_SHARE: Final = 0.4
# From this width on the horizontal axis has room for more ticks.
WIDE, MOST_WIDE = 700.0, 6
LINE_HEIGHT: Final = 1.18
LEADER_OPACITY: Final = 0.55


def make_scene(spec: Curves, style: Style) -> Scene:
    """Lay out a figure of curves."""
    size = frame.sizes(style)
    lines = settled(spec.lines)
    bent, edge = scale(spec), has_edge(spec)
    scene = Scene(
        name="curves",
        key=spec.key,
        title=frame.plain_title(spec.title),
        unit=", ".join(filter(None, (frame.plain_title(spec.unit), *notes(spec)))),
        description="no finite values",
        width=spec.width,
        height=spec.height,
        plot=Box(LEFT, TOP, spec.width - LEFT, spec.height - TOP),
    )
    most = MOST if spec.width < WIDE else MOST_WIDE
    found = find_range(lines, bent, most, whole=spec.whole, edge=edge)
    if found is None:
        scene.texts.append(frame.note(scene.plot, "no finite values", style))
        return scene
    names = {
        place: shorten(visible(line.label), LABEL_SHARE * spec.width, size.label)
        for place, line in enumerate(lines)
        if is_named(line)
    }
    beyond = [LABEL_GAP + width(name, size.label) for name in names.values()]
    right = max(frame.name_room(spec.x_label, found.x_ticks, size), *beyond, frame.GAP)
    left = max(LEFT, frame.GAP + max(width(text, size.axis) for text in found.y_ticks.texts))
    scene.plot = box = Box(
        math.ceil(left),
        TOP + (size.axis if found.y_ticks.base else 0),
        spec.width - math.ceil(right),
        spec.height - math.ceil(frame.floor_room(found.x_ticks, style)),
    )
    x = Scale(*found.x, box.left, box.right)
    y = Scale(*found.y, box.bottom, box.top, bent, spec.whole, edge)
    tracks = [make_track(line, x, y) for line in lines]
    order = sorted(tracks, key=lambda track: KINDS[track.line.kind][0])
    grid, y_texts = frame.rows(box, y, found.y_ticks, style)
    axis, x_texts = frame.floor(box, x, found.x_ticks, spec.x_label, style)
    ended = [
        (track, names[place])
        for place, track in enumerate(tracks)
        if place in names and track.end is not None
    ]
    leaders, labels = _labels(ended, box, size)
    scene.shapes = [
        *grid,
        *(shape for track in order for shape in draw_band(track, x, y)),
        *(shape for track in order for shape in draw_stroke(track, style)),
        *axis,
        *leaders,
        *(shape for track in order for shape in draw_ending(track, style)),
    ]
    scene.texts = [*y_texts, *x_texts, *labels]
    scene.description = _describe(ended, len(lines), spec)
    return scene


def _labels(
    ended: Sequence[tuple[Track, str]], box: Box, size: Sizes
) -> tuple[list[Shape], list[Text]]:
    """Name lines at their ends, in their colours, pushed apart."""
    import numpy as np

    gap = LINE_HEIGHT * size.label
    wanted = [track.end[1] for track, _ in ended if track.end]
    places = spread(wanted, gap, box.top - 2, box.bottom - 0.3 * gap)
    shapes, texts = [], []
    x = box.right + LABEL_GAP
    for (track, name), y in zip(ended, places, strict=True):
        color = track.color
        texts.append(
            Text(x, y + frame.MIDDLE * size.label, name, "label", size.label, color=color)
        )
        if track.end is None:
            continue
        end_x, end_y = track.end
        early = end_x < box.right - LABEL_GAP
        if abs(end_y - y) < LEADER_GAP and not early:
            continue
        points = [(end_x + LEADER_GAP, end_y), (x - LEADER_GAP, y)]
        if early:
            points.insert(1, (box.right + LEADER_GAP, end_y))
        shapes.append(
            Shape(
                "leader",
                (np.array(points),),
                stroke=color,
                width=0.75,
                opacity=LEADER_OPACITY,
                dash=(1.0, 2.0) if early else (),
            )
        )
    return shapes, texts


def _describe(ended: Sequence[tuple[Track, str]], lines: int, spec: Curves) -> str:
    """Say in words what the curves show, for who cannot see them."""
    parts = [f"{lines} line{'s' if lines > 1 else ''} over {visible(spec.x_label) or 'step'}"]
    parts += [
        f"{name} ends at {number(track.last[1])}"
        for track, name in ended
        if track.last is not None
    ]
    return "; ".join(parts)
