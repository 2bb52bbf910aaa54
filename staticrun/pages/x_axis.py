"""The horizontal axis of a small drawing: a line, and round numbers below it.

A drawing is as wide as its place, so that everything across stands in per cent.
"""

from __future__ import annotations

from functools import lru_cache

from staticrun.pages import format as fmt
from staticrun.plots.ticks import linear_ticks

# What the narrowest plot on a wide screen and on a phone has, and a digit needs, in pixels.
WIDTH = 180
WIDTH_PHONE = 96
CHARACTER = 6.2
APART = 6


def x_axis(first: float, last: float, height: int, *, whole: bool) -> str:
    """Write an axis below a plot; its numbers are round, or those of both ends.

    Args:
        first: At the left end, finite.
        last: At the right end, finite; where it is `first`, that stands in the middle.
        height: Of the plot, in pixels.
        whole: Whether only whole numbers have a meaning.

    Returns:
        SVG elements; the numbers are 16 pixels below the plot.
    """
    y = height + 16
    axis = f'<line class="ax" x2="100%" y1="{height}" y2="{height}"/>'
    if first == last:
        return f'{axis}<text class="c" x="50%" y="{y}">{fmt.step(first)}</text>'
    marks = _marks(first, last, whole=whole)
    if not marks:
        spell = fmt.step if fmt.step(first) != fmt.step(last) else fmt.exact
        return (
            f'{axis}<text y="{y}">{spell(first)}</text>'
            f'<text class="e" x="100%" y="{y}">{spell(last)}</text>'
        )
    return axis + "".join(
        f'<line class="ax" x1="{x}%" x2="{x}%" y1="{height}" y2="{height + 4}"/>'
        f'<text class="c{" o" if spare else ""}" x="{x}%" y="{y}">{text}</text>'
        for x, text, spare in marks
    )


@lru_cache(maxsize=256)  # the metrics of a run mostly share their steps
def _marks(first: float, last: float, *, whole: bool) -> tuple[tuple[float, str, bool], ...]:
    """Choose round numbers: per cent across, text, whether a phone leaves it out.

    Empty where nothing round can be written in little room.
    """
    for most in (4, 3, 2):
        found = linear_ticks(first, last, most, whole=whole)
        if found.base or len(found.values) < 2:
            break
        # Halves first: the difference of two large floats may be infinite.
        places = [(value / 2 - first / 2) / (last / 2 - first / 2) for value in found.values]
        widest = max(map(len, found.texts)) * CHARACTER + APART
        apart = places[1] - places[0]
        if widest <= apart * WIDTH:
            crowded = widest > apart * WIDTH_PHONE
            return tuple(
                (_short(100 * place), text, crowded and number % 2 == 1)
                for number, (place, text) in enumerate(zip(places, found.texts, strict=True))
            )
    return ()


def _short(value: float) -> float:
    rounded = round(value, 1)
    return int(rounded) if rounded == int(rounded) else rounded
