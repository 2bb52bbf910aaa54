"""Which params become columns of a table, and what stands in them.

Only params that vary are shown, and of many the most telling: those whose values several runs
share, then numbers that differ everywhere (a random search), then texts that do (paths, names).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from staticrun.pages import format as fmt
from staticrun.pages.views.grouping import spell
from staticrun.pages.views.naming import last_part, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

COLUMNS_MAX = 8
_TEXT = 28


class Head(msgspec.Struct, frozen=True):
    """The head of a column.

    Attributes:
        name: The words.
        unit: Set below them, once for the column.
        numeric: Whether its cells are set to the right.
        sort: `ascending` or `descending` where the rows follow this column, for `aria-sort`.
    """

    name: str
    unit: str = ""
    numeric: bool = True
    sort: str = ""


class Cell(msgspec.Struct, frozen=True):
    """A cell of a table.

    Attributes:
        text: What it shows.
        label: Stands before it where the table has become a list.
        numeric: Whether it is set to the right.
        best: Whether no other of the column is better.
        minor: Whether a narrow list leaves it out.
        missing: Whether there is nothing to show, so that `text` is a dash.
    """

    text: str
    label: str = ""
    numeric: bool = True
    best: bool = False
    minor: bool = False
    missing: bool = False


class ParamColumn(msgspec.Struct, frozen=True):
    """A param as a column: its full name, the name in the head, and whether it holds numbers."""

    name: str
    head: str
    numeric: bool


def columns(
    rows: Sequence[Mapping[str, object]], varying: Sequence[str], most: int = COLUMNS_MAX
) -> tuple[list[ParamColumn], list[str]]:
    """Choose the params to show.

    Args:
        rows: Params of each run or group.
        varying: The params to choose from.
        most: How many columns there is room for.

    Returns:
        The columns, in the order of `varying`; and the names that found no room.
    """
    usual = [name for name in varying if not _is_rare(name, rows)]
    ranked = sorted(usual, key=lambda name: _rank(name, rows))
    chosen = set(ranked[:most])
    placed = [name for name in varying if name in chosen]
    heads = short_heads(placed)
    found = [ParamColumn(name, heads[name], is_numeric(name, rows)) for name in placed]
    return found, [name for name in varying if name not in chosen]


def _is_rare(name: str, rows: Sequence[Mapping[str, object]]) -> bool:
    """Say whether next to no row of many has a param: a column of dashes tells nothing."""
    return len(rows) > 20 and 20 * sum(name in row for row in rows) < len(rows)


def _rank(name: str, rows: Sequence[Mapping[str, object]]) -> tuple[int, float]:
    values = [spell(row[name]) for row in rows if name in row]
    distinct = len(set(values))
    missing = (len(rows) - len(values)) / max(len(rows), 1)
    if distinct < len(values) or len(rows) <= 3:
        return 0, distinct + missing
    return (1 if is_numeric(name, rows) else 2), missing


def is_numeric(name: str, rows: Iterable[Mapping[str, object]]) -> bool:
    """Say whether all values of a param are numbers."""
    values = [row[name] for row in rows if name in row]
    return bool(values) and all(
        isinstance(value, int | float) and not isinstance(value, bool) for value in values
    )


def short_heads(names: Sequence[str]) -> dict[str, str]:
    """Name columns by the last part of dotted params where that is enough to tell them apart."""
    tails = {name: last_part(name) for name in names}
    shared = {tail for tail, count in Counter(tails.values()).items() if count > 1}
    return {name: shown(name if tail in shared else tail, _TEXT) for name, tail in tails.items()}


def cells(
    values: Mapping[str, object], chosen: Sequence[ParamColumn], roomy: int = 4
) -> tuple[Cell, ...]:
    """Fill the params' cells of one row.

    Args:
        values: The row's params.
        chosen: The columns.
        roomy: How many of them a narrow list shows.
    """
    found = []
    for number, column in enumerate(chosen):
        missing = column.name not in values
        text = fmt.MISSING if missing else shown(fmt.scalar(values[column.name]), _TEXT)
        found.append(
            Cell(
                text,
                column.head,
                column.numeric,
                minor=number >= roomy or missing,
                missing=missing,
            )
        )
    return tuple(found)
