"""What a training hands over, as numbers and JSON: plain values, numpy's, tensors, settings.

Nothing is imported to know a type: a value is asked for what it can do (`item`, `tolist`,
`__float__`), so that every framework's scalars work and none is needed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import PurePath

import msgspec

# msgspec writes integers of 64 bits; a larger one is no float64 either, and is rounded to one.
_INTEGER_MAX = 1 << 63
_DEPTH_MAX = 40


def to_number(value: object) -> float | None:
    """Read a value as a number.

    Returns:
        An int or float, which may be NaN or infinite; true and false are 1 and 0. None for a
        text, None, an array of several elements and everything else that is no real number.
    """
    if isinstance(value, float):
        return float(value)
    if isinstance(value, int):
        return _bounded(int(value))
    if isinstance(value, str | bytes | bytearray):
        return None
    try:
        item = getattr(value, "item", None)
        found = item() if callable(item) else value
        if isinstance(found, int):
            return _bounded(int(found))
        # Asked of the type: a runtime check of SupportsFloat takes as long as all the rest.
        convert = getattr(type(found), "__float__", None)
        return None if convert is None else float(convert(found))
    except Exception:  # noqa: BLE001 - whatever a foreign type raises, it is no number
        return None


def _bounded(value: int) -> float:
    if -_INTEGER_MAX <= value < _INTEGER_MAX:
        return value
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def to_numbers(
    values: Mapping[str, object], refused: Callable[[str, object], None], prefix: str = ""
) -> dict[str, float]:
    """Read metrics as numbers; a nested mapping's names are joined by `/`.

    Args:
        values: Metric → anything.
        refused: Called with the name and the value of what is no number.
        prefix: Stands before every name.
    """
    found: dict[str, float] = {}
    for key, value in values.items():
        name = f"{prefix}{clean(key)}"
        number = to_number(value)
        if number is not None:
            found[name] = number
        elif isinstance(value, Mapping):
            found.update(to_numbers(value, refused, f"{name}/"))
        else:
            refused(name, value)
    return found


def to_json(value: object, within: tuple[int, ...] = ()) -> object:
    """Read any value as what JSON can hold.

    Mappings, dataclasses, enums, sets, arrays and tensors become their plain form; a path and
    everything else becomes its text. NaN stays a float, which the codec spells.
    """
    if value is None or isinstance(value, bool) or type(value) is float:
        return value
    if isinstance(value, Enum):
        return to_json(value.value, within)
    if isinstance(value, str | PurePath):
        return clean(value)
    if isinstance(value, int | float):
        return to_number(value)
    if id(value) in within or len(within) > _DEPTH_MAX:
        return "…"
    return _container(value, (*within, id(value)))


def _container(value: object, within: tuple[int, ...]) -> object:
    if isinstance(value, Mapping):
        return {clean(key): to_json(item, within) for key, item in value.items()}
    if isinstance(value, AbstractSet):
        return sorted((to_json(item, within) for item in value), key=str)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [to_json(item, within) for item in value]
    return _foreign(value, within)


def _foreign(value: object, within: tuple[int, ...]) -> object:
    settings = _attributes(value)
    if settings is not None:
        return {clean(key): to_json(item, within) for key, item in settings.items()}
    tolist = getattr(value, "tolist", None)
    if callable(tolist):
        try:
            return to_json(tolist(), within)
        except Exception:  # noqa: BLE001 - a foreign type's own trouble; its text remains
            return clean(value)
    number = to_number(value)
    return clean(value) if number is None else number


def _attributes(value: object) -> Mapping[str, object] | None:
    """Give the settings of an object that is made of named values, else None."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, msgspec.Struct):
        return {name: getattr(value, name) for name in value.__struct_fields__}
    dump = getattr(value, "model_dump", None)
    if callable(dump) and not isinstance(value, type):
        dumped = dump()
        return dumped if isinstance(dumped, Mapping) else None
    is_namespace = type(value).__name__ in ("Namespace", "SimpleNamespace")
    return vars(value) if is_namespace else None


def to_host(value: object) -> object:
    """Bring a tensor that is part of a graph, or on a device, into memory by one copy."""
    for step in ("detach", "cpu"):
        method = getattr(value, step, None)
        value = method() if callable(method) else value
    return value


def to_list(value: object) -> object:
    """Give an array, a tensor or a column of a data frame as lists; anything else as it is."""
    value = to_host(value)
    for name in ("tolist", "to_list", "to_pylist"):  # polars, Arrow
        method = getattr(value, name, None)
        if callable(method):
            return method()
    return value


def to_mapping(value: object) -> dict[str, object] | None:
    """Read settings as a JSON object: a mapping, a dataclass, a parsed command line.

    Returns:
        None when the value has no names.
    """
    found = to_json(value)
    return found if isinstance(found, dict) else None


def to_step(value: object) -> float | None:
    """Read a value as a step; None for None and for what is no finite number."""
    number = None if value is None else to_number(value)
    return number if number is not None and math.isfinite(number) else None


def clean(value: object) -> str:
    """Give the text of anything, such that UTF-8 can hold it."""
    try:
        text = value if type(value) is str else str(value)
    except Exception:  # noqa: BLE001 - a broken __str__ costs the value, not the training
        return f"<{type(value).__name__}>"
    if text.isascii():
        return text
    # A half character, as in a file name that is no UTF-8, is one that nobody can write.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def clean_or_none(value: object) -> str | None:
    """Give the text of anything but None."""
    return None if value is None else clean(value)


def show(value: object) -> str:
    """Say in a few words what a value is, for a message."""
    if value is None:
        return "None"
    text = clean(repr(value)) if isinstance(value, str | bytes) else f"a {type(value).__name__}"
    return text if len(text) <= 40 else f"{text[:37]}…"
