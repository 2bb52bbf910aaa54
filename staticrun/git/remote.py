"""Where a remote is, and who commits: what publishing takes from the user's repository."""

from __future__ import annotations

import os
import re
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from staticrun.errors import UserError
from staticrun.git.command import run, text

TIMEOUT_S = 30.0
# The user's own way to reach a remote; programs that a repository names itself are not run.
_OWN = ("GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSH_VARIANT", "GIT_ASKPASS")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|[^/]+:")
NOBODY = ("staticrun", "staticrun@localhost")


class Remote(NamedTuple):
    """How a remote is reached.

    Attributes:
        url: Its address; a path is absolute.
        variables: Of git's environment: protocols that may be used, and what the repository
            sends along with requests, such as the token of a checkout.
    """

    url: str
    variables: dict[str, str]


def remote(root: Path, name: str) -> Remote:
    """Find a remote.

    Args:
        root: The project's folder.
        name: Of a remote of the repository around it, or an address, or the path of a repository.

    Raises:
        UserError: When there is none of that name, and it is no address.
    """
    deadline = monotonic() + TIMEOUT_S
    top = text(run(root, ("rev-parse", "--show-toplevel"), deadline))
    asked = ("remote", "get-url", "--push", "--end-of-options", name)
    url = text(run(root, asked, deadline)) if top else None
    base = Path(top) if top and url else Path.cwd()
    if url is None and ("/" in name or ":" in name):
        url = name
    if url is None or url.startswith("-") or not url.isprintable():
        raise UserError(
            f"remote {name!r}",
            "is neither a remote of this repository nor an address",
            "a remote that `git remote` lists, or the address of a repository",
            "git remote add origin ADDRESS, or staticrun publish --remote ADDRESS",
        )
    if not _SCHEME.match(url):
        url = str((base / url).resolve())
    sent = _sent(root, deadline) if top else {}
    own = {key: os.environ[key] for key in _OWN if key in os.environ}
    allowed = {"GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh"}
    return Remote(url, {**own, **sent, **allowed})


def author(root: Path) -> tuple[str, str]:
    """Give name and address of who commits, as git is set up; a stand-in where it is not."""
    deadline = monotonic() + TIMEOUT_S
    found = [
        os.environ.get(f"GIT_AUTHOR_{key.upper()}")
        or text(run(root, ("config", "--get", f"user.{key}"), deadline))
        for key in ("name", "email")
    ]
    return (found[0], found[1]) if found[0] and found[1] else NOBODY


def _sent(root: Path, deadline: float) -> dict[str, str]:
    """Take over the headers that the repository itself sends, where no process list shows them."""
    listed = run(root, ("config", "--list", "-z", "--show-scope"), deadline)
    fields = os.fsdecode(listed.data).split("\0") if listed else []
    headers = [
        item.split("\n", 1)
        for scope, item in zip(fields[::2], fields[1::2], strict=False)
        if scope in ("local", "worktree") and re.match(r"http\.(.*\.)?extraheader\n", item)
    ]
    first = os.environ.get("GIT_CONFIG_COUNT", "0")
    start = int(first) if first.isdigit() else 0
    found = {}
    for number, (key, value) in enumerate(headers, start):
        found[f"GIT_CONFIG_KEY_{number}"] = key
        found[f"GIT_CONFIG_VALUE_{number}"] = value
    return {**found, "GIT_CONFIG_COUNT": str(start + len(headers))} if headers else {}
