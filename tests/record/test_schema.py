"""The published schema of a record says what the types say, and leaves nothing undescribed."""

from __future__ import annotations

import msgspec
import pytest

from staticrun.record.schema import json_schema
from staticrun.record.types import TYPES, Failure, Git

SCHEMA = json_schema()
STRUCTS = {kind.__name__: kind for kind in [*TYPES.values(), Git, Failure]}


def test_every_type_of_record_is_one_of_those_a_line_may_be():
    assert [each["$ref"] for each in SCHEMA["oneOf"]] == [
        f"#/$defs/{kind.__name__}" for kind in TYPES.values()
    ]
    assert set(SCHEMA["$defs"]) == {*STRUCTS, "Number"}


@pytest.mark.parametrize("name", STRUCTS)
def test_every_field_is_there_and_described(name):
    found = SCHEMA["$defs"][name]
    fields = {field.encode_name for field in msgspec.structs.fields(STRUCTS[name])}

    assert set(found["properties"]) - fields <= {"type"}
    assert fields <= set(found["properties"])
    assert found["description"].endswith(".")
    for field in found["properties"].values():
        assert field["description"].rstrip("`)….").strip()
        assert field["description"][-1] in ".…"
        assert "\n" not in field["description"]


def test_the_type_is_required_and_is_the_tag():
    for tag, kind in TYPES.items():
        found = SCHEMA["$defs"][kind.__name__]
        assert found["properties"]["type"]["enum"] == [tag]
        assert found["required"][0] == "type"


def test_numbers_are_allowed_in_every_spelling():
    values = SCHEMA["$defs"]["Metrics"]["properties"]["values"]

    assert values == {
        "description": "Metric → number.",
        "type": "object",
        "additionalProperties": {"$ref": "#/$defs/Number"},
    }
    assert SCHEMA["$defs"]["Number"]["anyOf"] == [
        {"type": ["number", "null"]},
        {"enum": ["NaN", "nan", "Infinity", "inf", "-Infinity", "-inf"]},
    ]


@pytest.mark.parametrize(
    ("name", "field", "kinds"),
    [
        ("Dataset", "rows", ["integer", "null"]),
        ("Metrics", "step", ["number", "null"]),
        ("Histogram", "step", ["number", "null"]),
        ("Start", "segment", "integer"),
        ("Params", "values", "object"),
    ],
)
def test_the_kinds_of_a_field_are_those_of_its_type(name, field, kinds):
    assert SCHEMA["$defs"][name]["properties"][field]["type"] == kinds


def test_every_reference_leads_somewhere():
    def references(value):
        if isinstance(value, dict):
            own = [value["$ref"]] if "$ref" in value else []
            return own + [ref for each in value.values() for ref in references(each)]
        return (
            [ref for each in value for ref in references(each)] if isinstance(value, list) else []
        )

    assert {ref.removeprefix("#/$defs/") for ref in references(SCHEMA)} <= set(SCHEMA["$defs"])


def test_a_time_says_its_unit():
    assert SCHEMA["$defs"]["Beat"]["properties"]["time"] == {
        "description": "When it was written. Unix seconds, UTC.",
        "type": "number",
        "examples": [1795424400.25],
    }
