"""Which version stood at which stage: a lane a stage, a bar a version."""

from __future__ import annotations

from typing import Literal

import msgspec

from staticrun.plots.curves import PLAIN_KEY


class Bar(msgspec.Struct, frozen=True):
    """A version at a stage.

    Attributes:
        start: Where it came, on the axis of `Lanes`.
        stop: Where it went.
        label: The version.
        state: `now` is filled with ink, `past` is pale, `withdrawn` is an outline.
        title: What is shown when the bar is pointed at, and read out.
    """

    start: float
    stop: float
    label: str
    state: Literal["past", "now", "withdrawn"] = "past"
    title: str = ""


class Lane(msgspec.Struct, frozen=True):
    """A stage: its name, and its bars from left to right."""

    name: str
    bars: tuple[Bar, ...]


class Lanes(msgspec.Struct, frozen=True):
    """What a figure of lanes shows.

    Attributes:
        title: Read out, and in a file of its own.
        unit: What stands under the title.
        lanes: From top to bottom.
        first: Left end of the axis.
        last: Its right end, above `first`.
        ticks: Places and what is written there; those without room are left out.
        width: In px; the height follows from the lanes.
        key: Prefix of ids, unique on the page.
    """

    title: str
    unit: str
    lanes: tuple[Lane, ...]
    first: float
    last: float
    ticks: tuple[tuple[float, str], ...] = ()
    width: float = 1080
    key: str = "lanes"

    def __post_init__(self) -> None:
        """Refuse a key that is no plain id, a width and an axis that hold nothing.

        Raises:
            ValueError: When one of them is.
        """
        if not PLAIN_KEY.fullmatch(self.key):
            raise ValueError(f"key {self.key!r}: expected a letter, then letters, digits, _ and -")
        if not (240 <= self.width <= 4000 and self.first < self.last):
            raise ValueError("expected a width of 240 to 4000, and an axis with two ends")
