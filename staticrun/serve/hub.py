"""What open pages are told: a stream of events for each, and what a new one has to hear first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from staticrun.serve.live import Grown

# More open pages than this are refused: each holds a thread.
STREAMS_MAX = 200


class Told(msgspec.Struct, frozen=True):
    """What a page is told of the site.

    Attributes:
        build: Name of the build that is shown.
        changed: URLs of the files that it changed; None for very many.
        failed: What is wrong where the last build failed; empty where it did not.
        last_record: As `Live.last_record`; in the first event of a stream.
    """

    build: str
    changed: tuple[str, ...] | None = None
    failed: tuple[str, ...] = ()
    last_record: float | None = None


class Stream:
    """The events that wait for one page; of one run only the newest waits.

    Args:
        page: URL of the page.
    """

    def __init__(self, page: str = "") -> None:
        self.page = page
        self._waiting: OrderedDict[str, bytes] = OrderedDict()
        self._ready = threading.Condition()
        self._closed = False

    def put(self, name: str, event: bytes) -> None:
        """Let an event wait; one of the same name that waits still is replaced."""
        with self._ready:
            self._waiting.pop(name, None)
            self._waiting[name] = event
            self._ready.notify()

    def close(self) -> None:
        """End the stream."""
        with self._ready:
            self._closed = True
            self._ready.notify()

    def take(self, timeout: float) -> list[bytes] | None:
        """Wait for events.

        Args:
            timeout: Seconds after which there are none.

        Returns:
            The events that waited, in order; None when the stream was closed.
        """
        with self._ready:
            if not self._waiting and not self._closed:
                self._ready.wait(timeout)
            if self._closed:
                return None
            events = list(self._waiting.values())
            self._waiting.clear()
            return events


class Hub:
    """All open streams, and the state of the site."""

    def __init__(self, build: str) -> None:
        self.told = Told(build)
        self._lock = threading.Lock()
        self._streams: set[Stream] = set()
        self._grown: OrderedDict[str, Grown] = OrderedDict()

    @contextmanager
    def stream(self, page: str, last_record: float | None) -> Iterator[Stream | None]:
        """Open a page's stream, which begins with the state; None when there are too many."""
        stream = Stream(page)
        with self._lock:
            full = len(self._streams) >= STREAMS_MAX
            if not full:
                hello = msgspec.structs.replace(self.told, changed=None, last_record=last_record)
                stream.put("hello", spell("hello", hello))
                for grown in self._grown.values():
                    stream.put(grown.key, spell("grown", grown))
                self._streams.add(stream)
        try:
            yield None if full else stream
        finally:
            with self._lock:
                self._streams.discard(stream)

    def wants(self, url: str) -> bool:
        """Say whether an open page may show a run, which has its own page at this URL."""
        with self._lock:
            pages = [stream.page for stream in self._streams]
        return any(page == url or not page.startswith("runs/") for page in pages)

    def grown(self, grown: Grown) -> None:
        """Tell that a run has grown."""
        with self._lock:
            self._grown.pop(grown.key, None)
            self._grown[grown.key] = grown
            self._tell(grown.key, spell("grown", grown))

    def mark(self) -> tuple[Grown, ...]:
        """Note what a build that begins now will show."""
        with self._lock:
            return tuple(self._grown.values())

    def built(self, told: Told, shown: tuple[Grown, ...]) -> None:
        """Tell that the site is another, which shows what `mark` gave when its build began."""
        with self._lock:
            for grown in shown:
                if self._grown.get(grown.key) is grown:
                    del self._grown[grown.key]
            self.told = told
            # Each change by itself: a page must not miss one that waits for it.
            self._tell(f"built {told.build}", spell("built", told))

    def failed(self, findings: tuple[str, ...]) -> None:
        """Tell that a build failed; the site is as it was."""
        with self._lock:
            self.told = msgspec.structs.replace(self.told, failed=findings, changed=())
            self._tell("failed", spell("failed", self.told))

    def close(self) -> None:
        """End all streams."""
        with self._lock:
            for stream in self._streams:
                stream.close()

    def _tell(self, name: str, event: bytes) -> None:
        for stream in self._streams:
            stream.put(name, event)


def spell(name: str, value: object) -> bytes:
    """Spell an event as the stream has it: JSON has no line ends of its own."""
    return f"event: {name}\ndata: {msgspec.json.encode(value).decode()}\n\n".encode()
