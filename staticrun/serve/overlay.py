"""Objects that are in memory alone: what pages load of a run before the next build."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from staticrun.pages.objects import Objects

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BYTES_MAX = 128 << 20


class Overlay:
    """The newest objects by URL; the oldest go when there are too many bytes of them."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, url: str) -> bytes | None:
        """Give an object; None where it is not held."""
        with self._lock:
            return self._held.get(url)

    def put(self, url: str, data: bytes) -> None:
        """Hold an object as the newest."""
        with self._lock:
            self._bytes += len(data) - len(self._held.pop(url, b""))
            self._held[url] = data
            while self._bytes > BYTES_MAX and len(self._held) > 1:
                _, gone = self._held.popitem(last=False)
                self._bytes -= len(gone)


class LiveObjects(Objects):
    """A place for the data files of a run that leaves the site on disk as it is."""

    def __init__(self, site: Path, overlay: Overlay) -> None:
        super().__init__(site)
        self._overlay = overlay

    def put_at(self, url: str, make: Callable[[], bytes]) -> str:
        """Hold what is made for a URL, unless the site has it; as `Objects.put_at`."""
        if not (self.site / url).exists():
            self._overlay.put(url, self._overlay.get(url) or make())
        return url
