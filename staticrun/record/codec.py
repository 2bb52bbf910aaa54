"""A record as a line of bytes, and back.

Writing is strict: one line of UTF-8 JSON without a newline in it. Reading has two ways.
`decode_typed` is the fast one, msgspec straight into the structs. What it refuses, `decode_loose`
reads piece by piece, keeps what is good and says what is not; it never raises. For a line that
both read, both give the same record.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from functools import cache
from typing import Any, NamedTuple, cast

import msgspec

from staticrun.record import numbers
from staticrun.record.types import (
    TYPES,
    Alert,
    AnyRecord,
    Artifact,
    Beat,
    Histogram,
    Json,
    Log,
    Metrics,
    Note,
    Record,
    System,
)

# A line beyond this is no record but an accident; it is reported and skipped.
LINE_BYTES_MAX = 64 << 20
# Deeper values are refused: what can be read must not depend on the stack that is left.
DEPTH_MAX = 64
_INT64 = -(1 << 63)
# Types without fields of any JSON.
_FLAT = frozenset({Metrics, System, Histogram, Artifact, Note, Log, Alert, Beat})
_TOO_DEEP = f"nested deeper than {DEPTH_MAX} levels"


def _plain(value: object) -> object:
    tolist = getattr(value, "tolist", None)
    return tolist() if callable(tolist) else str(value)


_ENCODER = msgspec.json.Encoder(enc_hook=_plain)
_TYPED: msgspec.json.Decoder[AnyRecord] = msgspec.json.Decoder(AnyRecord)
decode_typed = _TYPED.decode
decode_typed_lines = _TYPED.decode_lines


class Bare(NamedTuple):
    """A JSON object without `type`: a line of another tool's log, not yet interpreted."""

    values: dict[str, Json]


class Decoded(NamedTuple):
    """What one line held.

    Attributes:
        record: The record, a bare one, or None when nothing could be read.
        problems: What was wrong, one clause each: `metrics.values.loss is true, which is no
            number`. The rest of the record counts.
        unknown: Unknown types and fields, by name: `type 'span'`, `metrics.colour`.
    """

    record: Record | Bare | None
    problems: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def encode(record: Record) -> bytes:
    """Spell a record as one line, without the newline.

    Non-finite numbers become the strings that say them. A value that JSON cannot hold is asked
    for its `tolist()` (numpy, torch), else becomes its `str()`.
    """
    line = _ENCODER.encode(record)
    if b"null" in line:  # msgspec spells NaN so; a true null takes the same way and stays one
        line = _ENCODER.encode(_spelled(msgspec.to_builtins(record, enc_hook=_plain)))
    return line


def decode_loose(line: bytes) -> Decoded:
    """Read any line, whatever it holds.

    Args:
        line: The bytes between two newlines.

    Returns:
        The record with every field that could be read. Never raises.
    """
    decoded = decode_bare(line)
    value = decoded.record.values if isinstance(decoded.record, Bare) else {}
    if "type" not in value:
        return decoded
    problems = list(decoded.problems)
    tag = value["type"]
    kind = TYPES.get(tag) if isinstance(tag, str) else None
    if kind is None:
        return Decoded(None, tuple(problems), (f"type {_short(tag)}",))
    return _build(str(tag), kind, value, problems)


def is_whole(record: Record, line: bytes) -> bool:
    """Say whether `decode_typed` gave all that `decode_loose` would; false when in doubt.

    What msgspec drops without a word (unknown fields, the first of two equal keys) has quotes.
    """
    kind, given = type(record), cast("Any", record)
    if kind not in _FLAT or b"\\u0022" in line:
        return False
    if kind is Metrics or kind is System:
        texts = [value for value in given.values.values() if type(value) is str]
        if any(numbers.to_number(text) is None for text in texts):
            return False
    elif kind is Artifact and not _INT64 <= (given.bytes or 0) < -_INT64:
        return False
    return encode(record).count(b'"') == line.count(b'"')


def decode_bare(line: bytes) -> Decoded:
    """Read a line of another tool: any JSON object, whatever its `type` says.

    Args:
        line: The bytes between two newlines.

    Returns:
        A bare record. Never raises.
    """
    value, problems = _parse(line)
    if problems and value is None:
        return Decoded(None, tuple(problems))
    if not isinstance(value, dict):
        return Decoded(None, (*problems, f"{_name_of(value)}, not a JSON object"))
    return Decoded(Bare(value), tuple(problems))


def too_long(size: int) -> str:
    """Say that a line has more bytes than a record may have."""
    return f"the line has {size:,} bytes, more than {LINE_BYTES_MAX:,}"


def _parse(line: bytes) -> tuple[Json, list[str]]:
    problems: list[str] = []

    def pairs(items: list[tuple[str, Json]]) -> dict[str, Json]:
        found = dict(items)
        if len(found) < len(items):
            counts = Counter(key for key, _ in items)
            twice = sorted(key for key, count in counts.items() if count > 1)
            problems.extend(f"key {_short(key)} stands twice, the last holds" for key in twice)
        return found

    if len(line) > LINE_BYTES_MAX:
        return None, [too_long(len(line))]
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        return None, [f"not UTF-8 at byte {error.start + 1}"]
    try:
        # parse_int: Python refuses integers of more than 4,300 digits; as floats they are inf.
        value = json.loads(text, object_pairs_hook=pairs, parse_int=_parse_int)
    except json.JSONDecodeError as error:
        return None, [f"not JSON at column {error.colno} ({error.msg.lower()})"]
    except RecursionError:
        return None, [_TOO_DEEP]
    if text.count("[") + text.count("{") > DEPTH_MAX and _is_deeper(value, DEPTH_MAX):
        return None, [_TOO_DEEP]
    if "\\ud" in text or "\\uD" in text:
        value = _without_surrogates(value)
    return value, problems


def _is_deeper(value: Json, depth: int) -> bool:
    """Say whether more than so many objects and arrays stand within each other."""
    level = [value]
    for _ in range(depth):
        level = [
            inner
            for item in level
            if isinstance(item, dict | list)
            for inner in (item.values() if isinstance(item, dict) else item)
            if isinstance(inner, dict | list)
        ]
    return bool(level)


def _parse_int(digits: str) -> int | float:
    return int(digits) if len(digits) < 400 else float(digits)


def _without_surrogates(value: Json) -> Json:
    """Replace half characters, which JSON can spell and UTF-8 cannot hold."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {str(_without_surrogates(k)): _without_surrogates(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_without_surrogates(item) for item in value]
    return value


def _build(tag: str, kind: type[Record], value: dict[str, Json], problems: list[str]) -> Decoded:
    known = _known(kind)
    fields: dict[str, object] = {}
    unknown: list[str] = []
    for name, item in value.items():
        if name == "type":
            continue
        if name not in known:
            unknown.append(f"{tag}.{name}")
        elif kind in (Metrics, System) and name == "values":
            fields["values"] = _numbers(tag, item, problems)
        else:
            _convert(f"{tag}.{name}", known[name], item, fields, problems)
    missing = [f.encode_name for f in known.values() if f.required and f.name not in fields]
    if missing:
        problems.append(f"{tag} without {' and '.join(missing)}")
        return Decoded(None, tuple(problems), tuple(unknown))
    return Decoded(kind(**fields), tuple(problems), tuple(unknown))


@cache
def _known(kind: type[Record]) -> dict[str, msgspec.structs.FieldInfo]:
    return {field.encode_name: field for field in msgspec.structs.fields(kind)}


def _convert(
    where: str,
    field: msgspec.structs.FieldInfo,
    item: Json,
    fields: dict[str, object],
    problems: list[str],
) -> None:
    if type(item) is int and not _INT64 <= item < -_INT64:
        item = numbers.to_number(item)  # a number that no integer's 64 bits hold is a float64
    try:
        fields[field.name] = msgspec.convert(item, field.type)
    except msgspec.ValidationError as error:
        problem = f"{where} is {_short(item)} ({str(error).lower()})"
    else:
        return
    # A number may still be spelled as one of the field's words for NaN and infinity.
    spelled = _numbers_of_words(item)
    if spelled is not None:
        try:
            fields[field.name] = msgspec.convert(spelled, field.type)
        except msgspec.ValidationError:
            pass
        else:
            return
    problems.append(problem)


def _numbers_of_words(item: Json) -> float | list[float] | None:
    """Read a word as the number that it says, or a list of numbers with words among them."""
    if isinstance(item, str):
        return numbers.to_number(item)
    if not isinstance(item, list):
        return None
    found = [number for number in map(numbers.to_number, item) if number is not None]
    return found if len(found) == len(item) else None


def _numbers(tag: str, item: Json, problems: list[str]) -> dict[str, float | int]:
    if not isinstance(item, dict):
        problems.append(f"{tag}.values is {_short(item)}, not an object of numbers")
        return {}
    found: dict[str, float | int] = {}
    for name, value in item.items():
        number = numbers.to_number(value)
        if number is None:
            problems.append(f"{tag}.values.{name} is {_short(value)}, which is no number")
        else:
            # An integer stays one, so that the reader can say when it is beyond 2^53.
            found[name] = value if type(value) is int and math.isfinite(number) else number
    return found


def _spelled(value: object) -> object:
    """Replace every non-finite float, however deep, by the string that says it."""
    if isinstance(value, float):
        return numbers.spell(value)
    if isinstance(value, dict):
        return {key: _spelled(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_spelled(item) for item in value]
    return value


def _name_of(value: Json) -> str:
    names = {list: "an array", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def _short(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 40 else f"{text[:37]}…"
