"""Files of predictions: what is read of them, and that nothing wrong is taken."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staticrun.errors import UserError
from staticrun.registry import predictions
from staticrun.registry.predictions import Columns, demand_same_rows, read

GOOD = b"id,target,prediction,region\na,1,0.5,north\nb,0,0.25,south\n"


def told(data: bytes, columns: Columns | None = None) -> str:
    with pytest.raises(UserError) as caught:
        read(data, columns or Columns(), "eval.csv")
    finding = caught.value.finding
    return f"{finding.where} {finding.what}"


def test_columns_are_found_by_their_names():
    found = read(GOOD, Columns(), "eval.csv")
    assert found.ids == ("a", "b")
    assert (found.target, found.prediction) == (("1", "0"), ("0.5", "0.25"))
    assert found.slices == {"region": ("north", "south")}
    own = read(b"p,row,read\n.5,1,x\n", Columns("row", None, "p"), "x")
    assert own == (("1",), ("",), (".5",), {"read": ("x",)})


@given(
    st.lists(
        st.text(
            st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\r\n"), max_size=20
        ),
        min_size=1,
        max_size=20,
        unique=True,
    )
)
def test_any_text_of_a_line_can_be_a_cell(texts):
    stream = io.StringIO(newline="")
    rows = csv.writer(stream, lineterminator="\n")
    rows.writerow(["id", "target", "prediction"])
    rows.writerows([f"{place} {text}", text, text] for place, text in enumerate(texts))
    found = read(stream.getvalue().encode(), Columns(), "x")

    assert found.target == found.prediction == tuple(texts)


def test_lines_may_end_as_on_any_system():
    assert read(GOOD.replace(b"\n", b"\r\n"), Columns(), "x") == read(GOOD, Columns(), "x")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "eval.csv:1 has no column 'id'"),
        (b"\n", "eval.csv:1 has no column 'id'"),
        (b"id,target\n1,2\n", "eval.csv:1 has no column 'prediction'"),
        (b"ID,target,prediction\n1,2,3\n", "eval.csv:1 has no column 'id'"),
        (b"id,id,target,prediction\n1,1,2,3\n", "eval.csv:1 has 'id' twice"),
        (b"id,target,prediction\n", "eval.csv has no row"),
        (b"id,target,prediction\n1,2\n", "eval.csv:2 has 2 cells, and the header 3"),
        (b"id,target,prediction\n1,2,3\n2,2,3,4\n", "eval.csv:3 has 4 cells, and the header 3"),
        (b"id,target,prediction\n1,2,3\n\n2,2,3\n", "eval.csv:3 has 0 cells, and the header 3"),
        (b"id,target,prediction\n1,2,3\n1,2,3\n", "eval.csv:3 has the id '1' again"),
        (b"id,target,prediction\n,2,3\n", "eval.csv:2 has an empty id"),
        (b"\xef\xbb\xbfid,target,prediction\n1,2,3\n", "eval.csv:1 begins with a byte order mark"),
        (b"id,target,prediction\n1,2\0,3\n", "eval.csv:2 has a NUL byte"),
        (b"id,target,prediction\n1,2,3\n2,\xff,3\n", "eval.csv:3 is not UTF-8"),
        (b'id,target,prediction\n1,"2\n3",3\n', "eval.csv:2 goes over the end of the line"),
        (b'id,target,prediction\n1,"2"x,3\n', "eval.csv:2 is no CSV ("),
        (b'id,target,prediction\n1,2,"3\n', "eval.csv:2 "),
        (b"id,target,prediction\n1,2," + b"3" * 100_001 + b"\n", "eval.csv:2 is longer than"),
        (b"id,target,prediction" + b",x" * 60 + b"\n", "eval.csv:1 has 63 columns"),
    ],
    ids=range(19),
)
def test_what_is_no_table_is_refused_with_its_line(data, why):
    assert told(data).startswith(why)


def test_one_column_is_one_thing():
    assert told(GOOD, Columns("id", "id", "prediction")) == "eval.csv:1 has 'id' twice"


def test_there_are_bounds(monkeypatch):
    monkeypatch.setattr(predictions, "ROWS_MAX", 1)
    assert told(GOOD) == "eval.csv has more than 1 rows"
    monkeypatch.setattr(predictions, "BYTES_MAX", 10)
    assert told(GOOD) == "eval.csv has 57 bytes"


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (b"id,target,prediction\nb,0,1\na,1,1\n", "eval.csv:2 row 1 is the example 'a', and 'b'"),
        (b"id,target,prediction\na,1,1\n", "eval.csv has 2 rows, and the other file 1"),
        (b"id,target,prediction\na,1,1\nb,1,1\n", "eval.csv:3 row 2 has the target '0', and '1'"),
        (b"id,target,prediction\na,1,1\nB,0,1\n", "eval.csv:3 row 2 is the example 'b', and 'B'"),
    ],
)
def test_two_models_speak_of_the_same_examples_in_the_same_order(other, why):
    one = read(GOOD, Columns(), "eval.csv")
    demand_same_rows(one, one, "eval.csv")
    with pytest.raises(UserError) as caught:
        demand_same_rows(one, read(other, Columns(), "x"), "eval.csv")
    finding = caught.value.finding
    assert f"{finding.where} {finding.what}".startswith(why)
