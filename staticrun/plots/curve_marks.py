"""What is drawn of a curve: band, stroke, lone points, the mark at its end."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from staticrun.analysis.curves import thin
from staticrun.plots.color import SLOTS, slot_token
from staticrun.plots.frame import segment
from staticrun.plots.scene import Shape
from staticrun.plots.text import number, shorten, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from staticrun.plots.curves import Line
    from staticrun.plots.scene import Points, Scale
    from staticrun.plots.style import Style

# Points that are drawn of a line, and of one that is only context.
MOST_POINTS, MOST_CONTEXT_POINTS = 250, 90
BAND_OPACITY: Final = 0.13
# A line that goes its own height so often is a hatching: drawn thinner, it can be read.
DENSE_POINTS, DENSE_TRAVEL, DENSE_SHARE = 100, 8, 0.5
# Order of drawing, width as a share of a mean's, opacity.
KINDS: Final = {
    "context": (0, 0.5, 0.42),
    "ghost": (1, 0.6, 0.9),
    "member": (2, 0.53, 0.35),
    "mean": (3, 1.0, 1.0),
    "baseline": (4, 7 / 6, 1.0),
}
# Dashes of the second and third round of colours.
ROUNDS: Final = ((), (6.0, 3.0), (2.0, 2.0))
_DOT = np.linspace(0, 2 * math.pi, 13)
_CIRCLE = np.stack([np.cos(_DOT), np.sin(_DOT)], axis=1)


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """A line on its way into the figure.

    Attributes:
        line: What was asked for.
        points: float64[n, 2] in px, few enough to draw; NaN where there is a gap.
        color: Its token.
        end: Its last point that can be drawn, in px; None without one.
        last: Step and value there.
    """

    line: Line
    points: Points
    color: str
    end: tuple[float, float] | None
    last: tuple[float, float] | None


def make_track(line: Line, x: Scale, y: Scale) -> Track:
    """Bring a line into px."""
    step, value = np.array(line.step, np.float64), np.array(line.value, np.float64)
    places, heights = x.place(step), y.place(value)
    drawn = np.flatnonzero(np.isfinite(places) & np.isfinite(heights))
    behind = line.kind in {"context", "ghost"}
    most = MOST_CONTEXT_POINTS if behind else MOST_POINTS
    points = np.stack(thin(places, heights, most), axis=1)
    color = "faint" if behind else "ink" if line.kind == "baseline" else slot_token(line.slot)
    if not len(drawn):
        return Track(line, points, color, None, None)
    at = drawn[-1]
    end = float(places[at]), float(heights[at])
    return Track(line, points, color, end, (float(step[at]), float(value[at])))


def draw_band(track: Track, x: Scale, y: Scale) -> list[Shape]:
    """Fill between the edges of a line's band, gap by gap."""
    line = track.line
    if line.low is None or line.high is None or line.kind in {"context", "ghost"}:
        return []
    places = x.place(np.array(line.step, np.float64))
    low, high = (y.place(np.array(edge, np.float64)) for edge in (line.low, line.high))
    pieces = []
    for start, stop in _runs(np.isfinite(places) & np.isfinite(low) & np.isfinite(high)):
        if stop - start > 1:
            most = max(4, MOST_POINTS * (stop - start) // len(places))
            lower = np.stack(thin(places[start:stop], low[start:stop], most), axis=1)
            upper = np.stack(thin(places[start:stop], high[start:stop], most), axis=1)
            pieces.append(np.concatenate([lower, upper[::-1]]))
    if not pieces:
        return []
    return [Shape("band", tuple(pieces), fill=track.color, opacity=BAND_OPACITY)]


def draw_stroke(track: Track, style: Style) -> list[Shape]:
    """Draw a line with its gaps; a point without neighbours is a dot."""
    line = track.line
    _, share, opacity = KINDS[line.kind]
    width = share * style.number("lines.linewidth") * (DENSE_SHARE if _is_dense(track) else 1)
    clip, title = line.kind in {"context", "ghost"}, _title(track)
    finite = np.isfinite(track.points[:, 0]) & np.isfinite(track.points[:, 1])
    runs = [track.points[start:stop] for start, stop in _runs(finite)]
    strokes = tuple(points for points in runs if len(points) > 1)
    dots = tuple(points + _CIRCLE * max(1.0, 1.5 * width) for points in runs if len(points) == 1)
    name = f"line {line.kind}"
    shapes = []
    if strokes:
        shapes.append(
            Shape(
                name,
                strokes,
                stroke=track.color,
                width=width,
                opacity=opacity,
                dash=_dash(line, style),
                clip=clip,
                title=title,
            )
        )
    if dots:
        shapes.append(
            Shape(name, dots, fill=track.color, opacity=max(opacity, 0.6), clip=clip, title=title)
        )
    return shapes


def draw_ending(track: Track, style: Style) -> list[Shape]:
    """Mark how a line ended: failed with a cross, open with a circle, stopped with a bar."""
    if track.end is None or track.line.kind == "ghost":
        return []
    x, y = track.end
    half = style.number("lines.markersize") / 2
    width = 7 / 6 * style.number("lines.linewidth")
    falling = segment(x - half, y - half, x + half, y + half)
    rising = segment(x - half, y + half, x + half, y - half)
    paths, circle = {
        "failed": ((falling, rising), None),
        "open": ((), (x, y, 0.86 * half)),
        "stopped": ((segment(x, y - half, x, y + half),), None),
    }.get(track.line.ended, ((), None))
    if not paths and not circle:
        return []
    # The marks of faint lines are as faint and as cut off as the lines.
    behind = track.line.kind == "context"
    mark = Shape(
        track.line.ended,
        paths,
        circle=circle,
        stroke="worse" if track.line.ended == "failed" and not behind else track.color,
        fill="paper" if circle else None,
        width=width,
        opacity=KINDS["context"][2] if behind else 1.0,
        clip=behind,
    )
    return [mark]


def _is_dense(track: Track) -> bool:
    """Say whether a line of many points goes up and down all the way."""
    heights = track.points[:, 1][np.isfinite(track.points[:, 1])]
    if len(heights) < DENSE_POINTS:
        return False
    return bool(np.abs(np.diff(heights)).sum() > DENSE_TRAVEL * np.ptp(heights))


def _dash(line: Line, style: Style) -> tuple[float, ...]:
    if line.kind == "baseline":
        return style.numbers("lines.dashed_pattern")
    if line.kind == "ghost":
        return style.numbers("lines.dotted_pattern")
    if line.kind == "context" or line.slot is None:
        return ()
    return ROUNDS[(line.slot - 1) // SLOTS % len(ROUNDS)]


def _title(track: Track) -> str:
    """Say what a line is to who points at it."""
    if not track.line.label or track.last is None:
        return ""
    step, value = track.last
    name = shorten(visible(track.line.label), 400, 10)
    return f"{name}: {number(value)} at {number(step)}"


def _runs(mask: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Give start and stop of each stretch that is true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
