"""Reading a repository's objects by plumbing: commits, their files and their bytes.

Nothing here looks at a work tree or an index, and what a repository configures is not run.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from staticrun.errors import UserError
from staticrun.git.command import call

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from staticrun.git.command import Done

TIMEOUT_S = 600.0
# Bytes of files that are read at once.
_BATCH_BYTES = 64 << 20
COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


class Entry(NamedTuple):
    """A file of a commit.

    Attributes:
        mode: As git spells it, in octal digits.
        name: Of its object.
        size: Bytes; 0 for what is no file of the repository's own.
    """

    mode: str
    name: str
    size: int


class Head(NamedTuple):
    """What a commit says of itself.

    Attributes:
        parents: Full hashes, the first one first.
        message: As it was written.
        author: Name and address, as claimed.
        authored: When, in Unix seconds, as claimed.
        committer: Name and address, as claimed.
        committed: When, in Unix seconds, as claimed.
        signed: Whether it has a signature, of which nothing is known yet.
    """

    parents: tuple[str, ...]
    message: str
    author: str = ""
    authored: float = 0
    committer: str = ""
    committed: float = 0
    signed: bool = False


class Objects:
    """A repository.

    Args:
        folder: A folder in it, or of it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, ref: str) -> str | None:
        """Give the full hash of the commit that a branch, tag or hash names; None for none."""
        done = self._git("rev-parse", "--verify", "-q", "--end-of-options", f"{ref}^{{commit}}")
        found = done.out.decode("ascii", "replace").strip()
        return found if not done.code and COMMIT.fullmatch(found) else None

    def resolve(self, ref: str) -> str:
        """Give the full hash of a commit, as `find`.

        Raises:
            UserError: When this repository has none.
        """
        found = self.find(ref)
        if found is None:
            what = "names no commit that this clone has"
            try_ = "git fetch origin, and in a shallow clone git fetch --unshallow"
            raise UserError(ref, what, "a branch, a tag or a hash", try_)
        return found

    def prefix(self) -> str:
        """Give the way from the repository's top to the folder, with `/`; empty at the top."""
        return os.fsdecode(self._ask("rev-parse", "--show-prefix")).strip("\n").rstrip("/")

    def shallow(self) -> bool:
        """Say whether history is cut off somewhere."""
        return self._ask("rev-parse", "--is-shallow-repository").strip() == b"true"

    def merge_base(self, one: str, other: str) -> str | None:
        """Give the newest commit that two commits come from; None when there is none."""
        done = self._git("merge-base", one, other)
        return None if done.code else done.out.decode("ascii").strip()

    def first_parents(self, commit: str) -> list[str]:
        """List a commit and its first parents, the newest first."""
        return self._ask("rev-list", "--first-parent", commit).decode("ascii").split()

    def head(self, commit: str) -> Head:
        """Read what a commit says of itself."""
        return next(self.heads([commit]))

    def heads(self, commits: Sequence[str]) -> Iterator[Head]:
        """Read what commits say of themselves, in the order given."""
        for data in self._objects(commits):
            yield _head(data)

    def entries(self, commit: str, below: str = "") -> dict[str, Entry]:
        """List the files of a commit: path, with `/` → entry.

        Args:
            commit: Full hash.
            below: A folder, with `/`; empty for all of them.
        """
        words = ("ls-tree", "-r", "-z", "-l", "--full-tree", "--end-of-options", commit)
        out = self._ask("--literal-pathspecs", *words, *((f"{below}/",) if below else ()))
        found = {}
        for line in out.split(b"\0")[:-1]:
            facts, _, path = line.partition(b"\t")
            mode, _, name, size = facts.decode("ascii").split()
            found[os.fsdecode(path)] = Entry(mode, name, int(size) if size.isdigit() else 0)
        return found

    def read(self, entries: Sequence[Entry]) -> Iterator[bytes]:
        """Read files, in the order given, some at a time."""
        batch: list[str] = []
        waiting = 0
        for entry in entries:
            batch.append(entry.name)
            waiting += entry.size
            if waiting > _BATCH_BYTES:
                yield from self._objects(batch)
                batch, waiting = [], 0
        yield from self._objects(batch)

    def _objects(self, names: Sequence[str]) -> Iterator[bytes]:
        """Read objects of any type."""
        out = self._ask("cat-file", "--batch", stdin="".join(f"{one}\n" for one in names).encode())
        at = 0
        for name in names:
            end = out.index(b"\n", at)
            size = out[at:end].rpartition(b" ")[2]
            if not size.isdigit():
                raise UserError(name, "is not in this repository", "an object that it has")
            at = end + 1 + int(size) + 1
            yield out[end + 1 : at - 1]

    def _ask(
        self, *words: str, stdin: bytes = b"", variables: Mapping[str, str] | None = None
    ) -> bytes:
        done = self._git(*words, stdin=stdin, variables=variables)
        if done.code:
            raise self._failed(next(word for word in words if not word.startswith("-")), done)
        return done.out

    def _failed(self, word: str, done: Done) -> UserError:
        expected = "a repository that git can read"
        return UserError(self._folder.name, f"git {word} failed: {reason(done)}", expected)

    def _git(
        self,
        *words: str,
        stdin: bytes = b"",
        variables: Mapping[str, str] | None = None,
    ) -> Done:
        return call(self._folder, words, TIMEOUT_S, variables or {}, stdin)


def reason(done: Done) -> str:
    """Give what git said of a failure, in one line, without its own advice."""
    lines = [line.strip() for line in done.err.splitlines()]
    told = [line for line in lines if line and not line.startswith(("hint:", "To "))]
    said = "; ".join(told[:4]) or f"exit code {done.code}"
    return re.sub(r"(https?://)[^/@\s']+@", r"\1", said)


def _head(data: bytes) -> Head:
    top, _, message = data.decode("utf-8", "replace").partition("\n\n")
    said: dict[str, str] = {}
    parents = []
    for line in top.split("\n"):
        key, _, value = line.partition(" ")
        if key == "parent":
            parents.append(value)
        elif key:  # the lines of a signature begin with a space
            said.setdefault(key, value)
    author, authored = _person(said.get("author", ""))
    committer, committed = _person(said.get("committer", ""))
    signed = "gpgsig" in said or "gpgsig-sha256" in said
    return Head(tuple(parents), message, author, authored, committer, committed, signed)


def _person(line: str) -> tuple[str, float]:
    """Split `NAME <ADDRESS> SECONDS ZONE`."""
    who, _, when = line.rpartition("> ")
    seconds = when.partition(" ")[0]
    return (f"{who}>" if who else line), float(seconds) if seconds.isdigit() else 0.0
