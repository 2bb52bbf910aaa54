"""What identifies data: a digest of its content, and how many rows it has."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from staticrun.files import sha256
from staticrun.log.artifact import ArtifactError, digest_in_place

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Described(NamedTuple):
    """What is known of data.

    Attributes:
        digest: 64 hex digits: of a file its sha256, of a folder its tree digest, of arrays that
            of their type, shape and bytes.
        rows: Length of the first axis.
    """

    digest: str | None
    rows: int | None


def describe(data: object) -> Described:
    """Take the digest and the rows of data.

    Args:
        data: A path; bytes; an array (anything with the buffer protocol); a sequence or mapping
            of these; a digest; None.

    Raises:
        ArtifactError: When the data is of no kind that has a digest here.
        OSError: When a file cannot be read.
    """
    if data is None:
        return Described(None, None)
    if isinstance(data, str) and _DIGEST.fullmatch(data):
        return Described(data, None)
    if isinstance(data, str | Path):
        return Described(_digest_of_path(Path(data)), None)
    if isinstance(data, bytes | bytearray):
        return Described(sha256(bytes(data)), None)
    return Described(_digest_of_arrays(data), _rows_of(data))


def digest_of(run: object, path: object) -> tuple[str | None, str | None]:
    """Take the digest of another run's artifact, where its folder is at hand.

    Args:
        run: Anything with a `folder`.
        path: Relative to it.

    Returns:
        sha256 of a file, tree digest of a folder; at most one of them.
    """
    folder = getattr(run, "folder", None)
    if not isinstance(folder, Path) or not isinstance(path, str | Path):
        return None, None
    try:
        return digest_in_place(folder / path)
    except (OSError, ArtifactError):
        return None, None


def _digest_of_path(path: Path) -> str | None:
    if not path.exists():
        raise ArtifactError(f"there is no file {path.name!r}")
    file, tree = digest_in_place(path)
    return file or tree


def _digest_of_arrays(data: object) -> str:
    if isinstance(data, Mapping):
        parts = [f"{key}={_digest_of_arrays(value)}" for key, value in data.items()]
        return sha256("\n".join(parts).encode())
    if isinstance(data, Sequence) and not isinstance(data, str):
        return sha256("\n".join(map(_digest_of_arrays, data)).encode())
    to_numpy = getattr(data, "to_numpy", None) or getattr(data, "numpy", None)
    array = to_numpy() if callable(to_numpy) else data
    try:
        view = memoryview(array)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise ArtifactError(f"a {type(data).__name__} has no bytes to take it from") from None
    if view.format == "O":
        raise ArtifactError(f"a {type(data).__name__} of objects has no bytes to take it from")
    digest = hashlib.sha256(f"{view.format} {view.shape}\n".encode())
    digest.update(view if view.c_contiguous else view.tobytes())
    return digest.hexdigest()


def _rows_of(data: object) -> int | None:
    if isinstance(data, Mapping):
        data = next(iter(data.values()), None)
    elif isinstance(data, Sequence) and data:
        data = data[0]
    shape = getattr(data, "shape", None)
    return int(shape[0]) if isinstance(shape, Sequence) and shape else None
