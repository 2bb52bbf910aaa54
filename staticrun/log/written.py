"""What is written of a run already: who it is, and where its writers stopped.

Of record files no more is read than is needed: the first lines, and the last ones.
"""

from __future__ import annotations

import gzip
import os
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from staticrun.layout import MAIN, RecordFile, record_file
from staticrun.record import types
from staticrun.record.codec import decode_typed
from staticrun.record.nested import merge_params

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import BinaryIO

    from staticrun.record.types import Json

# What `start` was given stands in the first lines of a file.
_FIRST_LINES = 32
# How much of a file's end is read in search of its last step; if none is there, all of it.
_TAIL_BYTES = 1 << 18


class Said(NamedTuple):
    """What the first lines of a run say.

    Attributes:
        id: The permanent id.
        name: As `start` was given it; the last one.
        group: As given.
        params: Nested.
    """

    id: str
    name: str | None
    group: str | None
    params: dict[str, Json]


def record_files(folder: Path, writer: str | None = None) -> list[tuple[RecordFile, Path]]:
    """List a run's record files, `main` first, each writer's in the order of its segments.

    Args:
        folder: The run's folder. It is listed anew each time: a network's file system may go on
            saying that a file it was once asked for is not there.
        writer: Only this one's.
    """
    found = []
    for name in os.listdir(folder):  # noqa: PTH208 - names alone
        named = record_file(name)
        if named is not None and not named.edit and writer in (None, named.writer):
            found.append((named, folder / name))
    return sorted(found, key=lambda one: (one[0].writer != MAIN, one[0]))


def read_said(folder: Path) -> Said | None:
    """Read who a run is; None while no record says its id.

    Raises:
        OSError: When its folder cannot be read.
    """
    found: Said | None = None
    for _, path in record_files(folder):
        starts: list[types.Start] = []
        params: dict[str, Json] = {}
        for record in _first(path):
            if isinstance(record, types.Start):
                starts.append(record)
            elif isinstance(record, types.Params):
                merge_params(params, record.values)
        ids = [start.id for start in starts if start.id]
        if found is None and ids:
            found = Said(ids[0], starts[0].name, starts[0].group, params)
        elif found is not None:
            names = [start.name for start in starts if start.name]
            found = found._replace(name=names[-1] if names else found.name)
    return found


def has_ended(folder: Path) -> bool:
    """Say whether the last segment of `main` has an end."""
    files = record_files(folder, MAIN)
    if not files:
        return False
    records = list(_records(_tail(files[-1][1], _TAIL_BYTES)[0].splitlines()))
    return bool(records) and isinstance(records[-1], types.End)


def last_step(folder: Path, writer: str, rewind_to: float | None) -> float:
    """Say which step the next one comes after, where a writer goes on that was there before.

    The reader counts steps that were left out by the same rule.

    Args:
        folder: The run's folder.
        writer: Whose steps.
        rewind_to: Where it goes back to.
    """
    last: float | None = None
    for _, path in record_files(folder, writer):
        last = _last_step(path, last)
    following = 0.0 if last is None else last + 1
    if rewind_to is not None and (last is None or rewind_to < following):
        following = rewind_to
    return following - 1


def _last_step(path: Path, before: float | None) -> float | None:
    """Follow the steps of one file, the end of it first."""
    data, is_whole = _tail(path, _TAIL_BYTES)
    step, is_known = _follow(_records(data.splitlines()), before)
    if is_known or is_whole:
        return step
    with _open(path) as stream:
        return _follow(_records(stream), before)[0]


def _follow(records: Iterable[types.Record], step: float | None) -> tuple[float | None, bool]:
    is_known = False
    for record in records:
        if isinstance(record, types.Metrics):
            if isinstance(record.step, int | float):
                is_known, step = True, float(record.step)
            else:
                step = 0.0 if step is None else step + 1
        elif isinstance(record, types.Start):
            rewind = record.rewind_to
            if rewind is not None and (step is None or rewind <= step):
                step = rewind - 1
    return step, is_known


def _first(path: Path) -> Iterator[types.Record]:
    try:
        with _open(path) as stream:
            lines = [line for _, line in zip(range(_FIRST_LINES), stream, strict=False)]
    except (OSError, EOFError):  # packed, deleted or damaged in the meantime
        return
    yield from _records(line for line in lines if line.endswith(b"\n"))


def _records(lines: Iterable[bytes]) -> Iterator[types.Record]:
    for line in lines:
        try:
            yield decode_typed(line)
        except (msgspec.MsgspecError, UnicodeDecodeError):  # half a line, or a stranger's
            continue


def _tail(path: Path, size: int) -> tuple[bytes, bool]:
    """Read the end of a file, and say whether that is all of it."""
    with _open(path) as stream:
        if path.suffix == ".gz":
            return stream.read(), True
        end = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, end - size))
        data = stream.read()
    return (data, True) if end <= size else (data.partition(b"\n")[2], False)


def _open(path: Path) -> BinaryIO:
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]
