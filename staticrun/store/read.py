"""Record files, read from where an earlier reading stopped, whatever is in them.

A file is digested in blocks of 1 MiB, so that an append costs what was appended. Before reading
on, some of the blocks that were read earlier are compared; when one differs, or the file became
shorter, everything is read again.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from typing import TYPE_CHECKING

import msgspec

from staticrun import files
from staticrun.record import codec
from staticrun.store.bulk import Bulk
from staticrun.store.fold import Fold
from staticrun.store.known import Half, Known, Reading, Source
from staticrun.store.state import FileState

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO


BLOCK_BYTES = files.BLOCK_BYTES
_DIGEST_BYTES = 32
# How much is decoded at a time: enough to be fast, little enough to stay in the processor's cache.
_CHUNK_BYTES = 1 << 18
# Files up to this many blocks are compared whole before reading on, longer ones in samples.
_COMPARED_BLOCKS = 16


def read(
    source: Source, known: Known | None = None, state: Callable[[], FileState] | None = None
) -> Reading:
    """Read a record file, or what was added to it.

    Args:
        source: The file.
        known: Of an earlier reading; None to read everything.
        state: Gives the state of that reading; it is changed.

    Raises:
        OSError: When the file cannot be read.
    """
    with source.path.open("rb") as stream:
        status = os.fstat(stream.fileno())
        signature, size = files.signature(status), status.st_size
        if source.path.suffix == ".gz":
            return _read_compressed(source, stream, signature)
        if known is None or state is None or not _goes_on(stream, known, size):
            return _read_on(source, stream, Known(signature, 0, 0, b""), size, FileState())
        start = msgspec.structs.replace(known, signature=signature)
        return _read_on(source, stream, start, size, state())


def _goes_on(stream: BinaryIO, known: Known, size: int) -> bool:
    """Say whether a file still begins as it did."""
    if size < known.size:
        return False
    count = len(known.blocks) // _DIGEST_BYTES
    if count <= _COMPARED_BLOCKS:
        chosen = list(range(count))
    else:
        # The ends, and a sample that is another one each time that the file has grown.
        chosen = sorted({0, count - 2, count - 1, *(size * i % count for i in range(1, 14))})
    for block in chosen:
        stream.seek(block * BLOCK_BYTES)
        data = stream.read(min(BLOCK_BYTES, known.size - block * BLOCK_BYTES))
        if hashlib.sha256(data).digest() != _block(known.blocks, block):
            return False
    return True


def _block(blocks: bytes, index: int) -> bytes:
    return blocks[index * _DIGEST_BYTES : (index + 1) * _DIGEST_BYTES]


class _Blocks:
    """Digests bytes in blocks as they come, from a block's start on."""

    def __init__(self, blocks: bytes) -> None:
        self._done = bytearray(blocks)
        self._open = hashlib.sha256()
        self._filled = 0

    def add(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            taken = view[: BLOCK_BYTES - self._filled]
            self._open.update(taken)
            self._filled += len(taken)
            if self._filled == BLOCK_BYTES:
                self._done += self._open.digest()
                self._open, self._filled = hashlib.sha256(), 0
            view = view[len(taken) :]

    def digests(self) -> bytes:
        return bytes(self._done) + (self._open.digest() if self._filled else b"")


class _Lines:
    """Cuts bytes into whole lines and feeds a fold with them."""

    def __init__(self, fold: Fold, *, bulk: bool) -> None:
        self._fold = fold
        self._bulk = Bulk(fold) if bulk else None
        self._rest = bytearray()
        self._skipped = 0
        self.taken = 0

    def add(self, data: bytes) -> None:
        cut = data.rfind(b"\n") + 1
        if not cut:
            self._keep(data)
            return
        lines = bytes(self._rest) + data[:cut] if self._rest else data[:cut]
        self._rest.clear()
        self.taken += len(lines) + self._skipped
        if self._skipped:
            end = lines.index(b"\n") + 1
            self._fold.too_long(self._skipped + end - 1)
            lines, self._skipped = lines[end:], 0
        if self._bulk is not None and lines:
            self._bulk.feed(lines)
        else:
            for line in lines.split(b"\n")[:-1]:
                self._fold.line(line)
        self._keep(data[cut:])

    def _keep(self, data: bytes) -> None:
        """Hold on to a half line; of one that is too long only the length."""
        self._rest += data
        if len(self._rest) > codec.LINE_BYTES_MAX:
            self._skipped += len(self._rest)
            self._rest.clear()

    def waiting(self) -> int:
        """Give the number of bytes after the last newline."""
        return self._skipped + len(self._rest)

    def half(self) -> bytes:
        """Give what stands after the last newline, if it is a whole JSON object."""
        if self._skipped or not self._rest.rstrip(b" \t\r").endswith(b"}"):
            return b""
        line = bytes(self._rest)
        return line if codec.decode_bare(line).record is not None else b""


def _read_on(
    source: Source, stream: BinaryIO, known: Known, size: int, state: FileState
) -> Reading:
    whole = known.size // BLOCK_BYTES
    blocks = _Blocks(known.blocks[: whole * _DIGEST_BYTES])
    fold = Fold(source.shown, state, edit=source.edit, rules=source.rules)
    lines = _Lines(fold, bulk=not source.edit and source.rules is None)
    hashed, at = whole * BLOCK_BYTES, min(known.offset, whole * BLOCK_BYTES)
    stream.seek(at)
    while at < size and (data := stream.read(min(_CHUNK_BYTES, size - at))):
        if at + len(data) > hashed:
            blocks.add(data[max(hashed - at, 0) :])
        if at + len(data) > known.offset:
            lines.add(data[max(known.offset - at, 0) :])
        at += len(data)
    offset = known.offset + lines.taken
    found = Known(known.signature, at, offset, blocks.digests(), at - offset)
    return Reading(found, state, fold.part(), known.size == 0, _half(source, state, lines.half()))


def _half(source: Source, state: FileState, line: bytes) -> Half | None:
    if not line:
        return None
    copy = msgspec.msgpack.decode(msgspec.msgpack.encode(state), type=FileState)
    fold = Fold(source.shown, copy, edit=source.edit, rules=source.rules)
    fold.line(line)
    return Half(copy, fold.part())


def _read_compressed(source: Source, stream: BinaryIO, signature: str) -> Reading:
    """Read a gzip file whole; of a damaged one what can be had."""
    state = FileState()
    fold = Fold(source.shown, state, edit=source.edit, rules=source.rules)
    blocks, size = _Blocks(b""), 0
    while data := stream.read(BLOCK_BYTES):
        blocks.add(data)
        size += len(data)
    stream.seek(0)
    lines = _Lines(fold, bulk=not source.edit and source.rules is None)
    with gzip.GzipFile(fileobj=stream, mode="rb") as text:
        try:
            while data := text.read1(_CHUNK_BYTES):
                lines.add(data)
        except (OSError, EOFError, zlib.error):
            fold.damaged()
    known = Known(signature, size, lines.taken, blocks.digests(), lines.waiting())
    half = _half(source, state, lines.half())
    return Reading(known, state, fold.part(), whole=True, half=half)
