"""What identifies data: a digest of its content, its rows and its types."""

from __future__ import annotations

import hashlib
import itertools
import tracemalloc
from array import array

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from staticrun.files import tree_digest
from staticrun.log import datasets, frames
from staticrun.log.artifact import ArtifactError
from staticrun.log.datasets import blocks, describe


def digest(data):
    return describe(data).digest


def test_a_file_has_its_sha256_and_a_folder_its_tree_digest(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_bytes(b"1")
    file = hashlib.sha256(b"1").hexdigest()

    assert digest(tmp_path / "data" / "a.csv") == file
    assert digest(str(tmp_path / "data")) == tree_digest({"a.csv": file})


def test_a_digest_bytes_and_nothing_are_what_they_are():
    known = "0" * 64

    assert digest(known) == known
    assert digest(b"abc") == hashlib.sha256(b"abc").hexdigest()
    assert describe(None) == (None, None, None, None)


def test_the_digest_of_an_array_is_that_of_its_letter_shape_and_bytes():
    array = np.arange(12.0).reshape(4, 3)

    assert digest(array) == hashlib.sha256(b"d (4, 3)\n" + array.tobytes()).hexdigest()
    assert describe(array)[1:] == (4, "float64[3]", None)
    assert describe(np.float32(1)).rows is None


any_array = npst.arrays(
    st.one_of(
        npst.floating_dtypes(sizes=(32, 64)),
        npst.integer_dtypes(),
        npst.boolean_dtypes(),
        npst.datetime64_dtypes(max_period="s", min_period="us"),
        npst.unicode_string_dtypes(min_len=1, max_len=4),
    ),
    npst.array_shapes(max_dims=3, max_side=6),
)


@given(any_array)
def test_an_array_has_one_digest_wherever_its_numbers_lie_in_memory(array):
    spread = np.zeros((*array.shape[:-1], 2 * array.shape[-1]), array.dtype)[..., ::2]
    spread[...] = array
    expected = describe(array)

    assert describe(array.copy(order="F")) == expected
    assert describe(spread) == expected
    assert describe(array[::-1][::-1]) == expected
    assert digest(array.astype(array.dtype.newbyteorder("S"))) == expected.digest


@given(any_array)
def test_an_array_has_one_digest_however_much_is_read_at_once(array):
    expected = digest(array)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(datasets, "_CHUNK_BYTES", 1)
        assert digest(array) == expected


@pytest.mark.parametrize(
    "other",
    [
        np.arange(12.0).reshape(3, 4),
        np.arange(12).reshape(4, 3),
        np.arange(12.0, dtype=np.float32).reshape(4, 3),
        np.arange(1.0, 13.0).reshape(4, 3),
        np.arange(12.0).reshape(4, 3).astype("datetime64[s]"),
    ],
)
def test_another_shape_type_or_value_is_another_digest(other):
    assert digest(other) != digest(np.arange(12.0).reshape(4, 3))


def test_an_array_of_the_standard_library_is_that_of_numpy():
    assert describe(array("d", [1, 2, 3]))[:2] == describe(np.array([1.0, 2.0, 3.0]))[:2]
    assert describe(memoryview(array("i", [1, 2])))[:2] == describe(np.int32([1, 2]))[:2]


def test_times_of_another_unit_are_others():
    times = np.arange(3).astype("datetime64[s]")

    assert digest(times) != digest(np.arange(3).astype("datetime64[ms]"))
    assert describe(times).schema == "datetime64[s]"


def test_several_arrays_count_in_their_order_with_their_names():
    a, b = np.zeros((5, 2)), np.ones(5)

    assert describe((a, b)) == describe([a, b])
    assert digest((a, b)) != digest((b, a))
    assert describe({"x": a, "y": b}).rows == describe((a, b)).rows == 5
    assert digest({"x": a}) != digest({"y": a})
    assert describe((a, b)).schema == ["float64[2]", "float64"]
    assert describe({"x": a, "y": b}).schema == {"x": "float64[2]", "y": "float64"}


class Tensor:
    """What torch hands over: on a device, in a graph, and without a buffer."""

    def __init__(self, array, at="device"):
        self.array = array
        self.at = at

    def detach(self):
        return Tensor(self.array, "host")

    def cpu(self):
        return self

    def numpy(self):
        assert self.at == "host"
        return self.array


class TensorDataset:
    """What torch makes of several."""

    def __init__(self, *tensors):
        self.tensors = tensors


def test_tensors_have_the_digest_of_their_arrays():
    a, b = np.zeros((5, 2), np.float32), np.arange(5)

    assert describe(Tensor(a)) == describe(a)
    assert describe(TensorDataset(Tensor(a), Tensor(b))) == describe((a, b))


@pytest.mark.parametrize(
    "data",
    [object(), [1, 2], np.array([object()]), (np.zeros(2), "name"), [{"a": 1}, 2], iter([])],
)
def test_what_has_no_bytes_has_no_digest(data):
    with pytest.raises(ArtifactError):
        describe(data)


def test_a_file_that_is_not_there_has_no_digest():
    with pytest.raises(ArtifactError, match=r"^there is no file 'nothing.csv'$"):
        describe("data/nothing.csv")


@given(st.integers(0, 10**7), st.integers(1, 10**6), st.integers(1, 10**5))
def test_blocks_are_all_rows_or_evenly_spread_ones(rows, most, step):
    found = blocks(rows, most, step)
    total = sum(stop - start for start, stop in found)

    assert all(0 <= start < stop <= rows for start, stop in found)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(found))
    assert total == rows if rows <= most else 0 < total <= most
    if rows:
        assert found[0][0] == 0
    if rows > most > 1:
        assert found[-1][1] == rows


def test_a_large_array_is_sampled_and_says_so(monkeypatch):
    monkeypatch.setattr(datasets, "BYTES_MAX", 8 * 4096)
    array = np.arange(100_000.0)
    found = describe(array)

    assert found.rows == 100_000
    assert found.sampled == 4096
    changed = array.copy()
    changed[-1] = 0
    assert digest(changed) != found.digest
    assert digest(array[:50_000]) != found.digest
    assert describe((array, array[:3])).sampled == 4096


def test_an_array_is_not_copied_as_a_whole():
    array = np.zeros((2000, 3000), order="F")  # 48 MB that lie in no order of rows
    tracemalloc.start()
    digest(array)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 40_000_000


ROWS = [
    {"n": 1, "x": 0.5, "s": "a", "ok": True},
    {"n": 2, "x": None, "s": None, "ok": False},
    {"n": None, "x": 2, "s": "ä", "ok": None, "list": [1, {"b": 1, "a": 2}]},
]


def test_rows_are_a_table():
    found = describe(ROWS)

    assert found.rows == 3
    assert found.schema == {
        "n": "int64",
        "x": "float64",
        "s": "string",
        "ok": "bool",
        "list": "json",
    }
    assert len(found.digest) == 64


def test_the_digest_of_a_table_is_what_is_written_of_it():
    def line(name, kind, values, missing=b""):
        parts = [hashlib.sha256(part).hexdigest() for part in (values, missing)]
        return "\t".join([name, kind, *parts])

    numbers = np.array([1, 2, 0], "<i8").tobytes()
    gap = np.array([2], "<i8").tobytes()
    texts = b"".join(len(t).to_bytes(8, "little") + t for t in [b"a"]) + b"\xff" * 8
    texts += len("ä".encode()).to_bytes(8, "little") + "ä".encode()
    lines = ["table 1", "rows 3", line("n", "int64", numbers, gap), line("s", "string", texts)]
    rows = [{"n": row["n"], "s": row["s"]} for row in ROWS]

    text = "".join(f"{one}\n" for one in lines)
    assert digest(rows) == hashlib.sha256(text.encode()).hexdigest()


cell = st.none() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=3) | st.booleans()
rows_of = st.lists(st.fixed_dictionaries({"a": cell, "b": cell}), min_size=1, max_size=6)


@given(rows_of, st.integers(1, 4))
def test_a_table_has_one_digest_however_much_is_read_at_once(rows, step):
    expected = digest(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frames, "_ROWS_AT_ONCE", step)
        assert digest(rows) == expected


@given(rows_of, st.sampled_from("ab"), cell)
def test_another_value_is_another_digest(rows, name, value):
    changed = [dict(row) for row in rows]
    changed[-1][name] = value
    same = repr(changed) == repr(rows)
    # A number that a float column rounds, and a gap in one, are equal there.
    if {type(row[name]) for row in [*rows, *changed]} & {float}:
        return

    assert (digest(changed) == digest(rows)) == same


def test_a_large_table_is_sampled_and_says_so(monkeypatch):
    monkeypatch.setattr(frames, "CELLS_MAX", 4096)
    rows = [{"a": number, "b": str(number)} for number in range(10_000)]
    found = describe(rows)

    assert (found.rows, found.sampled) == (10_000, 2048)
    assert digest([*rows[:-1], {"a": 0, "b": "0"}]) != found.digest
