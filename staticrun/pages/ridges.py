"""Distributions over steps, as ridges one behind the other, written as SVG.

Values go across, the earliest step is above and the latest in front. A distribution is spread
over columns of equal width, whatever its bins were, and drawn to its own height: a narrow one
would flatten the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from markupsafe import Markup, escape

from staticrun.pages import format as fmt
from staticrun.pages.text import visible
from staticrun.pages.x_axis import x_axis
from staticrun.plots.ticks import LARGEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

HEIGHT = 132  # of the plot, in pixels
COLUMNS = 48
# A ridge is so many times as high as two of them are apart.
OVERLAP = 2.2
# The stretched plot's own units: two a column, ten a pixel.
_ACROSS, _DOWN = 2, 10
# Of a distribution's values, at either end, if the axis is so many times shorter without them.
OUTLIERS = 0.005
NARROWER = 3
# Beyond this many characters, the steps get the wider of two margins.
STEP_LENGTH = 6
# Places of edges in lengths of the axis: what is farther away is as good as nowhere.
_FAR = 1e12


class Distribution(NamedTuple):
    """How often values fell into bins, at a step.

    Attributes:
        step: The step.
        edges: float64[n + 1], finite, not descending, in the unit of the values.
        counts: float64[n], finite, none negative, some positive.
    """

    step: float
    edges: Floats
    counts: Floats


def distribution(
    step: float, edges: Sequence[float], counts: Sequence[float]
) -> Distribution | None:
    """Take a histogram as it was logged.

    Bins that have no end (an edge is infinite) are left out.

    Returns:
        None where it cannot be drawn: no count, edges that descend or are no numbers, counts that
        are negative or not finite.
    """
    at, many = np.asarray(edges, dtype=np.float64), np.asarray(counts, dtype=np.float64)
    if len(at) != len(many) + 1 or not np.isfinite(many).all() or (many < 0).any():
        return None
    if np.isnan(at).any() or (at[1:] < at[:-1]).any():
        return None
    inside = np.flatnonzero(np.isfinite(at))
    if len(inside) < 2:
        return None
    first, last = int(inside[0]), int(inside[-1])
    at, many = at[first : last + 1], many[first:last]
    return Distribution(step, at, many) if many.max() > 0 else None


def limits(found: Sequence[Distribution]) -> tuple[float, float]:
    """Give the lowest and the highest edge of all bins that hold something."""
    lows, highs = [], []
    for one in found:
        filled = np.flatnonzero(one.counts)
        lows.append(float(one.edges[filled[0]]))
        highs.append(float(one.edges[filled[-1] + 1]))
    return min(lows), max(highs)


def drawn_limits(found: Sequence[Distribution]) -> tuple[float, float]:
    """Give the ends of the axis: as `limits`, without outliers where these would flatten the rest.

    Left out are up to `OUTLIERS` of the values of each distribution at either end, and only where
    that makes the axis `NARROWER` times shorter.
    """
    low, high = limits(found)
    inner = [_inner(one) for one in found]
    near, far = min(one[0] for one in inner), max(one[1] for one in inner)
    # Halves first: the difference of two large floats may be infinite.
    much = high / 2 - low / 2 > NARROWER * (far / 2 - near / 2) > 0
    return (near, far) if much else (low, high)


def beyond(found: Sequence[Distribution]) -> float:
    """Give the largest share of a distribution's values that lies outside of the drawn axis."""
    low, high = drawn_limits(found)
    return max(
        float(_shares(one)[(one.edges[:-1] < low) | (one.edges[1:] > high)].sum()) for one in found
    )


def _shares(one: Distribution) -> Floats:
    # By the largest first: the sum of large floats may be infinite.
    weights = one.counts / one.counts.max()
    shares: Floats = weights / weights.sum()
    return shares


def _inner(one: Distribution) -> tuple[float, float]:
    below = np.cumsum(_shares(one))
    first = int(np.searchsorted(below, OUTLIERS, side="right"))
    last = int(np.searchsorted(below, 1 - OUTLIERS, side="left"))
    return float(one.edges[first]), float(one.edges[min(last, len(one.counts) - 1) + 1])


def draw(found: Sequence[Distribution], description: str) -> Markup:
    """Draw distributions.

    Args:
        found: One to eight, by ascending step.
        description: What the drawing shows, for those who do not see it.
    """
    low, high = drawn_limits(found)
    if high / 2 - low / 2 == 0:
        room = abs(low) * 0.5 or 1.0
        low, high = max(low - room, -LARGEST), min(high + room, LARGEST)
    apart = HEIGHT / (len(found) - 1 + OVERLAP) if len(found) > 1 else 0.0
    rise = apart * OVERLAP or float(HEIGHT)
    names, ridges = [], []
    for number, one in enumerate(found):
        base = rise + number * apart
        last = " last" if number == len(found) - 1 else ""
        y = round(base, 1)
        names.append(
            f'<line class="gl" x2="100%" y1="{y:g}" y2="{y:g}"/>'
            f'<text class="e" x="-6" y="{y:g}">{fmt.step(one.step)}</text>'
        )
        ridges.append(f'<path class="rg{last}" d="{_ridge(one, low, high, base, rise)}"/>')
    plot = (
        f'<svg viewBox="0 0 {COLUMNS * _ACROSS} {HEIGHT * _DOWN}" preserveAspectRatio="none" '
        f'width="100%" height="{HEIGHT}">{"".join(ridges)}</svg>'
    )
    longest = max(len(fmt.step(one.step)) for one in found)
    body = "".join([*names, plot, x_axis(low, high, HEIGHT, whole=False)])
    return Markup('<svg class="{}" role="img" aria-label="{}">{}</svg>').format(
        f"spark ridges{' long' if longest > STEP_LENGTH else ''}",
        escape(visible(description)),
        Markup(body),  # noqa: S704 - numbers alone
    )


def _ridge(one: Distribution, low: float, high: float, base: float, rise: float) -> str:
    height = _heights(one, low, high)
    filled = np.flatnonzero(height)
    begin, end = int(filled[0]), int(filled[-1]) + 1
    x = np.arange(begin, end) * _ACROSS + 1
    y = np.rint((base - height[begin:end] * rise) * _DOWN).astype(np.int64)
    foot = round(base * _DOWN)
    points = " ".join(f"{a} {b}" for a, b in zip(x.tolist(), y.tolist(), strict=True))
    return f"M{begin * _ACROSS} {foot} {points} {end * _ACROSS} {foot}"


def _heights(one: Distribution, low: float, high: float) -> Floats:
    """Give the share of the highest column that each of `COLUMNS` between two values holds."""
    # Halves first: the difference of two large floats may be infinite.
    half = high / 2 - low / 2
    if half:
        with np.errstate(over="ignore"):  # an edge that is not drawn may be very far away
            place = np.clip((one.edges / 2 - low / 2) / half, -_FAR, _FAR)
    else:
        # Nearer to each other than halves can tell: what is above the lowest is at the top.
        place = (one.edges > low).astype(np.float64)
    below = np.concatenate([[0.0], np.cumsum(one.counts / one.counts.max())])
    columns: Floats = np.diff(np.interp(np.linspace(0.0, 1.0, COLUMNS + 1), place, below))
    if not columns.max() > 0:
        # All of it lies on one value, where no column begins or ends.
        at = float(place[np.flatnonzero(one.counts)[0]])
        columns[min(int(at * COLUMNS), COLUMNS - 1)] = 1.0
    columns /= columns.max()
    return columns
