"""A repository of our own in the cache, by which a branch of a remote is read and written.

It has no work tree, no configuration of anybody's and no index that stays. So the user's
repository is not touched and does not grow, and nothing that it configures is run; a project that
lies in no repository can be published, too. It can be deleted at any time.
"""

from __future__ import annotations

import fcntl
import os
import re
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from staticrun import files
from staticrun.errors import UserError
from staticrun.git.command import call

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from staticrun.git.command import Done
    from staticrun.git.remote import Remote

TIMEOUT_S = 600.0
FILE_MODE = "100644"
# Bytes of files that are read at once.
_BATCH_BYTES = 64 << 20
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


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
    """What a commit says of itself: its parents, and its message."""

    parents: tuple[str, ...]
    message: str


class Bare:
    """A repository without a work tree.

    Args:
        folder: Where it is; use `open_bare`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def tip(self, remote: Remote, branch: str) -> str | None:
        """Ask which commit a branch of a remote is at; None when there is no such branch.

        Raises:
            UserError: When the remote cannot be reached.
        """
        ref = f"refs/heads/{branch}"
        done = self._git("ls-remote", "--quiet", "--end-of-options", remote.url, ref, at=remote)
        if done.code:
            raise UserError(
                _shown(remote),
                f"cannot be reached: {_reason(done)}",
                "a repository that you may read and write",
                f"git ls-remote {_shown(remote)}",
            )
        lines = [line.split("\t") for line in done.out.decode("utf-8", "replace").splitlines()]
        return next((line[0] for line in lines if line[1:] == [ref]), None)

    def fetch(self, remote: Remote, branch: str, commit: str) -> bool:
        """Bring a branch's commit with its files, without its history.

        Returns:
            Whether it is here now; it is not when the branch has gone on meanwhile.

        Raises:
            UserError: When git cannot bring it.
        """
        if not self._has(commit):
            options = (
                "--quiet",
                "--depth=1",
                "--no-tags",
                "--no-auto-gc",
                "--no-write-fetch-head",
            )
            done = self._git(
                *("fetch", *options, "--no-recurse-submodules", "--end-of-options"),
                *(remote.url, f"+refs/heads/{branch}:refs/published/{os.getpid()}"),
                at=remote,
            )
            # A branch that is gone by now is looked for again.
            if done.code and "find remote ref" not in done.err:
                raise self._failed("fetch", done)
        return self._has(commit)

    def head(self, commit: str) -> Head:
        """Read what a commit says of itself."""
        data = self._ask("cat-file", "commit", commit).decode("utf-8", "replace")
        top, _, message = data.partition("\n\n")
        return Head(tuple(re.findall(r"^parent (\w+)$", top, re.MULTILINE)), message)

    def entries(self, commit: str) -> dict[str, Entry]:
        """List the files of a commit: path, with `/` → entry."""
        out = self._ask("ls-tree", "-r", "-z", "-l", "--full-tree", commit)
        found = {}
        for line in out.split(b"\0")[:-1]:
            facts, _, path = line.partition(b"\t")
            mode, _, name, size = facts.decode("ascii").split()
            found[os.fsdecode(path)] = Entry(mode, name, int(size) if size.isdigit() else 0)
        return found

    def read(self, entries: Sequence[Entry]) -> Iterator[bytes]:
        """Read files, in the order given, some at a time."""
        batch: list[Entry] = []
        waiting = 0
        for entry in entries:
            batch.append(entry)
            waiting += entry.size
            if waiting > _BATCH_BYTES:
                yield from self._batch(batch)
                batch, waiting = [], 0
        yield from self._batch(batch)

    def write(self, paths: Iterable[Path]) -> list[str]:
        """Store files as they are, and give the names of their objects."""
        lines = b"".join(os.fsencode(path) + b"\n" for path in paths)
        out = self._ask("hash-object", "-w", "--no-filters", "--stdin-paths", stdin=lines)
        return out.decode("ascii").split()

    def write_bytes(self, data: Iterable[bytes]) -> list[str]:
        """Store bytes as files, and give the names of their objects."""
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            paths = []
            for number, one in enumerate(data):
                paths.append(Path(folder, str(number)))
                paths[-1].write_bytes(one)
            return self.write(paths)

    def commit(
        self,
        entries: Mapping[str, Entry],
        message: str,
        author: tuple[str, str],
        parent: str | None,
    ) -> str:
        """Make a commit of files, by an index of its own.

        Args:
            entries: Path, with `/` → entry.
            message: What it says.
            author: Name and address.
            parent: The commit before; without one it has no history.
        """
        lines = (
            f"{entries[path].mode} {entries[path].name}\t".encode() + os.fsencode(path) + b"\0"
            for path in sorted(entries)
        )
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            variables = {"GIT_INDEX_FILE": str(Path(folder, "index"))}
            stdin = b"".join(lines)
            self._ask("update-index", "-z", "--index-info", stdin=stdin, variables=variables)
            tree = self._ask("write-tree", variables=variables).decode("ascii").strip()
        who = {
            f"GIT_{role}_{key}": value
            for role in ("AUTHOR", "COMMITTER")
            for key, value in zip(("NAME", "EMAIL"), author, strict=True)
        }
        before = ("-p", parent) if parent else ()
        made = self._ask("commit-tree", tree, *before, stdin=message.encode(), variables=who)
        return made.decode("ascii").strip()

    def push(self, remote: Remote, branch: str, commit: str, old: str | None) -> str | None:
        """Put a commit in the place of another one.

        Args:
            remote: Where.
            branch: Its name.
            commit: What it is to be at.
            old: What it has to be at until then; None when it must not be there.

        Returns:
            None when it is done; else what git says.
        """
        if old is not None:
            self._shallow(old)
        lease = f"--force-with-lease=refs/heads/{branch}:{old or ''}"
        options = ("--quiet", "--no-verify", "--no-signed", "--no-follow-tags", lease)
        refs = f"{commit}:refs/heads/{branch}"
        done = self._git("push", *options, "--end-of-options", remote.url, refs, at=remote)
        return _reason(done) if done.code else None

    def tidy(self, commit: str) -> None:
        """Keep what was published last, and let git pack and forget the rest when it is much."""
        self._git("update-ref", "refs/published/last", commit)
        settings = ("gc.autoDetach=false", "gc.pruneExpire=1.day.ago", "gc.auto=20000")
        self._git(*(part for one in settings for part in ("-c", one)), "gc", "--auto", "--quiet")

    def _shallow(self, commit: str) -> None:
        """Let git send only what a commit lacks, although the next one is not its child.

        Without a common parent git looks into the files of the other side's commit only where the
        repository is shallow (`--objects-edge-aggressive` of git-rev-list).
        """
        path = self._folder / "shallow"
        known = path.read_text("ascii").split() if path.exists() else []
        files.write_if_different(path, "".join(f"{one}\n" for one in {*known, commit}).encode())

    def _has(self, commit: str) -> bool:
        known = _COMMIT.fullmatch(commit) and self._git("cat-file", "-e", f"{commit}^{{tree}}")
        return bool(known and not known.code)

    def _batch(self, entries: Sequence[Entry]) -> Iterator[bytes]:
        names = "".join(f"{entry.name}\n" for entry in entries)
        out = self._ask("cat-file", "--batch", stdin=names.encode())
        at = 0
        for entry in entries:
            start = out.index(b"\n", at) + 1
            at = start + entry.size + 1
            yield out[start : at - 1]

    def _ask(
        self, *words: str, stdin: bytes = b"", variables: Mapping[str, str] | None = None
    ) -> bytes:
        done = self._git(*words, stdin=stdin, variables=variables)
        if done.code:
            raise self._failed(words[0], done)
        return done.out

    def _failed(self, word: str, done: Done) -> UserError:
        return UserError(
            f"{self._folder.parent.name}/{self._folder.name}",
            f"git {word} failed: {_reason(done)}",
            "a repository that git can read and write",
            f"delete {self._folder}, and publish again",
        )

    def _git(
        self,
        *words: str,
        stdin: bytes = b"",
        variables: Mapping[str, str] | None = None,
        at: Remote | None = None,
    ) -> Done:
        given = {**(at.variables if at else {}), **(variables or {})}
        command = (f"--git-dir={self._folder}", *words)
        return call(self._folder, command, TIMEOUT_S, given, stdin)


@contextmanager
def open_bare(folder: Path) -> Iterator[Bare]:
    """Open a repository of our own, or make it; one process at a time, the others wait.

    Raises:
        UserError: When there is no git, or the folder cannot be written.
    """
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if not (folder / "HEAD").exists():
            options = ("--quiet", "--bare", "--template=", "--end-of-options", str(folder))
            try:
                done = call(folder.parent, ("init", *options), TIMEOUT_S)
            except OSError as error:
                raise UserError("git", "is not there", "git 2.30 or newer, on PATH") from error
            if done.code:
                raise UserError(str(folder), f"git init failed: {_reason(done)}")
        yield Bare(folder)
    finally:
        os.close(descriptor)


def _reason(done: Done) -> str:
    """Give what git said of a failure, in one line, without its own advice."""
    lines = [line.strip() for line in done.err.splitlines()]
    told = [line for line in lines if line and not line.startswith(("hint:", "To "))]
    said = "; ".join(told[:4]) or f"exit code {done.code}"
    return re.sub(r"(https?://)[^/@\s']+@", r"\1", said)


def _shown(remote: Remote) -> str:
    return re.sub(r"^(https?://)[^/@]+@", r"\1", remote.url)
