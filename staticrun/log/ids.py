"""The permanent id of a run: 26 characters that sort by time and never repeat.

48 bits of milliseconds and 80 of chance, in Crockford's base 32 (no i, l, o, u), lower case.
Within a process each id is greater than the one before, even when the clock stands or goes back.

Source: the layout is that of ULID, https://github.com/ulid/spec.
"""

from __future__ import annotations

import os
import re
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 26
_ID = re.compile(rf"[0-7][{ALPHABET}]{{{LENGTH - 1}}}")


class Ids:
    """A source of ids.

    Args:
        clock: Nanoseconds since 1970.
        chance: Gives that many random bytes.
    """

    def __init__(
        self,
        clock: Callable[[], int] = time.time_ns,
        chance: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._clock = clock
        self._chance = chance
        self._last = 0
        self._lock = threading.Lock()
        if hasattr(os, "register_at_fork"):
            # Parent and child must not both count on from the same last id.
            os.register_at_fork(after_in_child=self._forget)

    def _forget(self) -> None:
        self._last = 0
        self._lock = threading.Lock()

    def new(self) -> str:
        """Give an id that is greater than all before it."""
        with self._lock:
            fresh = (self._clock() // 1_000_000 << 80) | int.from_bytes(self._chance(10), "big")
            self._last = max(fresh, self._last + 1)
            return spell(self._last)


def spell(number: int) -> str:
    """Write a number below 2^128 as an id."""
    return "".join(ALPHABET[number >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5))


def is_id(text: str) -> bool:
    """Say whether a text has the form of an id."""
    return _ID.fullmatch(text) is not None


new_id = Ids().new
