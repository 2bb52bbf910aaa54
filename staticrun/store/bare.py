"""Lines of other tools: JSON objects without `type`, of which only the numbers are understood."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from staticrun.record import numbers

if TYPE_CHECKING:
    from staticrun.record.types import Json

STEP_FIELDS = (
    "step",
    "global_step",
    "current_step",
    "current_steps",
    "iteration",
    "iter",
    "it",
    "epoch",
)
TIME_FIELDS = ("time", "timestamp", "_timestamp")
# Unix seconds between 2001 and 5138; smaller numbers under these names are durations, larger
# ones milliseconds.
TIME_MIN, TIME_MAX = 1e9, 1e11


class Rules(msgspec.Struct, frozen=True):
    """Where the step and the time of a line stand, when the usual names do not hold.

    Attributes:
        step: Name of the field; nested fields are joined by `/`.
        time: Name of the field, in Unix seconds.
    """

    step: str | None = None
    time: str | None = None


class Reading(NamedTuple):
    """What one line says.

    Attributes:
        step: The first number among the fields of the step; None when there is none.
        time: Unix seconds; None when the line has no time.
        values: Name → number as JSON spells it; the step's field is among them.
        raw: Lists, texts, true and false, by name.
        twice: Names that came about twice, as in `{"a": {"b": 1}, "a/b": 2}`.
    """

    step: float | None
    time: float | None
    values: dict[str, float]
    raw: dict[str, Json]
    twice: list[str]


def read(line: dict[str, Json], rules: Rules) -> Reading:
    """Understand a line of another tool.

    Args:
        line: The decoded JSON object, no deeper than the codec allows.
        rules: Where step and time stand.
    """
    values: dict[str, float] = {}
    raw: dict[str, Json] = {}
    twice: list[str] = []
    _flatten("", line, values, raw, twice)
    step = next(
        (values[name] for name in _fields(rules.step, STEP_FIELDS) if name in values), None
    )
    time = None
    for name in _fields(rules.time, TIME_FIELDS):
        number = values.get(name)
        if number is not None and TIME_MIN <= number <= TIME_MAX:
            time = float(values.pop(name))
            break
    return Reading(step, time, values, raw, twice)


def _fields(own: str | None, usual: tuple[str, ...]) -> tuple[str, ...]:
    return usual if own is None else (own,)


def _flatten(
    above: str,
    line: dict[str, Json],
    values: dict[str, float],
    raw: dict[str, Json],
    twice: list[str],
) -> None:
    for key, item in line.items():
        name = f"{above}{key}"
        if isinstance(item, dict) and item:
            _flatten(f"{name}/", item, values, raw, twice)
            continue
        if name in values or name in raw:
            twice.append(name)
            values.pop(name, None)
            raw.pop(name, None)
        number = numbers.to_number(item)
        if number is None:
            raw[name] = item
        else:
            values[name] = item if type(item) is int else number
