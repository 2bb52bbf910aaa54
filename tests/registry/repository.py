"""Real git repositories for the tests of the registry."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from staticrun.git.commits import commit_files
from staticrun.registry.sources import Folder
from staticrun.registry.state import load

if TYPE_CHECKING:
    from pathlib import Path

    from staticrun.registry.move import Change
    from staticrun.registry.state import State

WHO = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org")


def git(folder: Path, *words: str) -> str:
    """Run git, and give what it says."""
    command = ("git", *WHO, "-c", "init.defaultBranch=main", *words)
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit_all(folder: Path, message: str = "change") -> str:
    """Commit everything in the work tree, and give the commit's full hash."""
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", message)
    return git(folder, "rev-parse", "HEAD")


def repository(folder: Path) -> Path:
    """Make a folder a repository with all that is in it committed."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q")
    git(folder, "config", "user.name", "Ann")
    git(folder, "config", "user.email", "ann@example.org")
    commit_all(folder, "begin")
    return folder


def state(folder: Path) -> State:
    """Read the registry on disk."""
    return load(Folder(folder))


def keep(folder: Path, change: Change) -> str:
    """Write a change and commit it."""
    for path, data in change.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return commit_files(folder, change.files, change.message)
