"""Runs that differ in nothing but their seed belong together.

Takes flat params (dotted name → JSON value), gives which of them are constant, which vary, and
groups of row numbers. The one invariant: each row is in exactly one group, and neither the order
of the rows nor that of anything else changes which rows share a group.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

import msgspec

from staticrun.files import natural_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# Names whose value is chance, not choice: `seed`, `data.seed`, `random_state`, …
SEEDS: Final = ("seed", "*.seed", "random_state", "*.random_state")
VALUE_CHARACTERS: Final = 24
_NO_WORDS: Final = frozenset({"true", "false", "none", "null", "nan", "inf"})


class Missing(msgspec.Struct, frozen=True):
    """The value of a param that a run does not have; not the same as `null`."""


MISSING: Final = Missing()


class Group(msgspec.Struct, frozen=True):
    """Rows that are equal in every varying param but the seeds.

    Attributes:
        label: Short and unique among the groups: `adam, width 256, lr 0.01`.
        values: Varying param → its value in this group; `MISSING` where the rows lack it.
        members: Row numbers, ascending.
    """

    label: str
    values: dict[str, object]
    members: tuple[int, ...]


class Grouping(msgspec.Struct, frozen=True):
    """How rows fall into groups.

    Attributes:
        constant: Param → the one value that every row has.
        varying: Params that tell the groups apart, in the order in which their author wrote them.
        seeds: Seed-like params that some row has, varying or not.
        groups: In natural order of their values, param by param; missing values last.
    """

    constant: dict[str, object]
    varying: tuple[str, ...]
    seeds: tuple[str, ...]
    groups: tuple[Group, ...]


def group_runs(rows: Sequence[Mapping[str, object]], ignore: Sequence[str] = SEEDS) -> Grouping:
    """Group rows of params.

    Args:
        rows: One mapping a run: param → JSON value, dotted names. 1 and 1.0 are the same number,
            true and 1 are not; NaN equals NaN; a missing param is a value of its own.
        ignore: Patterns of names that never tell groups apart.

    Returns:
        The grouping; without rows it is empty.
    """
    keys = [{name: _identity(value) for name, value in row.items()} for row in rows]
    names = _names_in_order(rows)
    ignored = {name for name in names if any(fnmatchcase(name, mark) for mark in ignore)}
    missing = _identity(MISSING)
    distinct = {name: {key.get(name, missing) for key in keys} for name in names}
    chosen = [name for name in names if name not in ignored]
    constant = {
        name: _plainest(row[name] for row in rows) for name in chosen if len(distinct[name]) == 1
    }
    varying = tuple(name for name in chosen if len(distinct[name]) > 1)
    members: dict[tuple[object, ...], list[int]] = {}
    for number, key in enumerate(keys):
        members.setdefault(tuple(key.get(name, missing) for name in varying), []).append(number)
    values = [
        {name: _plainest(rows[row].get(name, MISSING) for row in found) for name in varying}
        for found in members.values()
    ]
    labels = _labels(values, varying)
    groups = [
        Group(label=label, values=value, members=tuple(found))
        for label, value, found in zip(labels, values, members.values(), strict=True)
    ]
    groups.sort(key=lambda group: ([_order(group.values[name]) for name in varying], group.label))
    return Grouping(
        constant=constant,
        varying=varying,
        seeds=tuple(name for name in names if name in ignored),
        groups=tuple(groups),
    )


def short_value(value: object) -> str:
    """Write a param's value for a label: numbers as short as they are exact, lists as JSON.

    >>> short_value(1e-05), short_value(0.3), short_value([64, 32]), short_value(None)
    ('1e-5', '0.3', '[64,32]', 'none')
    """
    if value is None or isinstance(value, Missing):
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _short_number(value)
    text = value if isinstance(value, str) else _json(value)
    if len(text) <= VALUE_CHARACTERS:
        return text
    half = (VALUE_CHARACTERS - 1) // 2
    return f"{text[:half]}…{text[-half:]}"


def _short_number(value: float) -> str:
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    mantissa, _, exponent = repr(value).partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _identity(value: object) -> tuple[object, ...]:
    """Make a hashable key that is equal exactly where two values are the same."""
    if isinstance(value, bool):
        return "bool", value
    if isinstance(value, (int, float)):
        is_nan = isinstance(value, float) and math.isnan(value)
        return ("nan",) if is_nan else ("number", value)
    if isinstance(value, (list, tuple)):
        return "list", tuple(_identity(item) for item in value)
    if isinstance(value, dict):
        items = sorted((str(name), _identity(item)) for name, item in value.items())
        return "map", tuple(items)
    if value is None or isinstance(value, Missing):
        return (type(value).__name__,)
    return "text", str(value)


def _names_in_order(rows: Sequence[Mapping[str, object]]) -> list[str]:
    """Order params by the earliest place that any row gives them, whatever the rows' order."""
    places: dict[str, int] = {}
    for row in rows:
        for place, name in enumerate(row):
            places[name] = min(place, places.get(name, place))
    return sorted(places, key=lambda name: (places[name], _natural(name), name))


def _plainest(values: Iterable[object]) -> object:
    """Choose one spelling of equal values (1 before 1.0), whatever their order."""
    return min(values, key=lambda value: (len(repr(value)), repr(value)))


def _order(value: object) -> tuple[int, float, list[tuple[int, int, str]], str]:
    """Sort numbers by value, then texts naturally, then the rest, then null, then missing."""
    if isinstance(value, Missing):
        return 5, 0.0, [], ""
    if value is None:
        return 4, 0.0, [], ""
    if isinstance(value, bool):
        return 2, float(value), [], ""
    if isinstance(value, (int, float)):
        number = _as_float(value)
        return (1, 0.0, [], "") if math.isnan(number) else (0, number, [], "")
    text = value if isinstance(value, str) else _json(value)
    return 3, 0.0, _natural(text), text


def _natural(text: str) -> list[tuple[int, int, str]]:
    # Python refuses to read a number of more than 4,300 digits; no name needs that many.
    return natural_order(text[:200])


def _as_float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _labels(values: Sequence[Mapping[str, object]], varying: Sequence[str]) -> list[str]:
    """Label each group; where short labels collide, spell those out in full."""
    if not varying:
        return ["all runs"] * len(values)
    names = _short_names(varying)
    bare = _bare(values, varying)
    labels = [
        ", ".join(_part(names[name], value[name], bare=name in bare) for name in varying)
        for value in values
    ]
    counts = Counter(labels)
    return [
        label if counts[label] == 1 else _spelled(value)
        for label, value in zip(labels, values, strict=True)
    ]


def _spelled(values: Mapping[str, object]) -> str:
    parts = (
        f"{name} missing" if isinstance(value, Missing) else f"{name}={_json(value)}"
        for name, value in values.items()
    )
    return ", ".join(parts)


def _part(name: str, value: object, *, bare: bool) -> str:
    if isinstance(value, Missing):
        return f"no {name}"
    return (
        short_value(value) if bare and isinstance(value, str) else f"{name} {short_value(value)}"
    )


def _bare(values: Sequence[Mapping[str, object]], varying: Sequence[str]) -> set[str]:
    """Find the params whose texts say by themselves what they are.

    A text stands alone when it reads as a word (`adam`, not `3` or `true`) and no other param
    has it too.
    """
    words = {
        name: {value[name] for value in values if isinstance(value[name], str)} for name in varying
    }
    bare = set()
    for name in varying:
        others = set().union(*(words[other] for other in varying if other != name))
        own = words[name]
        if own and not own & others and all(_is_word(str(word)) for word in own):
            bare.add(name)
    return bare


def _is_word(text: str) -> bool:
    return text[:1].isalpha() and text.lower() not in {
        "true",
        "false",
        "none",
        "null",
        "nan",
        "inf",
    }


def _short_names(names: Sequence[str]) -> dict[str, str]:
    """Cut each name to its last dotted part where that is still unique."""
    last = {name: name.rpartition(".")[2] or name for name in names}
    counts = list(last.values())
    return {name: short if counts.count(short) == 1 else name for name, short in last.items()}
