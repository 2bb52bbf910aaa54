"""A digest of a table that does not depend on which library holds it, and how.

It is the sha256 of these lines: `table 1`, `rows N`, `sampled N` where not all rows count, then a
line a column, in their order: name, type, sha256 of the values, sha256 of what is missing,
divided by tabs. Values count as

    int8 … uint64, float16 … float64   their bytes, little-endian; a missing integer is 0
    bool                               a byte each
    string                             UTF-8, with its length before it as 8 bytes
    timestamp, duration, date          the integers that the type's unit says
    anything else                      its JSON, like a string

and what is missing by its row, 8 bytes each. A missing float is NaN, and all NaN are one. The
index of pandas, chunks, categories and the order of bytes do not count.
"""

from __future__ import annotations

import hashlib
import math
import re
import struct
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from staticrun.files import sha256
from staticrun.log.artifact import ArtifactError
from staticrun.log.datasets import Described, blocks
from staticrun.log.values import clean, to_json

# Of more cells than these, rows are sampled: seconds for texts, less for numbers.
CELLS_MAX = 10_000_000
_ROWS_AT_ONCE = 1 << 16
_COLUMNS_IN_SCHEMA = 1000
_NUMBERS = {
    **{f"int{bits}": f"<i{bits // 8}" for bits in (8, 16, 32, 64)},
    **{f"uint{bits}": f"<u{bits // 8}" for bits in (8, 16, 32, 64)},
    **{f"float{bits}": f"<f{bits // 8}" for bits in (16, 32, 64)},
    "bool": "|u1",
}
_NAMES = {
    "boolean": "bool",
    "double": "float64",
    "float": "float32",
    "halffloat": "float16",
    "str": "string",
    "large_string": "string",
    "string_view": "string",
    "large_utf8": "string",
    "date32[day]": "date",
}
_MISSING = b"\xff" * 8


class Part(NamedTuple):
    """Some rows of a column.

    Attributes:
        values: An array of numbers, or a list.
        missing: For an array, which are missing; None when none is. In a list they are None.
    """

    values: Any
    missing: Any = None


class Table(NamedTuple):
    """A table, in a library's hands.

    Attributes:
        rows: How many.
        columns: Name and type, as they are spelled here.
        read: Gives the parts of all columns from one row to before another.
    """

    rows: int
    columns: list[tuple[str, str]]
    read: Callable[[int, int], list[Part]]


def describe_table(data: Any) -> Described:
    """Take the digest of a table.

    Args:
        data: A data frame of pandas or polars, a table of Arrow, a dataset of Hugging Face, or a
            list of mappings, one a row.

    Raises:
        ArtifactError: When it is none.
    """
    table = _open(data)
    width = max(len(table.columns), 1)
    most = max(CELLS_MAX // width, 1)
    values = [hashlib.sha256() for _ in table.columns]
    missing = [hashlib.sha256() for _ in table.columns]
    sampled = 0
    for start, stop in blocks(table.rows, most, max(min(_ROWS_AT_ONCE, most), 1)):
        sampled += stop - start
        for number, part in enumerate(table.read(start, stop)):
            data, gaps = _bytes(table.columns[number][1], part)
            values[number].update(data)
            for gap in gaps:
                missing[number].update(struct.pack("<q", start + gap))
    lines = ["table 1", f"rows {table.rows}"]
    if table.rows > most:
        lines.append(f"sampled {sampled}")
    for (name, kind), a, b in zip(table.columns, values, missing, strict=True):
        lines.append(f"{name}\t{kind}\t{a.hexdigest()}\t{b.hexdigest()}")
    return Described(
        sha256("".join(f"{line}\n" for line in lines).encode()),
        table.rows,
        dict(table.columns[:_COLUMNS_IN_SCHEMA]),
        sampled if table.rows > most else None,
    )


def _open(data: Any) -> Table:
    if isinstance(data, list | tuple):
        return _open_records(data)
    library = type(data).__module__.partition(".")[0]
    if library == "pandas":
        return _open_pandas(data)
    if library == "polars" and hasattr(data, "to_series"):
        return _open_polars(data)
    if library == "pyarrow":
        return _open_arrow(
            data, data.num_rows, lambda start, stop: data.slice(start, stop - start)
        )
    if library == "datasets" and hasattr(data, "with_format") and hasattr(data, "__len__"):
        in_arrow = data.with_format("arrow")
        return _open_arrow(in_arrow[0:1], len(data), lambda start, stop: in_arrow[start:stop])
    raise ArtifactError(f"a {type(data).__name__} is no table")


def _bytes(kind: str, part: Part) -> tuple[bytes, list[int]]:
    """Spell the values of one type, and list the rows that are missing."""
    values, missing = part
    if kind in {"string", "json"}:
        texts = [None if value is None else _text(kind, value) for value in values]
        sized = (_MISSING if t is None else struct.pack("<q", len(t)) + t for t in texts)
        return b"".join(sized), []
    code = _NUMBERS.get(kind, "<i8")
    is_float = code[1] == "f"
    if isinstance(values, list):
        gaps = [row for row, value in enumerate(values) if value is None]
        if is_float:
            values = [math.nan if v is None or v != v else v for v in values]  # noqa: PLR0124
            return struct.pack(f"<{len(values)}d", *values), []
        plain = [0 if value is None else int(value) for value in values]
        return struct.pack(f"<{len(plain)}{'B' if kind == 'bool' else 'q'}", *plain), gaps
    numpy = sys.modules["numpy"]
    array = numpy.array(values, dtype=code)  # a copy, to write gaps into
    if is_float:
        gone = numpy.isnan(array) if missing is None else numpy.isnan(array) | missing
        array[gone] = numpy.nan
        return array.tobytes(), []
    if missing is None or not missing.any():
        return array.tobytes(), []
    array[missing] = 0
    return array.tobytes(), numpy.flatnonzero(missing).tolist()


def _text(kind: str, value: object) -> bytes:
    if kind == "string":
        return clean(value).encode()
    return msgspec.json.encode(to_json(value), order="sorted")


def _spelled(kind: str) -> str:
    """Spell the type of pandas, polars or Arrow as a digest does."""
    kind = kind.removesuffix("[pyarrow]").removesuffix("[python]")
    kind = _NAMES.get(kind.lower(), kind.lower() if kind.lower() in _NUMBERS else kind)
    if kind in _NUMBERS or kind in ("string", "date"):
        return kind
    match = re.match(
        r"(?P<what>datetime|timestamp|timedelta|duration)(?:64)?[\[(](?:time_unit=)?'?(?P<unit>\w+)'?"
        r"(?:, (?:tz=|time_zone=)?(?P<zone>[^\])]+))?[\])]",
        kind,
        re.IGNORECASE,
    )
    if match is None:
        return "json"
    what = "timestamp" if match["what"].lower() in ("datetime", "timestamp") else "duration"
    zone = (match["zone"] or "").strip("'")
    return f"{what}[{match['unit']}{f', {zone}' if zone not in ('', 'None') else ''}]"


def _open_pandas(frame: Any) -> Table:
    def kind_of(column: Any) -> str:
        kind = clean(column.dtype)
        if kind == "category":
            return kind_of(column.cat.categories)
        if kind == "object":
            infer = sys.modules["pandas"].api.types.infer_dtype
            return "string" if infer(column, skipna=True) in ("string", "empty") else "json"
        return _spelled(kind)

    columns = [frame.iloc[:, number] for number in range(frame.shape[1])]
    kinds = [kind_of(column) for column in columns]

    def read(start: int, stop: int) -> list[Part]:
        parts = []
        for column, kind in zip(columns, kinds, strict=True):
            some = column.iloc[start:stop]
            if clean(some.dtype) == "category":
                some = some.astype(some.cat.categories.dtype)
            missing = some.isna().to_numpy()
            if kind in _NUMBERS:
                nothing: object = False if kind == "bool" else 0
                filled = some.to_numpy(dtype=kind, na_value=nothing) if missing.any() else some
                parts.append(Part(filled, missing))
            elif kind in ("string", "json"):
                values = [
                    None if gone else value
                    for value, gone in zip(some.to_list(), missing.tolist(), strict=True)
                ]
                parts.append(Part(values))
            else:
                if getattr(some.dtype, "tz", None) is not None:
                    some = some.dt.tz_convert("UTC").dt.tz_localize(None)
                unit = re.split(r"[\[,\]]", kind)[1]
                kept = "datetime64" if kind.startswith("timestamp") else "timedelta64"
                parts.append(Part(some.to_numpy(dtype=f"{kept}[{unit}]").view("int64"), missing))
        return parts

    names = [clean(name) for name in frame.columns]
    return Table(len(frame), list(zip(names, kinds, strict=True)), read)


def _open_polars(frame: Any) -> Table:
    kinds = [
        "string" if clean(dtype).startswith(("Categorical", "Enum", "String", "Utf8"))
        else "date" if clean(dtype) == "Date"
        else _spelled(clean(dtype))
        for dtype in frame.dtypes
    ]  # fmt: skip

    def read(start: int, stop: int) -> list[Part]:
        parts = []
        for number, kind in enumerate(kinds):
            some = frame.to_series(number)[start:stop]
            if kind in ("string", "json"):
                parts.append(Part(some.to_list()))
                continue
            numbers = some if kind in _NUMBERS else some.to_physical()
            missing = some.is_null().to_numpy()
            filled = numbers.fill_null(False if kind == "bool" else 0)
            parts.append(Part(filled.to_numpy(), missing))
        return parts

    return Table(frame.height, list(zip(map(clean, frame.columns), kinds, strict=True)), read)


def _open_arrow(sample: Any, rows: int, slice_of: Callable[[int, int], Any]) -> Table:
    types = [field.type for field in sample.schema]
    types = [getattr(kind, "value_type", kind) if _is_dictionary(kind) else kind for kind in types]
    kinds = [_spelled(clean(kind)) for kind in types]

    def read(start: int, stop: int) -> list[Part]:
        some = slice_of(start, stop)
        parts = []
        for number, kind in enumerate(kinds):
            column = some.column(number)
            if _is_dictionary(column.type):
                column = column.cast(types[number])
            if kind in ("string", "json"):
                parts.append(Part(column.to_pylist()))
                continue
            if kind not in _NUMBERS:
                column = column.cast("int32" if kind == "date" else "int64")
            missing = column.is_null().to_numpy(zero_copy_only=False)
            filled = column.fill_null(False if kind == "bool" else 0)
            parts.append(Part(filled.to_numpy(zero_copy_only=False), missing))
        return parts

    return Table(rows, list(zip(map(clean, sample.schema.names), kinds, strict=True)), read)


def _is_dictionary(kind: Any) -> bool:
    return clean(kind).startswith("dictionary<")


def _open_records(rows: Sequence[Mapping[object, object]]) -> Table:
    if not all(isinstance(row, Mapping) for row in rows):
        raise ArtifactError("a list of rows holds a mapping a row")
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = [[row.get(name) for row in rows] for name in names]
    kinds = [_kind_of_values(values) for values in columns]

    def read(start: int, stop: int) -> list[Part]:
        return [Part(values[start:stop]) for values in columns]

    return Table(len(rows), list(zip(map(clean, names), kinds, strict=True)), read)


def _kind_of_values(values: list[object]) -> str:
    types = {type(value) for value in values if value is not None}
    if types == {bool}:
        return "bool"
    if types == {int} and all(v is None or -(1 << 63) <= v < 1 << 63 for v in values):  # type: ignore[operator]
        return "int64"
    if types and types <= {int, float}:
        return "float64"
    return "string" if types <= {str} else "json"
