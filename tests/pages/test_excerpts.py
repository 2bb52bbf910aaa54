"""Beginning and end of what is too long, with what is left out said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staticrun.pages.excerpts import (
    END_BYTES,
    LINE_MAX,
    Excerpt,
    of_table,
    of_text,
    read_text,
    shown_line,
)


def numbered(count):
    return "".join(f"line {n}\n" for n in range(count)).encode()


def test_a_short_text_is_whole():
    assert of_text(b"a\nb\n") == Excerpt(("a", "b"), "", ())
    assert of_text(b"") == Excerpt((), "", ())


def test_a_long_text_says_how_many_lines_are_left_out():
    found = of_text(numbered(100), first=3, last=2)

    assert found.head == ("line 0", "line 1", "line 2")
    assert found.left_out == "95 lines not shown"
    assert found.tail == ("line 98", "line 99")


@pytest.mark.parametrize("count", [5, 200, 50_000])
def test_a_file_is_cut_as_its_text_would_be(tmp_path, count):
    path = tmp_path / "log.txt"
    path.write_bytes(numbered(count))

    assert read_text(path) == of_text(numbered(count))


def test_one_line_without_end_is_cut_too(tmp_path):
    path = tmp_path / "log.txt"
    path.write_bytes(b"x" * (3 * END_BYTES))
    found = read_text(path)

    assert len(found.head[0]) == LINE_MAX
    assert found.left_out == "more of 196.6\u202fkB not shown"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b(Babc", "abc"),
        ("10%\r50%\r100%\r", "100%"),
        ("dos line\r", "dos line"),
        ("trailing   ", "trailing"),
    ],
)
def test_a_line_is_shown_as_a_terminal_leaves_it(line, shown):
    assert shown_line(line) == shown


def test_a_table_has_its_head_and_numbers_to_the_right():
    found = of_table(b"name,score\na,0.5\nb,1\n")

    assert found.head == ("name", "score")
    assert found.numeric == (False, True)
    assert found.rows == (("a", "0.5"), ("b", "1"))
    assert found.left_out == ""


def test_a_large_table_says_what_is_left_out():
    head = ",".join(f"c{n}" for n in range(20))
    found = of_table("\n".join([head, *(",".join(["1"] * 20) for _ in range(1000))]).encode())

    assert len(found.rows) == 20
    assert len(found.head) == 12
    assert found.left_out == "980 more lines and 8 more columns not shown"


def test_numbers_with_all_their_digits_are_rounded_together():
    found = of_table(b"p\n0.5138988398322746\n0.05279\n")

    assert found.rows == (("0.5139",), ("0.0528",))


def test_rows_of_different_length_and_quotes_without_end_are_shown():
    ragged = of_table(b"a,b\n1\n1,2,3\n")
    endless = of_table(b'a,b\n1,"2\n' + b"x" * 200_000)

    assert ragged.head == ("a", "b", "")
    assert ragged.rows == (("1", "", ""), ("1", "2", "3"))
    assert endless.head == ("a", "b")


def test_nothing_is_no_table():
    assert of_table(b"") is None
    assert of_table(b"\n\n") is None


@given(st.binary(max_size=300))
def test_any_bytes_are_some_table_or_none(data):
    found = of_table(data)

    assert found is None or all(len(row) == len(found.head) for row in found.rows)
