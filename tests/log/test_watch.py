"""What is watched is told at once, once, at the terminal and in the record."""

from __future__ import annotations

import math

import pytest

import staticrun
from tests.log.records import of_type


def alerts(run):
    return [record["text"] for record in of_type(run.folder, "alert")]


def logged(values, **watch):
    with staticrun.start("digits", capture=False) as run:
        run.watch("loss", **watch)
        for value in values:
            run.log({"loss": value, "other": math.nan})
    return alerts(run)


@pytest.mark.parametrize(
    ("values", "watch", "told"),
    [
        ([1, math.nan, math.nan], {}, ["loss is NaN at step 1"]),
        ([math.inf], {}, ["loss is infinite at step 0"]),
        ([1, "nan"], {}, []),
        ([math.nan], {"finite": False}, []),
        ([1, 11, 12], {"max": 10}, ["loss is 11 at step 1, above 10"]),
        ([1, -0.5, 10], {"min": 0, "max": 10}, ["loss is -0.5 at step 1, below 0"]),
        (
            [2, 0.5, 1.4, 1.6],
            {"diverges": 3, "direction": "min"},
            ["loss is 1.6 at step 3: it diverges, 3.2 times worse than its best, 0.5 at step 1"],
        ),
        (
            [0.2, 0.9, 0.4],
            {"diverges": 2, "direction": "max"},
            ["loss is 0.4 at step 2: it diverges, 2.25 times worse than its best, 0.9 at step 1"],
        ),
        ([-1, 5, 0, 7], {"diverges": 2, "direction": "min"}, []),
        (
            [3, 2, 2.5, 2.1, 2, 2.2],
            {"patience": 3, "direction": "min"},
            ["loss is 2 at step 4: no progress in 3 values since its best, 2 at step 1"],
        ),
        ([3, 2, 2.5, 1.9, 2, 1], {"patience": 3, "direction": "min"}, []),
        (
            [1, math.nan, 50],
            {"max": 10},
            ["loss is NaN at step 1", "loss is 50 at step 2, above 10"],
        ),
    ],
)
def test_the_first_time_is_told(project, values, watch, told):
    assert logged(values, **watch) == told


def test_what_is_told_stands_at_the_terminal(project, capsys):
    with staticrun.start("digits", name="one", capture=False) as run:
        run.watch("loss")
        run.log({"loss": math.nan}, step=7)
        run.alert("the data ran out", level="error")

    assert capsys.readouterr().err == (
        "staticrun: warning: loss is NaN at step 7 (digits/one)\n"
        "staticrun: error: the data ran out (digits/one)\n"
    )


def test_a_watch_that_cannot_be_meant_is_told_and_the_rest_of_it_holds(project, recwarn):
    with staticrun.start("digits", name="one", capture=False) as run:
        run.watch("loss", patience=3)
        run.log({"loss": math.nan})

    (told,) = recwarn
    assert str(told.message) == (
        "digits/one: the watch on 'loss' needs a direction. The training goes on; more of this is"
        " only counted."
    )
    assert alerts(run) == ["loss is NaN at step 0"]


def test_the_project_s_files_name_what_is_watched(project):
    (project / "staticrun.yaml").write_text(
        "metrics:\n"
        "  loss: {direction: min, watch: {max: 5}}\n"
        "  acc: {direction: max, watch: {patience: 2}}\n"
        "  plain: {direction: max}\n"
    )
    folder = project / "runs" / "digits"
    folder.mkdir(parents=True)
    (folder / "experiment.yaml").write_text("metrics:\n  loss: {watch: {max: 8, finite: false}}\n")
    with staticrun.start("digits", capture=False) as run:
        run.log({"loss": 7, "acc": 0.5, "plain": math.nan})
        run.log({"loss": 9, "acc": 0.4})
        run.log({"loss": math.nan, "acc": 0.3})

    assert alerts(run) == [
        "loss is 9 at step 1, above 8",
        "acc is 0.3 at step 2: no progress in 2 values since its best, 0.5 at step 0",
    ]


def test_a_watch_in_a_file_that_is_wrong_is_told_with_its_line(project, recwarn):
    (project / "staticrun.yaml").write_text(
        "metrics:\n  loss: {watch: {max: many, patience: 3}}\n  acc: {watch: {min: 0}}\n"
    )
    with staticrun.start("digits", capture=False) as run:
        run.log({"loss": math.nan, "acc": -1})

    number, direction = (str(warning.message) for warning in recwarn)
    assert number == (
        'staticrun.yaml:2: metrics.loss.watch.max is "many", expected a finite number such as 0.5.'
    )
    assert direction == (
        "staticrun.yaml:2: metrics.loss.watch has patience, but metrics.loss no direction, expected"
        " direction: min or direction: max."
    )
    assert sorted(alerts(run)) == ["acc is -1 at step 0, below 0", "loss is NaN at step 0"]


def test_yaml_is_not_loaded_where_nothing_is_watched(project):
    import subprocess
    import sys

    (project / "staticrun.yaml").write_text("metrics:\n  loss: {direction: min}\n")
    code = (
        "import sys, staticrun\n"
        "staticrun.start('digits', capture=False).finish()\n"
        "sys.exit('yaml' in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=project)
