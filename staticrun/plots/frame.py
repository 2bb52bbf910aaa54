"""Around the data: grid, axes, names. Shared by all figures.

No box, no legend: horizontal lines at the ticks in pale ink, one axis in full ink, numbers in the
page's sans, the axis' name in italics at its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from staticrun.plots.scene import Scale, Shape, Text
from staticrun.plots.text import shorten, visible, width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from staticrun.plots.scene import Box, Points
    from staticrun.plots.style import Style
    from staticrun.plots.ticks import Ticks

# From the middle of a line of text down to its baseline, as a share of the font's size.
MIDDLE: Final = 0.36
TITLE_CHARACTERS: Final = 200
GAP: Final = 8.0


class Sizes(NamedTuple):
    """Font sizes in px."""

    axis: float
    name: float
    label: float


def sizes(style: Style) -> Sizes:
    """Read the font sizes of a style."""
    names = ("xtick.labelsize", "axes.labelsize", "legend.fontsize")
    return Sizes(*(style.number(name) for name in names))


def segment(x1: float, y1: float, x2: float, y2: float) -> Points:
    """Make a polyline of two points."""
    import numpy as np

    return np.array([(x1, y1), (x2, y2)], np.float64)


def name_room(x_label: str, ticks: Ticks, size: Sizes) -> float:
    """Say how far the name of the horizontal axis reaches beyond the axis' end."""
    if not x_label:
        return last_half(ticks, size)
    return last_half(ticks, size) + GAP + width(axis_name(x_label, size), size.name)


def last_half(ticks: Ticks, size: Sizes) -> float:
    """Give half the width of the last number: what may stand out at the end of the axis."""
    return width(ticks.texts[-1], size.axis) / 2 if ticks.texts else 0.0


def floor_room(ticks: Ticks, style: Style) -> float:
    """Say how much of the height the horizontal axis and its numbers take."""
    size = sizes(style).axis
    return style.number("xtick.major.size") + 1.6 * size + (size + 2 if ticks.base else 0)


def axis_name(text: str, size: Sizes) -> str:
    """Make the name of an axis fit."""
    return shorten(visible(text), 110, size.name)


def rows(box: Box, scale: Scale, ticks: Ticks, style: Style) -> tuple[list[Shape], list[Text]]:
    """Draw the vertical axis: a pale line across the plot and a number at each tick."""
    size = sizes(style).axis
    places = [scale.at(value) for value in ticks.values]
    lines = tuple(segment(box.left, y, box.right, y) for y in places)
    texts = [
        Text(box.left - GAP, y + MIDDLE * size, text, "axis", size, "end")
        for y, text in zip(places, ticks.texts, strict=True)
    ]
    if ticks.base:
        texts.append(Text(0, size, f"{ticks.base} +", "axis", size))
    return _grid(lines, style), texts


def columns(box: Box, scale: Scale, ticks: Ticks, style: Style) -> list[Shape]:
    """Draw pale vertical lines at the ticks of the horizontal axis."""
    places = (scale.at(value) for value in ticks.values)
    return _grid(tuple(segment(x, box.top, x, box.bottom) for x in places), style)


def _grid(lines: Sequence[Points], style: Style) -> list[Shape]:
    if not lines:
        return []
    wide, opacity = style.number("grid.linewidth"), style.number("grid.alpha")
    return [Shape("grid", tuple(lines), stroke="ink", width=wide, opacity=opacity)]


def floor(
    box: Box, scale: Scale, ticks: Ticks, name: str, style: Style
) -> tuple[list[Shape], list[Text]]:
    """Draw the horizontal axis: a line, short marks, numbers below, the name at its end."""
    size, mark = sizes(style), style.number("xtick.major.size")
    places = [scale.at(value) for value in ticks.values]
    line = segment(box.left, box.bottom, box.right, box.bottom)
    marks = (segment(x, box.bottom, x, box.bottom + mark) for x in places)
    axis = Shape("floor", (line, *marks), stroke="ink", width=style.number("axes.linewidth"))
    y = box.bottom + mark + 1 + size.axis
    texts = [
        Text(x, y, text, "axis", size.axis, "middle")
        for x, text in zip(places, ticks.texts, strict=True)
    ]
    if ticks.base:
        texts.append(Text(box.left, y + size.axis + 2, f"{ticks.base} +", "axis", size.axis))
    if name:
        beyond = last_half(ticks, size) if places and places[-1] > box.right - 2 * GAP else 0.0
        x = box.right + beyond + GAP
        texts.append(Text(x, y, axis_name(name, size), "name", size.name, color="ink"))
    return [axis], texts


def note(box: Box, text: str, style: Style) -> Text:
    """Say in the middle of the plot why there is nothing in it."""
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    return Text(x, y, text, "note", sizes(style).name, "middle")


def plain_title(text: str) -> str:
    """Make a title fit for an attribute and a line of text."""
    text = visible(text)
    if len(text) <= TITLE_CHARACTERS:
        return text
    half = TITLE_CHARACTERS // 2
    return f"{text[:half]}…{text[-half:]}"
