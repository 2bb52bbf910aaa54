"""Files: atomic writes, bounded reads, digests.

Nothing here knows what a run or a page is; `layout` knows where things are.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import BinaryIO

BLOCK_BYTES = 1 << 20


def write_atomic(path: Path, data: bytes) -> None:
    """Write a whole file so that a reader sees the old one or the new one, never a part.

    Parent folders are made. There is no fsync: a power cut may lose the file, a killed process
    cannot tear it.

    Raises:
        OSError: When the disk is full or the folder is not writable; no temporary file is left.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(prefix=".tmp-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException as error:
        Path(temporary).unlink(missing_ok=True)
        if isinstance(error, OSError):
            error.filename = str(path)  # nobody knows the temporary one
        raise


def write_if_different(path: Path, data: bytes) -> bool:
    """Write a file only when its bytes change, so that its mtime tells the truth.

    Returns:
        Whether the file was written.
    """
    try:
        if path.stat().st_size == len(data) and path.read_bytes() == data:
            return False
    except OSError:
        pass
    write_atomic(path, data)
    return True


def sha256(data: bytes) -> str:
    """Give the sha256 of bytes as 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


def sha256_file(path: Path) -> tuple[str, int]:
    """Digest a file without holding it in memory.

    Returns:
        The sha256 as 64 hex digits, and the size in bytes.

    Raises:
        OSError: When the file cannot be read.
    """
    with path.open("rb") as stream:
        return sha256_stream(stream)


def sha256_stream(stream: BinaryIO) -> tuple[str, int]:
    """Digest the rest of an open file, as `sha256_file`."""
    digest, size = hashlib.sha256(), 0
    while block := stream.read(BLOCK_BYTES):
        digest.update(block)
        size += len(block)
    return digest.hexdigest(), size


def tree_digest(files: dict[str, str]) -> str:
    r"""Digest a folder from the digests of its files.

    Args:
        files: Path inside the folder (`/`, NFC) → sha256 of the file.

    Returns:
        sha256 over lines `SHA256␠␠PATH\n` in the byte order of PATH, as 64 hex digits: what
        `find . -type f -printf '%P\0' | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum` gives.
    """
    lines = (f"{files[path]}  {path}\n" for path in sorted(files, key=str.encode))
    return sha256("".join(lines).encode())


def signature(status: os.stat_result) -> str:
    """Say in a short text whether a file was touched: size, times and inode.

    The change time cannot be set by a program, so an edit that restores size and mtime still
    shows. Two equal signatures mean the same bytes; two different ones mean nothing.
    """
    return f"{status.st_size}-{status.st_mtime_ns}-{status.st_ctime_ns}-{status.st_ino}"


def inside(folder: Path, path: Path) -> bool:
    """Say whether a path, with every link followed, lies in a folder."""
    return path.resolve().is_relative_to(folder.resolve())


def natural_order(name: str) -> list[tuple[int, int, str]]:
    """Give a sort key that puts `run-2` before `run-10`."""
    # At most 18 digits are one number: Python refuses to read thousands of them.
    parts = re.split(r"([0-9]{1,18})", name)
    return [(0, int(part), part) if i % 2 else (1, 0, part) for i, part in enumerate(parts)]
