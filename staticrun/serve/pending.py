"""When the next build is due: soon after a change, but not while one follows the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun.serve.kinds import STEADY

if TYPE_CHECKING:
    from staticrun.serve.kinds import Kind

# Seconds without a change after which a build begins, and after which it begins anyway.
QUIET_S, MOST_S = 0.15, 1.0
# The same while nothing changes but what a training does all the time.
STEADY_QUIET_S, STEADY_MOST_S = 1.0, 5.0


class Pending:
    """Changes that no build has seen; times in seconds of any clock that does not stop."""

    def __init__(self) -> None:
        self.kinds: set[Kind] = set()
        self._first = self._last = self._rested = self._held = 0.0

    def add(self, kind: Kind, now: float) -> None:
        """Note a change."""
        if not self.kinds:
            self._first = now
        self.kinds.add(kind)
        self._last = now

    def take(self) -> set[Kind]:
        """Give the kinds of changes that a build takes on, which begins now."""
        kinds, self.kinds = self.kinds, set()
        return kinds

    def ended(self, seconds: float, now: float) -> None:
        """Note that a build ended; while runs grow, builds take half of the time at most."""
        self._rested = now + seconds

    def hold(self, until: float) -> None:
        """Let no build begin before a time."""
        self._held = until

    def due(self) -> float | None:
        """Give the time at which a build is due; None where there is nothing to build."""
        if not self.kinds:
            return None
        if self.kinds <= STEADY:
            due = min(self._last + STEADY_QUIET_S, self._first + STEADY_MOST_S)
            return max(due, self._rested, self._held)
        return max(min(self._last + QUIET_S, self._first + MOST_S), self._held)
