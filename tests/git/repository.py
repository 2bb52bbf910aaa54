"""Real repositories, handled as a person would."""

from __future__ import annotations

import subprocess
from functools import partial
from typing import TYPE_CHECKING

from staticrun import git

if TYPE_CHECKING:
    from pathlib import Path

# A busy machine must not turn an answer into None.
facts = partial(git.facts, timeout_s=120)
head = partial(git.head, timeout_s=120)
difference = partial(git.difference, timeout_s=120)


def sh(folder: Path, *arguments: str) -> str:
    """Run git as a person would."""
    done = subprocess.run(
        ["git", *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def write(folder: Path, **files: str | bytes) -> None:
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_py", ".py").replace("_txt", ".txt")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def commit(folder: Path) -> str:
    sh(folder, "add", "-A")
    sh(folder, "commit", "-q", "-m", "a")
    return sh(folder, "rev-parse", "HEAD")


AUTHOR = ("-c", "user.name=Ada", "-c", "user.email=a@example.org", "-c", "commit.gpgSign=false")
