"""The file that a process writes to, opened and begun with its `start` record."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import replace
from time import time
from typing import TYPE_CHECKING

import msgspec

from staticrun.layout import MAIN, record_file_name
from staticrun.log import inherit
from staticrun.log.folder import cannot_write
from staticrun.log.run import Run
from staticrun.log.sink import Sink, create_sink, create_sink_of_other
from staticrun.log.surroundings import look_around
from staticrun.log.written import last_step, record_files
from staticrun.record import types
from staticrun.record.codec import encode

if TYPE_CHECKING:
    from pathlib import Path

    from staticrun.log.enter import Entry
    from staticrun.log.place import Place
    from staticrun.record.types import Start

# Of a process that writes beside others only what may differ: the rest is the first one's.
_OWN = ("command", "host", "seeds")


def open_first(
    head: Start, params: dict[str, object], place: Place, entry: Entry
) -> tuple[Run, Start]:
    """Open the first file of a run.

    Returns:
        The run, and the record that begins it.

    Raises:
        UserError: When it cannot be written; the folder is removed again.
    """
    writer = entry.writers[0]
    try:
        head = look_around(_named(head, writer, 0), place)
        run = Run(place, _begun(create_sink(place.folder, writer), head, params))
    except BaseException as error:
        # Another rank may write there already.
        if all(named.writer == writer for named, _ in record_files(place.folder)):
            shutil.rmtree(place.folder, ignore_errors=True)
        if isinstance(error, OSError):
            raise cannot_write(error, place.folder) from error
        raise
    return _handed_down(run), head


def open_next(
    head: Start,
    params: dict[str, object],
    place: Place,
    entry: Entry,
    rewind_to: float | None,
) -> tuple[Run, Start]:
    """Open one more file of a run: another writer's, or a later segment.

    Returns:
        The run, and the record that begins the file.

    Raises:
        UserError: When it cannot be written.
    """
    step = -1.0
    try:
        sink, segment = _open(entry)
        try:
            if segment:
                step = last_step(place.folder, sink.writer, rewind_to)
                head = msgspec.structs.replace(head, rewind_to=rewind_to)
            head = _named(head, sink.writer, segment)
            is_first = sink.writer == MAIN
            head = look_around(head, place if is_first else _with_less(place))
            return _handed_down(Run(place, _begun(sink, head, params), step)), head
        except BaseException:
            sink.close()
            with suppress(OSError):
                (place.folder / record_file_name(sink.writer, segment)).unlink()
            raise
    except OSError as error:
        raise cannot_write(error, place.folder) from error


def _open(entry: Entry) -> tuple[Sink, int]:
    if entry.resumed:
        return _open_segment(entry.folder, entry.writers[0])
    for writer in entry.writers:
        if not record_files(entry.folder, writer):
            with suppress(FileExistsError):
                return create_sink(entry.folder, writer), 0
    return create_sink_of_other(entry.folder, "part"), 0


def _open_segment(folder: Path, writer: str) -> tuple[Sink, int]:
    """Open a writer's next segment; of two processes that ask at once each gets one."""
    while True:
        files = record_files(folder, writer)
        segment = files[-1][0].segment + 1 if files else 0
        try:
            return create_sink(folder, writer, segment), segment
        except FileExistsError:
            if (
                record_files(folder, writer) == files
            ):  # not by another process: something in the way
                raise


def _named(head: Start, writer: str, segment: int) -> Start:
    name = None if writer == MAIN else writer
    return msgspec.structs.replace(head, writer=name, segment=segment)


def _with_less(place: Place) -> Place:
    given = msgspec.structs.asdict(place.capture)
    less = type(place.capture)(**{key: key in _OWN and on for key, on in given.items()})
    return replace(place, capture=less)


def _begun(sink: Sink, head: Start, params: dict[str, object]) -> Sink:
    """Write what begins a file, at once: who finds a run must find its params, to compare them."""
    lines = [encode(head)]
    if params:
        lines.append(encode(types.Params(values=params, time=time())))
    sink.append(b"\n".join(lines))
    return sink


def _handed_down(run: Run) -> Run:
    inherit.hand_down(run._writer, run.folder)  # noqa: SLF001 - who takes it back at its end
    return run
