"""The quick reader says what the strict one says, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staticrun.config.strict_yaml import parse
from staticrun.registry import canonical, manifests
from staticrun.registry.read import _Sheet
from staticrun.registry.write import spell
from tests.registry.made import stage, version

WHOLE = [
    spell(one)
    for one in (
        version(3),
        version(
            2,
            code=manifests.Code(commit="a" * 40, dirty=False, command=("python", "a.py")),
            data=(manifests.Data(name="train", role="train", digest="sha256:aa", rows=3),),
            metrics=(
                manifests.Value(name="auc", value=0.5, direction="max"),
                manifests.Value(name="loss", value=1e-7),
                manifests.Value(name="nan", value="NaN"),
            ),
            signature={"inputs": [{"name": "x", "shape": [-1, 3]}], "outputs": None},
        ),
        stage(3, previous=2, hold=True),
        stage(1, overrides=(manifests.Override(gate="auc", reason="now", by="Eve"),)),
        manifests.Withdrawn(model="churn", version=2, reason="leak"),
        manifests.Model(model="churn", tags={"team": "b"}, owners=("Ann",)),
        manifests.Registry(order=("a", "b")),
    )
]
# What means something to YAML, alone and beside others.
PARTS = [
    *('"', "'", "#", " #", ":", ": ", ", ", ",", "{", "}", "[", "]", "-", "- ", "\n", "\n\n"),
    *("  ", "    ", " ", "\t", "&a ", "*a", "!!str ", "|\n", ">", "?", "\\", "\\n", "---\n"),
    *("no", "true", "null", "~", "0x1", "1e400", "-0", "1_0", "12:30", "2026-01-01", "inf"),
    *("model: b\n", "  path: x\n", "  - 1\n", "    - {a: 1}\n", "a:\n", "{a: 1, a: 2}", "\ufeff"),
    *("é", "\r\n", "{}", "[]", "y: 1\n", "<<: {a: 1}\n", "a: b: c\n", "%YAML 1.2\n", "@", "`"),
]


def strict(data: bytes):
    findings = []
    node = parse(data, "", findings)
    value = _Sheet("", findings).plain(node) if node is not None else None
    return value, findings


def agrees(data: bytes) -> bool:
    """Say whether the quick reader knew, after it was compared with the strict one."""
    quick = canonical.plain(data)
    if quick is None:
        return False
    value, findings = strict(data)
    # `repr` tells 1, 1.0 and True apart.
    assert (repr(quick), []) == (repr(value), findings), data
    return True


@pytest.mark.parametrize("data", WHOLE)
def test_what_is_written_is_read_the_quick_way(data):
    assert agrees(data)


def mutated(draw) -> bytes:
    text = draw(st.sampled_from(WHOLE)).decode()
    for _ in range(draw(st.integers(1, 4))):
        begin = draw(st.integers(0, len(text)))
        end = begin + draw(st.integers(0, 4))
        text = text[:begin] + draw(st.sampled_from(["", *PARTS])) + text[end:]
    return text.encode()


@given(st.composite(mutated)())
@settings(max_examples=150)
def test_what_is_nearly_as_written_is_read_as_the_strict_way_reads_it(data):
    agrees(data)


@given(st.lists(st.sampled_from([*PARTS, "a", "b: ", "1", '"a"']), max_size=12).map("".join))
@settings(max_examples=150)
def test_whatever_stands_there_is_read_as_the_strict_way_reads_it(text):
    agrees(text.encode())
    agrees(f"{text}\n".encode())


@pytest.mark.slow
@given(st.composite(mutated)(), st.composite(mutated)())
@settings(max_examples=5_000)
def test_two_halves_are_read_as_the_strict_way_reads_them(one, other):
    agrees(one[: len(one) // 2] + other[len(other) // 2 :])
    agrees(one)


@pytest.mark.parametrize(
    "text",
    [
        "a: {b: 1\nc: 2}\n",
        "a: [1]\n  - 2\n",
        "a:\nb: 1\n",
        "a:\n",
        "a:\n  - 1\n  b: 2\n",
        "a: no\n",
        "a: 1\na: 2\n",
        "a:\n  b: 1\n  b: 2\n",
        "a: {b: [1], c: {d: 1, d: 2}}\n",
        "a: 01\n",
        "a: 1e999\n",
        "a: NaN\n",
        "a: [NaN]\n",
        "a: {b: -Infinity}\n",
        "- a\n",
        "a: {b: c}\n",
        'a: "\\u0041"\n',
        'a: "b" # c\n',
        "a: 1",
        f"a: {'[' * 60}{']' * 60}\n",
        "a: [1234567890123456789012]\n",
        f"a: {'x' * 1_000_001}\n",
    ],
)
def test_what_could_mean_another_thing_is_left_to_the_strict_way(text):
    assert canonical.plain(text.encode()) is None
