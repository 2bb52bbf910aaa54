"""What a file is decides where it goes, not what it is called."""

import struct
import zlib

import pytest

from staticrun.pages.media import HEAD_BYTES, image_size, recognise
from staticrun.pages.objects import INERT


def png(width, height):
    def chunk(kind, body):
        checksum = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(bytes((width + 1) * height))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(10) + b"\xff\xc0\x00\x11\x08\x00\x20\x00\x30"
    + bytes(12)
)  # fmt: skip


@pytest.mark.parametrize(
    ("head", "name", "kind", "extension"),
    [
        (png(2, 2), "a.png", "image", "png"),
        (png(2, 2), "page.html", "image", "png"),
        (JPEG, "a.jpeg", "image", "jpg"),
        (b"GIF89a" + bytes(10), "a.gif", "image", "gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "a.webp", "image", "webp"),
        (b"RIFF\0\0\0\0WAVEfmt ", "a.wav", "audio", "wav"),
        (b"OggS\0", "a.ogg", "audio", "ogg"),
        (b"\0\0\0\x20ftypisom", "a.mp4", "video", "mp4"),
        (b"%PDF-1.7\n", "a.pdf", "pdf", "pdf"),
        (b"a,b\n1,2\n", "a.csv", "table", "csv"),
        (b"a\tb\n1\t2\n", "a.tsv", "table", "txt"),
        (b'{"a": 1}', "a.json", "text", "json"),
        (b"<!doctype html><script>", "a.html", "text", "txt"),
        (b"<!doctype html><script>", "a.png", "text", "txt"),
        (b"<svg onload='alert(1)'>", "a.svg", "text", "txt"),
        (b"<?xml version='1.0'?>", "a.xml", "text", "txt"),
        (b"alert(1)", "a.js", "text", "txt"),
        ("Grüße".encode(), "a", "text", "txt"),
        (b"", "empty.csv", "table", "csv"),
        (b"\x00\x01\x02", "a.png", "data", "bin"),
        (b"\xff\xfe<\x00s\x00", "a.html", "data", "bin"),
        (b"PK\x03\x04", "a.txt", "data", "bin"),
    ],
)
def test_the_bytes_decide(head, name, kind, extension):
    found = recognise(head, name)

    assert found == (kind, extension)
    assert found.extension in INERT


def test_a_character_that_the_cut_splits_is_still_text():
    text = ("ü" * HEAD_BYTES).encode()[: HEAD_BYTES - 1] + b"\xc3"

    assert recognise(text[:HEAD_BYTES], "a.txt").kind == "text"


def test_sizes_are_read_from_the_head():
    assert image_size(png(48, 32)) == (48, 32)
    assert image_size(JPEG) == (48, 32)
    assert image_size(b"GIF89a\x30\x00\x20\x00") == (48, 32)
    assert image_size(b"RIFF\0\0\0\0WEBPVP8X" + bytes(8) + b"\x2f\0\0\x1f\0\0") == (48, 32)


@pytest.mark.parametrize("head", [b"", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", JPEG[:20]])
def test_a_head_that_is_cut_short_has_no_size(head):
    assert image_size(head) is None
