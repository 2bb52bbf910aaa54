"""See what Python prints where `sys.stdout` leads elsewhere: in a notebook, in a test."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any

from staticrun.log.transcript import Transcript, closed, hider

if TYPE_CHECKING:
    from pathlib import Path


class StreamTap:
    """Stands in for `sys.stdout` and `sys.stderr`, and passes everything on."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._transcripts: dict[str, Transcript] = {}
        self._stand_ins: dict[str, _Stream] = {}
        for source, name in enumerate(("stdout", "stderr"), 1):
            stream = getattr(sys, name)
            if stream is not None:
                self._stand_ins[name] = _Stream(stream, self, source)
                setattr(sys, name, self._stand_ins[name])

    def take(self, text: object, source: int) -> None:
        """Write down what was printed. Never raises."""
        if not self._transcripts or not isinstance(text, str):
            return
        try:
            with self._lock:
                for transcript in self._transcripts.values():
                    transcript.feed(text.encode("utf-8", "replace"), source)
        except Exception:  # noqa: BLE001 - printing goes on, whatever becomes of the file
            self._transcripts.clear()

    def open(self, run: str, path: Path, hide: dict[str, Any]) -> None:
        """See `console.Tap`."""
        self._transcripts[run] = Transcript(path, hider(hide))

    def made(self, run: str) -> str:
        """See `console.Tap`."""
        with self._lock:
            transcript = self._transcripts.get(run)
            if transcript is None:
                return ""
            transcript.flush()
            return transcript.path.name if transcript.is_made else ""

    def close(self, run: str, timeout_s: float, *, is_last: bool) -> dict[str, Any]:  # noqa: ARG002
        """See `console.Tap`."""
        if is_last:
            for name, stand_in in self._stand_ins.items():
                # Whoever put something over it keeps that; the stand-in passes on.
                if getattr(sys, name) is stand_in:
                    setattr(sys, name, stand_in.stream)
        with self._lock:
            transcript = self._transcripts.pop(run, None)
            if transcript is None:
                return {}
            transcript.close()
        return closed(run, transcript)

    def check(self) -> None:
        """See `console.Tap`; nothing can break here."""

    def relay_pid(self) -> None:
        """See `console.Tap`; there is none."""

    def forget(self) -> None:
        """See `console.Tap`."""
        self._lock = threading.RLock()
        self._transcripts = {}


class _Stream:
    """A stream that tells the tap what is written to it; in all else the one it stands for."""

    def __init__(self, stream: Any, tap: StreamTap, source: int) -> None:
        self.stream = stream
        self._tap = tap
        self._source = source

    def write(self, text: str) -> Any:
        written = self.stream.write(text)
        self._tap.take(text, self._source)
        return written

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)

    def __iter__(self) -> Any:
        return iter(self.stream)
