"""Curves over thresholds, drawn from tables that may come from anyone."""

from __future__ import annotations

import pytest

import staticrun
from staticrun.pages.score_curves import draw
from tests.pages.test_run_view import look

ROC = b"fpr,tpr,threshold\n0,0,inf\n0,0.5,0.9\n0.5,1,0.4\n1,1,0.1\n"


def test_a_curve_is_drawn_from_its_corner_to_its_corner():
    drawing = draw(ROC, "roc_curve")

    assert drawing.startswith("<svg")
    assert "True positive rate over false positive rate" in drawing
    assert draw(b"recall,precision\n0,1\n1,0.3\n", "pr_curve").startswith("<svg")


def test_each_class_has_a_line_with_its_name():
    table = b"class,fpr,tpr\n<b>,0,0\n<b>,1,1\ncow,0,0\ncow,1,1\n"
    drawing = draw(table, "roc_curve")

    assert ">cow<" in drawing
    assert "<b>" not in drawing
    assert "&lt;b&gt;" in drawing


@pytest.mark.parametrize(
    "table",
    [
        b"",
        b"fpr,tpr\n",
        b"a,b\n0,0\n",
        b"fpr,tpr\n0,x\n",
        b"fpr,tpr\n0\n",
        b"fpr,tpr\n0,nan\n",
        b"fpr,tpr\n0,1e9\n",
        b"fpr,tpr\n1,1\n0,0\n",
        b"\xff\xfe",
        b"fpr,tpr\n" + b"0,0\n" * 6000,
        b"class,fpr,tpr\n" + b"".join(b"%d,0,0\n" % number for number in range(20)),
    ],
)
def test_what_is_no_curve_is_shown_as_a_table(table):
    assert draw(table, "roc_curve") is None


def test_the_page_of_a_run_draws_its_curves_and_tables_its_confusions(project):
    with staticrun.start("e", name="one", root=project) as run:
        run.roc_curve("test/roc", [0, 1, 1], [0.1, 0.4, 0.9])
        run.confusion_matrix("test/confusion", [0, 1, 1], [0, 1, 0], classes=["no", "yes"])
    view, page = look(project, run.key)
    opened = {file.opened.name: file.opened for file in view.opened}

    assert opened["curves/test/roc.csv"].kind == "drawing"
    about = "True positive rate over false positive rate. Area 1.0000"
    assert opened["curves/test/roc.csv"].about == about
    assert "<svg" in page[page.index(about) :][:500]
    assert opened["confusion/test/confusion.csv"].table.rows == (
        ("no", "1", "0"),
        ("yes", "1", "1"),
    )


def test_bytes_that_were_stored_once_stand_at_each_of_their_steps(project):
    with staticrun.start("e", name="one", root=project) as run:
        for step in range(5):
            run.image("still", [[0, 255]], step=step)
        changed = run.file("notes.txt", "old", step=1)
        changed.write_text("new")
        run.artifact(changed, key="notes", step=2)
    view, _ = look(project, run.key)
    [still] = view.artifacts.plates

    assert [plate.strong for plate in still.plates] == [f"step {step}" for step in range(5)]
    assert still.over_steps
    # Of records with one path and other bytes, the last one holds.
    assert [row.step for row in view.artifacts.rows if "notes" in row.path] == ["2"]
