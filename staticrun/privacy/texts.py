"""The text of a file, in pieces: as much of it as could reach a site."""

from __future__ import annotations

import codecs
import gzip
import re
import zlib
from typing import TYPE_CHECKING, NamedTuple

from staticrun import layout

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

BLOCK_BYTES = 8_000_000
# Of a file that is too large for the site, pages show the first and the last lines.
END_BYTES = 1_000_000
_HEAD_BYTES = 8192
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))")
_JSON = (".json", ".ipynb")


class Piece(NamedTuple):
    """Whole lines of a file.

    Attributes:
        line: Number of the first line; 0 for a file that has none, being no text.
        data: Their bytes.
    """

    line: int
    data: bytes


def read(path: Path, size_max: int) -> Iterator[Piece]:
    """Read a file.

    Args:
        path: The file; what is packed is unpacked.
        size_max: Of a larger file, that is no record file, only the ends are read.

    Raises:
        OSError: When it cannot be read.
    """
    is_record = layout.record_file(path.name) is not None
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
        stream.seek(0)
        size = path.stat().st_size
        if path.suffix == ".gz" and head.startswith(b"\x1f\x8b"):
            yield from _blocks(gzip.GzipFile(fileobj=stream))  # type: ignore[arg-type]
        elif head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            yield Piece(1, stream.read(size_max).decode("utf-16", "replace").encode())
        elif b"\0" in head and not is_record:
            # One that is too large is not on the site.
            yield Piece(0, stream.read(size_max) if size <= size_max else b"")
        elif is_record or size <= max(size_max, 2 * END_BYTES):
            yield from _blocks(stream)
        else:
            yield Piece(1, stream.read(END_BYTES))
            lines = 1
            stream.seek(0)
            while (room := size - END_BYTES - stream.tell()) > 0:
                lines += stream.read(min(room, BLOCK_BYTES)).count(b"\n")
            yield Piece(lines, stream.read(END_BYTES))


def is_json(path: Path) -> bool:
    """Say whether the lines of a file are JSON."""
    return layout.record_file(path.name) is not None or path.name.endswith((".jsonl", *_JSON))


def shown(text: str) -> str:
    r"""Give the text of JSON lines as a page shows it: what its escapes stand for.

    >>> shown('{"text": "a\\u0062\\nc"}')
    '{"text": "ab c"}'
    """
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(match: re.Match[str]) -> str:
    if match[1]:
        letter = chr(int(match[1], 16))
        return " " if letter in "\n\r" else letter
    return " " if match[2] in "nrtbf" else match[2]


def _blocks(stream: BinaryIO) -> Iterator[Piece]:
    """Cut a stream into pieces of whole lines; of a damaged one give what can be had."""
    line, rest = 1, b""
    while True:
        try:
            block = stream.read(BLOCK_BYTES)
        except (EOFError, gzip.BadGzipFile, zlib.error):
            block = b""
        # A line without an end is not waited for.
        cut = block.rfind(b"\n") + 1 or (len(block) if len(rest) > BLOCK_BYTES else 0)
        if block and not cut:
            rest += block
            continue
        data = rest + block[:cut]
        rest = block[cut:]
        yield Piece(line, data)
        line += data.count(b"\n")
        if not block:
            return
