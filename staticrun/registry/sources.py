"""Where the files of a registry come from: the project's folder, or a commit.

Both give the same: which files there are, each with a name for its content, and their bytes. What
is no regular file is none; a registry has no links.
"""

from __future__ import annotations

import hashlib
import os
import stat
from typing import TYPE_CHECKING, Protocol

from staticrun import files, layout
from staticrun.errors import Finding
from staticrun.git.objects import REGULAR
from staticrun.registry.read import BYTES_MAX

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from staticrun.git import Objects
    from staticrun.git.objects import Entry

FILES_MAX = 500_000


class Source(Protocol):
    """The files of a registry at one moment.

    Attributes:
        names: Path in the project → a name for the file's content: the same name, the same bytes.
        findings: What is there and cannot be part of a registry.
    """

    names: dict[str, str]
    findings: list[Finding]

    def read(self, paths: Iterable[str]) -> dict[str, bytes]:
        """Give the bytes of some of its files."""
        ...


class Folder:
    """The registry of a project as it is on disk; files are read at once.

    Args:
        root: The project's folder.
        naming: Gives the name of a content: its sha256, or what git calls it, as `blob_name`.
    """

    def __init__(self, root: Path, naming: Callable[[bytes], str] = files.sha256) -> None:
        self._naming = naming
        self.names: dict[str, str] = {}
        self.findings: list[Finding] = []
        self._data: dict[str, bytes] = {}
        self._walk(root / layout.REGISTRY, layout.REGISTRY)

    def read(self, paths: Iterable[str]) -> dict[str, bytes]:
        """Give the bytes of some of its files."""
        return {path: self._data[path] for path in paths}

    def _walk(self, folder: Path, shown: str) -> None:
        if folder.is_symlink():
            self._refuse(shown, "is a link")
            return
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except FileNotFoundError:
            return
        except OSError as error:
            self._refuse(shown, f"cannot be read ({(error.strerror or '').lower()})")
            return
        for entry in entries:
            path = f"{shown}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                self._walk(folder / entry.name, path)
            elif entry.is_symlink():
                self._refuse(path, "is a link")
            elif len(self.names) >= FILES_MAX:
                self._refuse(shown, f"has more than {FILES_MAX:,} files")
                return
            else:
                self._take(folder / entry.name, path)

    def _take(self, file: Path, path: str) -> None:
        # Neither a link that was put there meanwhile is followed, nor is a pipe waited for.
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        try:
            descriptor = os.open(file, flags | getattr(os, "O_CLOEXEC", 0))
            with os.fdopen(descriptor, "rb") as stream:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    self._refuse(path, "is no regular file")
                    return
                data = stream.read(BYTES_MAX + 1)
        except OSError as error:
            self._refuse(path, f"cannot be read ({(error.strerror or '').lower()})")
            return
        self.names[path] = self._naming(data)
        self._data[path] = data

    def _refuse(self, where: str, what: str) -> None:
        self.findings.append(Finding(where, what, "regular files and folders alone"))


def blob_name(commit: str) -> Callable[[bytes], str]:
    """Give the function that names a content as the repository of a commit does."""
    kind = "sha1" if len(commit) == 40 else "sha256"

    def name(data: bytes) -> str:
        return hashlib.new(kind, b"blob %d\0%b" % (len(data), data)).hexdigest()

    return name


class Commit:
    """The registry of a project as a commit has it; a file is named by its object.

    Args:
        objects: The repository.
        commit: Full hash.
        below: The project's folder in the repository, with `/`; empty for its top.
    """

    def __init__(self, objects: Objects, commit: str, below: str = "") -> None:
        self.names: dict[str, str] = {}
        self.findings: list[Finding] = []
        self._objects = objects
        self._entries: dict[str, Entry] = {}
        found = objects.entries(commit, f"{below}/{layout.REGISTRY}".lstrip("/"))
        for path, entry in found.items():
            shown = path.removeprefix(f"{below}/") if below else path
            if entry.mode in REGULAR and entry.size <= BYTES_MAX:
                self.names[shown] = entry.name
                self._entries[shown] = entry
            else:
                what = "is no regular file" if entry.mode[:3] != "100" else "is too large"
                self.findings.append(Finding(shown, what, "regular files of at most 1 MB"))

    def read(self, paths: Iterable[str]) -> dict[str, bytes]:
        """Give the bytes of some of its files."""
        wanted = list(paths)
        data = self._objects.read([self._entries[path] for path in wanted])
        return dict(zip(wanted, data, strict=True))
