"""Many lines of metrics as arrays.

Where lines have most of some names, their values are decoded into a struct with a field for each
name; where they have few of many names, into a dict. What is left out of a line becomes NaN: a
float that JSON cannot say.
"""

from __future__ import annotations

import math
import struct
from functools import lru_cache
from itertools import chain, compress
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np

from staticrun.record import numbers, types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from staticrun.record.types import Number, Record
    from staticrun.store.columns import Names

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

# The k names of a shape, how many lines have it, and their values: float64[lines * k].
Group = tuple["Names", int, "Floats"]
# The number of a line among others, the line, and its record where that is all it says.
Other = tuple[int, bytes, "Record | None"]

# A struct serves so many names and shapes, and lines that have a quarter of the names.
_NAMES_MAX = 1000
_SHAPES_MAX = 16
_SPARSE = 4

_QUOTE = ord('"')
_VALUES, _STEP, _TIME = attrgetter("values"), attrgetter("step"), attrgetter("time")
# `"type"`, `"metrics"` and `"values"`.
_WORDS = 3


class Rows(NamedTuple):
    """Lines that are taken in at once, nearly all metrics.

    Attributes:
        n: How many lines.
        at: int64[m], which of them hold metrics, from 0; None for all.
        step: float64[m], NaN where it was left out.
        time: float64[m], Unix seconds, NaN where it was left out.
        order: int64[m], the lines of metrics as they stand in the groups; None as above.
        groups: By shape.
        others: The other lines, whose place among metrics does not matter.
    """

    n: int
    at: Integers | None
    step: Floats
    time: Floats
    order: Integers | None
    groups: Sequence[Group]
    others: Sequence[Other]


class Reader(NamedTuple):
    """A way to decode lines.

    Attributes:
        names: The metrics that there are fields for; None for dicts.
        kind: What a line of metrics becomes; others become records.
        decode: Reads lines; refuses metrics other than these, and unknown fields.
    """

    names: Names | None
    kind: type
    decode: Callable[[bytes], list[Any]]


@lru_cache(maxsize=256)
def reader(names: Names | None) -> Reader:
    """Make a reader.

    Raises:
        ValueError: For a name that no struct's field may have.
    """
    closed: Any = {"gc": False, "forbid_unknown_fields": True}
    values: Any = dict[str, types.Number]
    if names is not None:
        fields = {f"f{i}": name for i, name in enumerate(names)}
        given = [(field, float | int | str, math.nan) for field in fields]
        values = msgspec.defstruct("Values", given, rename=fields, **closed)
    kind = msgspec.defstruct(
        "Line",
        [("values", values), ("step", float | int, math.nan), ("time", float | int, math.nan)],
        tag_field="type",
        tag="metrics",
        **closed,
    )
    record: Any = kind
    for other in types.TYPES.values():
        record = record if other is types.Metrics else record | other
    return Reader(names, kind, msgspec.json.Decoder(record).decode_lines)


def rows(
    names: Names | None,
    records: Sequence[Any],
    others: Sequence[Other],
    lines: bytes,
    *,
    inexact: bool,
) -> Rows | None:
    """Make arrays of what a reader read.

    Args:
        names: The reader's.
        records: One a line, the others among them.
        others: Those that are no metrics.
        lines: What was read.
        inexact: Whether integers beyond 2^53 may pass.

    Returns:
        None when the lines say more than the arrays would.
    """
    n, at = len(records), None
    quotes = int(np.count_nonzero(np.frombuffer(lines, np.uint8) == _QUOTE))
    if others:
        at = np.delete(np.arange(n), [number for number, _, _ in others])
        records = [records[i] for i in at.tolist()]
        quotes -= sum(line.count(b'"') for _, line, _ in others)
    step = _pack(len(records), map(_STEP, records))
    time = _pack(len(records), map(_TIME, records))
    values = list(map(_VALUES, records))
    sorted_ = _by_shape(values, inexact) if names is None else _by_gaps(names, values, inexact)
    if step is None or time is None or sorted_ is None:
        return None
    groups, order, texts = sorted_
    words = _WORDS * len(records) + sum(len(value) for _, _, value in groups) + texts
    words += int(np.count_nonzero(~np.isnan(step)) + np.count_nonzero(~np.isnan(time)))
    return Rows(n, at, step, time, order, groups, others) if quotes == 2 * words else None


def likely(seen: Rows) -> Names | None:
    """Choose the names for a reader of lines like these; None for dicts."""
    names = tuple(dict.fromkeys(chain.from_iterable(names for names, _, _ in seen.groups)))
    cells = sum(len(value) for _, _, value in seen.groups)
    few = len(names) <= _NAMES_MAX and len(seen.groups) <= _SHAPES_MAX
    if not few or not cells or len(names) * len(seen.step) > _SPARSE * cells:
        return None
    try:
        reader(names)
    except ValueError:
        return None
    return names


# The groups, the order of the lines in them, and how many numbers were spelled as texts.
_Sorted = tuple[list[Group], "Integers | None", int]


def _by_shape(values: Sequence[dict[str, Number]], inexact: bool) -> _Sorted | None:
    """Sort lines by their names."""
    shapes = list(map(tuple, values))
    index = {names: i for i, names in enumerate(dict.fromkeys(shapes))}
    kinds = np.array([index[names] for names in shapes], np.min_scalar_type(len(index)))
    order = np.argsort(kinds, kind="stable")
    cells = list(chain.from_iterable(values[i].values() for i in order.tolist()))
    value, texts = _numbers(cells, inexact)
    if value is None:
        return None
    groups: list[Group] = []
    first = 0
    for names, n in zip(index, np.bincount(kinds).tolist(), strict=True):
        groups.append((names, n, value[first : first + n * len(names)]))
        first += n * len(names)
    return groups, order, texts


def _by_gaps(names: Names, values: Sequence[Any], inexact: bool) -> _Sorted | None:
    """Sort lines by which of the names they lack; None when there are too many ways."""
    cells = list(chain.from_iterable(map(msgspec.structs.astuple, values)))
    value, texts = _numbers(cells, inexact)
    if value is None:
        return None
    gaps = np.isnan(value)
    if texts:
        gaps &= [type(cell) is float for cell in cells]
    if not gaps.any():
        return [(names, len(values), value)], None, texts
    value, gaps = value.reshape(-1, len(names)), gaps.reshape(-1, len(names))
    groups: list[Group] = []
    order, rest = [], np.arange(len(values))
    while len(rest):
        if len(groups) == _SHAPES_MAX:
            return None
        has = ~gaps[rest[0]]
        like = (gaps[rest] != has).all(axis=1)
        chosen, rest = rest[like], rest[~like]
        order.append(chosen)
        own = value[np.ix_(chosen, has)].ravel()
        groups.append((tuple(compress(names, has)), len(chosen), own))
    return groups, np.concatenate(order), texts


def _numbers(cells: Sequence[Number], inexact: bool) -> tuple[Floats | None, int]:
    """Read cells as float64 and count the texts among them; None when that loses something."""
    n, texts = len(cells), 0
    value = _pack(n, cells)
    if value is None:
        value = _pack(n, map(numbers.to_number, cells))
        texts = sum(isinstance(cell, str) for cell in cells)
    if value is not None and not inexact:
        huge = np.flatnonzero(np.abs(value) >= numbers.EXACT_INTEGER).tolist()
        if any(numbers.is_inexact(cells[i]) for i in huge):
            value = None
    return value, texts


def _pack(n: int, items: Iterable[Any]) -> Floats | None:
    """Make an array of n numbers; None when one of the items is no number.

    `struct` is twice as fast here as numpy's and array's own ways.
    """
    try:
        return np.frombuffer(struct.pack(f"{n}d", *items))
    except (struct.error, OverflowError):
        return None
