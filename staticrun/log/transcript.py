r"""What was printed, as a file of bounded size that is sound at any moment.

Lines as a terminal leaves them: what `\r` wrote over is gone, so that a progress bar is one line.
Colours stay. The first and the last lines are kept; between them stands how many are left out. The
line that is not yet ended is at the end of the file, and is written again as it grows.
"""

from __future__ import annotations

import hashlib
import os
from collections import deque
from time import monotonic
from typing import TYPE_CHECKING, Any

from staticrun.log.hide import Place, make_hide
from staticrun.log.redact import redact

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HEAD_BYTES = 250_000
TAIL_BYTES = 250_000
LINE_BYTES = 16_000
FLUSH_S = 1.0
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0)


class Transcript:
    """A file that what is printed is appended to.

    Args:
        path: Where; the file is made with the first output. A name that is taken gets a number.
        hide: Takes out of a line what must not be recorded.
    """

    def __init__(self, path: Path, hide: Callable[[str], str]) -> None:
        self.path = path
        self._hide = hide
        self._file = -1
        self._open_line: dict[int, bytes] = {}
        self._new: deque[bytes] = deque()
        self._new_bytes = 0
        self._head_end = 0
        self._is_head = True
        self._tail: deque[bytes] = deque()
        self._tail_bytes = 0
        self._left_out = 0
        self._flushed = monotonic()

    @property
    def is_made(self) -> bool:
        """Whether something was printed, so that there is a file."""
        return self._file >= 0

    def feed(self, data: bytes, source: int = 1) -> None:
        """Take what was printed; the parts of a line may come one by one.

        Args:
            data: Bytes, usually UTF-8.
            source: Lines of two sources are never mixed within.
        """
        *lines, rest = (self._open_line.get(source, b"") + data).split(b"\n")
        for line in lines:
            self._add(_settled(line))
        self._open_line[source] = _settled(rest, is_open=True)
        if monotonic() - self._flushed >= FLUSH_S:
            self.flush()

    def _add(self, line: bytes) -> None:
        self._new.append(line)
        self._new_bytes += len(line)
        # Between two flushes no more is remembered than can be kept.
        while self._new_bytes > HEAD_BYTES + TAIL_BYTES:
            if self._is_head:
                self.flush()
            else:
                self._new_bytes -= len(self._new.popleft())
                self._left_out += 1

    def flush(self) -> None:
        """Bring the file up to date."""
        self._flushed = monotonic()
        if not self._new and not any(self._open_line.values()) and not self.is_made:
            return
        if not self.is_made:
            self._make()
        head: list[bytes] = []
        size = self._head_end
        while self._new:
            line = self._shown(self._new.popleft())
            self._is_head = self._is_head and size + len(line) <= HEAD_BYTES
            if self._is_head:
                head.append(line)
                size += len(line)
            else:
                self._tail.append(line)
                self._tail_bytes += len(line)
                while self._tail_bytes > TAIL_BYTES:
                    self._tail_bytes -= len(self._tail.popleft())
                    self._left_out += 1
        self._new_bytes = 0
        mark = f"… {self._left_out:,} lines left out …\n".encode() if self._left_out else b""
        opened = [self._shown(line)[:-1] for line in self._open_line.values() if line]
        data = b"".join((*head, mark, *self._tail, *opened))
        start, self._head_end = self._head_end, size
        try:
            _write_at(self._file, data, start)
            os.ftruncate(self._file, start + len(data))
        except OSError:  # a full disk: these lines are lost, and leave no hole
            self._head_end = start

    def close(self) -> None:
        """Write the rest, and close the file."""
        self.flush()
        if self.is_made:
            os.close(self._file)

    def _shown(self, line: bytes) -> bytes:
        return self._hide(line.decode("utf-8", "replace")).encode("utf-8", "replace") + b"\n"

    def _make(self) -> None:
        stem = self.path
        for number in range(2, 1_000):
            try:
                self.path.parent.mkdir(exist_ok=True)
                self._file = os.open(self.path, _FLAGS, 0o644)
            except FileExistsError:
                self.path = stem.with_name(f"{stem.stem}-{number}{stem.suffix}")
            else:
                return
        raise FileExistsError(str(stem))


def hider(asked: dict[str, Any]) -> Callable[[str], str]:
    """Make the function that takes names and secrets out of a line.

    Args:
        asked: `places` (folder, what stands for it), `users`, `hosts`.
    """
    places = [Place(*one) for one in asked["places"]]
    hide = make_hide(places, asked["users"], asked["hosts"])
    return lambda line: redact(hide(line))


def closed(run: str, transcript: Transcript) -> dict[str, Any]:
    """Describe the file of a run that has ended; without a path where nothing was printed."""
    if not transcript.is_made:
        return {"closed": run}
    data = transcript.path.read_bytes()
    return {
        "closed": run,
        "path": transcript.path.name,
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
    }


def _settled(line: bytes, *, is_open: bool = False) -> bytes:
    r"""Give a line as a terminal leaves it: the last state that shows something, not too long."""
    if b"\r" in line:
        states = line.split(b"\r")
        shown = next((state for state in reversed(states) if state.strip()), b"")
        # An open line that ends with \r is written over by what comes next.
        line = shown + b"\r" if is_open and not states[-1] else shown
    return line if len(line) <= LINE_BYTES else line[:LINE_BYTES] + "…".encode()


def _write_at(file: int, data: bytes, start: int) -> None:
    while data:
        written = os.pwrite(file, data, start)
        data, start = data[written:], start + written
