"""Names at the ends of lines: the fewest params that still tell the named lines apart.

A small figure has room for a word or two at a line's end, not for every param that varies.
"""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING

from staticrun.analysis.groups import group_runs, short_value
from staticrun.pages.views.grouping import LABEL_MAX, cut, distinct, without_missing
from staticrun.pages.views.param_columns import short_heads

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Rows = Sequence[Mapping[str, object]]

SEPARATOR = " · "
# Up to so many characters a label has the names of its numbers, too: `adam, lr 0.01`.
NAMED_MAX = 13
# Of one size, so many sets of params are tried, and not more: then params are taken one by one.
_SETS_MAX = 2000


def short_labels(rows: Rows, most: int) -> tuple[list[str], str]:
    """Name rows of params by what tells these apart, in few characters.

    Args:
        rows: Params of some groups or runs.
        most: Characters of a label, but for a number that keeps equal ones apart.

    Returns:
        One label a row: names and values where all are short or some row lacks a param, else
        values alone; and for values alone which params they are of, else an empty text.
    """
    chosen = telling(rows)
    told = [{name: row[name] for name in chosen if name in row} for row in rows]
    labels = named_labels(told)
    gaps = any(name not in row for row in told for name in chosen)
    if gaps or all(len(label) <= NAMED_MAX for label in labels):
        return distinct(cut(label, most) for label in labels), ""
    values = [
        cut(SEPARATOR.join(short_value(row[name]) for name in chosen), most, SEPARATOR)
        for row in told
    ]
    heads = SEPARATOR.join(short_heads(chosen).values())
    return distinct(values), cut(heads, 2 * LABEL_MAX, SEPARATOR)


def named_labels(rows: Rows) -> list[str]:
    """Name rows by the names and values of their params: `adam, lr 0.01`."""
    found = group_runs(rows, ignore=())
    whole = without_missing([(one.label, one.values) for one in found.groups])
    labels = [""] * len(rows)
    for label, one in zip(whole, found.groups, strict=True):
        for place in one.members:
            labels[place] = label
    return labels


def telling(rows: Rows) -> tuple[str, ...]:
    """Choose the fewest params that tell apart all rows that params can tell apart.

    Of sets of one size, the one whose params come first in their author's order. Among very many
    params the one that parts the most rows is taken, then the next, and so on.

    Returns:
        Names, in their author's order; none where all rows are equal.
    """
    varying = group_runs(rows, ignore=()).varying
    kinds_of = {name: _kinds(rows, name) for name in varying}

    def parted(names: Sequence[str]) -> int:
        """Count the kinds of rows that some params tell apart."""
        return len(set(zip(*(kinds_of[name] for name in names), strict=True))) if names else 1

    wanted = parted(varying)
    for size in range(len(varying) + 1):
        if math.comb(len(varying), size) > _SETS_MAX:
            break
        for names in combinations(varying, size):
            if parted(names) == wanted:
                return names
    chosen: list[str] = []
    while parted(chosen) < wanted:
        left = [name for name in varying if name not in chosen]
        chosen.append(max(left, key=lambda name: parted([*chosen, name])))
    return tuple(name for name in varying if name in chosen)


def _kinds(rows: Rows, name: str) -> list[int]:
    """Number the values of a param; equal ones, and rows without it, have one number."""
    found = group_runs([{name: row[name]} if name in row else {} for row in rows], ignore=())
    kinds = [0] * len(rows)
    for number, one in enumerate(found.groups):
        for place in one.members:
            kinds[place] = number
    return kinds
