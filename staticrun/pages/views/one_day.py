"""Times of a column: the day is said once, in the head, where all are of one day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from staticrun.pages import format as fmt

if TYPE_CHECKING:
    from collections.abc import Sequence


class Times(msgspec.Struct, frozen=True):
    """A column of times in UTC.

    Attributes:
        day: The day of all of them, `23 Nov 2026`; empty where they are of several days.
        texts: One a row: to the second where the day is said once, else with their day.
    """

    day: str
    texts: tuple[str, ...]


def column(times_unix_s: Sequence[float | None]) -> Times:
    """Print a column of times; None for a row without one."""
    stamps = [fmt.iso(time) for time in times_unix_s]
    days = {stamp.partition("T")[0] for stamp in stamps if stamp}
    known = [time for time in times_unix_s if time is not None]
    if len(days) == 1 and len(known) > 1 and len(known) == sum(map(bool, stamps)):
        clocks = (stamp.partition("T")[2].removesuffix("Z") or fmt.MISSING for stamp in stamps)
        return Times(fmt.date(known[0]).partition(",")[0], tuple(clocks))
    return Times("", tuple(fmt.date(time).removesuffix(" UTC") for time in times_unix_s))
