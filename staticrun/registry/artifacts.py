"""The bytes of a version and of its run's record, as they are on disk: files and tree digest.

What is walked may be a stranger's: every folder is opened from the one above it, nothing that is
a link is followed, nothing but a regular file is opened, and digests are of what was read through
that one descriptor. Nothing here knows what a file means, and no file is ever loaded.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import stat
import unicodedata
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from staticrun import files, layout
from staticrun.errors import UserError
from staticrun.registry import manifests
from staticrun.registry.manifests import File

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from staticrun.store.store import Store

FILES_MAX = 4000
DEPTH_MAX = 32
# Of a packed record file: what a small file could unpack to has no end.
UNPACKED_BYTES_MAX = 4 << 30
# No pointer of Git LFS is longer.
_POINTER_BYTES_MAX = 1024
_POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\n(?:ext-[^\n]*\n)*"
    rb"oid sha256:(?P<oid>[0-9a-f]{64})\nsize (?P<size>[0-9]{1,18})\n?"
)
_OPEN = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC")
)
_EXPECTED = "regular files and folders alone"


class MissingError(UserError):
    """There is nothing at a path."""


class Tree(NamedTuple):
    """Files and what they hold.

    Attributes:
        files: In the byte order of their paths.
        pointers: Path of a file that is a pointer of Git LFS → the file that it stands for.
    """

    files: tuple[File, ...]
    pointers: dict[str, File]

    @property
    def digest(self) -> str:
        """The tree digest: `sha256:` and 64 hex digits."""
        return tree_of(self.files)

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)


def tree_of(listed: Iterable[File]) -> str:
    """Give the tree digest of files: `sha256:` and 64 hex digits."""
    return f"sha256:{files.tree_digest({file.path: file.sha256 for file in listed})}"


def tree(root: Path, path: str, store: Store | None = None) -> Tree:
    """Digest the files of an artifact; a single file is a tree of one line.

    Args:
        root: The project's folder.
        path: The artifact's file or folder below it, with `/`.
        store: Knows the digests of files that were not touched since they were read.

    Raises:
        MissingError: When there is nothing.
        UserError: When something in it is no regular file or folder, has a name that is not the
            same everywhere, or cannot be read; or when there is no file.
    """
    found, pointers = [], {}
    for inner, stream in streams(root, path):
        where = root / (f"{path}/{inner}" if inner else path)
        file, pointer = _digested(inner or path.rpartition("/")[2], where, stream, store)
        found.append(file)
        if pointer is not None:
            pointers[file.path] = pointer
    if not found:
        raise UserError(path, "has no file", "at least one; empty folders do not count")
    found.sort(key=lambda file: file.path.encode())
    return Tree(tuple(found), pointers)


def record(
    root: Path, folder: str, names: Sequence[str] | None = None, store: Store | None = None
) -> Tree:
    """Digest the record files of a run.

    Args:
        root: The project's folder.
        folder: The run's folder below it, with `/`.
        names: Of the files; None for all that are there but edits, which say nothing of what the
            training did. A file that was packed counts as what it unpacks to, under its plain
            name.
        store: As for `tree`.

    Raises:
        MissingError: When the folder or one of the files is not there.
        UserError: When one cannot be read, or is no record file.
    """
    with _entered(root, folder) as (descriptor, status):
        if not stat.S_ISDIR(status.st_mode):
            raise MissingError(folder, "is no folder of a run", "run.jsonl in a folder")
        there = set(_names(descriptor, folder))
        if names is None:
            plain = {name.removesuffix(".gz") for name in there if _is_evidence(name)}
            names = sorted(plain)
        found = []
        for name in names:
            shown = f"{folder}/{name}"
            if layout.record_file(name) is None or name.endswith(".gz"):
                raise UserError(shown, "is no record file", "run.jsonl, or run.WRITER.jsonl")
            actual = name if name in there or f"{name}.gz" not in there else f"{name}.gz"
            with _file(descriptor, actual, shown) as stream:
                if actual == name:
                    found.append(_digested(name, root / folder / name, stream, store)[0])
                else:
                    sha256, size = _unpacked(stream, f"{shown}.gz")
                    found.append(File(path=name, size=size, sha256=sha256))
    if not found:
        raise MissingError(folder, "has no record file", "run.jsonl")
    return Tree(tuple(sorted(found, key=lambda file: file.path.encode())), {})


def streams(root: Path, path: str) -> Iterator[tuple[str, BinaryIO]]:
    """Open the files of an artifact one after another.

    Yields:
        The path inside it, with `/`, empty where it is a single file; and the open file.

    Raises:
        As `tree`.
    """
    with _entered(root, path) as (descriptor, status):
        name = path.rpartition("/")[2]
        if stat.S_ISDIR(status.st_mode):
            names: list[str] = []
            for inner, stream in _below(descriptor, "", path, 0):
                names.append(inner)
                if len(names) > FILES_MAX:
                    raise UserError(path, f"has more than {FILES_MAX:,} files", "an archive")
                yield inner, stream
        else:
            names = [name]
            with os.fdopen(os.dup(descriptor), "rb") as stream:
                yield "", stream
    if reason := unfit(names):
        raise UserError(path, f"cannot be an artifact: {reason}", "plain names that differ")


def stands_for(name: str, data: bytes) -> File | None:
    """Read what a pointer of Git LFS stands for; None where the bytes are no pointer.

    Args:
        name: Of the file.
        data: Its bytes.
    """
    match = _POINTER.fullmatch(data) if len(data) <= _POINTER_BYTES_MAX else None
    return match and File(path=name, size=int(match["size"]), sha256=match["oid"].decode())


def unfit(paths: Sequence[str]) -> str | None:
    """Say why files of such names cannot be an artifact's on every system; None when they can.

    Args:
        paths: Of files inside it, with `/`.
    """
    seen: dict[str, tuple[str, bool]] = {}
    for path in paths:
        try:
            msgspec.convert(path.encode().decode(), manifests.Path)
        except (UnicodeError, msgspec.ValidationError):
            return f"{path!r} is no name that every system knows"
        if unicodedata.normalize("NFC", path) != path:
            return f"{path!r} is not spelled in NFC"
        parts = path.split("/")
        if ".git" in path.casefold().split("/"):
            return f"{path!r} could be taken for a repository's own"
        for count in range(1, len(parts) + 1):
            part, is_file = "/".join(parts[:count]), count == len(parts)
            folded = unicodedata.normalize("NFC", part.casefold())
            before = seen.setdefault(folded, (part, is_file))
            if before[0] != part:
                return f"{before[0]!r} and {part!r} are one name on some systems"
            if before[1] is not is_file:
                return f"{part!r} is a file and a folder"
    if len(set(paths)) < len(paths):
        return "a path stands twice"
    return None


def wrong(artifact: manifests.Artifact) -> str | None:
    """Say why a manifest's list of files cannot be that of its tree digest; None when it can."""
    paths = [file.path for file in artifact.files]
    if reason := unfit(paths):
        return reason
    if paths != sorted(paths, key=str.encode):
        return "its files are not in the byte order of their paths"
    if tree_of(artifact.files) != artifact.tree:
        return f"its files give the tree digest {tree_of(artifact.files)}"
    size = sum(file.size for file in artifact.files)
    return None if size == artifact.size else f"its files have {size} bytes"


@contextmanager
def _entered(root: Path, path: str) -> Iterator[tuple[int, os.stat_result]]:
    """Open what is at a path, from the project's folder down, without following a link."""
    if re.search(r"(?:^|/)\.{0,2}(?:/|$)|\\|\0", path):
        raise UserError(path, "could lead elsewhere", "a path below the project, with /")
    descriptor = os.open(root, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    try:
        parts = path.split("/")
        for count, part in enumerate(parts, 1):
            shown = "/".join(parts[:count])
            below, status = _opened(descriptor, part, shown)
            os.close(descriptor)
            descriptor = below
            if count < len(parts) and not stat.S_ISDIR(status.st_mode):
                raise MissingError(path, "is not there", "a file or a folder")
        yield descriptor, status
    finally:
        os.close(descriptor)


def _opened(above: int, name: str, shown: str) -> tuple[int, os.stat_result]:
    """Open a regular file or a folder in an open folder."""
    try:
        mode = os.stat(name, dir_fd=above, follow_symlinks=False).st_mode
        if stat.S_ISLNK(mode):
            raise UserError(shown, "is a link", _EXPECTED)
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            raise UserError(shown, "is no regular file", _EXPECTED)
        descriptor = os.open(name, _OPEN, dir_fd=above)
    except FileNotFoundError:
        raise MissingError(shown, "is not there", "a file or a folder") from None
    except (OSError, ValueError) as error:
        raise _unreadable(shown, error) from error
    status = os.fstat(descriptor)
    if stat.S_IFMT(status.st_mode) != stat.S_IFMT(mode):  # it was swapped meanwhile
        os.close(descriptor)
        raise UserError(shown, "is no regular file", _EXPECTED)
    return descriptor, status


@contextmanager
def _file(above: int, name: str, shown: str) -> Iterator[BinaryIO]:
    descriptor, status = _opened(above, name, shown)
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(status.st_mode):
            raise UserError(shown, "is a folder", "a file")
        yield stream


def _below(folder: int, inner: str, shown: str, depth: int) -> Iterator[tuple[str, BinaryIO]]:
    if depth > DEPTH_MAX:
        raise UserError(shown, f"is more than {DEPTH_MAX} folders deep")
    for name in _names(folder, shown):
        path = f"{inner}{name}"
        where = f"{shown}/{name}".encode("utf-8", "backslashreplace").decode()
        descriptor, status = _opened(folder, name, where)
        if stat.S_ISDIR(status.st_mode):
            try:
                yield from _below(descriptor, f"{path}/", where, depth + 1)
            finally:
                os.close(descriptor)
        else:
            with os.fdopen(descriptor, "rb") as stream:
                yield path, stream


def _names(folder: int, shown: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries)
    except OSError as error:
        raise _unreadable(shown, error) from error


def _unreadable(shown: str, error: OSError | ValueError) -> UserError:
    reason = getattr(error, "strerror", None) or str(error)
    return UserError(shown, f"cannot be read ({reason.lower()})", _EXPECTED)


def _digested(
    name: str, path: Path, stream: BinaryIO, store: Store | None
) -> tuple[File, File | None]:
    """Digest an open file, and read what it stands for where it is a pointer."""
    status = os.fstat(stream.fileno())
    pointer = None
    if status.st_size <= _POINTER_BYTES_MAX:
        pointer = stands_for(name, stream.read(_POINTER_BYTES_MAX + 1))
        stream.seek(0)
    try:
        if store is None:
            sha256, size = files.sha256_stream(stream)
        else:
            sha256, size = store.file_digest(path, stream)
    except OSError as error:
        raise _unreadable(name, error) from error
    if files.signature(os.fstat(stream.fileno())) != files.signature(status):
        raise UserError(name, "changed while it was read", "a file that nobody writes")
    return File(path=name, size=size, sha256=sha256), pointer


def _unpacked(stream: BinaryIO, shown: str) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    try:
        with gzip.GzipFile(fileobj=stream, mode="rb") as text:
            while block := text.read1(files.BLOCK_BYTES):
                digest.update(block)
                size += len(block)
                if size > UNPACKED_BYTES_MAX:
                    raise UserError(shown, f"unpacks to more than {UNPACKED_BYTES_MAX:,} bytes")
    except (OSError, EOFError, zlib.error) as error:
        raise UserError(shown, f"cannot be unpacked ({error})", "a gzip file") from error
    return digest.hexdigest(), size


def _is_evidence(name: str) -> bool:
    named = layout.record_file(name)
    return named is not None and not named.edit
