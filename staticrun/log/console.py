"""What a process prints, as a file of each of its open runs.

At the level of file descriptors 1 and 2, because only there is what C libraries and other programs
print; where Python's stdout leads elsewhere (a notebook, a test), at the level of `sys.stdout`.
Descriptors belong to the process, so this module holds the one tap of it.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from typing import TYPE_CHECKING, Any, Protocol

from staticrun.layout import ARTIFACTS
from staticrun.log.hide import host_names, places_of, user_names
from staticrun.record import types

if TYPE_CHECKING:
    from pathlib import Path

    from staticrun.log.place import Place

FILE = "console.log"
_CAPTION = "What the process printed"
_NAMES = ("stdout", "stderr")


class Tap(Protocol):
    """A way to see what a process prints."""

    def open(self, run: str, path: Path, hide: dict[str, Any]) -> None:
        """Write what is printed from here on to the file of a run, too."""

    def made(self, run: str) -> str:
        """Give the name of a run's file; empty while nothing was printed."""

    def close(self, run: str, timeout_s: float, *, is_last: bool) -> dict[str, Any]:
        """End the file of a run, with the last one the tap: `path`, `sha256`, `bytes`."""

    def check(self) -> None:
        """Take the tap out when it does not work any more."""

    def relay_pid(self) -> int | None:
        """Give the number of the process in between."""

    def forget(self) -> None:
        """Let go, in a process made by fork."""


class Console:
    """The console of one run.

    Args:
        place: The run.
    """

    def __init__(self, place: Place) -> None:
        self._run = place.id
        capture = place.capture
        hide = {
            "places": places_of(place.root),
            "users": [] if capture.user else user_names(),
            "hosts": [] if capture.host else host_names(),
        }
        self._announced = False
        with _lock:
            if not _taps:
                _taps.append(_make_tap())
            self._tap = _taps[0]
            _open.add(self._run)
            self._tap.open(self._run, place.folder / ARTIFACTS / FILE, hide)

    def news(self) -> list[types.Artifact]:
        """Give the record that announces the file, once there is one: without a digest yet."""
        with _lock:
            self._tap.check()
            name = self._tap.made(self._run)
        if not name or self._announced:
            return []
        self._announced = True
        return [_record(name)]

    def close(self, timeout_s: float) -> list[types.Artifact]:
        """End the file; give its record if anything was printed. The last one restores stdout."""
        with _lock:
            _open.discard(self._run)
            if is_last := not _open:
                _taps.clear()
            found = self._tap.close(self._run, timeout_s, is_last=is_last)
        if "path" not in found:
            return []
        return [_record(found["path"], found["sha256"], found["bytes"])]


def _record(name: str, sha256: str | None = None, size: int | None = None) -> types.Artifact:
    return types.Artifact(
        path=f"{ARTIFACTS}/{name}", sha256=sha256, bytes=size, kind="console", caption=_CAPTION
    )


_lock = threading.RLock()
_taps: list[Tap] = []
_open: set[str] = set()


def relay_pid() -> int | None:
    """Give the number of the process that records: it is no part of the training."""
    return next((tap.relay_pid() for tap in _taps), None)


def _make_tap() -> Tap:
    if os.name == "posix" and sys.executable and all(map(_is_plain, _NAMES)):
        from staticrun.log.tap_descriptors import DescriptorTap

        return DescriptorTap()
    from staticrun.log.tap_streams import StreamTap

    return StreamTap()


def _is_plain(name: str) -> bool:
    """Say whether what Python prints goes to the descriptor that programs print to."""
    stream = getattr(sys, name)
    try:
        return stream is getattr(sys, f"__{name}__") and stream.fileno() == 1 + _NAMES.index(name)
    except (AttributeError, OSError, ValueError):  # none, or closed
        return False


def flush() -> None:
    """Write out what Python holds back."""
    for name in _NAMES:
        with contextlib.suppress(Exception):  # none, closed, or anybody's own
            getattr(sys, name).flush()


def _in_child() -> None:
    global _lock  # noqa: PLW0603 - another thread of the parent may have held it
    _lock = threading.RLock()
    for tap in _taps:
        tap.forget()
    _taps.clear()
    _open.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)
