"""What models said of examples: a CSV file with a row an example, as evidence for gates.

The file is a stranger's: it is read by bounded steps, every cell is a text, and what is wrong with
it is told with its line. A header names the columns; those that are no id, target or prediction
say to which slice of the data an example belongs.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from staticrun.errors import UserError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

BYTES_MAX = 200_000_000
ROWS_MAX = 1_000_000
COLUMNS_MAX = 50
LINE_MAX = 100_000
_SHOWN = 40


class Columns(msgspec.Struct, frozen=True):
    """How the columns of a file are called.

    Attributes:
        id: What an example is called; no two have the same.
        target: What is true of it; None where that does not matter.
        prediction: What the model says of it.
    """

    id: str = "id"
    target: str | None = "target"
    prediction: str = "prediction"


class Predictions(NamedTuple):
    """What one model said.

    Attributes:
        ids: What each example is called.
        target: What is true of it; empty texts where that does not matter.
        prediction: What the model says of it.
        slices: Column → a text an example, of all other columns in the order of the file.
    """

    ids: tuple[str, ...]
    target: tuple[str, ...]
    prediction: tuple[str, ...]
    slices: dict[str, tuple[str, ...]]


def read(data: bytes, columns: Columns, where: str) -> Predictions:
    """Read predictions.

    Args:
        data: CSV in UTF-8 with a header; row n of the data is line n + 1.
        columns: How its columns are called.
        where: The file, for messages.

    Raises:
        UserError: With file and line, when it is no such file, has too much of anything, a column
            is missing or there twice, a row is longer or shorter than the header, or an id is
            empty or there twice.
    """
    if len(data) > BYTES_MAX:
        raise UserError(where, f"has {len(data):,} bytes", f"at most {BYTES_MAX:,}")
    rows = _rows(data, where)
    head = next(rows, [])
    if len(head) > COLUMNS_MAX:
        raise UserError(f"{where}:1", f"has {len(head)} columns", f"at most {COLUMNS_MAX}")
    wanted = [
        name for name in (columns.id, columns.target, columns.prediction) if name is not None
    ]
    for name in wanted:
        if name not in head:
            what, expected = f"has no column {_cut(name)}", "a header with the column"
            raise UserError(f"{where}:1", what, expected, nearest(name, head))
    twice = next((name for place, name in enumerate(head) if name in head[:place]), None)
    if twice is not None or len(set(wanted)) < len(wanted):
        raise UserError(f"{where}:1", f"has {_cut(twice or columns.id)} twice", "one column each")
    kept: list[list[str]] = [[] for _ in head]
    seen: set[str] = set()
    place = head.index(columns.id)
    for line, row in enumerate(rows, 2):
        if len(row) != len(head):
            what = f"has {len(row)} cells, and the header {len(head)}"
            raise UserError(f"{where}:{line}", what, "a cell for every column")
        if line > ROWS_MAX + 1:
            raise UserError(where, f"has more than {ROWS_MAX:,} rows", "fewer")
        name = row[place]
        if not name or name in seen:
            what = f"has the id {_cut(name)} again" if name else "has an empty id"
            raise UserError(f"{where}:{line}", what, "an id of its own for every row")
        seen.add(name)
        for column, cell in zip(kept, row, strict=True):
            column.append(cell)
    if not seen:
        raise UserError(where, "has no row", "one an example below the header")
    named = {name: tuple(column) for name, column in zip(head, kept, strict=True)}
    return Predictions(
        ids=named[columns.id],
        target=named[columns.target] if columns.target is not None else ("",) * len(seen),
        prediction=named[columns.prediction],
        slices={name: column for name, column in named.items() if name not in wanted},
    )


def demand_same_rows(candidate: Predictions, current: Predictions, where: str) -> None:
    """Demand that two models spoke of the same examples, in the same order.

    Args:
        candidate: What one said.
        current: What the other one said.
        where: The file of the first, for messages.

    Raises:
        UserError: With the first row that differs.
    """
    pairs = zip(candidate.ids, current.ids, strict=False)
    for row, (one, other) in enumerate(pairs, 1):
        if one != other:
            what = f"row {row} is the example {_cut(one)}, and {_cut(other)} in the other file"
            raise UserError(f"{where}:{row + 1}", what, "the same examples in the same order")
    if len(candidate.ids) != len(current.ids):
        what = f"has {len(candidate.ids):,} rows, and the other file {len(current.ids):,}"
        raise UserError(where, what, "the same examples in the same order")
    for row, (one, other) in enumerate(zip(candidate.target, current.target, strict=True), 1):
        if one != other:
            what = f"row {row} has the target {_cut(one)}, and {_cut(other)} in the other file"
            raise UserError(f"{where}:{row + 1}", what, "the same targets")


def _rows(data: bytes, where: str) -> Iterator[list[str]]:
    """Split lines into cells; what no cell may hold is refused before."""
    if data.startswith(b"\xef\xbb\xbf"):
        raise UserError(f"{where}:1", "begins with a byte order mark", "UTF-8 without one")
    if b"\0" in data:
        raise UserError(f"{where}:{_line(data, data.index(0))}", "has a NUL byte", "text")
    line = 0
    reader = csv.reader(_lines(data, where), strict=True)
    try:
        for line, row in enumerate(reader, 1):
            # A row is a line, so that a quote that is never closed hides nothing.
            if reader.line_num != line:
                raise UserError(f"{where}:{line}", "goes over the end of the line", "a row a line")
            yield row
    except csv.Error as error:
        raise UserError(f"{where}:{line + 1}", f"is no CSV ({error})", "comma-separated") from None


def _lines(data: bytes, where: str) -> Iterator[str]:
    """Decode line by line, so that neither one long line nor many take much memory."""
    try:
        with io.TextIOWrapper(io.BytesIO(data), "utf-8", newline="") as text:
            number = 0
            while line := text.readline(LINE_MAX + 1):
                number += 1
                if len(line) > LINE_MAX:
                    what = f"is longer than {LINE_MAX:,} characters"
                    raise UserError(f"{where}:{number}", what, "shorter lines")
                yield line
    except UnicodeDecodeError:
        try:
            data.decode()
        except UnicodeDecodeError as error:
            raise UserError(f"{where}:{_line(data, error.start)}", "is not UTF-8") from None


def _line(data: bytes, place: int) -> int:
    return data.count(b"\n", 0, place) + 1


def _cut(text: str) -> str:
    shown = repr(text)
    return shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 1]}…"
