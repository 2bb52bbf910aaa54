"""The one door to git: facts of a work tree, and what differs between two commits.

The writer's half, `facts` and `difference`, is git by argv with the standard library alone. The
reader's half, `code_difference`, walks objects by GitPython, imported where it is needed;
`objects` gives commits and their bytes by plumbing. The publisher's, `bare` and `remote`, reads
and writes a branch of a remote by a repository of our own.

A repository's own configuration may come from anybody: a copied folder brings its `.git/config`
with it. Nothing that stands there is ever run: not fsmonitor, hooks, filters, textconv, external
diffs, pagers nor transports. The configuration of the user and of the machine is trusted, so that
Git LFS, set up as usual, works. Where git has nothing to say the answer is None, never an error.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from staticrun.git.attributes import attributes
from staticrun.git.changes import Limits, difference
from staticrun.git.command import NO_FETCH
from staticrun.git.extract import extract
from staticrun.git.objects import Head, Objects
from staticrun.git.tracked import blob, changed, committed, tracked, unchanged
from staticrun.git.worktree import Facts, commit_time, facts, head, without_credentials

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from git import Blob, Submodule, Tree

    Item = Blob | Tree | Submodule

__all__ = [
    "Facts",
    "FileDifference",
    "Head",
    "Limits",
    "Objects",
    "attributes",
    "blob",
    "changed",
    "code_difference",
    "commit_time",
    "committed",
    "difference",
    "extract",
    "facts",
    "head",
    "tracked",
    "unchanged",
    "without_credentials",
]

FILES_MAX = 2_000
DEPTH_MAX = 60
# Comparing lines takes quadratic time at worst: 2,000 lines without a common one take 0.3 s.
PATCH_BYTES_MAX = 200_000
PATCH_LINES_MAX = 4_000
PATCHES_BYTES_MAX = 2_000_000
_COMMIT = re.compile(r"[0-9a-f]{40}")


class FileDifference(NamedTuple):
    """How a file differs between two commits.

    Attributes:
        path: In the repository, with `/`.
        status: `added` when the second commit alone has it, `removed` when the first alone has it.
        patch_text: Unified diff; empty when the mode alone differs; None for what is no text, or
            too large.
    """

    path: str
    status: Literal["added", "removed", "changed"]
    patch_text: str | None


def code_difference(
    root: Path, commit_a: str, commit_b: str, paths: Sequence[str] = ()
) -> list[FileDifference] | None:
    """Compare the files of two commits, without a look at the work tree.

    Args:
        root: A folder in the repository.
        commit_a: Full hash of the first commit.
        commit_b: Full hash of the second one.
        paths: Files and folders in the repository, with `/`; all when empty.

    Returns:
        What differs, in the order of paths. None when one of the commits is not there (a shallow
        clone), nothing can be read, or more than 2,000 files differ.
    """
    if not (_COMMIT.fullmatch(commit_a) and _COMMIT.fullmatch(commit_b)):
        return None
    try:
        import git

        with git.Repo(root, search_parent_directories=True) as repo:
            # Objects come from `git cat-file`, which runs nothing but to fetch what is missing.
            repo.git.update_environment(**NO_FETCH, GIT_DIR=str(repo.git_dir))
            first, second = (
                git.Object.new_from_sha(repo, bytes.fromhex(commit))
                for commit in (commit_a, commit_b)
            )
            if not (isinstance(first, git.Commit) and isinstance(second, git.Commit)):
                return None
            wanted = tuple(path.strip("/") for path in paths)
            pairs = _pairs(first.tree, second.tree, "", wanted)
            return _differences(pairs)
    except Exception:  # noqa: BLE001  (ImportError without git; a broken object raises anything)
        return None


def _differences(
    pairs: Iterator[tuple[str, Item | None, Item | None]],
) -> list[FileDifference] | None:
    found: list[FileDifference] = []
    size = 0
    for path, old, new in pairs:
        if len(found) == FILES_MAX:
            return None
        patch = _patch(path, old, new) if size < PATCHES_BYTES_MAX else None
        size += len(patch or "")
        status: Literal["added", "removed", "changed"] = (
            "added" if old is None else "removed" if new is None else "changed"
        )
        found.append(FileDifference(path, status, patch))
    return sorted(found)


def _pairs(
    old: Tree | None, new: Tree | None, above: str, wanted: tuple[str, ...], depth: int = 0
) -> Iterator[tuple[str, Item | None, Item | None]]:
    """Walk two trees side by side, only into what differs."""
    if depth > DEPTH_MAX:
        raise RecursionError
    before: dict[str, Item] = {item.name: item for item in old or ()}
    after: dict[str, Item] = {item.name: item for item in new or ()}
    for name in sorted(before.keys() | after.keys()):
        path, a, b = above + name, before.get(name), after.get(name)
        if (a and b and a.binsha == b.binsha and a.mode == b.mode) or not _is_wanted(path, wanted):
            continue
        folder_a, folder_b = _folder(a), _folder(b)
        if folder_a or folder_b:
            yield from _pairs(folder_a, folder_b, f"{path}/", wanted, depth + 1)
        file_a, file_b = (None if folder_a else a), (None if folder_b else b)
        is_file = not wanted or any(path == one or path.startswith(f"{one}/") for one in wanted)
        if is_file and (file_a or file_b):
            yield path, file_a, file_b


def _is_wanted(path: str, wanted: tuple[str, ...]) -> bool:
    """Say whether a path is asked for, or is a folder above or below one that is."""
    return not wanted or any(
        path == one or path.startswith(f"{one}/") or one.startswith(f"{path}/") for one in wanted
    )


def _folder(item: Item | None) -> Tree | None:
    return item if item is not None and item.type == "tree" else None


def _patch(path: str, old: Item | None, new: Item | None) -> str | None:
    lines = [_lines(old), _lines(new)]
    if lines[0] is None or lines[1] is None:
        return None
    a = "/dev/null" if old is None else f"a/{path}"
    b = "/dev/null" if new is None else f"b/{path}"
    rows = difflib.unified_diff(lines[0], lines[1], a, b, lineterm="")
    return "".join(f"{row}\n" for row in rows)


def _lines(item: Item | None) -> list[str] | None:
    """Read a blob's lines; None for what is no text, or too large to compare."""
    if item is None:
        return []
    if item.type != "blob" or item.size > PATCH_BYTES_MAX:
        return None
    data: bytes = item.data_stream.read()
    if b"\0" in data or data.count(b"\n") > PATCH_LINES_MAX:
        return None
    lines = data.decode("utf-8", "replace").split("\n")
    if lines[-1]:
        lines[-1] += "\n\\ No newline at end of file"
    else:
        lines.pop()
    return lines
