"""Making a commit of a few files in the user's repository, by plumbing.

No hook, filter or signing program of the repository is run. A commit on a branch of its own
touches neither the work tree nor the index.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from staticrun.errors import UserError
from staticrun.git.objects import TIMEOUT_S, Objects, reason
from staticrun.git.remote import author
from staticrun.git.worktree import open_tree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from staticrun.git.command import Done

_NOTHING = "0" * 40


def commit_files(
    root: Path, files: Mapping[str, bytes], message: str, branch: str | None = None
) -> str:
    """Commit files on top of HEAD, and nothing else that has changed.

    Args:
        root: The project's folder.
        files: Path below the project, with `/` → bytes.
        message: What the commit says.
        branch: The name of a new branch for it; None for the branch that is checked out, where
            the files have to be in the work tree already.

    Returns:
        The commit's full hash.

    Raises:
        UserError: When there is no repository, no commit yet, no branch, or the branch is there.
    """
    tree = open_tree(root, monotonic() + TIMEOUT_S)
    repository = _Repository(root, tree.settings if tree else ())
    head = repository.find("HEAD") if tree else None
    if head is None:
        raise UserError(root.name, "is in no git repository with a commit", try_="git init")
    prefix = repository.prefix()
    entries = {
        f"{prefix}/{path}".lstrip("/"): repository.store(data) for path, data in files.items()
    }
    made = repository.commit_of(head, entries, message, author(root))
    if branch is not None:
        repository.start(branch, made)
    else:
        repository.advance(head, made, message.partition("\n")[0])
        repository.stage(entries)
    return made


def commit_apart(
    root: Path, files: Mapping[str, bytes], message: str, branch: str, parent: str | None
) -> str:
    """Commit files on top of a branch of its own, whatever is checked out.

    Args:
        root: A folder in the repository.
        files: Path from the repository's top, with `/` → bytes.
        message: What the commit says.
        branch: Its name; it is made where there is none.
        parent: What the commit goes on from; None for nothing.

    Returns:
        The commit's full hash.

    Raises:
        UserError: When there is no repository, or the branch is moved meanwhile or cannot be.
    """
    tree = open_tree(root, monotonic() + TIMEOUT_S)
    if tree is None:
        raise UserError(root.name, "is in no git repository", try_="git init")
    repository = _Repository(root, tree.settings)
    old = repository.find(f"refs/heads/{branch}")
    entries = {path: repository.store(data) for path, data in files.items()}
    made = repository.commit_of(parent, entries, message, author(root))
    repository.move(branch, made, old)
    return made


class _Repository(Objects):
    def __init__(self, root: Path, settings: tuple[str, ...]) -> None:
        super().__init__(root)
        self._settings = settings

    def _git(
        self, *words: str, stdin: bytes = b"", variables: Mapping[str, str] | None = None
    ) -> Done:
        # An index that is written looks again at files of its own age, through their filters.
        return super()._git(*self._settings, *words, stdin=stdin, variables=variables)

    def store(self, data: bytes) -> str:
        out = self._ask("hash-object", "-w", "--no-filters", "--stdin", stdin=data)
        return out.decode("ascii").strip()

    def commit_of(
        self, parent: str | None, entries: Mapping[str, str], message: str, who: tuple[str, str]
    ) -> str:
        with tempfile.TemporaryDirectory() as folder:
            index = {"GIT_INDEX_FILE": str(Path(folder, "index"))}
            self._ask("read-tree", parent or "--empty", variables=index)
            self._ask("update-index", "-z", "--index-info", stdin=_lines(entries), variables=index)
            tree = self._ask("write-tree", variables=index).decode("ascii").strip()
        roles = {
            f"GIT_{role}_{key}": value
            for role in ("AUTHOR", "COMMITTER")
            for key, value in zip(("NAME", "EMAIL"), who, strict=True)
        }
        words = ("commit-tree", tree, *(("-p", parent) if parent else ()))
        return self._ask(*words, stdin=message.encode(), variables=roles).decode("ascii").strip()

    def start(self, branch: str, commit: str) -> None:
        ref = f"refs/heads/{branch}"
        if branch.startswith("-") or self._git("check-ref-format", ref).code:
            raise UserError(branch, "cannot be the name of a branch", "a name such as promote-3")
        if self._git("update-ref", ref, commit, _NOTHING).code:
            raise UserError(branch, "is a branch already", "a new one", f"git branch -D {branch}")

    def move(self, branch: str, new: str, old: str | None) -> None:
        done = self._git("update-ref", f"refs/heads/{branch}", new, old or _NOTHING)
        if done.code:
            raise UserError(branch, f"cannot be moved: {reason(done)}", try_="do it again")

    def advance(self, old: str, new: str, why: str) -> None:
        done = self._git("update-ref", "-m", f"commit: {why}", "HEAD", new, old)
        if done.code:
            raise UserError("HEAD", f"cannot be moved: {reason(done)}", try_="do it again")

    def stage(self, entries: Mapping[str, str]) -> None:
        self._ask("update-index", "-z", "--index-info", stdin=_lines(entries))


def _lines(entries: Mapping[str, str]) -> bytes:
    return b"".join(f"100644 {name}\t{path}\0".encode() for path, name in entries.items())
