"""When things happened, where each committer's clock may claim anything.

The order is the branch's, and never asked of a clock. A date can only be looked for in it where
the clocks agree with the order: as few commits as possible are taken to have a wrong clock, and
each of them counts from when the commit before it does.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from staticrun.registry.events import Event


def until(events: Sequence[Event], when: float) -> tuple[Event, ...]:
    """Give what had happened by a time.

    Args:
        events: In their order.
        when: Unix seconds.
    """
    times = settled([event.origin.time for event in events])
    return tuple(events[: bisect_right(times, when)])


def settled(times: Sequence[float]) -> list[float]:
    """Give times that never go back: the given ones, but for as few as possible.

    >>> settled([1, 2, 99, 3, 0, 4])
    [1, 2, 2, 3, 3, 4]
    """
    # The longest part that never goes back, by patience sorting.
    ends: list[float] = []
    lasts: list[int] = []
    before: list[int] = []
    for number, time in enumerate(times):
        length = bisect_right(ends, time)
        before.append(lasts[length - 1] if length else -1)
        ends[length : length + 1] = [time]
        lasts[length : length + 1] = [number]
    trusted = set()
    number = lasts[-1] if lasts else -1
    while number >= 0:
        trusted.add(number)
        number = before[number]
    now = times[min(trusted)] if trusted else 0.0
    found = []
    for number, time in enumerate(times):
        now = time if number in trusted else now
        found.append(now)
    return found
