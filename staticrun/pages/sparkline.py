"""Small curves, written as SVG without a plotting library.

One drawing is a plot of fixed height and of whatever width its place has: lines stretch (a nested
`svg` with `preserveAspectRatio="none"`), texts, marks and strokes keep their size. All colour and
type is the style sheet's. A drawing takes a few tenths of a millisecond and at most 12 kB, however
many points it shows: of more than `POINTS` it keeps the lowest and the highest of each stretch.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from markupsafe import Markup, escape

from staticrun.analysis.curves import thin_places
from staticrun.pages import format as fmt
from staticrun.pages.axis import Axis, axis, ticks
from staticrun.pages.text import visible
from staticrun.pages.x_axis import x_axis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

UNITS = 1000  # the stretched plot's own coordinates, both ways
HEIGHT = 104  # of the plot, in pixels
POINTS = 320  # of a line; a phone shows them on 100 pixels, a wide screen on 250
COLUMNS = 160  # of a band
LABEL_APART = 13
LABEL_LENGTH = 8
LABEL_TOP = -6  # above the plot, in its margin
# A line that ends before this share of the width has its name at its end, inside the plot.
INSIDE = 0.9
# Beyond this many characters, the texts of the y axis get the wider of two margins.
TICK_LENGTH = 6


class Line(NamedTuple):
    """A curve to draw.

    Attributes:
        step: float64[n], ascending.
        value: float64[n], metric unit; what is not finite is a gap.
        label: Stands at the line's last finite point; empty where the drawing has one line.
        slot: Run colour 1 to 10; 0 is ink.
        ended: Status of the run: a cross (failed), a square (stopped) or an open circle (open)
            ends the line.
        low: float64[n], lowest of several writers, or None.
        high: float64[n], highest of several writers, or None.
        ghosts: Superseded points, (step, value) in the order of logging; drawn dotted.
    """

    step: Floats
    value: Floats
    label: str = ""
    slot: int = 0
    ended: str = "finished"
    low: Floats | None = None
    high: Floats | None = None
    ghosts: tuple[Floats, Floats] | None = None


class _End(NamedTuple):
    """The last finite point of a line: 0 to 1 across, pixels down."""

    line: Line
    x: float
    y: float
    lonely: bool


class _Frame(NamedTuple):
    """Where values and steps go: the scale, and the steps at the left and the right end."""

    scale: Axis
    first: float
    last: float


def draw(lines: Sequence[Line], description: str) -> tuple[Markup, Axis | None]:
    """Draw curves that share their axes.

    Args:
        lines: One to a few; those with no finite value draw nothing.
        description: What the drawing shows, for those who do not see it.

    Returns:
        The `svg` element and its scale; the scale is None, and the element says so in words,
        when there is nothing finite to draw.
    """
    lines = [_thinned(line) for line in lines]
    scale = axis([array for line in lines for array in _values(line)])
    steps = np.concatenate([array for line in lines for array in _steps(line)])
    steps = steps[np.isfinite(steps)]
    label = escape(visible(description))
    if scale is None or not len(steps):
        note = Markup('<text class="note" y="56">no finite value</text>')
        return _svg("spark", label, note), None
    frame = _Frame(scale, float(steps.min()), float(steps.max()))
    marks = ticks(scale)
    whole = frame.first.is_integer() and frame.last.is_integer()
    parts = [_grid(scale, marks), x_axis(frame.first, frame.last, HEIGHT, whole=whole)]
    paths = [_paths(line, frame) for line in lines]
    ends = [end for line in lines if (end := _end(line, frame))]
    parts.append(
        f'<svg viewBox="0 0 {UNITS} {UNITS}" preserveAspectRatio="none" width="100%" '
        f'height="{HEIGHT}">{"".join(paths)}</svg>'
    )
    parts.extend(_mark(end) for end in ends)
    named = [end for end in ends if end.line.label]
    outside = [end for end in named if end.x > INSIDE]
    parts.append(_labels(outside))
    parts.append(_labels([end for end in named if end.x <= INSIDE]))
    long = max(len(text) for _, text in marks) > TICK_LENGTH
    classes = f"spark{' long' if long else ''}{' ends' if outside else ''}"
    return _svg(classes, label, Markup("".join(parts))), scale  # noqa: S704 - texts are escaped


def _thinned(line: Line) -> Line:
    """Leave out what cannot be seen, before anything else looks at it: extremes stay."""
    if line.low is not None or len(line.value) <= POINTS:
        return line
    kept = thin_places(line.value, POINTS)
    return line._replace(step=line.step[kept], value=line.value[kept])


def _svg(classes: str, label: Markup, body: Markup) -> Markup:
    return Markup('<svg class="{}" role="img" aria-label="{}">{}</svg>').format(
        classes, label, body
    )


def _values(line: Line) -> list[Floats]:
    arrays = [line.value, line.low, line.high, line.ghosts[1] if line.ghosts else None]
    return [array for array in arrays if array is not None]


def _steps(line: Line) -> list[Floats]:
    return [line.step, line.ghosts[0]] if line.ghosts else [line.step]


def _grid(scale: Axis, marks: list[tuple[float, str]]) -> str:
    parts = []
    for value, text in marks:
        y = _pixel(scale.height(value))
        parts.append(
            f'<line class="gl" x2="100%" y1="{y}" y2="{y}"/>'
            f'<text class="e" x="-6" y="{_short(y + 4)}">{text}</text>'
        )
    return "".join(parts)


def _paths(line: Line, frame: _Frame) -> str:
    colour = _colour(line)
    parts = []
    if line.ghosts:
        for step, value in _ascending(*line.ghosts):
            x, y = _coordinates(step, value, frame)
            parts.append(_path(f"ln ghost{colour}", _strokes(x, y)))
    if line.low is not None and line.high is not None:
        parts.append(_band(line, line.low, line.high, frame, colour))
    x, y = _coordinates(line.step, line.value, frame)
    parts.append(_path(f"ln{colour}", _strokes(x, y)))
    return "".join(parts)


def _band(line: Line, low: Floats, high: Floats, frame: _Frame, colour: str) -> str:
    both = np.isfinite(low) & np.isfinite(high) & np.isfinite(line.step)
    if both.sum() < 2:
        return ""
    step = line.step[both]
    # Each column's extremes, so that a thinned band still covers what it stands for.
    starts = _columns(_across(step, frame))
    x = _across(step[starts], frame)
    bottom = _down(np.minimum.reduceat(low[both], starts), frame.scale)
    top = _down(np.maximum.reduceat(high[both], starts), frame.scale)
    there = " ".join(f"{a} {b}" for a, b in zip(x.tolist(), top.tolist(), strict=True))
    back = " ".join(
        f"{a} {b}" for a, b in zip(x[::-1].tolist(), bottom[::-1].tolist(), strict=True)
    )
    return _path(f"bd{colour}", f"M{there} {back}z")


def _path(classes: str, data: str) -> str:
    return f'<path class="{classes}" d="{data}"/>' if data else ""


def _coordinates(step: Floats, value: Floats, frame: _Frame) -> tuple[NDArray[np.int64], Floats]:
    """Place points: whole units across; down as floats, NaN where there is nothing to draw."""
    known = np.isfinite(step)
    step, value = step[known], value[known]
    x = _across(step, frame)
    finite = np.isfinite(value)
    y = np.full(len(value), np.nan)
    y[finite] = _down(value[finite], frame.scale)
    kept = thin_places(y, POINTS)
    return x[kept], y[kept]


def _across(step: Floats, frame: _Frame) -> NDArray[np.int64]:
    if frame.first == frame.last:
        return np.full(len(step), UNITS // 2, dtype=np.int64)
    share = (step / 2 - frame.first / 2) / (frame.last / 2 - frame.first / 2)
    return np.rint(share * UNITS).astype(np.int64)


def _down(value: Floats, scale: Axis) -> NDArray[np.int64]:
    if scale.log:
        low = math.log(scale.low)
        share = (np.log(value) - low) / (math.log(scale.high) - low)
    else:
        share = (value / 2 - scale.low / 2) / (scale.high / 2 - scale.low / 2)
    return np.rint((1 - share) * UNITS).astype(np.int64)


def _columns(x: NDArray[np.int64]) -> NDArray[np.intp]:
    """Give the index at which each occupied column begins; every point where they are few."""
    if len(x) <= POINTS:
        return np.arange(len(x))
    column = x * COLUMNS // (UNITS + 1)
    return np.flatnonzero(np.diff(column, prepend=-1))


def _strokes(x: NDArray[np.int64], y: Floats) -> str:
    """Spell a path; a point between two gaps becomes a dot."""
    if not np.isnan(y).any():
        flat = np.empty(2 * len(x), dtype=np.int64)
        flat[0::2], flat[1::2] = x, y
        return _stroke([" ".join(map(str, flat.tolist()))], len(x))
    parts: list[str] = []
    stroke: list[str] = []
    for a, b in zip(x.tolist(), y.tolist(), strict=True):
        if b == b:  # noqa: PLR0124 - what is not NaN; math.isnan would be half of the time
            stroke.append(f"{a} {b:.0f}")
        elif stroke:
            parts.append(_stroke(stroke, len(stroke)))
            stroke = []
    if stroke:
        parts.append(_stroke(stroke, len(stroke)))
    return "".join(parts)


def _stroke(texts: list[str], points: int) -> str:
    if points > 1:
        return f"M{' '.join(texts)}"
    return f"M{texts[0]}h0" if points else ""


def _ascending(step: Floats, value: Floats) -> list[tuple[Floats, Floats]]:
    """Split points, in the order of logging, into stretches of rising step."""
    cuts = np.flatnonzero(np.diff(step) <= 0) + 1
    return list(zip(np.split(step, cuts), np.split(value, cuts), strict=True))


def _end(line: Line, frame: _Frame) -> _End | None:
    """Find the last finite point; None without any."""
    finite = np.flatnonzero(np.isfinite(line.value) & np.isfinite(line.step))
    if not len(finite):
        return None
    at = finite[-1]
    x = float(_across(line.step[at : at + 1], frame)[0]) / UNITS
    y = _pixel(frame.scale.height(float(line.value[at])))
    return _End(line, x, y, lonely=len(finite) == 1)


def _mark(end: _End) -> str:
    """Mark how the run ended; a point that is alone is a disc."""
    colour = _colour(end.line)
    shape = {
        "failed": '<path class="xx" d="M-4-4 4 4M-4 4 4-4"/>',
        "stopped": f'<path class="pt{colour}" d="M-3-3h6v6h-6z"/>',
        "open": f'<circle class="po{colour}" r="3.5"/>',
        "finished": f'<circle class="pt{colour}" r="2.5"/>' if end.lonely else "",
    }.get(end.line.ended, "")
    if not shape:
        return ""
    return f'<svg x="{100 * end.x:.1f}%" y="{end.y}" overflow="visible">{shape}</svg>'


def _labels(ends: list[_End]) -> str:
    """Write names at the ends of lines, pushed apart where they would touch."""
    parts = []
    ordered = sorted(ends, key=lambda end: end.y)
    for end, y in zip(ordered, _apart([end.y for end in ordered]), strict=True):
        text = escape(visible(fmt.short(end.line.label, LABEL_LENGTH)))
        if end.x > INSIDE:
            classes, x, dx = "lab", "100%", 7
        elif end.x > 0.5:
            classes, x, dx = "lab halo e", f"{100 * end.x:.1f}%", -7
        else:
            classes, x, dx = "lab halo", f"{100 * end.x:.1f}%", 7
        parts.append(
            f'<text class="{classes}{_colour(end.line)}" x="{x}" dx="{dx}" '
            f'y="{_short(y + 4)}">{text}</text>'
        )
    return "".join(parts)


def _apart(wanted: list[float]) -> list[float]:
    """Move ascending heights as little as brings them `LABEL_APART` from each other."""
    # Without the distances it is a regression that must not descend: neighbours that would cross
    # stand at their mean.
    blocks: list[tuple[float, int]] = []
    for place, y in enumerate(wanted):
        total, count = y - place * LABEL_APART, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / count:
            before = blocks.pop()
            total, count = total + before[0], count + before[1]
        blocks.append((total, count))
    found = [total / count for total, count in blocks for _ in range(count)]
    highest = HEIGHT - LABEL_APART * (len(wanted) - 1)
    return [min(max(y, LABEL_TOP), highest) + place * LABEL_APART for place, y in enumerate(found)]


def _colour(line: Line) -> str:
    return f" c{line.slot}" if line.slot else ""


def _pixel(share: float) -> float:
    return _short((1 - share) * HEIGHT)


def _short(value: float) -> float:
    rounded = round(value, 1)
    return int(rounded) if rounded == int(rounded) else rounded
