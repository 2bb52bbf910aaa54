"""What a run writes through: its file, its end, and what it could not write.

One `Writer` stands behind a `Run`, a process. It never raises: what cannot be written is told
once a kind and counted.
"""

from __future__ import annotations

import functools
import threading
from time import time
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Protocol, TypeVar

from staticrun.log import exits
from staticrun.log.delivery import Delivery
from staticrun.log.failure import describe
from staticrun.log.sink import Sink, create_sink_of_other
from staticrun.log.sync import Syncing, interval
from staticrun.log.tell import warn
from staticrun.log.values import clean
from staticrun.record import types
from staticrun.record.codec import encode

if TYPE_CHECKING:
    from collections.abc import Callable

    from staticrun.log.background import Background
    from staticrun.log.place import Place
    from staticrun.record.types import Record, Status

_P = ParamSpec("_P")
_T = TypeVar("_T")
_Self = TypeVar("_Self", bound="_Writes")


class Writer:
    """The open end of a run in this process.

    Attributes:
        place: Which run, and where.
        lock: Held while a line is written; one thread may take it again (a signal handler does).
        out: The way to the file; None in a process made by fork until its first record.
        dropped: How many values and records could not be written.
        ended: Whether the end record was written.
        media: sha256 → path of the pictures, tables, … that this process stored.
        background: What goes on beside the training; None in a process made by fork.
    """

    def __init__(self, place: Place, sink: Sink | None) -> None:
        self.place = place
        self.lock = threading.RLock()
        self.out: Delivery | None = None
        self.dropped = 0
        self.ended = False
        self.media: dict[str, str] = {}
        self.background: Background | None = None
        self._stem = "part"
        self._told: dict[str, str] = {}
        self._waited = False
        if sink is not None:
            self._open(sink)

    def write(self, record: Record) -> None:
        """Append a record."""
        with self.lock:
            if self.ended:
                self.drop("ended", "the run has ended, and more came after it")
                return
            try:
                self._opened().append(encode(record))
            except Exception as error:  # noqa: BLE001 - a training goes on without a record
                self.drop("write", f"a record could not be written: {reason(error)}")

    def drop(self, kind: str, what: str, count: int = 1) -> None:
        """Count things that are not written, and say so if they are the first of their kind."""
        with self.lock:
            self.dropped += count
            is_first = kind not in self._told
            if is_first:
                self._told[kind] = what
        if is_first:
            warn(f"{self.place.key}: {what}. The training goes on; more of this is only counted.")

    def _tell_waiting(self, what: str) -> None:
        if not self._waited:
            self._waited = True
            warn(f"{self.place.key}: {what}. The training goes on.")

    def _tell_deleted(self) -> None:
        self.drop("deleted", "its record was deleted while it was written, and is lost")

    def end(self, status: Status, error: BaseException | str | None) -> None:
        """Write the end record, with why, and close the file. Never raises."""
        if self.background is not None:
            self.background.finish(by_signal=isinstance(error, str))
        with self.lock:
            if self.ended:
                return
            try:
                if self.out is not None:
                    self._write_end(status, error)
            finally:
                self.ended = True
                exits.release(self)

    def _write_end(self, status: Status, error: BaseException | str | None) -> None:
        if self.dropped:
            told = "; ".join(self._told.values())
            text = f"{self.dropped} values or records were not written: {told}"
            self.write(types.Log(text=text, level="warning", time=time()))
        self.write(types.End(status=status, error=self._failure(error), time=time()))
        if self.out is not None:
            self._close(self.out)

    def _close(self, out: Delivery) -> None:
        if out.sink.is_deleted() and "deleted" not in self._told:
            self._tell_deleted()
        try:
            lost = out.close(self._syncing.stop)
        except OSError as failed:  # a network's file system may say only now what it lost
            self.drop("write", f"its record could not be closed: {reason(failed)}")
            return
        if lost:
            self.drop("lost", f"{lost} records that waited for the disk are lost", lost)

    def _failure(self, error: BaseException | str | None) -> types.Failure | None:
        try:
            return None if error is None else describe(error, self.place)
        except Exception:  # noqa: BLE001 - an exception may be made so that nothing can show it
            return types.Failure(type=type(error).__name__)

    def size(self) -> int:
        """Give the bytes of this process's record file."""
        return 0 if self.out is None else self.out.sink.size()

    def forget(self) -> None:
        """Let go of the file, in a process made by fork: its records go to one of its own."""
        self.lock = threading.RLock()
        self._stem = "fork"
        self.background = None
        if self.out is not None:
            self.out.sink.close()
            self.out = None

    def _open(self, sink: Sink) -> Delivery:
        self.out = Delivery(sink, self._tell_waiting)
        self._syncing = Syncing(sink, interval(), self._tell_deleted)
        exits.watch(self)
        return self.out

    def _opened(self) -> Delivery:
        if self.out is None:
            sink = create_sink_of_other(self.place.folder, self._stem)
            start = types.Start(
                format=types.FORMAT, time=time(), id=self.place.id, writer=sink.writer
            )
            sink.append(encode(start))
            return self._open(sink)
        return self.out


def reason(error: Exception) -> str:
    """Say in a clause why something failed."""
    if isinstance(error, OSError):
        return (error.strerror or clean(error)).lower()
    return clean(error) or type(error).__name__


def attempt(writer: Writer, kind: str, what: str, do: Callable[[], _T]) -> _T | None:
    """Do what may raise anything, and give its result; count and tell what went wrong."""
    try:
        return do()
    except Exception as error:  # noqa: BLE001 - a training goes on without it
        writer.drop(kind, f"{what}: {reason(error)}")
        return None


class _Writes(Protocol):
    @property
    def _writer(self) -> Writer: ...


def never_raises(
    method: Callable[Concatenate[_Self, _P], _T],
) -> Callable[Concatenate[_Self, _P], _T | None]:
    """Make a method count and tell what it could not do, where it would raise."""

    @functools.wraps(method)
    def call(self: _Self, /, *args: _P.args, **more: _P.kwargs) -> _T | None:
        try:
            return method(self, *args, **more)
        except Exception as error:  # noqa: BLE001 - whatever a training hands over
            name = method.__name__.strip("_")
            self._writer.drop(name, f"{name}() failed: {reason(error)}")
            return None

    return call
