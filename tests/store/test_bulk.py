"""Reading many lines at once gives what reading each by itself gives."""

from __future__ import annotations

import itertools

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staticrun.record import codec, types
from staticrun.store.bulk import Bulk
from staticrun.store.fold import Fold
from tests.store.made import (
    NUMBERS,
    any_line,
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


@st.composite
def regular_files(draw: st.DrawFn) -> bytes:
    """Make a long file in which a few kinds of line come again and again."""
    kinds = st.one_of(spelled_metrics(spelled_numbers).map(str.encode), any_line)
    period = draw(st.lists(kinds, min_size=1, max_size=4))
    odd = draw(st.lists(st.tuples(st.integers(0, 299), any_line), max_size=3))
    lines = list(itertools.islice(itertools.cycle(period), draw(st.integers(16, 300))))
    for at, each in odd:
        lines.insert(at, each)
    return b"".join(each + b"\n" for each in lines)


@settings(max_examples=50)
@given(regular_files(), st.lists(st.integers(0, 10**6), max_size=2))
def test_kinds_of_line_in_turn_read_at_once_are_as_read_one_by_one(data, at):
    assert folded(data, pieces=cut(data, at)) == folded(data)


@given(any_line)
def test_a_line_that_its_record_tells_whole_is_the_same_read_loosely(text):
    try:
        record = codec.decode_typed(text)
    except (msgspec.DecodeError, ValueError):
        return
    if codec.is_whole(record, text):
        typed, loose = Fold("x"), Fold("x")
        typed.typed(record)
        loose.line(text)

        assert repr((typed.state, typed.part())) == repr((loose.state, loose.part()))


def train(step: int) -> str:
    return metrics(step=step, time=1.5e9 + step, loss=step / 3, acc=1)


USUAL = {
    "one shape": train,
    "a shape now and then": lambda i: train(i) if i % 10 else metrics(step=i, val=0.5),
    "train and val in turn": lambda i: metrics(step=i // 2, **{f"{'tv'[i % 2]}/loss": i / 7}),
    "each of many metrics alone": lambda i: metrics(step=i // 40, **{f"layer{i % 40}": i / 7}),
    "NaN as a text": lambda i: metrics(step=i, loss="NaN" if i % 3 else 0.5),
    "NaN as null": lambda _: '{"type":"metrics","values":{"loss":null,"acc":1}}',
    "integers": lambda i: metrics(step=i, seen=i * 32),
    "no step": lambda i: metrics(loss=i / 3),
    "a step left out": lambda i: metrics(step=i if i % 10 else None, loss=i / 3),
    "a time left out": lambda i: metrics(step=i, time=i or None, loss=i / 3),
    "values left out": lambda i: metrics(step=i, loss=1) if i % 3 else metrics(step=i),
    "floats beyond 2^53": lambda i: metrics(step=i, loss=1e30 * (i + 1)),
}


@pytest.mark.parametrize("make", USUAL.values(), ids=USUAL)
def test_usual_metrics_are_not_read_one_by_one(make):
    fold = Counting()
    feed(fold, [line("start", format=1, id="a" * 26), *map(make, range(499))])

    assert (fold.state.lines, fold.loosely, fold.alone) == (500, 1, 0)


OTHERS = {
    "log": line("log", text='it says "fine"', time=1.5e9),
    "system": line("system", values={"cpu.percent": 3, "gpu.0.power": "NaN"}, time=1.5e9),
    "beat": line("beat", time=1.5e9),
    "histogram": line("histogram", name="w", edges=[0, 1, 2], counts=[3, 4], step=2),
    "artifact": line("artifact", path="artifacts/a.png", bytes=3, kind="image"),
    "note": line("note", text="**good**"),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_only_the_other_records_among_metrics_are_taken_in_one_by_one(other):
    fold = Counting()
    feed(fold, [other if i % 10 == 9 else train(i) for i in range(500)])

    assert (fold.state.lines, fold.loosely, fold.alone) == (500, 0, 50)


def test_params_among_metrics_are_read_loosely_and_the_metrics_at_once():
    fold = Counting()
    feed(fold, [line("params", values={"i": i}) if i % 10 == 9 else train(i) for i in range(500)])

    assert (fold.state.params, fold.loosely, fold.alone) == ({"i": 499}, 50, 0)


def test_one_bad_line_sends_few_others_along_one_by_one():
    fold = Counting()
    feed(fold, [*map(train, range(250)), "oops", *map(train, range(250))])

    assert (fold.state.bad_lines, fold.state.points) == (1, 1000)
    assert fold.loosely == 1
    assert fold.alone < 32


def test_a_line_that_is_too_long_is_told_and_the_rest_is_read():
    long = b'{"type":"note","text":"' + b"x" * codec.LINE_BYTES_MAX + b'"}\n'
    good = metrics(step=1, loss=1.5).encode() + b"\n"
    fold = Fold("x")
    Bulk(fold).feed(good + long + good)

    assert fold.state.points == 2
    assert [(p.line, p.what) for p in fold.state.problems] == [
        (2, "the line has 67,108,889 bytes, more than 67,108,864")
    ]


def feed(fold: Fold, lines: list[str]) -> None:
    Bulk(fold).feed("".join(f"{each}\n" for each in lines).encode())


class Counting(Fold):
    """A fold that counts the lines that come one by one, read loosely or typed."""

    def __init__(self) -> None:
        super().__init__("x")
        self.loosely = self.alone = 0

    def line(self, line: bytes) -> None:
        self.loosely += 1
        super().line(line)

    def typed(self, record: types.Record) -> None:
        self.alone += 1
        super().typed(record)
