"""Nested values: merged key by key, shown dotted, and kept within 64 bits."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staticrun.record.nested import merge_params
from staticrun.store import params
from staticrun.store.params import dotted, spelled, tame
from tests.store.made import line, store, write

keys = st.text(max_size=4) | st.sampled_from(["a.b", '"', '"a"', ".", "a", "b", ""])
leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
nested = st.recursive(
    st.dictionaries(keys, leaves | st.lists(leaves, max_size=2), max_size=3),
    lambda inner: st.dictionaries(keys, inner | leaves, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("values", "flat"),
    [
        ({"lr": 0.1}, {"lr": 0.1}),
        ({"model": {"width": 64}}, {"model.width": 64}),
        ({"a.b": {"c": 1}}, {'"a.b".c': 1}),
        ({'"q"': 1, "": 2}, {'"\\"q\\""': 1, '""': 2}),
        ({"layers": [1, {"a": 2}], "empty": {}}, {"layers": [1, {"a": 2}], "empty": {}}),
        ({"none": None}, {"none": None}),
    ],
)
def test_names_are_dotted_and_keys_with_dots_quoted(values, flat):
    assert dotted(values) == flat


@given(nested)
def test_no_two_params_share_a_dotted_name(values):
    def count(value):
        return sum(map(count, value.values())) if isinstance(value, dict) and value else 1

    assert len(dotted(values)) == (count(values) if values else 0)


@given(nested)
def test_dotted_names_can_be_nested_again(values):
    flat = dotted(values)

    assert repr(dotted(params.nested(flat))) == repr(flat)


@pytest.mark.parametrize("name", ["a..b", "a.", '"a', '"a"b', ".".join("a" * 5000), ""])
def test_a_name_that_no_writer_dotted_is_kept_whole(name):
    assert params.nested({name: 1, "a": 2})[name] == 1


def test_of_two_names_that_cannot_both_be_nested_none_is_lost():
    assert params.nested({"a": 1, "a.b": 2}) == {"a": 1, "a.b": 2}


@given(nested, nested)
def test_merging_keeps_every_key_of_both(first, second):
    into = json.loads(json.dumps(first))
    merge_params(into, json.loads(json.dumps(second)))

    assert set(into) == set(first) | set(second)
    assert set(dotted(into)) >= set(dotted({k: v for k, v in second.items() if v != {}}))


def test_later_params_add_and_replace_key_by_key(tmp_path):
    write(
        tmp_path,
        "a/b",
        line("params", values={"m": {"w": 1, "d": 2}, "lr": 1, "gone": {"x": 1}}),
        line("params", values={"m": {"w": 3}, "lr": {"base": 2}, "gone": None}),
    )

    assert store(tmp_path).run("a/b").params == {"m.w": 3, "m.d": 2, "lr.base": 2, "gone": None}


@given(nested)
def test_what_is_kept_fits_64_bits_and_what_is_shown_is_json(values):
    text = json.dumps(spelled(tame(values)), allow_nan=False)

    assert json.loads(text) == spelled(tame(values))


def test_large_integers_and_words_for_numbers():
    assert tame({"a": [2**63, -(2**63), 10**400]}) == {"a": [2.0**63, -(2**63), math.inf]}
    assert spelled({"a": [math.inf, (math.nan,)], "b": -math.inf, "c": 1.5}) == {
        "a": ["Infinity", ["NaN"]],
        "b": "-Infinity",
        "c": 1.5,
    }
