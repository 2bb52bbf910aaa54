"""Which files git can give back as they are now."""

from __future__ import annotations

import os
from time import monotonic
from typing import TYPE_CHECKING

from staticrun.git.command import run
from staticrun.git.worktree import TIMEOUT_S, open_tree

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def committed(folder: Path, paths: Sequence[Path], timeout_s: float = TIMEOUT_S) -> set[Path]:
    """Give those of some files whose bytes are those of the commit.

    Args:
        folder: Any folder of the work tree.
        paths: Files.
        timeout_s: How long git may take.

    Returns:
        Some of `paths`; none where git does not say.
    """
    deadline = monotonic() + timeout_s
    tree = open_tree(folder, deadline)
    if tree is None:
        return set()
    top = tree.top.resolve()
    names = {
        path.resolve().relative_to(top).as_posix(): path
        for path in paths
        if path.resolve().is_relative_to(top)
    }
    if not names:
        return set()
    command = (*tree.settings, "--literal-pathspecs")
    listed = run(tree.top, (*command, "ls-files", "-z", "--", *names), deadline)
    options = ("status", "--porcelain", "-z", "--no-renames", "--untracked-files=no")
    changed = run(tree.top, (*command, *options, "--", *names), deadline)
    if listed is None or changed is None:
        return set()
    known = {os.fsdecode(name) for name in listed.data.split(b"\0")}
    other = {os.fsdecode(entry[3:]) for entry in changed.data.split(b"\0")}
    return {path for name, path in names.items() if name in known - other}


def blob(folder: Path, commit: str, path: str, timeout_s: float = TIMEOUT_S) -> bytes | None:
    """Give a file as a commit has it.

    Args:
        folder: A folder of the work tree.
        commit: Full hash.
        path: Below the folder, with `/`.
        timeout_s: How long git may take.

    Returns:
        None where the commit has no such file, or one of more than 8 MiB.
    """
    name = f"{commit}:./{path}"
    found = run(folder, ("cat-file", "blob", "--end-of-options", name), monotonic() + timeout_s)
    return found.data if found is not None and found.complete else None


def unchanged(folder: Path, names: Sequence[str], timeout_s: float = TIMEOUT_S) -> bool:
    """Say whether the commit has every file of some paths, and has them as they are now.

    Args:
        folder: A folder of the work tree.
        names: Files and folders below it, with `/`; what is not there counts as unchanged.
        timeout_s: How long git may take.

    Returns:
        False also for an ignored file, which no clone has, and where git does not say.
    """
    return changed(folder, names, timeout_s) == []


def changed(folder: Path, names: Sequence[str], timeout_s: float = TIMEOUT_S) -> list[str] | None:
    """List files that are not as the commit has them, ignored and removed ones, too.

    Args:
        folder: A folder of the work tree.
        names: Files and folders below it, with `/`.
        timeout_s: How long git may take.

    Returns:
        Paths in the repository, with `/`; None where git does not say.
    """
    deadline = monotonic() + timeout_s
    tree = open_tree(folder, deadline)
    if tree is None:
        return None
    # Of a submodule git would ask a git of its own, whose configuration nobody has looked at.
    options = (
        *("--porcelain", "-z", "--no-renames", "--ignore-submodules=dirty"),
        *("--untracked-files=all", "--ignored"),
    )
    command = (*tree.settings, "--literal-pathspecs", "-C", os.fspath(folder.resolve()))
    found = run(tree.top, (*command, "status", *options, "--", *names), deadline)
    if found is None:
        return None
    return [os.fsdecode(entry[3:]) for entry in found.data.split(b"\0")[:-1]]


def tracked(folder: Path, name: str, timeout_s: float = 60.0) -> bool:
    """Say whether git keeps a file or anything in a folder.

    Args:
        folder: A folder of the work tree.
        name: Below it, with `/`.
        timeout_s: How long git may take.
    """
    asked = ("--literal-pathspecs", "ls-files", "-z", "--cached", "--", name)
    found = run(folder, asked, monotonic() + timeout_s)
    return found is not None and bool(found.data)
