"""How the files that a page opens stand in it: long tables folded, narrow ones two abreast."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from staticrun.pages import format as fmt
from staticrun.pages.excerpts import Table
from staticrun.pages.views.run_artifacts import Opened

if TYPE_CHECKING:
    from collections.abc import Sequence

# Of each table where there are several; a fold for fewer than three rows more is none.
ROWS_SHOWN = 10
ROWS_SPARE = 2
# Half of the body, and what the style sheet gives a character and a column, in pixels.
NARROW = 450
CHARACTER = 6.6
COLUMN = 24


class File(msgspec.Struct, frozen=True):
    """A file in its place.

    Attributes:
        opened: What is seen of it.
        folded: The other rows of its table; None where all are seen.
        folded_words: How many those are.
        left_out: What is not on the page at all; empty where everything is.
        narrow: Whether another can stand beside it.
    """

    opened: Opened
    folded: Table | None = None
    folded_words: str = ""
    left_out: str = ""
    narrow: bool = False


def arrange(opened: Sequence[Opened]) -> tuple[File, ...]:
    """Arrange files, in their order."""
    several = sum(one.table is not None or one.drawing is not None for one in opened) > 1
    return tuple(_file(one, several) for one in opened)


def _file(one: Opened, several: bool) -> File:
    table = one.table
    if table is None:
        return File(one, narrow=several and one.drawing is not None)
    change = msgspec.structs.replace
    folded = None
    rows = len(table.rows)
    first = ROWS_SHOWN if several and rows > ROWS_SHOWN + ROWS_SPARE else rows
    if first < rows:
        folded = change(table, rows=table.rows[first:], left_out="")
    seen = change(table, rows=table.rows[:first], left_out="")
    words = fmt.plural(rows - first, "more line") if folded else ""
    narrow = several and _width(table) <= NARROW
    return File(change(one, table=seen), folded, words, table.left_out, narrow)


def _width(table: Table) -> float:
    """Estimate how wide a table is, in pixels."""
    longest = [
        max(len(row[column]) for row in (table.head, *table.rows))
        for column in range(len(table.head))
    ]
    return sum(length * CHARACTER + COLUMN for length in longest)
