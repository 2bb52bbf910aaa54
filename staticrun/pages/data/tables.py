"""The rows of a table that a run logged, so that the browser can join them with another run's."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from typing import TYPE_CHECKING

from staticrun.pages import format as fmt
from staticrun.pages.data import script
from staticrun.pages.data.types import TableRows
from staticrun.pages.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from staticrun.pages.objects import Objects
    from staticrun.record.types import Json

ROWS_MAX = 5_000
COLUMNS_MAX = 40
BYTES_MAX = 256_000
# A longer cell ends with a digest of the whole, by which it still differs from others.
CELL_MAX = 2_000


def put(objects: Objects, data: bytes, name: str) -> str:
    """Write the data file of a table.

    Args:
        objects: Where it goes.
        data: The whole artifact.
        name: Its file name, which tells how it is to be read.

    Returns:
        Its URL; empty where the bytes are no table with a head and a row.
    """
    found = read(data, name)
    return script.put(objects, found) if found is not None and found.rows else ""


def read(data: bytes, name: str) -> TableRows | None:
    """Read a table: `.csv`, `.tsv`, or the records of `.json` and `.jsonl`.

    Returns:
        Its first rows, at most `ROWS_MAX` and together at most `BYTES_MAX` bytes of text; None
        where it is no table.
    """
    suffix = name.rpartition(".")[2].lower()
    text = data.decode("utf-8-sig", "replace")
    if suffix in ("csv", "tsv"):
        rows = csv.reader(
            io.StringIO(text, newline=""), delimiter="," if suffix == "csv" else "\t"
        )
        return _bounded(row for row in rows if row)
    if suffix in ("json", "jsonl"):
        records = _records(text, lines=suffix == "jsonl")
        return _bounded(records) if records is not None else None
    return None


def _records(text: str, *, lines: bool) -> Iterator[list[str]] | None:
    """Read JSON objects as rows below their names; None where they are something else."""
    try:
        found = [json.loads(line) for line in text.splitlines() if line.strip()] if lines else None
        records = json.loads(text) if found is None else found
    except (ValueError, RecursionError):
        return None
    if not isinstance(records, list) or not all(isinstance(one, dict) for one in records):
        return None
    names = list(dict.fromkeys(name for one in records for name in one))
    rows = ([_spelled(one.get(name)) for name in names] for one in records)
    return (row for part in ([names], rows) for row in part)


def _spelled(value: Json) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _bounded(rows: Iterable[list[str]]) -> TableRows | None:
    found: list[list[str]] = []
    names: list[str] | None = None
    total = width = size = 0
    ended = True
    try:
        for row in rows:
            width = max(width, len(row))
            cells = [_cut(cell) for cell in row[:COLUMNS_MAX]]
            if names is None:
                names = [cell.strip() or "unnamed" for cell in cells]
                continue
            total += 1
            cells = (cells + [""] * len(names))[: len(names)]
            size += sum(len(cell.encode("utf-8", "replace")) for cell in cells)
            if len(found) < ROWS_MAX and size <= BYTES_MAX:
                found.append(cells)
    except csv.Error:
        ended = False  # a cell without end: what came before it is joined
    if names is None:
        return None
    columns: dict[str, tuple[str, ...]] = {}
    for name, column in zip(names, zip(*found, strict=True), strict=bool(found)):
        columns.setdefault(name, column)
    return TableRows(
        tuple(names),
        found,
        tuple(name for name, cells in columns.items() if len(set(cells)) == len(cells)),
        tuple(name for name, cells in columns.items() if all(map(_is_number, cells))),
        _left_out(len(found), total, width - len(names), ended),
    )


def _is_number(cell: str) -> bool:
    try:
        float(cell or "nan")
    except ValueError:
        return False
    return True


def _left_out(rows: int, total: int, columns: int, ended: bool) -> str:
    words = []
    if rows < total or not ended:
        of = f"of {fmt.count(total)}" if ended else "before a cell without end"
        words.append(f"only {fmt.plural(rows, 'row')} {of}")
    if columns > 0:
        words.append(f"without {fmt.plural(columns, 'more column')}")
    return ", ".join(words)


def _cut(cell: str) -> str:
    if len(cell) <= CELL_MAX:
        return visible(cell)
    digest = hashlib.sha256(cell.encode("utf-8", "replace")).hexdigest()[:12]
    return f"{visible(cell[:CELL_MAX])}… ({len(cell)} characters, sha256 {digest})"
