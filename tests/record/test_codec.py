"""A record is spelled and read back as it was; any line at all is read without an exception."""

from __future__ import annotations

import json
import math
from typing import Literal, get_args, get_origin

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from staticrun.record import codec, numbers, types
from staticrun.record.codec import Bare, Decoded, decode_bare, decode_loose, decode_typed, encode

finite = st.floats(allow_nan=False, allow_infinity=False)
integers = st.integers(-(2**63), 2**63 - 1)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
json_values = st.recursive(
    st.none() | st.booleans() | integers | finite | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
objects = st.dictionaries(texts, json_values, max_size=3)


def of_field(kind: object) -> st.SearchStrategy:
    """Give values for a field by its type."""
    if kind is types.Json:
        return json_values
    if get_origin(kind) is Literal:
        return st.sampled_from(get_args(kind))
    if get_origin(kind) is dict:
        _, value = get_args(kind)
        return st.dictionaries(texts, of_field(value), max_size=4)
    if get_origin(kind) is list:
        return st.lists(of_field(get_args(kind)[0]), max_size=4)
    if hasattr(kind, "__metadata__"):
        return of_field(get_args(kind)[0])
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return of_struct(kind)
    plain = {float: st.floats(), int: integers, str: texts, bool: st.booleans()}
    plain |= {type(None): st.none(), msgspec.UnsetType: st.just(msgspec.UNSET)}
    if kind in plain:
        return plain[kind]
    return st.one_of(*map(of_field, get_args(kind)))


def of_struct(kind: type) -> st.SearchStrategy:
    fields = {field.name: field for field in msgspec.structs.fields(kind)}
    given_fields = {name: of_field(field.type) for name, field in fields.items() if field.required}
    optional = {name: of_field(f.type) for name, f in fields.items() if not f.required}
    return st.fixed_dictionaries(given_fields, optional=optional).map(lambda made: kind(**made))


NUMBERS = st.floats() | integers
SPECIAL = {
    # A number may be a word of its own accord; a text that is none is no number.
    types.Metrics: st.builds(
        types.Metrics,
        values=st.dictionaries(texts, NUMBERS, max_size=4),
        step=st.just(msgspec.UNSET) | st.none() | integers | finite,
        time=st.just(msgspec.UNSET) | st.none() | integers | finite,
    ),
    types.System: st.builds(
        types.System,
        values=st.dictionaries(texts, NUMBERS, max_size=4),
        time=st.just(msgspec.UNSET) | st.none() | integers | finite,
    ),
}
records = st.one_of(
    *(SPECIAL[kind] if kind in SPECIAL else of_struct(kind) for kind in types.TYPES.values())
)


def plain(record: object) -> str:
    """Say all that a record holds; NaN equals NaN here, and a number the word for it."""

    def same(value: object) -> object:
        if isinstance(value, dict):
            return {key: same(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [same(item) for item in value]
        if isinstance(value, str) and value in numbers.WORDS:
            return numbers.to_number(value)
        return value

    return repr((type(record).__name__, same(msgspec.to_builtins(record))))


@given(records)
def test_every_record_is_read_back_as_it_was_spelled(record):
    line = encode(record)

    assert b"\n" not in line
    assert decode_loose(line).problems == ()
    assert plain(decode_loose(line).record) == plain(record)
    assert json.loads(line, parse_constant=pytest.fail)["type"] == record.__struct_config__.tag


@given(records)
def test_typed_reading_gives_the_same_where_it_reads(record):
    line = encode(record)
    try:
        typed = decode_typed(line)
    except msgspec.DecodeError:
        return

    assert plain(typed) == plain(decode_loose(line).record)


@given(
    st.binary(max_size=40)
    | texts.map(str.encode)
    | json_values.map(lambda v: json.dumps(v).encode())
)
def test_any_line_is_read_without_an_exception(line):
    for decoded in (decode_loose(line), decode_bare(line)):
        assert isinstance(decoded, Decoded)
        assert (decoded.record is None) <= bool(decoded.problems or decoded.unknown)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"oops", "not JSON at column 1 (expecting value)"),
        (b'{"a": 1} {"b": 2}', "not JSON at column 10 (extra data)"),
        (b"", "not JSON at column 1 (expecting value)"),
        (b"\xff", "not UTF-8 at byte 1"),
        (b'{"a": "\xc3"}', "not UTF-8 at byte 8"),
        (
            b"\xef\xbb\xbf{}",
            "not JSON at column 1 (unexpected utf-8 bom (decode using utf-8-sig))",
        ),
        (b"[1]", "an array, not a JSON object"),
        (b"null", "null, not a JSON object"),
        (b"1", "a number, not a JSON object"),
        (b'"a"', "a text, not a JSON object"),
        (b"true", "true or false, not a JSON object"),
        (b'{"a": ' + b"[" * 64 + b"]" * 64 + b"}", "nested deeper than 64 levels"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested deeper than 64 levels"),
        (b'{"type": "metrics"}', "metrics without values"),
        (b'{"type": "end", "status": "fine"}', "end without status"),
    ],
)
def test_what_cannot_be_read_is_said(line, problem):
    decoded = decode_loose(line)

    assert decoded.record is None
    assert decoded.problems[-1] == problem


def test_a_line_that_is_too_long_is_refused_unread():
    assert decode_loose(b" " * (codec.LINE_BYTES_MAX + 1)).problems == (
        "the line has 67,108,865 bytes, more than 67,108,864",
    )


def test_values_as_deep_as_allowed_are_read():
    line = b'{"a": ' + b"[" * 63 + b"]" * 63 + b"}"

    assert isinstance(decode_loose(line).record, Bare)


@pytest.mark.parametrize(
    ("line", "problems", "unknown", "kept"),
    [
        (
            '{"type":"metrics","values":{"a":1,"b":true,"c":"x","d":[1]},"step":"x"}',
            (
                "metrics.values.b is true, which is no number",
                'metrics.values.c is "x", which is no number',
                "metrics.values.d is [1], which is no number",
                'metrics.step is "x" (expected `int | float | null`, got `str`)',
            ),
            (),
            types.Metrics(values={"a": 1}),
        ),
        (
            '{"type":"metrics","values":{"a":1,"a":2},"colour":"red","colour":3}',
            ('key "a" stands twice, the last holds', 'key "colour" stands twice, the last holds'),
            ("metrics.colour",),
            types.Metrics(values={"a": 2}),
        ),
        ('{"type":"span","x":1}', (), ('type "span"',), None),
        ('{"type":3}', (), ("type 3",), None),
        (
            '{"type":"artifact","path":7,"bytes":1e30,"kind":"image"}',
            (
                "artifact.path is 7 (expected `str | null`, got `int`)",
                "artifact.bytes is 1e+30 (expected `int | null`, got `float`)",
            ),
            (),
            types.Artifact(kind="image"),
        ),
        (
            '{"type":"start","segment":123456789012345678901234567890}',
            ("start.segment is 1.2345678901234568e+29 (expected `int`, got `float`)",),
            (),
            types.Start(),
        ),
    ],
)
def test_of_a_line_with_faults_the_rest_counts(line, problems, unknown, kept):
    assert decode_loose(line.encode()) == Decoded(kept, problems, unknown)


def test_half_characters_become_the_mark_for_what_cannot_be_shown():
    decoded = decode_loose(rb'{"type":"note","text":"a\ud800b\ud83d\ude00"}')

    assert decoded.record.text == "a\N{REPLACEMENT CHARACTER}b😀"


def test_a_foreign_line_is_bare_whatever_its_type_says():
    assert decode_bare(b'{"type":"metrics","x":1}').record == Bare({"type": "metrics", "x": 1})
    assert decode_loose(b'{"x":1}').record == Bare({"x": 1})


def test_numbers_that_json_has_no_word_for_are_spelled_as_texts():
    record = types.Histogram(name="w", edges=[-math.inf, 0.0, math.inf], counts=[1.0, math.nan])
    line = encode(record)

    assert b'"edges":["-Infinity",0.0,"Infinity"]' in line
    assert b'"counts":[1.0,"NaN"]' in line
    assert plain(decode_loose(line).record) == plain(record)
