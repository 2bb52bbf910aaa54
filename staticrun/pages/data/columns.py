"""Values of runs as columns: plain numbers, or words with a code for each run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from staticrun.files import natural_order
from staticrun.pages.data.types import Column, Number, Words
from staticrun.record import numbers
from staticrun.store.params import spelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def column(values: Sequence[Any]) -> Column:
    """Make a column: a list where every value is a number or missing, else words."""
    if all(value is None or type(value) in (int, float) for value in values):
        return [_number(value) for value in values]
    return words(values)


def words(values: Iterable[Any]) -> Words:
    """Make a column of any JSON values; None is missing. Equal texts and numbers have one code."""
    places: dict[str, int] = {}
    found: list[Any] = []
    codes = []
    for value in values:
        if value is None:
            codes.append(-1)
            continue
        # To the browser 1 and 1.0 are one number.
        whole = type(value) is float and value.is_integer()
        plain = int(value) if whole else spelled(value)
        name = plain if type(plain) is str else _spell(plain)
        place = places.setdefault(name, len(found))
        if place == len(found):
            found.append(plain)
        codes.append(place)
    order = sorted(range(len(found)), key=lambda place: _order(found[place]))
    rank = {place: number for number, place in enumerate(order)}
    rank[-1] = -1
    return Words([found[place] for place in order], [rank[code] for code in codes])


def numeric(values: Iterable[float | None]) -> list[Number]:
    """Make a column of numbers."""
    return [_number(value) for value in values]


def _number(value: float | None) -> Number:
    return None if value is None else numbers.spell(value)


def _spell(value: Any) -> str:
    # A control character: no text of JSON begins so, and `"1"` and 1 stay two.
    return "\x00" + msgspec.json.encode(value, order="deterministic").decode()


def _order(value: Any) -> tuple[int, float, Any, str]:
    if type(value) in (int, float):
        return (0, value, (), "")
    if type(value) is str:
        return (1, 0.0, natural_order(value), value)
    return (2, 0.0, (), _spell(value))
