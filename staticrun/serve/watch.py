"""What of a project is watched, and the thread that watches it."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from staticrun import layout

if TYPE_CHECKING:
    from collections.abc import Callable

    from watchfiles import Change

    from staticrun.config import Config

# Git notes here whatever comes to be checked out.
HEAD_LOG = ".git/logs/HEAD"
# A change is told when nothing came for STEP_MS, at the latest after MOST_MS.
STEP_MS = 10
MOST_MS = 60
# Folders that come and go are looked for this often.
LOOK_MS = 1000
POLL_MS = 400
_WILD = re.compile(r"[*?\[]")


def folders(config: Config) -> set[Path]:
    """List the folders of which everything below counts, whether they are there or not."""
    names = [*config.runs, layout.REGISTRY, layout.REPORTS, layout.THEMES]
    found = {config.root / name for name in names}
    for logs in config.logs:
        parts = logs.glob.split("/")[:-1]
        fixed = next((i for i, part in enumerate(parts) if _WILD.search(part)), len(parts))
        found.add(config.root.joinpath(*parts[:fixed]))
    return found


class Watcher:
    """Tells which files changed, from a thread of its own.

    Args:
        config: The project.
        site: Its site, which is not watched.
        tell: Called with the paths that changed; with the project's folder alone where watched
            folders came or went, so that anything may have changed.
        poll: Look at the files themselves: for file systems that tell nothing (NFS, Lustre).
    """

    def __init__(
        self, config: Config, site: Path, tell: Callable[[set[Path]], None], *, poll: bool = False
    ) -> None:
        self._root, self._site, self._tell, self._poll = config.root, site, tell, poll
        self._folders = folders(config)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        """Begin; what changes from now on is told."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread, at once or within a second; what changes is told no longer."""
        self._stop.set()

    def _run(self) -> None:
        top = threading.Thread(target=self._top, name="watch-top", daemon=True)
        top.start()
        while not self._stop.is_set():
            there = self._there()
            if not there:
                self._stop.wait(LOOK_MS / 1000)
            else:
                self._watch([path for path, _ in there], recursive=True, until=there)
            if not self._stop.is_set() and self._there() != there:
                self._tell({self._root})

    def _top(self) -> None:
        """Watch the configuration, and what is checked out: a registry's history ends there."""
        logs = (self._root / HEAD_LOG).parent
        self._watch([self._root, *([logs] if logs.is_dir() else [])], recursive=False)

    def _there(self) -> frozenset[tuple[Path, int]]:
        """List the folders that are there now, each with what tells it from a later one."""
        found = set()
        for path in self._folders:
            try:
                found.add((path, path.stat().st_ino))
            except OSError:
                continue
        return frozenset(found)

    def _watch(
        self,
        paths: list[Path],
        *,
        recursive: bool,
        until: frozenset[tuple[Path, int]] | None = None,
    ) -> None:
        from watchfiles import watch

        try:
            for changes in watch(
                *paths,
                watch_filter=self._counts if recursive else self._is_config,
                debounce=MOST_MS,
                step=STEP_MS,
                rust_timeout=LOOK_MS,
                yield_on_timeout=True,
                stop_event=self._stop,
                raise_interrupt=False,
                recursive=recursive,
                force_polling=self._poll or None,
                poll_delay_ms=POLL_MS,
                ignore_permission_denied=True,
            ):
                if changes and not self._stop.is_set():
                    self._tell({Path(path) for _, path in changes})
                if until is not None and self._there() != until:
                    return
        except FileNotFoundError:
            # A folder went while the watch was set up.
            self._stop.wait(LOOK_MS / 1000)
        except (OSError, RuntimeError):
            # The system gives no more watches.
            self._poll = True
            self._stop.wait(LOOK_MS / 1000)

    def _counts(self, _change: Change, path: str) -> bool:
        below = Path(path)
        if below.is_relative_to(self._site) or not below.is_relative_to(self._root):
            return False
        parts = below.relative_to(self._root).parts
        return not any(part.startswith(".") or part.endswith("~") for part in parts)

    def _is_config(self, _change: Change, path: str) -> bool:
        if Path(path) == self._root / HEAD_LOG:
            return (self._root / layout.REGISTRY).is_dir()
        return Path(path) == self._root / layout.CONFIG
