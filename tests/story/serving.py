"""The example service as a process: started, asked over loopback, and ended."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PROGRAM = Path(__file__).parents[2] / "examples/serve.py"


class Service:
    """A running service.

    Args:
        process: As it was started, before anything of its output was read.
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        self._lines = process.stdout
        address = self._lines.readline()
        assert address.startswith("http://127.0.0.1:"), address
        self.port = int(address.split("/")[2].partition(":")[2])
        self.told = self._lines.readline()

    def ask(self, path: str, body: bytes | None = None, **headers: str) -> tuple[int, Any]:
        """Give the status and what is said."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET" if body is None else "POST", path, body, headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def predict(self, *rows: list[float]) -> tuple[int, Any]:
        return self.ask("/predict", json.dumps({"inputs": rows}).encode())

    def about(self) -> dict[str, Any]:
        status, said = self.ask("/model")
        assert status == 200
        return said


@contextmanager
def service(folder: Path, *words: str) -> Iterator[Service]:
    """Serve a folder; the process has ended afterwards."""
    command = [sys.executable, str(PROGRAM), str(folder), "--port", "0", *words]
    process = subprocess.Popen(command, stdout=-1, stderr=-1, text=True)
    try:
        yield Service(process)
    finally:
        process.terminate()
        process.communicate(timeout=10)


def until(fact: Callable[[], bool], seconds: float = 10) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < end
        time.sleep(0.01)
