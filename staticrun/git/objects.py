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
# The end of the year 9999: no calendar goes on, so a commit that claims more claims nothing.
TIME_MAX = 253402300799.0
# Modes of a regular file, as git spells them.
REGULAR = ("100644", "100755")
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


class Change(NamedTuple):
    """A file that a commit has otherwise than another one.

    Attributes:
        path: In the repository, with `/`.
        mode: As git spells it, in octal digits; zeros where the file is gone.
        name: Of its object; zeros where the file is gone.
    """

    path: str
    mode: str
    name: str


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
        if "\0" in ref:
            return None
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
        """List a commit and its first parents, the newest first; a shallow clone ends early."""
        return self._ask("rev-list", "--first-parent", commit, "--").decode("ascii").split()

    def changes(
        self, pairs: Sequence[tuple[str, str | None]], paths: Sequence[str]
    ) -> Iterator[tuple[str, list[Change]]]:
        """List the files that commits have otherwise than others, in one pass.

        Args:
            pairs: Full hashes: a commit, and what it is compared with; None for a commit without
                parents, all of whose files count.
            paths: Files, and folders with a `/` at their end, in the repository.

        Returns:
            Commit → its changes, in the order given; commits without any are left out.
        """
        options = ("-r", "-z", "--raw", "--root", "--no-renames", "--no-abbrev", "--no-relative")
        own = ("--no-ext-diff", "--no-textconv", "--", *(f":(top,literal){one}" for one in paths))
        lines = "".join(f"{one} {other or ''}".rstrip() + "\n" for one, other in pairs)
        out = self._ask("diff-tree", "--stdin", *options, *own, stdin=lines.encode())
        fields = iter(out.split(b"\0")[:-1])
        commit, found = "", list[Change]()
        for field in fields:
            if field.startswith(b":"):
                _, mode, _, name, _ = field.decode("ascii").split(" ")
                found.append(Change(os.fsdecode(next(fields)), mode, name))
            else:
                if found:
                    yield commit, found
                commit, found = field.decode("ascii"), []
        if found:
            yield commit, found

    def head(self, commit: str) -> Head:
        """Read what a commit says of itself."""
        return next(self.heads([commit]))

    def heads(self, commits: Sequence[str]) -> Iterator[Head]:
        """Read what commits say of themselves, in the order given."""
        for data in self.raw(commits):
            yield parse_head(data)

    def entry(self, commit: str, path: str) -> Entry | None:
        """Find a file of a commit; None where it has none of that name.

        Args:
            commit: Full hash.
            path: In the repository, with `/`.
        """
        return self._entries(("-z", "-l", "--full-tree"), commit, path).get(path)

    def entries(self, commit: str, below: str = "") -> dict[str, Entry]:
        """List the files of a commit: path, with `/` → entry.

        Args:
            commit: Full hash.
            below: A folder, with `/`; empty for all of them.
        """
        paths = (f"{below}/",) if below else ()
        return self._entries(("-r", "-z", "-l", "--full-tree"), commit, *paths)

    def _entries(self, options: Sequence[str], commit: str, *paths: str) -> dict[str, Entry]:
        words = ("ls-tree", *options, "--end-of-options", commit, *paths)
        out = self._ask("--literal-pathspecs", *words)
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
                yield from self.raw(batch)
                batch, waiting = [], 0
        yield from self.raw(batch)

    def kinds(self, names: Sequence[str]) -> dict[str, tuple[str, int]]:
        """Tell what objects are: name → type and size in bytes, of those that are here."""
        lines = "".join(f"{one}\n" for one in names).encode()
        out = self._ask("cat-file", "--batch-check", stdin=lines).decode("ascii")
        facts = [line.split(" ") for line in out.splitlines()]
        return {fact[0]: (fact[1], int(fact[2])) for fact in facts if len(fact) == 3}

    def raw(self, names: Sequence[str]) -> Iterator[bytes]:
        """Read objects of any type, in the order given.

        Raises:
            UserError: When one is not in this repository.
        """
        if not names:
            return
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


def parse_head(data: bytes) -> Head:
    """Read the object of a commit."""
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
    time = float(seconds) if seconds.isascii() and seconds.isdigit() else 0.0
    return (f"{who}>" if who else line), time if time <= TIME_MAX else 0.0
