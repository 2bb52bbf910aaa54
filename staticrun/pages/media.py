"""What a file is, from its first bytes, and under which inert type it may stand on a site.

The name of a file is a claim, its bytes decide: a page called `photo.png` is text. Whatever a
browser would run (HTML, SVG, XML) is text here; what nobody knows is `bin`, a download.
"""

from __future__ import annotations

import re
import struct
from pathlib import PurePosixPath
from typing import Literal, NamedTuple

Kind = Literal["image", "audio", "video", "pdf", "table", "text", "data"]

HEAD_BYTES = 4096
# A picture of more pixels takes a phone's memory: it is listed, not shown.
PIXELS_MAX = 40_000_000

_MAGIC: tuple[tuple[bytes, int, Kind, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", 0, "image", "png"),
    (b"\xff\xd8\xff", 0, "image", "jpg"),
    (b"GIF87a", 0, "image", "gif"),
    (b"GIF89a", 0, "image", "gif"),
    (b"WEBP", 8, "image", "webp"),
    (b"ftypavif", 4, "image", "avif"),
    (b"WAVE", 8, "audio", "wav"),
    (b"ID3", 0, "audio", "mp3"),
    (b"\xff\xfb", 0, "audio", "mp3"),
    (b"\xff\xf3", 0, "audio", "mp3"),
    (b"OggS", 0, "audio", "ogg"),
    (b"fLaC", 0, "audio", "flac"),
    (b"ftypM4A ", 4, "audio", "m4a"),
    (b"ftyp", 4, "video", "mp4"),
    (b"\x1aE\xdf\xa3", 0, "video", "webm"),
    (b"%PDF-", 0, "pdf", "pdf"),
)
_TEXTS = {".csv": ("table", "csv"), ".tsv": ("table", "txt"), ".json": ("text", "json")}
_CONTROL = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f]")


class Media(NamedTuple):
    """What a file is.

    Attributes:
        kind: How it can be shown; `data` cannot.
        extension: Of the object that holds it.
    """

    kind: Kind
    extension: str


def recognise(head: bytes, name: str) -> Media:
    """Tell what a file is.

    Args:
        head: Its first `HEAD_BYTES` bytes, or all.
        name: Tells a table from other text, never text from pictures.
    """
    for magic, at, kind, extension in _MAGIC:
        if head.startswith(magic, at):
            return Media(kind, extension)
    if head[:2] == b"BM" and len(head) > 26 and head[6:10] == b"\0\0\0\0":
        return Media("image", "bmp")
    if not _is_text(head):
        return Media("data", "bin")
    kind_text, extension = _TEXTS.get(PurePosixPath(name).suffix.lower(), ("text", "txt"))
    return Media("table" if kind_text == "table" else "text", extension)


def image_size(head: bytes) -> tuple[int, int] | None:
    """Read the width and height of a picture, in pixels.

    Returns:
        None when they do not stand in `head` in a way that is understood.
    """
    try:
        if head.startswith(b"\x89PNG"):
            return struct.unpack(">II", head[16:24])
        if head.startswith(b"GIF8"):
            return struct.unpack("<HH", head[6:10])
        if head.startswith(b"\xff\xd8"):
            return _jpeg_size(head)
        if head[8:12] == b"WEBP":
            return _webp_size(head)
        if head[:2] == b"BM":
            width, height = struct.unpack("<ii", head[18:26])
            return width, abs(height)
    except (struct.error, IndexError):
        pass
    return None


def _is_text(head: bytes) -> bool:
    if _CONTROL.search(head):
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # The cut may have split the last character.
        return error.start >= len(head) - 3 and len(head) >= HEAD_BYTES
    return True


def _jpeg_size(head: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(head):
        if head[at] != 0xFF:
            return None
        marker = head[at + 1]
        # SOF0 to SOF15, without the tables and the restart marker between them.
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", head[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(head[at + 2 : at + 4])
    return None


def _webp_size(head: bytes) -> tuple[int, int] | None:
    form = head[12:16]
    if form == b"VP8X":
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    if form == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if form == b"VP8 ":
        width, height = struct.unpack("<HH", head[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return None
