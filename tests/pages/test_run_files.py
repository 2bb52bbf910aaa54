"""Tables of a run: folded where there are several, abreast where they are narrow, all rows kept."""

import base64

import pytest

from staticrun.pages import excerpts
from staticrun.pages.views.run_artifacts import Opened
from staticrun.pages.views.run_files import arrange
from tests.pages.test_run_view import Parsed, end, look, start, write

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def table(rows, columns=2, width=4):
    lines = [",".join(f"c{n}" for n in range(columns))]
    lines += [",".join(f"r{row}".ljust(width, ".") for _ in range(columns)) for row in range(rows)]
    return excerpts.of_table("\n".join(lines).encode())


def opened(*tables):
    return [Opened("table", f"{n}.csv", "", "", table=one) for n, one in enumerate(tables)]


def text():
    return Opened("text", "a.log", "", "", text=excerpts.of_text(b"one\ntwo\n"))


def lengths(file):
    return len(file.opened.table.rows), len(file.folded.rows) if file.folded else 0


def test_a_table_that_is_alone_is_shown_as_far_as_it_was_read():
    (file,) = arrange(opened(table(50)))

    assert lengths(file) == (20, 0)
    assert file.left_out == "30 more lines not shown"
    assert not file.narrow


def test_of_several_tables_each_is_folded_after_ten_rows_and_none_is_lost():
    shown = opened(table(50), table(15), table(12), table(3))
    long, middle, short, tiny = arrange(shown)

    assert [lengths(file) for file in (long, middle, short, tiny)] == [
        (10, 10), (10, 5), (12, 0), (3, 0),
    ]  # fmt: skip
    assert (long.folded_words, long.left_out) == ("10 more lines", "30 more lines not shown")
    assert (middle.folded_words, middle.left_out) == ("5 more lines", "")
    assert long.opened.table.rows + long.folded.rows == shown[0].table.rows
    assert long.folded.head == long.opened.table.head
    assert (long.opened.table.left_out, long.folded.left_out) == ("", "")


@pytest.mark.parametrize(
    ("columns", "width", "narrow"), [(2, 4, True), (8, 4, True), (12, 4, False), (2, 60, False)]
)
def test_narrow_tables_stand_abreast(columns, width, narrow):
    files = arrange(opened(table(3, columns, width), table(3)))

    assert [file.narrow for file in files] == [narrow, True]


def test_texts_keep_their_place_and_their_width():
    first, log, last = arrange([*opened(table(3)), text(), *opened(table(3))])

    assert (first.narrow, log.narrow, last.narrow) == (True, False, True)
    assert log.opened.text.head == ("one", "two")


def test_a_page_shows_every_row_once(project):
    folder = write(
        project,
        start(),
        *[{"type": "artifact", "path": f"artifacts/{n}.csv", "kind": "table"} for n in "ab"],
        end(),
    )
    (folder / "artifacts").mkdir()
    for name in "ab":
        rows = "".join(f"{name}{row:02}\n" for row in range(30))
        (folder / f"artifacts/{name}.csv").write_text(f"cell\n{rows}")
    _, page = look(project)

    assert [page.count(f"<td>a{row:02}</td>") for row in range(30)] == [1] * 20 + [0] * 10
    assert page.count("10 more lines</summary>") == 2
    assert page.count("10 more lines not shown") == 2
    assert page.count('<div class="narrow">') == 2
    Parsed(page)


def test_pictures_are_slid_over_where_each_of_many_has_a_step_of_its_own(project):
    logged = {"samples": (0, 10, 20, 30), "few": (0, 10), "twice": (0, 0, 10, 20, 30)}
    records = []
    (project / "runs/a/b/artifacts").mkdir(parents=True)
    for key, steps in logged.items():
        for place, step in enumerate(steps):
            path = f"artifacts/{key}-{place}.png"
            (project / "runs/a/b" / path).write_bytes(PIXEL)
            records.append(
                {"type": "artifact", "kind": "image", "path": path, "key": key, "step": step}
            )
    write(project, start(), *records, end())
    view, page = look(project)

    assert {row.name: row.over_steps for row in view.artifacts.plates} == {
        "few": False,
        "samples": True,
        "twice": False,
    }
    assert page.count('data-app="steps"') == 1
    Parsed(page)
