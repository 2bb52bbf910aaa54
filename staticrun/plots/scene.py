"""What stands where in a figure, before anything is drawn.

Positions are px from the upper left corner, as in SVG. Colours are tokens of the page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import msgspec

from staticrun.plots import error_scale

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Points = NDArray[np.float64]

Bent = Literal["linear", "log", "error"]


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """Lines, areas or a circle that share one paint.

    Attributes:
        name: Class names in the SVG.
        paths: Polylines, float64[n, 2] each; several make one compound shape.
        circle: Centre and radius, instead of paths.
        stroke: Token of the line; None for no line.
        fill: Token of the area; None for no area.
        width: Of the line, in px.
        opacity: Of line and area.
        dash: Lengths of dash and gap in px; empty for a solid line.
        clip: Whether what leaves the plot is cut off.
        title: What is shown when the shape is pointed at.
    """

    name: str
    paths: tuple[Points, ...] = ()
    circle: tuple[float, float, float] | None = None
    stroke: str | None = None
    fill: str | None = None
    width: float = 1.0
    opacity: float = 1.0
    dash: tuple[float, ...] = ()
    clip: bool = False
    title: str = ""


class Text(msgspec.Struct, frozen=True):
    """A text at a place.

    Attributes:
        x: Of the anchor.
        y: Of the baseline.
        text: Plain text, made visible and shortened.
        role: `axis` (numbers), `name` (of an axis), `label` (of a line), `row` (its name), `note`.
        anchor: Which part of the text stands at x.
        color: Its token.
        size: Font size in px; the page's style sheet may change it.
    """

    x: float
    y: float
    text: str
    role: Literal["axis", "name", "label", "row", "note"]
    size: float
    anchor: Literal["start", "middle", "end"] = "start"
    color: str = "muted"


class Box(msgspec.Struct, frozen=True):
    """The rectangle that data are drawn in."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(slots=True, eq=False)
class Scene:
    """A figure that is ready to be drawn.

    Attributes:
        name: Class name of the figure: `curves`, `intervals`.
        key: Prefix of every id, unique on the page.
        title: What the figure shows.
        unit: The line under the title: unit, scale, what was left out.
        description: The figure in words, for who cannot see it.
        width: In px.
        height: In px.
        plot: Where data are drawn.
        shapes: Drawn in this order.
        texts: Drawn over all shapes.
    """

    name: str
    key: str
    title: str
    unit: str
    description: str
    width: float
    height: float
    plot: Box
    shapes: list[Shape] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)


class Scale(msgspec.Struct, frozen=True):
    """The way from values to px along one axis.

    Attributes:
        low: Value at `start`.
        high: Value at `stop`; equal to `low` where there is a single value, which then stands in
            the middle.
        start: px.
        stop: px.
        bent: `log` for a logarithmic axis, whose `low` is above zero; `error` for one that opens
            up towards the whole.
        whole: What a share is of, on a scale of errors: 1 or 100.
        edge: Whether the whole stands at `high`, on a scale of errors.
    """

    low: float
    high: float
    start: float
    stop: float
    bent: Bent = "linear"
    whole: float = 1.0
    edge: bool = False

    def place(self, values: Floats) -> Floats:
        """Give the px of values; what is not finite, or has no place on a bent axis, is NaN."""
        import numpy as np

        usable = np.isfinite(values)
        if self.bent == "log":
            usable &= values > 0
        elif self.bent == "error":
            usable &= values <= self.whole
        known = np.where(usable, values, np.nan)
        if self.edge:
            is_whole = self.whole - known <= error_scale.NEAREST * self.whole
            known = np.where(is_whole, self.high, known)
        known, (low, high) = self._bend(known), self._bend(np.array([self.low, self.high]))
        # Halves, since the distance of two huge numbers leaves float64.
        span = high / 2 - low / 2
        share = (known / 2 - low / 2) / span if span else np.where(usable, 0.5, np.nan)
        # Far outside is far outside: matplotlib and browsers want no astronomical coordinates.
        return self.start + np.clip(share, -50, 50) * (self.stop - self.start)

    def _bend(self, values: Floats) -> Floats:
        import numpy as np

        if self.bent == "log":
            return np.log10(values)
        if self.bent == "error":
            return -np.log10(np.maximum(self.whole - values, error_scale.NEAREST**2 * self.whole))
        return values

    def at(self, value: float) -> float:
        """Give the px of one value."""
        import numpy as np

        return float(self.place(np.array([value]))[0])
