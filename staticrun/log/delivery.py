"""How lines reach the file: at once, or by a thread while the disk is slow or refuses.

At once is the rule: a call returns when its line is in the kernel. A write that took longer than
`SLOW_SECONDS`, or failed, changes that: the record says so, lines wait in a queue of at most
`WAITING_BYTES_MAX`, and a thread writes them in their order, trying again each second where the
disk refuses. In this announced state, and in no other, the death of the process loses lines whose
calls have returned. When nothing waits and the last writes were fast, lines are written at once
again, and the record says that, too.
"""

from __future__ import annotations

import errno
import queue
import threading
from time import monotonic, time
from typing import TYPE_CHECKING

from staticrun.record import types
from staticrun.record.codec import LINE_BYTES_MAX, encode

if TYPE_CHECKING:
    from collections.abc import Callable

    from staticrun.log.sink import Sink

SLOW_SECONDS = 0.25
WAITING_BYTES_MAX = 16 << 20
RETRY_SECONDS = 1.0
# So many fast writes on end, or so long a time without a slow one, and the disk is well again.
CALM_WRITES = 100
CALM_SECONDS = 5.0
# How long the end of a run waits for a slow disk; where the disk refuses, it tries once.
DRAIN_SECONDS = 30.0


class Delivery:
    """The way of one process's lines to its file. Called under the writer's lock.

    Args:
        sink: The open file.
        tell: Called with a sentence when lines begin to wait.
    """

    __slots__ = ("_behind", "_tell", "sink")

    def __init__(self, sink: Sink, tell: Callable[[str], None]) -> None:
        self.sink = sink
        self._tell = tell
        self._behind: _Behind | None = None

    def append(self, line: bytes) -> None:
        """Write a line, or let it wait.

        Raises:
            OSError: When it is lost: it is too long, the file is closed, or too much waits.
        """
        if self._behind is not None:
            self._let_wait(self._behind, line)
            return
        begin = monotonic()
        try:
            self.sink.append(line)
        except OSError as error:
            if error.errno in (errno.EMSGSIZE, errno.EBADF):
                raise
            why = f"a record could not be written ({(error.strerror or '').lower()})"
            self._fall_behind(why, line)
            return
        took = monotonic() - begin
        if took > SLOW_SECONDS:
            self._fall_behind(f"a write took {took:.2f} s")

    def _fall_behind(self, why: str, line: bytes | None = None) -> None:
        megabytes = WAITING_BYTES_MAX >> 20
        text = f"{why}; from here on a thread writes, and up to {megabytes} MB may wait for it"
        behind = _Behind(self.sink, why)
        if line is not None:
            behind.put(line)
        behind.put(_said(f"{text}: they are lost if the process is killed"))
        self._behind = behind
        self._tell(text)

    def _let_wait(self, behind: _Behind, line: bytes) -> None:
        if behind.is_calm():
            behind.stop(None)
            self._behind = None
            self.append(_said(f"writing is fast again: {behind.told()}"))
            self.append(line)
            return
        if len(line) > LINE_BYTES_MAX:
            raise OSError(errno.EMSGSIZE, f"the record has {len(line):,} bytes")
        if behind.waiting_bytes() + len(line) > WAITING_BYTES_MAX:
            raise OSError(errno.ENOBUFS, f"{WAITING_BYTES_MAX >> 20} MB wait for the disk")
        behind.put(line)

    def close(self, before: Callable[[], None]) -> int:
        """Write what waits, as far as the disk takes it, and close the file.

        Args:
            before: Called when all is written that will be, with the file still open.

        Returns:
            How many lines are lost.

        Raises:
            OSError: When the file could not be closed.
        """
        behind = self._behind
        lost = 0
        if behind is not None:
            # A thread that a write holds fast keeps the file: closed under it, its lines could
            # come into another file of the same number.
            is_free = behind.stop(DRAIN_SECONDS)
            lost = behind.waiting()
            if not is_free:
                return lost
            self._behind = None
        before()
        self.sink.close()
        return lost


class _Behind:
    """The thread that writes what waits, and its queue."""

    def __init__(self, sink: Sink, why: str) -> None:
        self.why = why
        self._sink = sink
        # Its `put` may be interrupted by a signal handler that puts, too.
        self._lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._put = self._put_bytes = self._most = 0
        self._done = self._done_bytes = 0
        self._fast = 0
        self._slow_at = monotonic()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="staticrun-writer", daemon=True)
        self._thread.start()

    def put(self, line: bytes) -> None:
        """Let a line wait."""
        self._put += 1
        self._put_bytes += len(line)
        self._most = max(self._most, self.waiting())
        self._lines.put(line)

    def waiting(self) -> int:
        """Count the lines that are not written."""
        return self._put - self._done

    def waiting_bytes(self) -> int:
        """Count their bytes."""
        return self._put_bytes - self._done_bytes

    def is_calm(self) -> bool:
        """Say whether nothing waits and the disk has been fast for a while."""
        if self.waiting():
            return False
        return self._fast >= CALM_WRITES or monotonic() - self._slow_at > CALM_SECONDS

    def told(self) -> str:
        """Say in a clause what the thread has done."""
        return f"a thread wrote {self._done:,} records, and at most {self._most:,} waited at once"

    def stop(self, seconds: float | None) -> bool:
        """End the thread when it has written what waits, or the disk refuses it once more.

        Args:
            seconds: How long to wait for it at most.

        Returns:
            Whether it has ended; a write that hangs holds it.
        """
        self._stopping.set()
        self._lines.put(None)
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _work(self) -> None:
        while (line := self._lines.get()) is not None:
            while not self._write(line):
                if self._stopping.wait(RETRY_SECONDS):
                    # One last time for each: a disk that is full for long lines takes short ones.
                    self._write(line)
                    break
            else:
                continue
            self._write_rest()
            return

    def _write_rest(self) -> None:
        while (line := self._lines.get()) is not None:
            self._write(line)

    def _write(self, line: bytes) -> bool:
        begin = monotonic()
        try:
            self._sink.append(line)
        except OSError:
            self._fast, self._slow_at = 0, monotonic()
            return False
        now = monotonic()
        if now - begin > SLOW_SECONDS:
            self._fast, self._slow_at = 0, now
        else:
            self._fast += 1
        self._done += 1
        self._done_bytes += len(line)
        return True


def _said(text: str) -> bytes:
    return encode(types.Log(text=text, level="warning", time=time()))
