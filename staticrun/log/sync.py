"""What the kernel has is brought to the disk now and then, so that a power cut costs little.

A line that was written outlives the process, not the machine. A thread calls `fsync` on a timer
where something was written since, and the end of a run does it once more. It tells, too, when the
file that is written has been deleted: nothing else would notice before the end.
"""

from __future__ import annotations

import math
import os
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from staticrun.log.sink import Sink

VARIABLE = "STATICRUN_FSYNC"
DEFAULT_SECONDS = 30.0


def interval() -> float:
    """Give the seconds between two calls, from STATICRUN_FSYNC; 0 means never, the end included.

    What is no number of seconds is taken for the default.
    """
    try:
        seconds = float(os.environ.get(VARIABLE, DEFAULT_SECONDS))
    except ValueError:
        return DEFAULT_SECONDS
    return seconds if math.isfinite(seconds) and seconds >= 0 else DEFAULT_SECONDS


class Syncing:
    """The timer of one open file.

    Args:
        sink: The file.
        seconds: Between two calls; 0 for never.
        deleted: Called once when the file has no name any more.
    """

    def __init__(self, sink: Sink, seconds: float, deleted: Callable[[], None]) -> None:
        self._sink = sink
        self._seconds = seconds
        self._deleted = deleted
        self._over = threading.Event()
        if seconds:
            threading.Thread(target=self._work, name="staticrun-sync", daemon=True).start()

    def stop(self) -> None:
        """End the timer, and sync what was written since; call it before the file is closed."""
        self._over.set()
        if self._seconds:
            self._sink.sync()

    def _work(self) -> None:
        size = 0
        while not self._over.wait(self._seconds):
            if self._sink.is_deleted():
                self._deleted()
                return
            if (now := self._sink.size()) != size:
                size = now
                self._sink.sync()
