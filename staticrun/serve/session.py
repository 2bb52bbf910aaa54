"""One sitting: watch, push, build, until it is stopped."""

from __future__ import annotations

import queue
import threading
import time
from typing import TYPE_CHECKING

from staticrun import config, layout
from staticrun.errors import StaticrunError
from staticrun.pages import output
from staticrun.serve import inject, kinds
from staticrun.serve.builder import Builder, Outcome
from staticrun.serve.hub import Hub, Told
from staticrun.serve.live import Live
from staticrun.serve.pending import Pending
from staticrun.serve.server import Server, Shown
from staticrun.serve.watch import Watcher

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from staticrun.serve.kinds import Kind

# Of a build that changed more files than this every page is asked for again.
CHANGED_MAX = 500
# Seconds to wait while another process builds the site.
BUSY_S = 1.0


class Session:
    """Serves one project.

    Args:
        root: The project's folder.
        site: Where its site goes.
        host: Where to listen.
        port: 0 for any that is free.
        poll: As for `Watcher`.
        tell: Called with every outcome, and with the kinds of changes that led to it.

    Raises:
        UserError: When it cannot listen there, or the configuration cannot be read.
    """

    def __init__(
        self,
        root: Path,
        site: Path,
        *,
        host: str,
        port: int,
        poll: bool = False,
        tell: Callable[[Outcome, set[Kind]], None],
    ) -> None:
        self._root, self._site, self._poll, self._tell = root, site.absolute(), poll, tell
        self._inbox: queue.SimpleQueue[set[Path] | Outcome] = queue.SimpleQueue()
        self._started, self._builds = f"{time.time():.3f}", 0
        settings, _ = config.load(root)
        self._live = Live(settings, self._site)
        self._hub = Hub(self._name())
        shown = Shown(self._site, root / layout.ASIDE, self._live, self._hub, inject.assets())
        self._server = Server(shown, host, port)
        self._builder = Builder(root, self._site, self._inbox.put)
        self._pending = Pending()
        # What the build that runs takes on; None while none does. A build that fails leaves its
        # changes to the next.
        self._building: set[Kind] | None = None
        self._left: set[Kind] = set()
        self._mark = self._hub.mark()
        self._watcher = self._watch()
        self.url = self._server.url

    def run(self) -> None:
        """Serve until interrupted.

        Raises:
            KeyboardInterrupt: After everything was ended.
        """
        answering = threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)
        answering.start()
        self._pending.add("project", time.monotonic())
        try:
            while True:
                self._step()
        finally:
            self._watcher.stop()
            self._builder.stop()
            self._hub.close()
            self._server.shutdown()
            self._server.server_close()

    def _step(self) -> None:
        due = None if self._building is not None else self._pending.due()
        wait = None if due is None else max(due - time.monotonic(), 0)
        try:
            message = self._inbox.get(timeout=wait)
        except queue.Empty:
            self._build()
            return
        if isinstance(message, Outcome):
            self._ended(message)
        else:
            self._changed(message)

    def _changed(self, paths: set[Path]) -> None:
        now = time.monotonic()
        for kind, subject in kinds.sort(paths, self._live.config, self._live.store):
            if kind == "records":
                self._grow(subject)
            elif kind == "config":
                self._configure()
            self._pending.add(kind, now)

    def _grow(self, key: str) -> None:
        if self._hub.wants(layout.run_url(key)):
            grown = self._live.grow(key)
            if grown is not None:
                self._hub.grown(grown)

    def _configure(self) -> None:
        """Read the configuration again; where it is wrong, the build tells."""
        try:
            settings, _ = config.load(self._root)
        except StaticrunError:
            return
        if settings != self._live.config:
            self._watcher.stop()
            self._live.open(settings)
            self._watcher = self._watch()

    def _watch(self) -> Watcher:
        watcher = Watcher(self._live.config, self._site, self._inbox.put, poll=self._poll)
        watcher.start()
        return watcher

    def _build(self) -> None:
        self._building = self._pending.take() | self._left
        self._mark = self._hub.mark()
        self._builder.build()

    def _ended(self, outcome: Outcome) -> None:
        now = time.monotonic()
        kinds_of, self._building, self._left = self._building or set(), None, set()
        if kinds_of <= kinds.STEADY:  # others say nothing of how long the next of these takes
            self._pending.ended(outcome.seconds, now)
        if outcome.failed is not None and outcome.failed.where.endswith(output.LOCK):
            # Someone else builds the same site: after them.
            for kind in kinds_of:
                self._pending.add(kind, now)
            self._pending.hold(now + BUSY_S)
            return
        if outcome.failed is not None:
            self._left = kinds_of
            self._hub.failed((str(outcome.failed),))
        else:
            if kinds_of & kinds.STRUCTURE:
                self._live.look()
            if outcome.changed:
                self._builds += 1
            changed = outcome.changed if len(outcome.changed) <= CHANGED_MAX else None
            self._hub.built(Told(self._name(), changed), self._mark)
        self._tell(outcome, kinds_of)

    def _name(self) -> str:
        return f"{self._started}-{self._builds}"
