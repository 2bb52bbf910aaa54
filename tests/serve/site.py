"""A served project, as a person has it: the command in a process of its own, and a training."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from staticrun.pages.build import build

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[2]
NOON = 1_770_000_000.0
KEY = "exp0/open"
# Logs a point a line of its input, and says when.
TRAINING = """
import sys, time
import staticrun
run = staticrun.start(sys.argv[1], name=sys.argv[2])
run.log({"loss": 3.0}, step=0)
run.log({"loss": 2.0}, step=1)
print(run.key, flush=True)
for step, line in enumerate(sys.stdin, 2):
    began = time.time()
    run.log({"loss": float(line)}, step=step)
    print(began, flush=True)
"""


def write_runs(project: Path, n: int, *, experiments: int = 1, points: int = 20) -> None:
    """Write finished runs of two metrics."""
    for number in range(n):
        folder = project / "runs" / f"exp{number % experiments}" / f"run-{number:04d}"
        folder.mkdir(parents=True)
        began = NOON + number
        start = {"type": "start", "format": 1, "time": began, "id": f"id{number:024d}"}
        lines: list[dict[str, Any]] = [{**start, "name": f"run {number}"}]
        lines.append({"type": "params", "values": {"lr": 0.1 * (number % 7), "seed": number % 5}})
        lines += [point(step, 1 / (step + 1), began) for step in range(points)]
        lines.append({"type": "end", "status": "finished", "time": began + 60})
        append(folder / "run.jsonl", *lines)


def open_run(project: Path, points: int = 12) -> None:
    """Write the run `KEY`, which has no end."""
    folder = project / "runs" / KEY
    folder.mkdir(parents=True)
    start = {"type": "start", "format": 1, "time": NOON, "id": "open" * 6, "name": "open"}
    append(folder / "run.jsonl", start, *(point(step, 1 / (step + 1)) for step in range(points)))


def point(step: int, loss: float, began: float = NOON) -> dict[str, Any]:
    """Give a record of metrics."""
    values = {"loss": loss, "acc": 1 - loss}
    return {"type": "metrics", "step": step, "time": began + step, "values": values}


def append(file: Path, *lines: dict[str, Any]) -> None:
    """Append records, each as a writer does."""
    with file.open("ab", buffering=0) as stream:
        for line in lines:
            stream.write(json.dumps(line).encode() + b"\n")


class Serving:
    """A process that serves.

    Attributes:
        url: Its address.
        said: What it has said so far.
    """

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self.process, self._log = process, log
        self.url = self.wait(lambda: re.search(r"http://\S+", self.said))[0]
        self.wait(lambda: self.builds)

    @property
    def said(self) -> str:
        return self._log.read_text(encoding="utf-8")

    @property
    def builds(self) -> int:
        """How many builds have ended."""
        return len(re.findall(r"^\d\d:\d\d:\d\d  ", self.said, re.MULTILINE))

    def wait(self, what: Callable[[], Any], seconds: float = 120) -> Any:
        """Wait until something is so, and give it."""
        until = time.monotonic() + seconds
        while not (found := what()):
            if time.monotonic() > until or self.process.poll() is not None:
                raise AssertionError(f"waited in vain; the server said:\n{self.said}")
            time.sleep(0.02)
        return found

    def children(self) -> set[int]:
        """Give the processes that it has started."""
        return _children(self.process.pid)

    def wait_ended(self, children: set[int]) -> None:
        """Wait until processes are gone."""
        until = time.monotonic() + 10
        while left := [pid for pid in children if _lives(pid)]:
            assert time.monotonic() < until, f"processes {left} stayed behind"
            time.sleep(0.02)

    def stop(self) -> int:
        """Press Ctrl-C, and give the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=20)


@contextlib.contextmanager
def serving(project: Path, *options: str) -> Iterator[Serving]:
    """Serve a project on a free port; Ctrl-C must end all of it at once."""
    log = project.parent / f"{project.name}.serve.log"
    command = [sys.executable, "-m", "staticrun", "serve", "--port", "0", "--no-open", *options]
    with log.open("w", encoding="utf-8") as stream:
        process = subprocess.Popen(
            command,
            cwd=project,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
            stdout=stream,
            stderr=subprocess.STDOUT,
            text=True,
        )
    try:
        server = Serving(process, log)
        yield server
        if process.poll() is None:
            children = server.children()
            began = time.monotonic()
            code = server.stop()
            assert (code, "Stopped." in server.said) == (0, True), server.said
            assert time.monotonic() - began < 5
            server.wait_ended(children)
    finally:
        process.kill()
        process.wait()


def _children(pid: int) -> set[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return {int(child) for task in tasks for child in task.read_text().split()}


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return state.rpartition(")")[2].split()[0] != "Z"


class Training:
    """A process that logs a point whenever it is told to."""

    def __init__(self, project: Path, experiment: str, name: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", TRAINING, experiment, name],
            cwd=project,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.key = self._answer()

    def log(self, loss: float) -> float:
        """Log a point; give the time just before, in Unix seconds."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{loss}\n")
        self._process.stdin.flush()
        return float(self._answer())

    def end(self) -> None:
        """Let the training finish."""
        self._process.communicate(timeout=30)

    def _answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


class Events:
    """An open page's stream, read in a thread until it is left.

    Attributes:
        found: Name and value of every event so far.
    """

    def __init__(self, url: str, page: str = "index.html") -> None:
        self.found: list[tuple[str, dict[str, Any]]] = []
        host = url.removeprefix("http://").rstrip("/")
        name, _, port = host.rpartition(":")
        self._socket = socket.create_connection((name, int(port)), timeout=60)
        ask = f"GET /_live/events?page={page} HTTP/1.1\r\nHost: {host}\r\n\r\n"
        self._socket.sendall(ask.encode())
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def __enter__(self) -> Self:
        """Wait until the page is known: what comes before is for a build to show."""
        until = time.monotonic() + 60
        while not self.of("hello") and time.monotonic() < until:
            time.sleep(0.01)
        return self

    def __exit__(self, *_error: object) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()

    def of(self, name: str) -> list[dict[str, Any]]:
        """Give what was told under a name so far."""
        return [told for event, told in self.found if event == name]

    def _read(self) -> None:
        event = ""
        with self._socket.makefile("rb") as stream:
            for line in stream:
                name, _, value = line.decode().strip().partition(": ")
                if name == "event":
                    event = value
                elif name == "data":
                    self.found.append((event, json.loads(value)))


def tree(site: Path) -> dict[str, bytes]:
    """Give the bytes of all files of a site."""
    files = (path for path in site.rglob("*") if path.is_file())
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in files}


def clean(project: Path) -> dict[str, bytes]:
    """Give the bytes of the site that a first build makes of a copy of the project."""
    other = project.with_name(f"{project.name} again")
    shutil.rmtree(other, ignore_errors=True)
    left_out = shutil.ignore_patterns("site", ".staticrun")
    shutil.copytree(project, other, ignore=left_out, symlinks=True)
    build(other, jobs=1)
    return tree(other / "site")
