"""What identifies data: a digest of its content, how many rows it has, and of what type.

A digest does not depend on where and in which order the bytes lie in memory. Time and memory are
bounded: of more than `BYTES_MAX` of an array, `BLOCKS` blocks of rows count, evenly spread from
the first row to the last, and `sampled` says how many rows that are. Files are read whole.
"""

from __future__ import annotations

import array as buffers
import hashlib
import re
from collections.abc import Mapping, Sequence
from math import prod
from pathlib import Path
from typing import Any, NamedTuple

from staticrun.files import sha256
from staticrun.log.artifact import ArtifactError, digest_in_place
from staticrun.log.values import clean, to_host

# About a second of hashing.
BYTES_MAX = 1 << 30
BLOCKS = 1024
_DIGEST = re.compile(r"[0-9a-f]{64}")
_CHUNK_BYTES = 1 << 24
_SCHEMA_MAX = 1000
# One integer of 64 bits has two letters: which one a platform uses says nothing of the data.
_LETTERS = str.maketrans("qQ", "lL")
_LIBRARIES = ("pandas", "polars", "pyarrow", "datasets")


class Described(NamedTuple):
    """What is known of data.

    Attributes:
        digest: 64 hex digits: of a file its sha256, of a folder its tree digest, of arrays that
            of their type, shape and values, of a table that of its columns.
        rows: Length of the first axis.
        schema: Types, as JSON: `"float64[64]"` for an array of rows of 64 numbers; a list or
            object of these; for a table, column → type.
        sampled: How many rows the digest is of, when it is not of all.
    """

    digest: str | None
    rows: int | None = None
    schema: object = None
    sampled: int | None = None


def describe(data: object) -> Described:
    """Take the digest, the rows and the types of data.

    Args:
        data: A path; bytes; an array (anything with the buffer protocol), a tensor; a sequence
            or mapping of these; a table of pandas, polars, Arrow or Hugging Face; a list of
            mappings, one a row; a digest; None.

    Raises:
        ArtifactError: When the data is of no kind that has a digest here.
        OSError: When a file cannot be read.
    """
    if data is None:
        return Described(None)
    if isinstance(data, str) and _DIGEST.fullmatch(data):
        return Described(data)
    if isinstance(data, str | Path):
        stored = digest_in_place(Path(data))
        return Described(stored.sha256 or stored.tree)
    if isinstance(data, bytes | bytearray):
        return Described(sha256(bytes(data)))
    library = type(data).__module__.partition(".")[0]
    is_records = isinstance(data, list | tuple) and data and isinstance(data[0], Mapping)
    if is_records or (library in _LIBRARIES and len(getattr(data, "shape", (0, 0))) == 2):
        from staticrun.log.frames import describe_table

        found = describe_table(data)
    else:
        tensors = getattr(data, "tensors", None)  # torch's TensorDataset
        found = _of_arrays(tensors if isinstance(tensors, tuple) else data)
    return found


def blocks(rows: int, most: int, step: int) -> list[tuple[int, int]]:
    """Divide rows into what is read at once.

    Args:
        rows: How many there are.
        most: How many may be read.
        step: How many may be in memory.

    Returns:
        (start, stop) of all rows, or of evenly spread ones when they are more than `most`.
    """
    if rows <= most:
        return [(at, min(at + step, rows)) for at in range(0, rows, step)]
    count = min(BLOCKS, most)
    size = most // count
    starts = (i * (rows - size) // max(count - 1, 1) for i in range(count))
    return [(at, at + size) for at in starts]


def _of_arrays(data: object) -> Described:
    """Describe an array; of a mapping or sequence, the digest is that of the parts' digests."""
    parts: dict[str, object] | list[object]
    if isinstance(data, Mapping):
        found = [_of_arrays(value) for value in data.values()]
        names = [clean(name) for name in data]
        lines = [f"{name}={one.digest}" for name, one in zip(names, found, strict=True)]
        parts = dict(zip(names[:_SCHEMA_MAX], (one.schema for one in found), strict=False))
    elif isinstance(data, Sequence) and not isinstance(data, str | memoryview | buffers.array):
        found = [_of_arrays(value) for value in data]
        lines = [str(one.digest) for one in found]
        parts = [one.schema for one in found[:_SCHEMA_MAX]]
    else:
        return _of_array(data)
    rows = found[0].rows if found else None
    sampled = next((one.sampled for one in found if one.sampled is not None), None)
    return Described(sha256("\n".join(lines).encode()), rows, parts, sampled)


def _of_array(data: object) -> Described:
    array: Any = to_host(data)
    to_numpy = getattr(array, "to_numpy", None) or getattr(array, "numpy", None)
    array = to_numpy() if callable(to_numpy) else array
    if getattr(getattr(array, "dtype", None), "byteorder", "") == ">":
        array = array.astype(array.dtype.newbyteorder("<"))
    kind = clean(getattr(array, "dtype", ""))
    if kind.startswith(("datetime64", "timedelta64")):  # which have no buffer
        array = array.view("int64")
    try:
        view = memoryview(array)
    except (TypeError, ValueError):
        raise ArtifactError(f"a {type(data).__name__} has no bytes to take it from") from None
    letters = view.format.lstrip("@=<>")
    if "O" in letters:
        raise ArtifactError(f"a {type(data).__name__} of objects has no bytes to take it from")
    if len(letters) == 1 and view.itemsize == 8:
        letters = letters.translate(_LETTERS)
    shape = view.shape or ()
    digest = hashlib.sha256(f"{kind if '64[' in kind else letters} {shape}\n".encode())
    schema = f"{kind or letters}{list(shape[1:]) or ''}".replace(" ", "")
    rows = shape[0] if shape else None
    if rows is None:
        digest.update(view)
        return Described(digest.hexdigest(), None, schema)
    row_bytes = max(view.itemsize * prod(shape[1:]), 1)
    most = max(BYTES_MAX // row_bytes, 1)
    sampled = None
    for start, stop in blocks(rows, most, max(_CHUNK_BYTES // row_bytes, 1)):
        part = view[start:stop]
        digest.update(part if part.c_contiguous else part.tobytes())
        sampled = (sampled or 0) + stop - start
    if rows <= most:
        return Described(digest.hexdigest(), rows, schema)
    digest.update(f"sampled {sampled}".encode())
    return Described(digest.hexdigest(), rows, schema, sampled)
