"""What goes on beside a training: facts that come late, samples of the machine, signs of life.

One daemon thread a run. It ends with the run, which waits for the facts a bounded time, and is not
there in a process made by fork.
"""

from __future__ import annotations

import functools
import math
import threading
from time import monotonic, thread_time, time
from typing import TYPE_CHECKING

from staticrun.log import seeds
from staticrun.log.tell import warn
from staticrun.log.values import clean
from staticrun.record import types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from staticrun.log.console import Console
    from staticrun.log.machine import Sampler
    from staticrun.log.writer import Writer
    from staticrun.record.types import Record, Start

# How long the end of a run waits for its facts; a process that a signal ends is killed soon.
WAIT_S = 10.0
WAIT_SIGNAL_S = 2.0
BEAT_S = 60.0
INTERVAL_S = 15.0
TICK_S = 15.0
FIRST_S = 2.0
# The switches of what `late` looks up.
LATE = ("packages", "git", "locks", "source", "hardware")
# A sample may take this share of one core.
SHARE = 0.001


def go_along(writer: Writer, head: Start) -> None:
    """Begin what goes on beside a run that has just written its first record."""
    try:
        writer.background = Background(writer, head)
    except RuntimeError as error:  # no more threads; or the interpreter is ending
        warn(f"{writer.place.key}: what takes long to find out is not recorded ({clean(error)})")


class Background:
    """The thread of a run."""

    def __init__(self, writer: Writer, head: Start) -> None:
        self._writer = writer
        self._head = head
        self._missing = ["all that takes long"]
        self._gathered = threading.Event()
        self._stop = threading.Event()
        self._is_ending = False
        self._console = self._opened_console()
        self._thread = threading.Thread(target=self._run, name="staticrun", daemon=True)
        self._thread.start()

    def finish(self, *, by_signal: bool) -> None:
        """Wait until the facts are recorded, for a bounded time. Never raises."""
        # A signal may come while the end of the run waits: then nothing more is waited for.
        if self._is_ending or threading.current_thread() is self._thread:
            return
        self._is_ending = True
        self._stop.set()
        self._gathered.wait(WAIT_SIGNAL_S if by_signal else WAIT_S)
        if self._missing:
            text = f"the run ended before this was known: {', '.join(self._missing)}"
            self._write([types.Log(text=text, level="warning", time=time())])
        self._attempt("what is known at the end", self._at_end)
        if (console := self._console) is not None:
            wait = WAIT_SIGNAL_S if by_signal else WAIT_S
            self._attempt("the console", lambda: console.close(wait))

    def _opened_console(self) -> Console | None:
        if not self._writer.place.capture.console:
            return None
        try:
            from staticrun.log.console import Console

            return Console(self._writer.place)
        except Exception as error:  # noqa: BLE001 - no process, no descriptor is left
            warn(f"{self._writer.place.key}: the console is not recorded ({clean(error)})")
            return None

    def _at_end(self) -> Iterable[Record]:
        capture = self._writer.place.capture
        if capture.seeds and (found := seeds.known()) != self._head.seeds:
            from staticrun.log import late

            yield late.more(self._head, seeds=found)
        if capture.source:
            from staticrun.log import source

            yield from source.cells(self._head, self._writer.place)

    def _run(self) -> None:
        if any(getattr(self._writer.place.capture, name) for name in LATE):
            self._gather()
        self._missing = []
        self._gathered.set()
        self._announce()
        self._keep_watch()

    def _gather(self) -> None:
        # Loaded here, so that no training waits for it.
        from staticrun.log import late

        place = self._writer.place
        steps = late.steps(place)
        self._missing = [*steps]
        for words, step in steps.items():
            self._attempt(words, functools.partial(step, self._head, place))
            self._missing.remove(words)

    def _announce(self) -> None:
        if self._console is not None and not self._is_ending:
            self._attempt("the console", self._console.news)

    def _attempt(self, words: str, step: Callable[[], Iterable[Record]]) -> None:
        try:
            self._write(step())
        except Exception as error:  # noqa: BLE001 - a run goes on without what it would say
            warn(f"{self._writer.place.key}: {words} cannot be recorded ({clean(error)})")

    def _write(self, records: Iterable[Record]) -> None:
        """Write records unless the run has ended: what comes too late is nobody's fault."""
        for record in records:
            with self._writer.lock:
                if not self._writer.ended:
                    self._writer.write(record)

    def _keep_watch(self) -> None:
        """Sample the machine at each interval, and write a beat when nothing else was written."""
        sampler, interval = self._sampler()
        size, since = self._writer.size(), monotonic()
        due = since + min(FIRST_S, interval)
        while not self._stop.wait(max(0.0, min(due - monotonic(), TICK_S))):
            if monotonic() >= due:
                begin = thread_time()
                if sampler is not None:
                    self._attempt("use of the machine", sampler.records)
                due = monotonic() + max(interval, (thread_time() - begin) / SHARE)
            self._announce()
            if self._writer.size() != size:
                size, since = self._writer.size(), monotonic()
            elif monotonic() - since >= BEAT_S:
                self._write([types.Beat(time=time())])

    def _sampler(self) -> tuple[Sampler | None, float]:
        system = self._writer.place.capture.system
        if not system:
            return None, math.inf
        try:
            from staticrun.log.machine import Sampler

            interval = INTERVAL_S if isinstance(system, bool) else system
            return Sampler(self._writer.place.folder), interval
        except Exception:  # noqa: BLE001 - psutil is not installed, or does not know this system
            return None, math.inf
