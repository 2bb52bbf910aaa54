"""The process between a training and its terminal: passes everything on, and writes it down.

A process of its own, because it must go on reading whatever the training does: a thread would wait
for an interpreter that is busy in C, and that waits for a full pipe to be read. It outlives a
SIGKILL of the training, writes what is left in the pipe, and ends when nobody holds the pipe.

Only the standard library is loaded, and of staticrun what needs no more.
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import selectors
import signal
import termios
from pathlib import Path
from typing import TYPE_CHECKING, Any

from staticrun.log.transcript import FLUSH_S, Transcript, closed, hider

if TYPE_CHECKING:
    from collections.abc import Callable

_BLOCK = 1 << 16


def main(arguments: list[str]) -> None:
    """Pass on until nobody prints any more.

    Args:
        arguments: The descriptor of the socket to the training, then for each channel the two
            that it is read from and written to, `READ:WRITE`.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    control, *channels = arguments
    Relay(int(control), dict(tuple(map(int, one.split(":"))) for one in channels)).run()  # type: ignore[misc]


class Relay:
    """Channels from the training to where its output went before, and the files of its runs."""

    def __init__(self, control: int, channels: dict[int, int]) -> None:
        self._control = control
        self._channels = channels
        self._transcripts: dict[str, Transcript] = {}
        self._told: set[str] = set()
        self._asked = b""
        self._selector = selectors.DefaultSelector()
        for descriptor in (control, *channels):
            os.set_blocking(descriptor, False)
            self._selector.register(descriptor, selectors.EVENT_READ)

    def run(self) -> None:
        """Work until all descriptors have come to their end."""
        while self._selector.get_map():
            ready = [key.fd for key, _ in self._selector.select(FLUSH_S)]
            # A run that is open gets what is printed from then on: it is opened first.
            for descriptor in sorted(ready, key=lambda one: one != self._control):
                if descriptor == self._control:
                    self._listen()
                else:
                    self._pass_on(descriptor)
            if not ready:
                self._flush()

    def _pass_on(self, descriptor: int) -> bool:
        """Read what is there; False when there is nothing more."""
        try:
            data = os.read(descriptor, _BLOCK)
        except BlockingIOError:
            return False
        except OSError:  # a terminal whose other side is closed
            data = b""
        if not data:
            self._selector.unregister(descriptor)
            os.close(descriptor)
            return False
        if not _write(self._channels[descriptor], data):
            self._say({"broken": True})
        self._each(lambda transcript: transcript.feed(data, descriptor))
        return True

    def _each(self, do: Callable[[Transcript], None]) -> None:
        """Do something with each file; one that cannot be written any more is given up."""
        for run, transcript in [*self._transcripts.items()]:
            try:
                do(transcript)
            except OSError:  # its folder was deleted, the disk is full
                del self._transcripts[run]
        self._tell_made()

    def _drain(self) -> None:
        for descriptor in self._channels:
            while descriptor in self._selector.get_map() and self._pass_on(descriptor):
                pass

    def _flush(self) -> None:
        self._each(Transcript.flush)
        for read, write in self._channels.items():
            if read in self._selector.get_map() and os.isatty(read) and os.isatty(write):
                copy_size(write, read)

    def _tell_made(self) -> None:
        for run, transcript in self._transcripts.items():
            if transcript.is_made and run not in self._told:
                self._told.add(run)
                self._say({"made": run, "path": transcript.path.name})

    def _listen(self) -> None:
        try:
            data = os.read(self._control, _BLOCK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        *lines, self._asked = (self._asked + data).split(b"\n")
        for line in lines:
            self._obey(json.loads(line))
        if not data:  # the training has ended, by whatever
            self._drain()
            for run in [*self._transcripts]:
                self._close(run)
            self._selector.unregister(self._control)

    def _obey(self, asked: dict[str, Any]) -> None:
        if "open" in asked:
            if self._transcripts:  # what was printed before is that of the others
                self._drain()
            self._transcripts[asked["open"]] = Transcript(Path(asked["path"]), hider(asked))
            self._say({"opened": asked["open"]})
        elif "close" in asked:
            self._drain()
            self._say(self._close(asked["close"]))

    def _close(self, run: str) -> dict[str, Any]:
        transcript = self._transcripts.pop(run, None)
        try:
            if transcript is not None:
                transcript.close()
                return closed(run, transcript)
        except OSError:
            pass
        return {"closed": run}

    def _say(self, answer: dict[str, Any]) -> None:
        try:
            os.write(self._control, json.dumps(answer).encode() + b"\n")
        except OSError:  # nobody listens any more
            return


def copy_size(source: int, target: int) -> None:
    """Give a terminal the rows and columns of another."""
    try:
        size = fcntl.ioctl(source, termios.TIOCGWINSZ, b"\0" * 8)
        if size != fcntl.ioctl(target, termios.TIOCGWINSZ, b"\0" * 8):
            fcntl.ioctl(target, termios.TIOCSWINSZ, size)
    except OSError:
        return


def _write(descriptor: int, data: bytes) -> bool:
    view = memoryview(data)
    while view:
        try:
            view = view[os.write(descriptor, view) :]
        except BlockingIOError:
            select.select([], [descriptor], [])
        except OSError:  # nobody reads any more
            return False
    return True
