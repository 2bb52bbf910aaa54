"""The record format as JSON Schema, made from the types that read and write it.

What is said of a type or a field stands in the docstring of its struct, once.
"""

from __future__ import annotations

import re
from inspect import cleandoc
from typing import Any

import msgspec

from staticrun.record.numbers import WORDS
from staticrun.record.types import FORMAT, TYPES, AnyRecord

_NUMBER = {
    "description": "A float64; null is NaN, and texts say what JSON has no number for.",
    "anyOf": [{"type": ["number", "null"]}, {"enum": list(WORDS)}],
}
_NUMBERS = {"$ref": "#/$defs/Number"}
_FIELD = re.compile(r"^ {4}(?P<name>\w+): (?P<text>.+(?:\n {8,}.+)*)", re.MULTILINE)


def json_schema() -> dict[str, Any]:
    """Make the JSON Schema of one line of a record file.

    Returns:
        A schema of draft 2020-12. Fields that are not in it are allowed: they are for the future.
    """
    _, structs = msgspec.json.schema_components([AnyRecord], schema_hook=_of_any)
    records = {kind.__name__ for kind in TYPES.values()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A record of a run, version {FORMAT} of the format",
        "description": (
            "One JSON object on one line of run.jsonl. Times are Unix seconds, UTC; paths are"
            " relative to the run's folder, with /."
        ),
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in structs if name in records],
        "$defs": {
            **{name: _described(schema) for name, schema in sorted(structs.items())},
            "Number": _NUMBER,
        },
    }


def _of_any(_: type) -> dict[str, Any]:
    return {"description": "Any JSON value."}


def documented(docstring: str) -> tuple[str, dict[str, str]]:
    """Take a struct's docstring apart, into what is said of it and of each attribute."""
    summary, _, attributes = cleandoc(docstring).partition("\n\nAttributes:\n")
    said = {match["name"]: _line(match["text"]) for match in _FIELD.finditer(attributes)}
    return _line(summary), said


def _described(struct: dict[str, Any]) -> dict[str, Any]:
    """Say of a struct and of its fields what its docstring says."""
    summary, said = documented(struct["description"])
    said.setdefault("type", "Which record it is.")
    properties = {
        name: _field(said.get(name, ""), schema) for name, schema in struct["properties"].items()
    }
    return {**struct, "description": summary, "properties": properties}


def _field(said: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Describe a field, and say what JSON may hold there, numbers in every spelling."""
    parts = schema.get("anyOf", [schema])
    unit: dict[str, Any] = next((part for part in parts if "examples" in part), {})
    found = {
        "description": f"{said} {unit['description']}." if unit else said,
        **{name: part for name, part in schema.items() if name != "description"},
    }
    kinds = [part.get("type") for part in parts]
    if len(kinds) > 1 and set(kinds) <= {"number", "integer", "null"}:
        wide = {"integer"} if "number" in kinds else set()  # every integer is a number
        found["type"] = [kind for kind in kinds if kind not in wide]
        del found["anyOf"]
    if unit:
        found["examples"] = unit["examples"]
    if found.get("items") == {"type": "number"}:
        found["items"] = _NUMBERS
    if {"type": "number"} in found.get("additionalProperties", {}).get("anyOf", []):
        found["additionalProperties"] = _NUMBERS
    return found


def _line(text: str) -> str:
    return " ".join(text.split())
