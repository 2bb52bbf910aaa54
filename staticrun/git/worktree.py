"""The state of a work tree, and the way to ask it that runs nothing of its configuration."""

from __future__ import annotations

import os
import re
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Literal, NamedTuple

from staticrun import layout
from staticrun.git.command import run, text

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMEOUT_S = 5.0
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


class Facts(NamedTuple):
    """The state of a work tree.

    Attributes:
        commit: Full hash of HEAD.
        branch: Its name; None when HEAD is detached.
        remote: URL of the branch's remote, else of `origin`, without credentials.
        dirty: Whether tracked files differ from the commit or untracked ones exist; runs, site and
            caches do not count. None when git did not say so in time.
    """

    commit: str
    branch: str | None
    remote: str | None
    dirty: bool | None


class WorkTree(NamedTuple):
    """A work tree that is safe to ask.

    Attributes:
        top: Its folder.
        settings: Options that take the place of what its configuration would run.
        config: What is configured: key → last value.
        paths: Pathspecs of what counts as code.
    """

    top: Path
    settings: tuple[str, ...]
    config: dict[str, str]
    paths: tuple[str, ...]


def facts(folder: Path, timeout_s: float = TIMEOUT_S, *, runs: Path | None = None) -> Facts | None:
    """Read the state of the work tree that a folder is in.

    Args:
        folder: Any folder of the work tree.
        timeout_s: How long git may take.
        runs: Where runs are written, if not in `runs/`: it is no code, and never a change.

    Returns:
        None without git, without a repository and without a commit.
    """
    deadline = monotonic() + timeout_s
    tree = open_tree(folder, deadline, runs)
    commit = tree and _head(tree.top, deadline)
    if tree is None or commit is None:
        return None
    branch = text(run(tree.top, ("symbolic-ref", "-q", "--short", "HEAD"), deadline))
    changes = status(tree, "normal", deadline)
    remote = tree.config.get(f"branch.{branch}.remote", "origin")
    url = tree.config.get(f"remote.{remote}.url")
    dirty = None if changes is None else bool(changes)
    return Facts(commit, branch, None if url is None else without_credentials(url), dirty)


def head(root: Path, timeout_s: float = TIMEOUT_S) -> str | None:
    """Give the full hash of HEAD, or None."""
    return _head(root, monotonic() + timeout_s)


def commit_time(root: Path, commit: str, timeout_s: float = TIMEOUT_S) -> float | None:
    """Give when a commit was made, in Unix seconds; None where it is not there."""
    asked = ("show", "-s", "--format=%ct", "--end-of-options", f"{commit}^{{commit}}")
    found = text(run(root, asked, monotonic() + timeout_s))
    return float(found) if found and found.isdigit() else None


def _head(folder: Path, deadline: float) -> str | None:
    asked = ("rev-parse", "--verify", "-q", "--end-of-options", "HEAD^{commit}")
    found = text(run(folder, asked, deadline))
    return found if found and _COMMIT.fullmatch(found) else None


def status(
    tree: WorkTree, untracked: Literal["normal", "all"], deadline: float
) -> list[tuple[str, bytes]] | None:
    """List what differs from the commit.

    Args:
        tree: The work tree.
        untracked: Whether a new folder stands for the files in it.
        deadline: As in `run`.

    Returns:
        Two letters, `??` for an untracked file, and the path; None when git does not say. The
        last ones may be missing when there are very many.
    """
    options = ("--porcelain", "-z", "--no-renames", f"--untracked-files={untracked}")
    asked = ("status", *options, "--ignore-submodules=dirty", "--", *tree.paths)
    found = run(tree.top, (*tree.settings, *asked), deadline)
    if found is None:
        return None
    entries = found.data.split(b"\0")[:-1]
    return [(entry[:2].decode("ascii", "replace"), entry[3:]) for entry in entries]


def without_credentials(url: str) -> str | None:
    """Take user names, passwords, queries and fragments off the URL of a remote.

    Returns:
        The URL; None when it is no plain one, so that it could hold anything.

    >>> without_credentials("https://me:token@example.org/a.git?key=1")
    'https://example.org/a.git'
    """
    if not url.isprintable() or " " in url or "::" in url:
        return None
    scheme = match[0] if (match := re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", url)) else ""
    rest = re.split("[?#]", url.removeprefix(scheme), maxsplit=1)[0]
    place, slash, path = rest.partition("/")
    user, _, host = place.rpartition("@")
    if "@" in path:  # a password with a slash, or a strange path
        return None
    # The user of `git@example.org:a/b` is no secret, and the address is none without it.
    kept = "git@" if user == "git" and scheme in ("", "ssh://") else ""
    return f"{scheme}{kept}{host}{slash}{path}"


def open_tree(folder: Path, deadline: float, runs: Path | None = None) -> WorkTree | None:
    """Find the work tree of a folder, and take the teeth out of its configuration."""
    asked = ("rev-parse", "--show-toplevel", "--absolute-git-dir")
    lines = (text(run(folder, asked, deadline)) or "").split("\n")
    listed = run(folder, ("config", "--list", "-z", "--show-scope"), deadline)
    if len(lines) != 2 or listed is None:
        return None
    top, git_folder = map(Path, lines)
    # `core.worktree` may name any folder, and its files would be read as untracked ones.
    if _git_folder(top) != git_folder.resolve():
        return None
    config: dict[str, str] = {}
    filters: dict[str, None] = {}
    fields = os.fsdecode(listed.data).split("\0")
    for scope, item in zip(fields[::2], fields[1::2], strict=False):
        key, _, value = item.partition("\n")
        config[key] = value
        if key.startswith("filter.") and scope in ("local", "worktree"):
            filters[key.rpartition(".")[0]] = None
    if any("=" in name for name in filters):  # `-c` could not name it
        return None
    off = [("clean", ""), ("smudge", ""), ("process", ""), ("required", "false")]
    settings = [f"{name}.{key}={value}" for name in filters for key, value in off]
    options = tuple(part for setting in settings for part in ("-c", setting))
    return WorkTree(top, options, config, (":(top)", *_not_code(folder, top, runs)))


def _git_folder(top: Path) -> Path | None:
    """Give the git folder that a work tree itself names."""
    mark = top / ".git"
    try:
        if mark.is_dir():
            return mark.resolve()
        named = mark.read_text("utf-8").removeprefix("gitdir:").strip()
    except (OSError, UnicodeError):
        return None
    return (top / named).resolve()


def _not_code(folder: Path, top: Path, runs: Path | None) -> Iterator[str]:
    """Exclude what staticrun writes: a run would make every later one look changed."""
    project = layout.find_project(folder)
    written = [project / name for name in (layout.RUNS, layout.SITE, layout.CACHE)]
    # A project whose runs lie in it directly has no folder that could be left out.
    if runs is not None and runs.resolve() != project:
        written.append(runs.resolve())
    for path in written:
        if path.is_relative_to(top.resolve()):
            yield f":(top,exclude,literal){path.relative_to(top.resolve()).as_posix()}"
