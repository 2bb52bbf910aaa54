"""`staticrun build`, again and again, in a process of its own that stays warm.

It may be killed at any moment: a build that stops leaves a whole site.
"""

from __future__ import annotations

import multiprocessing
import signal
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from staticrun import layout
from staticrun.errors import Finding, StaticrunError

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from pathlib import Path


class Outcome(msgspec.Struct, frozen=True):
    """How a build ended.

    Attributes:
        seconds: What it took.
        failed: Why there is no new site; None where there is one.
        runs: As in `Built`, and so the others; 0 and empty where it failed.
    """

    seconds: float
    failed: Finding | None = None
    runs: int = 0
    made: int = 0
    changed: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


class Builder:
    """Builds one project's site.

    Args:
        root: The project's folder.
        site: Where the site goes.
        tell: Called with every outcome, from another thread.
    """

    def __init__(self, root: Path, site: Path, tell: Callable[[Outcome], None]) -> None:
        self._place, self._tell = (root, site), tell
        self._process: multiprocessing.process.BaseProcess | None = None
        self._pipe: Connection | None = None
        self._stopped = False

    def build(self) -> None:
        """Begin a build; to be called again after its outcome was told."""
        if self._process is None or not self._process.is_alive():
            self._start()
        if self._pipe is not None:
            with suppress(OSError):  # it has died: the listener tells
                self._pipe.send(None)

    def stop(self) -> None:
        """End the process, in the middle of a build too."""
        self._stopped = True
        if self._process is not None:
            self._process.kill()
            self._process.join()

    def _start(self) -> None:
        # Not forked: this process has threads.
        context = multiprocessing.get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other, *self._place), name="builder")
        # Ctrl-C reaches all processes of a terminal; this one is the parent's to end.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            self._process.start()
        finally:
            signal.signal(signal.SIGINT, before)
        other.close()
        threading.Thread(target=self._listen, args=(self._pipe,), daemon=True).start()

    def _listen(self, pipe: Connection) -> None:
        try:
            while True:
                self._tell(pipe.recv())
        except (EOFError, OSError):
            if not self._stopped:
                what = "the builder was ended from outside (out of memory?)"
                self._tell(Outcome(0, Finding("build", what, try_="change any file to try again")))


def _serve(pipe: Connection, root: Path, site: Path) -> None:
    """Build whenever the parent asks, until it ends."""
    from staticrun.pages.work import end_with_parent

    threading.Thread(target=end_with_parent, daemon=True).start()
    with suppress(EOFError):
        while True:
            pipe.recv()
            pipe.send(_build(root, site))


def _build(root: Path, site: Path) -> Outcome:
    from staticrun.pages.build import build

    began = time.perf_counter()
    try:
        built = build(root, out=site, aside=root / layout.ASIDE)
    except StaticrunError as error:
        return Outcome(time.perf_counter() - began, error.finding)
    except Exception as error:  # noqa: BLE001 -- the server outlives whatever a theme does
        what = f"the build stopped ({type(error).__name__}: {error})"
        return Outcome(time.perf_counter() - began, Finding("build", what))
    seconds = time.perf_counter() - began
    changed = (*built.written, *built.removed)
    return Outcome(seconds, None, built.runs, built.made, changed, built.findings)
