"""Reading many lines at once gives what reading each by itself gives."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staticrun.record import codec
from staticrun.store.bulk import Bulk
from staticrun.store.fold import Fold
from tests.store.made import (
    NUMBERS,
    folded,
    line,
    metrics,
    plain_metrics,
    record_files,
    some_lines,
    spelled_metrics,
    spelled_numbers,
)


def cut(data: bytes, at: list[int]) -> list[bytes]:
    """Cut into whole lines near the given places."""
    bounds = sorted({0, len(data), *(data.find(b"\n", i % (len(data) + 1)) + 1 for i in at)})
    return [data[a:b] for a, b in itertools.pairwise(bounds)]


@settings(max_examples=50)
@given(record_files, st.lists(st.integers(0, 10**6), max_size=3))
def test_any_lines_read_at_once_are_as_read_one_by_one(data, at):
    assert folded(data, pieces=cut(data, at)) == folded(data)


@given(
    st.lists(
        st.tuples(spelled_metrics(spelled_numbers), st.integers(1, 90)), min_size=1, max_size=6
    )
)
def test_metrics_of_any_spelling_read_at_once_are_as_read_one_by_one(made):
    data = b"".join((text.encode() + b"\n") * count for text, count in made)

    assert folded(data, pieces=[data]) == folded(data)


@settings(max_examples=50)
@given(st.lists(plain_metrics, min_size=16, max_size=200), st.lists(some_lines, max_size=2))
def test_one_shape_amid_others_read_at_once_is_as_read_one_by_one(lines, others):
    data = "".join(f"{each}\n" for each in lines).encode()
    middle = data.index(b"\n", len(data) // 2) + 1
    data = data[:middle] + b"".join(others) + data[middle:] + b"".join(others)

    assert folded(data, pieces=[data]) == folded(data)


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("field", ["value", "step", "time"])
def test_every_number_amid_many_lines_is_as_read_alone(number, field):
    step, time, value = "7", "1.5e9", "0.5"
    if field == "value":
        value = number
    elif field == "step":
        step = number
    else:
        time = number
    odd = f'{{"type":"metrics","step":{step},"time":{time},"values":{{"loss":{value},"acc":1}}}}'
    even = '{"type":"metrics","step":1,"time":1.4e9,"values":{"loss":2,"acc":0.25}}'
    data = "\n".join([*[even] * 70, odd, *[even] * 70, ""]).encode()

    assert folded(data, pieces=[data]) == folded(data)


@pytest.mark.parametrize(
    "odd",
    [
        '{"type":"metrics","step":1,"values":{"loss":1,"loss":2,"acc":1}}',
        '{"type":"metrics","step":1,"values":{"loss":1,"acc":2},"colour":"red"}',
        '{"type":"metrics","step":1,"step":2,"values":{"loss":1,"acc":2}}',
        '{"type":"metrics" ,"values" : {"loss":1,"acc":2},"step":1}',
        '{"type":"metrics","step":1,"values":{"acc":1,"loss":2}}',
        '{"type":"metrics","values":{"acc":1,"loss":2}}',
        '{"type":"metrics","step":1,"values":{"\\u006coss":1,"acc":2}}',
        '{"type":"metrics","step":1,"values":{"lo\\"ss":1,"acc":2}}',
        '{"type":"metrics","step":1,"values":{}}',
        '{"type":"metrics","step":1,"values":{"loss":1,"acc":2}}  \r',
        ' {"type":"metrics","step":1,"values":{"loss":1,"acc":2}}',
        '{"type":"metrics","step":1,"values":{"loss":1,"acc":2}}{"type":"beat","time":1}',
        '{"type":"metrics","step":1,\n"values":{"loss":1,"acc":2}}',
        '{"type":"metrics","step":1,"values":{"loss":1,"acc":2}}\n\n',
    ],
)
def test_one_odd_line_amid_many_is_reported_as_alone(odd):
    even = metrics(step=1, loss=1.5, acc=2)
    data = "\n".join([*[even] * 70, odd, *[even] * 70, ""]).encode()

    assert folded(data, pieces=[data]) == folded(data)


def test_lines_of_one_shape_are_not_read_one_by_one():
    lines = [
        line("start", format=1, id="a" * 26),
        *(metrics(step=i, loss=i / 3) for i in range(500)),
    ]
    data = "".join(f"{each}\n" for each in lines).encode()
    fold = Counting()
    Bulk(fold).feed(data)

    assert (fold.state.lines, fold.state.points, fold.alone) == (501, 500, 1)


def test_a_line_that_is_too_long_is_told_and_the_rest_is_read():
    long = b'{"type":"note","text":"' + b"x" * codec.LINE_BYTES_MAX + b'"}\n'
    good = metrics(step=1, loss=1.5).encode() + b"\n"
    fold = Fold("x")
    Bulk(fold).feed(good + long + good)

    assert fold.state.points == 2
    assert [(p.line, p.what) for p in fold.state.problems] == [
        (2, "the line has 67,108,889 bytes, more than 67,108,864")
    ]


class Counting(Fold):
    """A fold that counts the lines that come one by one."""

    def __init__(self) -> None:
        super().__init__("x")
        self.alone = 0

    def line(self, line: bytes) -> None:
        self.alone += 1
        super().line(line)
