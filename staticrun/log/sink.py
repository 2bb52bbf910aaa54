"""The one file that a process appends to.

A line is one `write(2)` to a descriptor opened with O_APPEND: what was written when the call
returns is in the kernel and outlives the process. Nothing is buffered, locked or rewritten.
"""

from __future__ import annotations

import contextlib
import errno
import os
from typing import TYPE_CHECKING

from staticrun.layout import MAIN, record_file_name
from staticrun.record.codec import LINE_BYTES_MAX

if TYPE_CHECKING:
    from pathlib import Path

_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0)
_WRITERS_MAX = 100_000


class Sink:
    """An open record file.

    Attributes:
        writer: Whose file it is; `main` for `run.jsonl`.
        descriptor: -1 when it is closed.
    """

    __slots__ = ("_torn", "descriptor", "writer")

    def __init__(self, descriptor: int, writer: str) -> None:
        self.descriptor = descriptor
        self.writer = writer
        self._torn = False

    def append(self, line: bytes) -> None:
        """Append one line.

        Raises:
            OSError: When it could not be written whole; the next line then begins with a
                newline, so that a half line spoils nothing but itself.
        """
        data = b"\n" + line + b"\n" if self._torn else line + b"\n"
        if len(data) > LINE_BYTES_MAX:
            raise OSError(errno.EMSGSIZE, f"the record has {len(data):,} bytes")
        # True until the whole write has returned: a signal may come in between.
        self._torn = True
        if (count := os.write(self.descriptor, data)) != len(data):
            raise OSError(errno.ENOSPC, f"{count} of {len(data)} bytes were written")
        self._torn = False

    def sync(self) -> None:
        """Wait until the disk itself has what was written; what cannot be synced is left alone."""
        with contextlib.suppress(OSError):
            os.fsync(self.descriptor)

    def size(self) -> int:
        """Give the file's size in bytes; 0 when it cannot be known."""
        try:
            return os.fstat(self.descriptor).st_size
        except OSError:
            return 0

    def is_deleted(self) -> bool:
        """Say whether the open file has no name any more."""
        try:
            return os.fstat(self.descriptor).st_nlink == 0
        except OSError:
            return False

    def close(self) -> None:
        """Close the file; a second time does nothing."""
        descriptor, self.descriptor = self.descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


def create_sink(folder: Path, writer: str = MAIN, segment: int = 0) -> Sink:
    """Create the file of a writer, or of one of its later segments.

    Raises:
        FileExistsError: When there is one.
        OSError: When the folder is not there or not writable.
    """
    return Sink(os.open(folder / record_file_name(writer, segment), _FLAGS, 0o666), writer)


def create_sink_of_other(folder: Path, stem: str) -> Sink:
    """Create the file of one more writer of a run, named `stem` and the next free number.

    Raises:
        OSError: When the folder is not there or not writable.
    """
    for number in range(1, _WRITERS_MAX):
        writer = f"{stem}{number}"
        packed = folder / f"{record_file_name(writer)}.gz"
        if packed.exists():
            continue
        try:
            return create_sink(folder, writer)
        except FileExistsError:
            continue
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(folder))
