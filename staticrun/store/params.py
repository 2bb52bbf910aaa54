"""Nested JSON values: shown dotted, made safe to keep."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from staticrun.record import numbers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from staticrun.record.types import Json

_INTEGER_MAX = 2**63
_DEPTH_MAX = 100


def dotted(values: dict[str, Json]) -> dict[str, Json]:
    """Flatten nested values; lists stay lists.

    >>> dotted({"model": {"width": 64, "a.b": [1, 2]}, "lr": 0.1})
    {'model.width': 64, 'model."a.b"': [1, 2], 'lr': 0.1}
    """
    flat: dict[str, Json] = {}
    _dotted("", values, flat)
    return flat


def _dotted(above: str, values: dict[str, Json], flat: dict[str, Json]) -> None:
    for key, item in values.items():
        name = above + spell(key)
        if isinstance(item, dict) and item:
            _dotted(f"{name}.", item, flat)
        else:
            flat[name] = item


def nested(flat: Mapping[str, Json]) -> dict[str, Json]:
    """Nest dotted names: the inverse of `dotted`.

    >>> nested({"model.width": 64, 'model."a.b"': [1, 2], "lr": 0.1})
    {'model': {'width': 64, 'a.b': [1, 2]}, 'lr': 0.1}
    """
    values: dict[str, Json] = {}
    for name, item in flat.items():
        parts = _parts(name)
        at: Json = values
        for part in parts[:-1]:
            at = at.setdefault(part, {}) if isinstance(at, dict) else None
        if isinstance(at, dict) and parts[-1] not in at:
            at[parts[-1]] = item
        else:  # no writer's: one name is a part of the other
            values[name] = item
    return values


def _parts(name: str) -> list[str]:
    """Part a dotted name at the dots that no quote is around."""
    parts, rest = [], name
    while rest:
        part, end = rest.partition(".")[0], 0
        if rest.startswith('"'):
            with suppress(ValueError):
                part, end = json.JSONDecoder().raw_decode(rest)
        rest = rest[end or len(part) :]
        parts.append(part)
        if (
            not (part or end)
            or len(parts) > _DEPTH_MAX
            or (rest and (not rest.startswith(".") or rest == "."))
        ):
            return [name]  # no name that `dotted` gave
        rest = rest[1:]
    return parts or [name]


def spell(key: str) -> str:
    """Spell a key as a part of a dotted name."""
    # A quote at the start would read as a quoted key, an empty key as none.
    plain = key and "." not in key and not key.startswith('"')
    return key if plain else json.dumps(key, ensure_ascii=False)


def tame(value: Any) -> Any:
    """Turn integers that no 64 bits hold into float64, however deep."""
    if type(value) is int:
        if -_INTEGER_MAX <= value < _INTEGER_MAX:
            return value
        return numbers.to_number(value)
    if isinstance(value, dict):
        return {key: tame(item) for key, item in value.items()}
    if isinstance(value, list):
        return [tame(item) for item in value]
    return value


def spelled(value: Any) -> Any:
    """Make a value safe for JSON: NaN and the infinities become the texts that say them."""
    if isinstance(value, float):
        return numbers.spell(value)
    if isinstance(value, dict):
        return {key: spelled(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [spelled(item) for item in value]
    return value
