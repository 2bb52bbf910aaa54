"""A file read in pieces, as it grows, is the file read at once."""

from __future__ import annotations

import gzip
import itertools
import os

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staticrun.store import read as reading
from staticrun.store.bare import Rules
from staticrun.store.columns import find, joined
from staticrun.store.known import Known, Source
from staticrun.store.read import BLOCK_BYTES, read
from tests.store.made import metrics, record_files


def read_in_pieces(path, pieces, *, edit=False, rules=None):
    """Read a file after each piece that was added to it.

    Returns:
        The digest, the state and the points, so that two readings can be compared.
    """
    source = Source(path, "runs/a/b/run.jsonl", edit, rules)
    known, state, parts, half = None, b"", [], None
    path.write_bytes(b"")
    for piece in pieces:
        with path.open("ab") as stream:
            stream.write(piece)
        kept = state
        found = read(source, known, lambda kept=kept: msgspec.msgpack.decode(kept, type=FILE))
        parts = [found.part] if found.whole else [*parts, found.part]
        known, state, half = found.known, msgspec.msgpack.encode(found.state), found.half
    last = msgspec.msgpack.encode(half.state) if half else b""
    part = joined([*parts, half.part] if half else parts)
    names = (half.state if half else found.state).metrics
    points = [
        tuple(getattr(find(part.metrics, name), field).tobytes() for field in FIELDS)
        for name in names
    ]
    return known.digest(), known.size, known.offset, state, last, points, part.logs


FILE = reading.FileState
FIELDS = ("line", "step", "time", "value")


@given(record_files, st.lists(st.integers(0, 10**6), max_size=5), st.booleans())
@settings(max_examples=60)
def test_any_cut_of_a_file_reads_as_the_whole(tmp_path_factory, data, at, whole):
    data = data if whole else data[:-1]
    path = tmp_path_factory.mktemp("run") / "run.jsonl"
    bounds = sorted({0, len(data), *(i % (len(data) + 1) for i in at)})
    pieces = [data[a:b] for a, b in itertools.pairwise(bounds)] or [b""]

    assert read_in_pieces(path, pieces) == read_in_pieces(path, [data])


@pytest.mark.parametrize("edit", [False, True])
@pytest.mark.parametrize("rules", [None, Rules()])
def test_every_cut_of_a_line_with_wide_characters_reads_as_the_whole(tmp_path, edit, rules):
    data = (metrics(step=1, **{"žá😀": 0.5}) + "\r\n\n" + metrics(step=2, loss=1)).encode()
    path = tmp_path / "run.jsonl"
    whole = read_in_pieces(path, [data], edit=edit, rules=rules)

    for cut in range(len(data) + 1):
        pieces = [data[:cut], data[cut:]]
        assert read_in_pieces(path, pieces, edit=edit, rules=rules) == whole


def source(path):
    return Source(path, "runs/a/b/run.jsonl", edit=False, rules=None)


def test_a_half_line_waits(tmp_path):
    path = tmp_path / "run.jsonl"
    path.write_bytes(metrics(step=1, loss=1).encode() + b'\n{"type":"metrics","val')

    found = read(source(path))

    assert (found.state.lines, found.state.points, found.state.bad_lines) == (1, 1, 0)
    assert found.half is None


def test_a_last_line_that_lacks_only_its_newline_is_read_but_not_yet_settled(tmp_path):
    path = tmp_path / "run.jsonl"
    path.write_bytes(metrics(step=1, loss=1).encode())

    found = read(source(path))

    assert (found.state.lines, found.half.state.lines, found.half.state.points) == (0, 1, 1)
    assert found.known.offset == 0


def test_an_append_is_read_from_where_reading_stopped(tmp_path):
    path = tmp_path / "run.jsonl"
    path.write_bytes(metrics(step=1, loss=1).encode() + b"\n")
    first = read(source(path))
    with path.open("ab") as stream:
        stream.write(metrics(step=2, loss=2).encode() + b"\n")

    second = read(source(path), first.known, lambda: first.state)

    assert not second.whole
    assert second.state is first.state
    assert find(second.part.metrics, "loss").step.tolist() == [2.0]


@pytest.mark.parametrize("changed", [0, 1, 2 * BLOCK_BYTES, -1])
def test_a_changed_beginning_is_read_again(tmp_path, changed):
    data = bytearray((metrics(step=1, loss=1) + "\n").encode() * 60_000)
    path = tmp_path / "run.jsonl"
    path.write_bytes(data)
    first = read(source(path))
    data[changed] = ord("x")
    path.write_bytes(data + b"\n")

    second = read(source(path), first.known, lambda: first.state)

    assert second.whole
    assert second.known.digest() == read(source(path)).known.digest()


def test_a_shorter_file_is_read_again(tmp_path):
    path = tmp_path / "run.jsonl"
    path.write_bytes(metrics(step=1, loss=1).encode() + b"\n\n")
    first = read(source(path))
    os.truncate(path, path.stat().st_size - 1)

    assert read(source(path), first.known, lambda: first.state).whole


def test_an_append_costs_what_was_appended(tmp_path):
    """Of a long file only samples are compared before reading on: at most 16 blocks."""
    path = tmp_path / "run.jsonl"
    path.write_bytes((metrics(step=1, loss=1) + "\n").encode() * 500_000)
    first = read(source(path))
    with path.open("ab") as stream:
        stream.write(b"\n")
    with path.open("rb", buffering=0) as raw, Counting(raw) as stream:
        goes_on = reading._goes_on(stream, first.known, first.known.size + 1)

    assert goes_on
    assert stream.bytes <= 16 * BLOCK_BYTES < first.known.size / 1.5


class Counting:
    """A stream that counts the bytes read from it."""

    def __init__(self, raw) -> None:
        self.raw, self.bytes = raw, 0

    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def seek(self, at: int) -> None:
        self.raw.seek(at)

    def read(self, size: int) -> bytes:
        data = self.raw.read(size)
        self.bytes += len(data)
        return data


def test_the_digest_is_of_blocks_of_1_mib():
    assert BLOCK_BYTES == 1 << 20
    known = Known("", 0, 0, b"")
    assert known.digest() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_compressed_file_is_read_as_it_is(tmp_path):
    lines = (metrics(step=1, loss=1) + "\n" + metrics(step=2, loss=2)).encode()
    path = tmp_path / "run.jsonl.gz"
    path.write_bytes(gzip.compress(lines[:20]) + gzip.compress(lines[20:]))

    found = read(source(path))

    assert find(joined([found.part, found.half.part]).metrics, "loss").step.tolist() == [1.0, 2.0]
    assert found.known.size == path.stat().st_size


@pytest.mark.parametrize("cut", [5, -4, -12])
def test_a_damaged_compressed_file_gives_what_can_be_had(tmp_path, cut):
    lines = "".join(f"{metrics(step=i, loss=i / 7)}\n" for i in range(1000)).encode()
    path = tmp_path / "run.jsonl.gz"
    path.write_bytes(gzip.compress(lines)[:cut])

    found = read(source(path))

    assert found.state.points >= (990 if cut == -4 else 0)
    assert [p.what for p in found.state.problems] == [
        "the compressed data are damaged or cut off after this line"
    ]


def test_a_line_longer_than_a_record_may_be_is_passed_over_without_holding_it(tmp_path):
    path = tmp_path / "run.jsonl"
    good = metrics(step=1, loss=1).encode() + b"\n"
    with path.open("wb") as stream:
        stream.write(good)
        stream.truncate(200 << 20)  # zero bytes, and none of them on disk
        stream.seek(0, os.SEEK_END)
        stream.write(b"\n" + good)

    found = read(source(path))

    assert (found.state.points, found.state.bad_lines, found.state.lines) == (2, 1, 3)
    assert found.state.problems[0].what == (
        f"the line has {(200 << 20) - len(good):,} bytes, more than 67,108,864"
    )
