"""Patterns: what they find, that they end, and what they refuse."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staticrun.store.filter import FilterError, RunFields, parse

ATOMS = [
    r"a",
    r"b",
    r".",
    r"a*",
    r"(a|b)",
    r"[a-b]",
    r"[^a]",
    r"\d",
    r"\w+",
    r"\s",
    r"b{1,2}",
    r"a?",
    r"(?:ab)+",
    r"^",
    r"$",
    r"\.",
    r"(a|)",
    r"[\d_-]",
    r"(a*)*",
]


@given(
    st.text(alphabet="ab01_-() .", max_size=8),
    st.lists(
        st.sampled_from(ATOMS),
        max_size=5,
    ).map("".join),
)
def test_it_finds_what_python_finds(text, pattern):
    fields = RunFields(SimpleNamespace(tags={"a": text}), {})

    found = parse(f"tags.a ~ '{pattern}'")(fields)
    # `$` of Python also matches before a last newline; the alphabet has none.
    assert found == bool(re.search(pattern, text, re.ASCII))


@given(st.text(alphabet="abAB%_.\n", max_size=8), st.text(alphabet="ab%_.", max_size=6))
def test_like_is_the_whole_text(text, pattern):
    fields = RunFields(SimpleNamespace(tags={"a": text}), {})
    expected = "".join({"%": ".*", "_": "."}.get(char, re.escape(char)) for char in pattern)

    for word, flags in (("like", re.DOTALL), ("ilike", re.DOTALL | re.IGNORECASE)):
        found = parse(f"tags.a {word} '{pattern}'")(fields)
        assert found == bool(re.fullmatch(expected, text, flags))


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+$", "^(a|a)*$", "(a|aa)+$", "a*a*a*a*a*a*a*b", "(.*){99}b", "(a{1,9}){9}b"],
)
def test_patterns_that_never_end_elsewhere_end_here(pattern):
    fields = RunFields(SimpleNamespace(tags={"a": "a" * 9_999 + "!"}), {})

    assert parse(f"tags.a ~ '{pattern}'")(fields) is False


def test_ten_thousand_characters_are_looked_at():
    fields = RunFields(SimpleNamespace(tags={"a": "a" * 9_999 + "bc"}), {})

    assert parse("tags.a ~ 'b'")(fields)
    assert not parse("tags.a ~ 'c'")(fields)
    assert not parse("tags.a ~ 'b$'")(fields)


@pytest.mark.parametrize(
    ("pattern", "column", "what"),
    [
        ("a(?=b)", 11, "the pattern has the group `(?=`"),
        ("(?P<n>a)", 10, "the pattern has the group `(?P`"),
        ("a\\b", 11, "the pattern has the escape `\\b`"),
        ("(a)\\1", 13, "the pattern has the escape `\\1`"),
        ("a{2", 11, "the pattern has a `{` that begins no `{n}`, `{n,}` or `{n,m}`"),
        ("a{2,1}", 11, "the pattern has a repetition that is not between 0 and 500 times"),
        ("[b-a]", 12, "the pattern has a range whose ends are not in order"),
        ("[]", 10, "the pattern has an empty class"),
        ("*", 10, "the pattern has a `*` with nothing before it"),
        ("a++", 12, "the pattern has a repetition of a repetition"),
        ("a)", 11, "the pattern has a `)` without its `(`"),
        ("a\\", 11, "the pattern has the escape `\\`"),
    ],
)
def test_what_is_not_known_is_refused(pattern, column, what):
    with pytest.raises(FilterError) as caught:
        parse(f"tags.a ~'{pattern}'")

    assert (caught.value.column, caught.value.finding.what) == (column, what)
