"""A metric over the versions of a model: a point a version, in the order of numbers."""

from __future__ import annotations

from typing import Literal

import msgspec

from staticrun.plots.curves import PLAIN_KEY


class Point(msgspec.Struct, frozen=True):
    """A version.

    Attributes:
        number: Its number.
        value: Of the metric; a version without a finite one has no point.
        state: `staged` is filled, `plain` hollow, `withdrawn` a cross.
        name: Written beside the point: its stages; empty for none.
    """

    number: int
    value: float
    state: Literal["staged", "plain", "withdrawn"] = "plain"
    name: str = ""


class Versions(msgspec.Struct, frozen=True):
    """What a figure of versions shows.

    Attributes:
        title: The metric; read out and in a file of its own.
        unit: What stands under the title.
        points: Ascending by number, one at least.
        width: In px.
        height: In px.
        key: Prefix of ids, unique on the page.
    """

    title: str
    unit: str
    points: tuple[Point, ...]
    width: float = 1080
    height: float = 250
    key: str = "versions"

    def __post_init__(self) -> None:
        """Refuse a key that is no plain id, sizes that hold nothing, and a figure of nothing.

        Raises:
            ValueError: When one of them is.
        """
        if not PLAIN_KEY.fullmatch(self.key):
            raise ValueError(f"key {self.key!r}: expected a letter, then letters, digits, _ and -")
        if not (240 <= self.width <= 4000 and 120 <= self.height <= 4000 and self.points):
            raise ValueError("expected 240 to 4000 by 120 to 4000, and a point")
