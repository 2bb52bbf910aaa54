"""The permanent id: sorts by time, never repeats."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staticrun.log.ids import ALPHABET, LENGTH, Ids, is_id, new_id, spell


def test_an_id_has_26_characters_of_the_alphabet():
    found = new_id()

    assert len(found) == LENGTH == 26
    assert set(found) <= set(ALPHABET)
    assert is_id(found)


@pytest.mark.parametrize(
    "text", ["", "0" * 25, "0" * 27, "8" + "0" * 25, "i" * 26, "0" * 25 + "A"]
)
def test_other_texts_are_no_ids(text):
    assert not is_id(text)


@given(st.integers(0, 2**128 - 1), st.integers(0, 2**128 - 1))
def test_ids_sort_as_their_numbers(a, b):
    assert (spell(a) < spell(b)) == (a < b)
    assert is_id(spell(a))


@given(
    st.lists(st.integers(0, 2**48 - 2), min_size=2, max_size=50),
    st.binary(min_size=10, max_size=10),
)
def test_ids_grow_whatever_the_clock_does(times, chance):
    clock = iter([time * 1_000_000 for time in times])
    ids = Ids(clock=lambda: next(clock), chance=lambda _: chance)

    found = [ids.new() for _ in times]

    assert found == sorted(set(found))


def test_ids_of_different_milliseconds_sort_by_time():
    clock = iter([1_795_000_000_000_000_000, 1_795_000_000_001_000_000])
    chance = iter([b"\xff" * 10, b"\0" * 10])
    ids = Ids(clock=lambda: next(clock), chance=lambda _: next(chance))

    assert ids.new() < ids.new()


def test_parent_and_forked_child_never_give_the_same_id():
    ids = Ids(clock=lambda: 1)
    ids.new()
    reading, writing = os.pipe()
    if not os.fork():
        os.write(writing, ids.new().encode())
        os._exit(0)
    os.wait()

    assert os.read(reading, LENGTH).decode() != ids.new()
    os.close(reading)
    os.close(writing)
