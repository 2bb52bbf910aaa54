"""Asking GitHub, by the user's own `gh`: the one place where the registry speaks to a host.

Whatever an answer holds is a stranger's: it is bounded in bytes, pages and seconds, and whoever
asks reads it by types. What was refused is told apart from an answer, and never taken for one.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
from contextlib import suppress
from threading import Timer
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from staticrun.errors import UserError
from staticrun.git.remote import remote

if TYPE_CHECKING:
    from pathlib import Path

TIMEOUT_S = 30.0
BYTES_MAX = 8 << 20
# The host gives at most that many things at once.
PER_PAGE = 100
PAGES_MAX = 20
_NAMES = r"(?P<owner>[A-Za-z0-9][A-Za-z0-9_-]*)/(?P<name>[A-Za-z0-9_][A-Za-z0-9._-]*?)"
_ADDRESS = re.compile(
    r"(?:https://(?:[^@/]*@)?|ssh://git@|git@)(?P<host>[A-Za-z0-9][A-Za-z0-9.-]*)"
    rf"(?::443)?[:/]{_NAMES}(?:\.git)?/?"
)
_GIVEN = re.compile(rf"(?:(?P<host>[A-Za-z0-9][A-Za-z0-9.-]*)/)?{_NAMES}")
# What tells a missing token and missing rights apart from an answer.
_HINTS = {401: "no token that the host takes; ", 403: "the token may not ask for it; "}
_NO_TOKEN = 4
_STATUS = re.compile(r"\bHTTP ([0-9]{3})\b")


class Repository(NamedTuple):
    """A repository on a host: the host's name, who owns it, and its name."""

    host: str
    owner: str
    name: str


class Refused(NamedTuple):
    """An answer that is none: why in a clause, and the host's status where it gave one."""

    why: str
    status: int | None = None


def repository(root: Path, given: str | None = None) -> Repository:
    """Find the repository to ask about.

    Args:
        root: The project's folder.
        given: `OWNER/NAME` or `HOST/OWNER/NAME`; None for that of the remote `origin`.

    Raises:
        UserError: When there is no such remote, or it is none that gh could ask for.
    """
    text = remote(root, "origin").url if given is None else given
    match = (_ADDRESS if given is None else _GIVEN).fullmatch(text)
    if match is None:
        shown = text.rpartition("@")[2]
        expected = "https://HOST/OWNER/NAME" if given is None else "OWNER/NAME"
        raise UserError(shown, "is no repository that gh can ask for", expected)
    return Repository(match["host"] or "github.com", match["owner"], match["name"])


def ask(of: Repository, path: str) -> Any:
    """Ask for one thing.

    Args:
        of: The repository.
        path: Below it, as the host's API has it, quoted; empty for the repository itself.

    Returns:
        The answer, a list or a dict; `Refused` where there is none.

    Raises:
        UserError: When there is no `gh`.
    """
    below = f"repos/{of.owner}/{of.name}/{path}".rstrip("/")
    accept = "Accept: application/vnd.github+json"
    code, out, err = _run(["gh", "api", "--hostname", of.host, "-H", accept, below])
    if code is None:
        return Refused(f"gh took more than {TIMEOUT_S:.0f} s")
    if len(out) > BYTES_MAX:
        return Refused(f"gh's answer has more than {BYTES_MAX >> 20} MiB")
    said = None
    with suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        said = msgspec.json.decode(out)
    if code == 0:
        return said if isinstance(said, list | dict) else Refused("gh's answer is no JSON")
    message = str(said.get("message") or "") if isinstance(said, dict) else ""
    lines = [line for line in (*message.splitlines(), *err.splitlines()) if line.strip()]
    told = lines[0].strip()[:200] if lines else f"exit code {code}"
    status = _STATUS.search(err)
    number = int(status[1]) if status else None
    hint = _HINTS.get(401 if code == _NO_TOKEN else number or 0, "")
    return Refused(f"{hint}gh says nothing: {told}", number)


def every(of: Repository, path: str) -> list[Any] | Refused:
    """Ask for all pages of a list, as `ask`."""
    found: list[Any] = []
    for page in range(1, PAGES_MAX + 1):
        said = ask(of, f"{path}?per_page={PER_PAGE}&page={page}")
        if isinstance(said, Refused):
            return said
        if not isinstance(said, list):
            return Refused("gh's answer is no list")
        found += said
        if len(said) < PER_PAGE:
            return found
    return Refused(f"gh's answer has more than {PAGES_MAX} pages")


def _run(command: list[str]) -> tuple[int | None, bytes, str]:
    """Run a program; its code is None where it had to be ended before the end of its answer."""
    quiet = {"GH_PROMPT_DISABLED": "1", "NO_COLOR": "1"}
    # In a folder of its own, so that no file of the project's is taken for settings.
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as errors:
        try:
            process = subprocess.Popen(
                command,
                cwd=folder,
                env={**os.environ, **quiet},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
            )
        except FileNotFoundError:
            raise UserError("gh", "is not on PATH", "GitHub's command line") from None
        timer = Timer(TIMEOUT_S, _end, [process])
        begun = monotonic()
        timer.start()
        with process:
            out = process.stdout.read(BYTES_MAX + 1) if process.stdout else b""
            if len(out) > BYTES_MAX:
                _end(process)
        timer.cancel()
        errors.seek(0)
        err = errors.read(10_000).decode("utf-8", "replace")
    late = process.returncode < 0 and monotonic() - begun >= TIMEOUT_S
    return (None if late else process.returncode), out, err


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program and all that it has started."""
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
