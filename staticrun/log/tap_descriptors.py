"""See what goes to file descriptors 1 and 2, by a process in between (`relay`).

A terminal is replaced by another one (a pty), so that programs go on drawing bars and colours, and
everything else by a pipe. If the process in between dies, what it led through is put back.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import select
import socket
import sys
import termios
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from staticrun.log.console import flush
from staticrun.log.relay import copy_size

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

_PACKAGE = Path(__file__).parents[1]
# The package without its façade, which loads what the relay does not need.
_PROGRAM = (
    "import sys, types; package = types.ModuleType('staticrun'); package.__path__ = [sys.argv[1]];"
    "sys.modules['staticrun'] = package;"
    "from staticrun.log.relay import main; main(sys.argv[2:])"
)
_PIPE_BYTES = 1 << 20
_BLOCK = 1 << 16
OPEN_S = 1.0


class _Channel(NamedTuple):
    """What stands for one or both descriptors.

    Attributes:
        descriptors: 1, 2 or both, where both lead to one place.
        read: Where what is printed comes out; held here, too, in case the relay breaks.
        saved: What they were before.
        identity: Of what they are now.
    """

    descriptors: tuple[int, ...]
    read: int
    saved: tuple[int, ...]
    identity: tuple[int, int]


class DescriptorTap:
    """Leads descriptors 1 and 2 into pipes; the first `open` starts the process that empties them.

    Raises:
        OSError: When there is no descriptor left; everything is then as before.
    """

    def __init__(self) -> None:
        flush()
        self._asked = False
        self._opened: set[str] = set()
        self._made: dict[str, str] = {}
        self._closed: dict[str, dict[str, Any]] = {}
        self._said = b""
        self._is_broken = False
        self._relay: subprocess.Popen[bytes] | None = None
        self._channels: list[_Channel] = []
        self._socket, self._theirs = socket.socketpair()
        groups = [(1, 2)] if os.path.sameopenfile(1, 2) else [(1,), (2,)]
        try:
            for descriptors in groups:
                self._channels.append(_lead(descriptors))
        except BaseException:
            self._restore()
            self._close_all()
            raise

    def open(self, run: str, path: Path, hide: dict[str, Any]) -> None:
        """See `console.Tap`."""
        # What was printed before is of no run, or of others alone.
        flush()
        self._ask({"open": run, "path": str(path), **hide})
        if self._asked:  # what is printed next is that of this run as well
            self._wait_for(lambda: run in self._opened, OPEN_S)
        self._asked = True
        # Before anything can be printed: a pipe that nobody reads stops a C function that fills
        # it, and that may hold the interpreter which would start the reader.
        if self._relay is None and not self._is_broken:
            self._start()
        self.check()

    def made(self, run: str) -> str:
        """See `console.Tap`."""
        self._listen(0)
        return self._made.get(run, "")

    def close(self, run: str, timeout_s: float, *, is_last: bool) -> dict[str, Any]:
        """See `console.Tap`."""
        flush()
        if is_last:
            self._restore()
        self._ask({"close": run})
        self._wait_for(lambda: run in self._closed, timeout_s)
        if is_last:
            self._end()
        return self._closed.pop(run, {})

    def check(self) -> None:
        """See `console.Tap`."""
        self._listen(0)
        if self._is_broken:
            self._restore()
            self._read_rest()

    def relay_pid(self) -> int | None:
        """See `console.Tap`."""
        return None if self._relay is None else self._relay.pid

    def forget(self) -> None:
        """See `console.Tap`; descriptors 1 and 2 go on leading through the relay."""
        self._close_all()

    def _start(self) -> None:
        import subprocess

        led = [(channel.read, channel.saved[0]) for channel in self._channels]
        try:
            self._relay = subprocess.Popen(
                [
                    *(sys.executable, "-I", "-S", "-c", _PROGRAM, str(_PACKAGE)),
                    str(self._theirs.fileno()),
                    *(f"{read}:{saved}" for read, saved in led),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(self._theirs.fileno(), *(number for pair in led for number in pair)),
                start_new_session=True,
                cwd="/",
            )
        except OSError:
            self._is_broken = True
        self._theirs.close()

    def _wait_for(self, condition: Callable[[], bool], timeout_s: float) -> None:
        deadline = monotonic() + timeout_s
        while not condition() and not self._is_broken and monotonic() < deadline:
            self._listen(deadline - monotonic())

    def _ask(self, words: dict[str, Any]) -> None:
        try:
            self._socket.sendall(json.dumps(words).encode() + b"\n")
        except OSError:
            self._is_broken = True

    def _listen(self, timeout_s: float) -> None:
        while not self._is_broken and select.select([self._socket], [], [], max(timeout_s, 0))[0]:
            timeout_s = 0
            try:
                data = self._socket.recv(_BLOCK)
            except OSError:
                data = b""
            self._is_broken = not data
            *lines, self._said = (self._said + data).split(b"\n")
            for answer in map(json.loads, lines):
                if "made" in answer:
                    self._made[answer["made"]] = answer["path"]
                elif "opened" in answer:
                    self._opened.add(answer["opened"])
                elif "closed" in answer:
                    self._closed[answer["closed"]] = answer
                else:
                    self._is_broken = True

    def _restore(self) -> None:
        for channel in self._channels:
            for descriptor, saved in zip(channel.descriptors, channel.saved, strict=True):
                # Somebody may have put something of their own there.
                with contextlib.suppress(OSError):
                    if _identity(descriptor) == channel.identity:
                        os.dup2(saved, descriptor)

    def _end(self) -> None:
        if self._is_broken:
            self._read_rest()
        self._close_all()

    def _close_all(self) -> None:
        self._socket.close()
        self._theirs.close()
        for channel in self._channels:
            for descriptor in (channel.read, *channel.saved):
                os.close(descriptor)
        # Other processes may go on printing through the relay: it is left to itself.
        if self._relay is not None and self._relay.poll() is None:
            self._relay.returncode = 0

    def _read_rest(self) -> None:
        """Pass on what the relay did not."""
        for channel in self._channels:
            with contextlib.suppress(OSError):
                os.set_blocking(channel.read, False)
                while data := os.read(channel.read, _BLOCK):
                    os.write(channel.saved[0], data)


def _lead(descriptors: tuple[int, ...]) -> _Channel:
    """Put a pipe or a terminal in the place of descriptors that lead to one place."""
    read, write = _ends(descriptors[0])
    saved: list[int] = []
    try:
        saved.extend(os.dup(descriptor) for descriptor in descriptors)
        channel = _Channel(descriptors, read, tuple(saved), _identity(write))
        for descriptor in descriptors:
            os.dup2(write, descriptor)
    except BaseException:
        for number in (read, *saved):
            os.close(number)
        raise
    finally:
        os.close(write)
    return channel


def _ends(descriptor: int) -> tuple[int, int]:
    """Make what stands for a descriptor: where it is read, and what takes its place."""
    if not os.isatty(descriptor):
        read, write = os.pipe()
        with contextlib.suppress(AttributeError, OSError):
            fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        return read, write
    read, write = os.openpty()
    modes = termios.tcgetattr(descriptor)
    modes[1] &= ~termios.OPOST  # the real one makes \r\n of \n
    modes[3] &= ~termios.ECHO
    termios.tcsetattr(write, termios.TCSANOW, modes)
    copy_size(descriptor, write)
    return read, write


def _identity(descriptor: int) -> tuple[int, int]:
    status = os.fstat(descriptor)
    return status.st_dev, status.st_ino
