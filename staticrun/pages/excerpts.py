"""The beginning and the end of what is too long for a page: texts, tables, raw records.

Every excerpt is bounded in lines and in characters a line, and says what it leaves out.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import msgspec

from staticrun.pages import ansi
from staticrun.pages import format as fmt

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LINE_MAX = 300
CELL_MAX = 80
# A number of more characters is a float64 with all its digits.
DIGITS_MAX = 9
ROWS_MAX = 20
COLUMNS_MAX = 12
# Read from either end of a file; counting lines in the middle reads the rest in blocks.
END_BYTES = 65_536
COUNTED_BYTES_MAX = 64 << 20


class Excerpt(msgspec.Struct, frozen=True):
    """Lines of a text.

    Attributes:
        head: The first lines, without the escape sequences of a terminal but for their styles.
        left_out: What is between them and the last: `22 lines not shown`; empty if nothing is.
        tail: The last lines.
    """

    head: tuple[ansi.Line, ...]
    left_out: str
    tail: tuple[ansi.Line, ...]


class Table(msgspec.Struct, frozen=True):
    """Rows of a table.

    Attributes:
        head: Names of the columns.
        numeric: For each column whether all shown cells are numbers, and stand to the right.
        rows: Cells, as many a row as there are columns; numbers with very many digits are rounded.
        left_out: What is not shown: `980 rows and 3 columns not shown`; empty if nothing is.
    """

    head: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]
    left_out: str


def read_text(
    path: Path, change: Callable[[bytes], bytes] = bytes, *, first: int = 20, last: int = 10
) -> Excerpt:
    """Take the first and last lines of a text file, however large it is.

    Args:
        path: The file.
        change: What is done to the text that is read.
        first: Number of lines from its beginning.
        last: Number of lines from its end.

    Raises:
        OSError: When it cannot be read.
    """
    size = path.stat().st_size
    with path.open("rb") as stream:
        if size <= 2 * END_BYTES:
            data = change(stream.read(2 * END_BYTES + 1))
            return of_text(data, first=first, last=last)
        start = stream.read(END_BYTES)
        newlines = start.count(b"\n")
        while (room := size - END_BYTES - stream.tell()) > 0:
            if stream.tell() > COUNTED_BYTES_MAX:
                newlines = -1
                break
            newlines += stream.read(min(room, 1 << 20)).count(b"\n")
        stream.seek(-END_BYTES, 2)
        end = stream.read(END_BYTES)
    # A line that the cut went through is shown only where there is no other.
    head = (_lines(change(start))[:-1] or _lines(change(start)))[:first]
    tail = (_lines(change(end))[1:] or _lines(change(end)))[-last:]
    missing = newlines + end.count(b"\n") + (not end.endswith(b"\n")) - len(head) - len(tail)
    counted = newlines >= 0 and missing > 0
    words = fmt.plural(missing, "line") if counted else f"more of {fmt.size(size)}"
    middle = f"{words} not shown"
    return Excerpt(_shown(head), middle, _shown(tail))


def of_text(data: bytes, *, first: int = 20, last: int = 10) -> Excerpt:
    """Take the first and last lines of a text."""
    lines = _lines(data)
    if len(lines) <= first + last + 1:
        return Excerpt(_shown(lines), "", ())
    missing = len(lines) - first - last
    tail = lines[len(lines) - last :]
    return Excerpt(
        _shown(lines[:first]),
        f"{fmt.plural(missing, 'line')} not shown",
        _shown(tail),
    )


def shown_line(line: str) -> str:
    """Show a line as a terminal leaves it: without colours, after its last carriage return."""
    return ansi.text_of(ansi.read_line(line, ansi.PLAIN, LINE_MAX)[0])


def of_table(data: bytes, delimiter: str = ",") -> Table | None:
    """Take the first rows and columns of a table with a head.

    Args:
        data: The whole file, or its beginning; UTF-8.
        delimiter: Between cells.

    Returns:
        None when there is no row.
    """
    text = data.decode("utf-8-sig", "replace")
    total = text.count("\n") + (not text.endswith("\n"))
    rows: list[list[str]] = []
    lines = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            lines = reader.line_num
            if row:
                rows.append(row)
            if len(rows) > ROWS_MAX:
                break
    except csv.Error:
        pass  # a cell without end: what came before it is shown
    if not rows:
        return None
    columns = min(max(map(len, rows)), COLUMNS_MAX)
    head = _cells(rows[0], columns)
    body = tuple(_cells(row, columns) for row in rows[1:])
    numeric = tuple(
        bool(body) and all(_is_number(row[column]) for row in body) for column in range(columns)
    )
    body = _rounded(body, numeric)
    hidden = max(map(len, rows)) - columns
    more = [fmt.plural(total - lines, "more line")] if total > lines else []
    more += [fmt.plural(hidden, "more column")] if hidden > 0 else []
    return Table(head, numeric, body, f"{fmt.listed(more)} not shown" if more else "")


def _shown(lines: list[str]) -> tuple[ansi.Line, ...]:
    found: list[ansi.Line] = []
    style = ansi.PLAIN
    for line in lines:
        shown, style = ansi.read_line(line, style, LINE_MAX)
        found.append(shown)
    return tuple(found)


def _cells(row: list[str], columns: int) -> tuple[str, ...]:
    cells = [fmt.short(ansi.without_ansi(cell), CELL_MAX) for cell in row[:columns]]
    return tuple(cells + [""] * (columns - len(cells)))


def _rounded(
    rows: tuple[tuple[str, ...], ...], numeric: tuple[bool, ...]
) -> tuple[tuple[str, ...], ...]:
    """Print columns of floats with equal decimals where a float64's digits would fill them."""
    columns = list(zip(*rows, strict=True))
    for place, cells in enumerate(columns):
        if numeric[place] and max(map(len, cells)) > DIGITS_MAX:
            texts = fmt.column([float(cell) if cell else None for cell in cells])
            columns[place] = tuple(
                text if cell else "" for text, cell in zip(texts, cells, strict=True)
            )
    return tuple(zip(*columns, strict=True))


def _is_number(cell: str) -> bool:
    try:
        float(cell or "nan")
    except ValueError:
        return False
    return True


def _lines(data: bytes) -> list[str]:
    text = data.decode("utf-8", "replace")
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines
