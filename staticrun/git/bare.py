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
from typing import TYPE_CHECKING

from staticrun import files
from staticrun.errors import UserError
from staticrun.git.command import call
from staticrun.git.objects import COMMIT, TIMEOUT_S, Entry, Objects, reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from staticrun.git.command import Done
    from staticrun.git.remote import Remote

FILE_MODE = "100644"


class Bare(Objects):
    """A repository without a work tree.

    Args:
        folder: Where it is; use `open_bare`.
    """

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
                f"cannot be reached: {reason(done)}",
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
        self._shallow(old, commit)
        lease = f"--force-with-lease=refs/heads/{branch}:{old or ''}"
        options = ("--quiet", "--no-verify", "--no-signed", "--no-follow-tags", lease)
        refs = f"{commit}:refs/heads/{branch}"
        done = self._git("push", *options, "--end-of-options", remote.url, refs, at=remote)
        return reason(done) if done.code else None

    def tidy(self, commit: str) -> None:
        """Keep what was published last, and let git pack and forget the rest when it is much."""
        self._git("update-ref", "refs/published/last", commit)
        settings = ("gc.autoDetach=false", "gc.pruneExpire=1.day.ago", "gc.auto=20000")
        self._git(*(part for one in settings for part in ("-c", one)), "gc", "--auto", "--quiet")

    def _shallow(self, old: str | None, new: str) -> None:
        """Let git send only what a commit lacks, although the next one is not its child.

        Without a common parent git looks into the files of the other side's commit only where the
        repository is shallow (`--objects-edge-aggressive` of git-rev-list). What is sent is whole:
        the same files, published again in the same second, are the same commit as before.
        """
        path = self._folder / "shallow"
        known = set(path.read_text("ascii").split()) if path.exists() else set()
        known = (known | ({old} if old else set())) - {new}
        if known or path.exists():
            text = "".join(f"{one}\n" for one in sorted(known))
            files.write_if_different(path, text.encode())

    def _has(self, commit: str) -> bool:
        known = COMMIT.fullmatch(commit) and self._git("cat-file", "-e", f"{commit}^{{tree}}")
        return bool(known and not known.code)

    def _failed(self, word: str, done: Done) -> UserError:
        return UserError(
            f"{self._folder.parent.name}/{self._folder.name}",
            f"git {word} failed: {reason(done)}",
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
                raise UserError(str(folder), f"git init failed: {reason(done)}")
        yield Bare(folder)
    finally:
        os.close(descriptor)


def _shown(remote: Remote) -> str:
    return re.sub(r"^(https?://)[^/@]+@", r"\1", remote.url)
