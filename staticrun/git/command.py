"""Run git by argv so that nothing that a repository configures is run with it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from contextlib import suppress
from threading import Timer
from time import monotonic
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_OUTPUT_BYTES_MAX = 8 << 20
_HARDENED = (
    *("-c", "core.fsmonitor=", "-c", f"core.hooksPath={os.devnull}", "-c", "diff.external="),
    *(
        "-c",
        "diff.autoRefreshIndex=false",
        "-c",
        "protocol.allow=never",
        "-c",
        "core.quotePath=true",
        "-c",
        "submodule.recurse=false",
    ),
    *("--no-optional-locks", "--no-pager"),
)
# A partial clone fetches what is missing, by any program that its remote names.
NO_FETCH = {
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
}
# The user's own way to find and trust repositories; all other GIT_ variables are left out.
_KEPT = re.compile(r"GIT_(?:CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+)|CEILING.*)")


class Output(NamedTuple):
    """What git printed; not complete when it was more than 8 MiB."""

    data: bytes
    complete: bool


def run(
    folder: Path,
    arguments: Sequence[str],
    deadline: float,
    variables: Mapping[str, str] = MappingProxyType({}),
) -> Output | None:
    """Run git.

    Args:
        folder: Where.
        arguments: What follows `git`.
        deadline: When it is stopped, as `time.monotonic` counts.
        variables: Of its environment, beside those of ours.

    Returns:
        What it printed; None when it fails, is not there, or has not ended in time.
    """
    try:
        process = _start(folder, arguments, variables, subprocess.DEVNULL, subprocess.DEVNULL)
    except (OSError, ValueError):
        return None
    timer = Timer(max(deadline - monotonic(), 0), _stop, [process])
    timer.daemon = True
    with suppress(RuntimeError):  # an interpreter that ends starts no thread any more
        timer.start()
    with process:
        data = process.stdout.read(_OUTPUT_BYTES_MAX + 1) if process.stdout else b""
        if len(data) > _OUTPUT_BYTES_MAX:
            _stop(process)
    timer.cancel()
    if len(data) > _OUTPUT_BYTES_MAX:
        return Output(data[:_OUTPUT_BYTES_MAX], complete=False)
    return Output(data, complete=True) if process.returncode == 0 else None


def _start(
    folder: Path,
    arguments: Sequence[str],
    variables: Mapping[str, str],
    stdin: int,
    stderr: int,
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        ("git", *_HARDENED, *arguments),
        cwd=folder,
        env=_environment(variables),
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=stderr,
        start_new_session=True,
    )


class Done(NamedTuple):
    """How a command ended: exit code, all that it printed, and what it said of errors."""

    code: int
    out: bytes
    err: str


def call(
    folder: Path,
    arguments: Sequence[str],
    timeout_s: float,
    variables: Mapping[str, str] = MappingProxyType({}),
    stdin: bytes = b"",
) -> Done:
    """Run git where a failure is to be explained, and all of its output is wanted.

    Args:
        folder: Where.
        arguments: What follows `git`.
        timeout_s: When it is stopped.
        variables: Of its environment, beside those of ours.
        stdin: What it reads.

    Raises:
        OSError: When there is no git.
    """
    process = _start(folder, arguments, variables, subprocess.PIPE, subprocess.PIPE)
    with process:
        try:
            out, err = process.communicate(stdin, timeout_s)
        except BaseException as error:
            _stop(process)
            if isinstance(error, subprocess.TimeoutExpired):
                return Done(124, b"", f"git {arguments[0]} took more than {timeout_s:.0f} s")
            raise
    return Done(process.returncode, out, err.decode("utf-8", "replace").strip())


def _environment(variables: Mapping[str, str]) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or _KEPT.fullmatch(name)
    }
    return kept | {"LC_ALL": "C", **NO_FETCH, **variables}


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End git and all that it may have started."""
    if process.returncode is not None:  # its number may be another's by now
        return
    try:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    except OSError:  # it has ended
        pass


def text(output: Output | None) -> str | None:
    """Give the line that git printed; None for nothing."""
    return None if output is None else os.fsdecode(output.data).rstrip("\n") or None


def _split(output: Output) -> list[bytes]:
    return [name for name in output.data.split(b"\0")[:-1] if not name.endswith(b"/")]
