"""Means with their intervals, one a row, on one scale; the runs behind them as ticks."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from staticrun.plots.curves import PLAIN_KEY

MOST_ROWS: Final = 40


class Row(msgspec.Struct, frozen=True):
    """One mean.

    Attributes:
        label: Written on the left.
        mean: The dot; None or not finite where there is none.
        low: Lower end of the 95 % interval; None where there is none.
        high: Its upper end.
        points: Values of the single runs, drawn as ticks.
        slot: Colour slot; None draws in ink.
    """

    label: str
    mean: float | None
    low: float | None = None
    high: float | None = None
    points: tuple[float, ...] = ()
    slot: int | None = None


class Intervals(msgspec.Struct, frozen=True):
    """What a figure of intervals shows.

    Attributes:
        title: The metric, or what differs; read out and in a file of its own.
        unit: What stands under the title.
        rows: From top to bottom; the first forty are drawn.
        x_label: Name of the horizontal axis.
        reference: Where an upright line in ink stands: 0 for differences, a baseline's mean. A dot
            whose interval holds it is hollow.
        better: Which side of the reference is better, written above; None writes nothing.
        width: In px; the height follows from the rows.
        key: Prefix of ids, unique on the page.
    """

    title: str
    unit: str
    rows: tuple[Row, ...]
    x_label: str = ""
    reference: float | None = None
    better: Literal["low", "high"] | None = None
    width: float = 520
    key: str = "intervals"

    def __post_init__(self) -> None:
        """Refuse a key that is no plain id, and widths that hold nothing.

        Raises:
            ValueError: When one of them is.
        """
        if not PLAIN_KEY.fullmatch(self.key):
            raise ValueError(f"key {self.key!r}: expected a letter, then letters, digits, _ and -")
        if not 240 <= self.width <= 4000:
            raise ValueError(f"width {self.width}: expected 240 to 4000")


def notes(spec: Intervals) -> tuple[str, ...]:
    """Say what a reader must know to read the figure right."""
    more = len(spec.rows) - MOST_ROWS
    return (f"{more} more row{'s' if more > 1 else ''} not drawn",) if more > 0 else ()
