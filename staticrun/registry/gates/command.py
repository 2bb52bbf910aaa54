"""`kind: command`: a command of the project's own, without a shell, and never longer than asked.

Exit code 0 passes, 1 fails; any other end says nothing. The last line that it prints is why.
"""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from tempfile import TemporaryFile
from time import monotonic, sleep
from typing import IO, TYPE_CHECKING, Literal

import msgspec

from staticrun.registry.gates.verdict import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from staticrun.registry.manifests import Command
    from staticrun.registry.promotion import Promotion

_POLL_S = 0.01
_TAIL_BYTES = 4000
_WHY_MAX = 300
_RESULTS: dict[int, Literal["pass", "fail"]] = {0: "pass", 1: "fail"}


def command(gate: Command, promotion: Promotion, root: Path, *, allowed: bool) -> Verdict:
    """Run the command with the promotion as JSON on its standard input.

    Args:
        gate: What to run, and how long.
        promotion: What it is asked about.
        root: The project's folder, where it runs.
        allowed: Whether commands may be run at all.
    """
    if not allowed:
        return Verdict("unknown", "the command was not run; --commands runs it")
    # Files, not pipes: neither a command that reads nothing nor one that prints for ever can
    # make us wait.
    with TemporaryFile() as asked, TemporaryFile() as said:
        asked.write(msgspec.json.encode(promotion))
        asked.seek(0)
        try:
            process = subprocess.Popen(
                gate.command,
                cwd=root,
                stdin=asked,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error)
            return Verdict("unknown", f"{gate.command[0]} cannot be run ({why.lower()})")
        in_time = _wait(process, gate.timeout)
        said_last = _last_line(said)
    if not in_time:
        return Verdict("unknown", f"{gate.command[0]} took more than {gate.timeout:g} s")
    code = process.returncode
    ended = f"{gate.command[0]} ended with {code}"
    return Verdict(_RESULTS.get(code, "unknown"), f"{ended}: {said_last}" if said_last else ended)


def _wait(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait for a process; then end it, and all that it has started and left behind."""
    end = monotonic() + seconds
    try:
        while not (ended := _has_ended(process)) and monotonic() < end:
            sleep(_POLL_S)
    finally:
        if process.returncode is None:  # its number is still its own
            if hasattr(os, "killpg"):
                with suppress(OSError):
                    os.killpg(process.pid, signal.SIGKILL)
            process.kill()
            process.wait()
    return ended


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    if not hasattr(os, "waitid"):
        return process.poll() is not None
    # Left as it is, so that its group can still be named by its number.
    flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
    return os.waitid(os.P_PID, process.pid, flags) is not None


def _last_line(stream: IO[bytes]) -> str:
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(size - _TAIL_BYTES, 0))
    lines = stream.read(_TAIL_BYTES).decode("utf-8", "replace").split("\n")
    told = [line.strip() for line in lines if line.strip()]
    return told[-1][:_WHY_MAX] if told else ""
