"""Tables as data: what is read of CSV and JSON, and how much of it."""

from __future__ import annotations

import json

from staticrun.pages.data.tables import BYTES_MAX, CELL_MAX, COLUMNS_MAX, ROWS_MAX, read


def csv(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def test_a_csv_file_is_its_cells():
    found = read(csv(",answer", '1,"a, b"', "2", "3,c,more"), "answers.csv")

    assert found is not None
    assert found.names == ("unnamed", "answer")
    assert found.rows == [["1", "a, b"], ["2", ""], ["3", "c"]]
    assert found.cut == "without 1 more column"
    assert (found.keys, found.numeric) == (("unnamed", "answer"), ("unnamed",))


def test_keys_are_columns_without_repetition_and_numbers_may_be_missing():
    found = read(csv("id,p,p,split", "1,nan,x,a", "2,,y,a", "03,-inf,z,a"), "t.csv")

    assert found is not None
    assert found.keys == ("id", "p")
    assert found.numeric == ("id", "p")


def test_records_of_json_and_of_json_lines_are_one_table():
    records = [{"id": 1, "p": 0.5, "text": "<b>"}, {"id": 2, "more": {"a": None}}]
    whole = read(json.dumps(records).encode(), "r.json")
    lines = read("\n".join(map(json.dumps, records)).encode(), "r.jsonl")

    assert whole == lines
    assert whole is not None
    assert whole.names == ("id", "p", "text", "more")
    assert whole.rows == [["1", "0.5", "<b>", ""], ["2", "", "", '{"a": null}']]
    assert whole.cut == ""


def test_what_is_no_table_is_none():
    for data in (b"[1, 2]", b'{"a": 1}', b"[", b"[" * 100_000, b'[{"a": 1}, 2]'):
        assert read(data, "r.json") is None
    assert read(b"", "r.csv") is None
    assert read(b"a,b\n1,2", "r.txt") is None


def test_rows_columns_and_bytes_have_a_limit_and_it_is_told():
    many = read(csv("id", *map(str, range(ROWS_MAX + 7))), "r.csv")
    wide = read(csv(*[",".join(map(str, range(COLUMNS_MAX + 2)))] * 2), "r.csv")
    large = read(csv("text", *["x" * 1000] * 1000), "r.csv")

    assert many is not None
    assert wide is not None
    assert large is not None
    assert len(many.rows) == ROWS_MAX
    assert many.cut == "only 5000 rows of 5007"
    assert len(wide.names) == COLUMNS_MAX
    assert wide.cut == "without 2 more columns"
    assert len(large.rows) == BYTES_MAX // 1000
    assert large.cut == "only 256 rows of 1000"


def test_long_cells_that_differ_behind_the_cut_still_differ():
    same = "x" * CELL_MAX
    found = read(csv("text", same + "a", same + "b", same + "a"), "r.csv")

    assert found is not None
    [[first], [second], [third]] = found.rows
    assert first == third != second
    assert len(first) < CELL_MAX + 60


def test_a_cell_without_end_is_told():
    found = read(b'id,text\n1,a\n2,"' + b"x" * 200_000, "r.csv")

    assert found is not None
    assert found.rows == [["1", "a"]]
    assert found.cut == "only 1 row before a cell without end"
