"""What is understood of other tools' lines. The lines are made after the field's loggers."""

from __future__ import annotations

import json

import numpy as np
import pytest

from staticrun.config import Config, Logs
from staticrun.store.bare import Rules, read
from staticrun.store.store import Store
from tests.store.made import metrics, store, write


def foreign(root, *lines, name="out/first/log.txt", ends="\n", **rules):
    """Read a made-up log of another tool."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_bytes("".join(f"{text}{ends}" for text in texts).encode())
    logs = (Logs(glob="out/*/log.txt", **rules),)
    found = Store.open(Config(root=root, logs=logs), cache=False)
    return found.run(found.keys()[0])


@pytest.mark.parametrize(
    ("line", "step"),
    [
        ({"epoch": 3, "it": 4}, 4),
        ({"it": 4, "iter": 5}, 5),
        ({"iter": 5, "iteration": 6}, 6),
        ({"iteration": 6, "current_steps": 7}, 7),
        ({"current_steps": 7, "current_step": 8}, 8),
        ({"current_step": 8, "global_step": 9}, 9),
        ({"global_step": 9, "step": 10}, 10),
        ({"step": "10/20", "epoch": 2.5}, 2.5),
        ({"step": True, "loss": 1}, None),
        ({"train": {"step": 4}, "loss": 1}, None),
        ({"loss": 1}, None),
    ],
)
def test_the_step_is_the_first_of_the_usual_names(line, step):
    assert read(line, Rules()).step == step


def test_the_step_can_be_named_also_within_an_object(tmp_path):
    lines = [{"progress": {"samples": 64}, "step": 1, "loss": 2}, {"step": 2, "loss": 1}]
    run = foreign(tmp_path, *lines, step="progress/samples")

    assert run.series("loss").step.tolist() == [64, 65]


@pytest.mark.parametrize("name", ["time", "timestamp", "_timestamp"])
@pytest.mark.parametrize(
    ("number", "is_time"),
    [
        (1e9, True),
        (1e11, True),
        (1795424400.25, True),
        (18.09, False),
        (1.7e12, False),
        (0, False),
    ],
)
def test_a_time_is_one_only_between_1e9_and_1e11(name, number, is_time):
    found = read({name: number, "loss": 1}, Rules())

    assert found.time == (number if is_time else None)
    assert found.values == {"loss": 1} if is_time else {name: number, "loss": 1}


def test_the_time_can_be_named():
    found = read({"wall": 1.5e9, "time": 1.6e9}, Rules(time="wall"))

    assert (found.time, found.values) == (1.5e9, {"time": 1.6e9})


def test_objects_are_joined_and_what_is_no_number_is_kept_raw():
    line = {
        "eval": {"bbox": {"AP": 0.5}, "none": {}},
        "coco": [0.1, 0.2],
        "eta": "0:01",
        "ok": True,
    }
    found = read(line, Rules())

    assert found.values == {"eval/bbox/AP": 0.5}
    assert found.raw == {"eval/none": {}, "coco": [0.1, 0.2], "eta": "0:01", "ok": True}


def test_a_run_appended_to_by_a_second_start_keeps_both_points_of_one_epoch(tmp_path):
    lines = [
        {"train_loss": 24.5, "test_coco": [[0.1], [0.2]], "epoch": 0, "n_parameters": 41},
        {"train_loss": 24.25, "test_coco": [[0.3], [0.4]], "epoch": 0, "n_parameters": 41},
    ]
    run = foreign(tmp_path, *lines)

    assert run.key == "out/first"
    assert list(run.metrics) == ["train_loss", "epoch", "n_parameters"]
    assert run.series("train_loss").step.tolist() == [0, 0]
    assert (run.metrics["train_loss"].n, run.metrics["train_loss"].last) == (2, 24.25)
    assert run.raw == {"test_coco": [[0.3], [0.4]]}
    assert (run.status, run.findings) == ("open", ())


def test_lines_that_end_in_carriage_returns_and_hold_texts(tmp_path):
    lines = [
        {"current_steps": 5, "total_steps": 250, "percentage": 2.0, "elapsed_time": "0:00:19"},
        {"current_steps": 10, "total_steps": 250, "percentage": 4.0, "elapsed_time": "0:00:29"},
    ]
    run = foreign(tmp_path, *lines, ends="\r\n")

    assert run.series("percentage").step.tolist() == [5, 10]
    assert run.metrics["current_steps"].last == 10
    assert (run.raw, run.bad_lines) == ({"elapsed_time": "0:00:29"}, 0)


def test_a_duration_called_time_is_a_metric(tmp_path):
    run = foreign(tmp_path, {"iteration": 19, "time": 18.09}, {"iteration": 39, "time": 18.2})

    assert run.series("time").step.tolist() == [19, 39]
    assert run.last_record is None


def test_the_type_of_a_foreign_line_is_a_text_of_its_own(tmp_path):
    run = foreign(tmp_path, {"type": "metrics", "values": {"a": 1}}, {"type": "end", "loss": 2})

    assert list(run.metrics) == ["values/a", "loss"]
    assert (run.raw, run.status) == ({"type": "end"}, "open")


def test_numbers_of_every_spelling_are_read(tmp_path):
    words = ["null", "NaN", '"NaN"', '"-inf"', "-Infinity", "1e400", "12345678901234567890123"]
    run = foreign(tmp_path, *(f'{{"x": {word}}}' for word in words))
    expected = [np.nan, np.nan, np.nan, -np.inf, -np.inf, np.inf, 1.2345678901234568e22]

    assert np.array_equal(run.series("x").value, expected, equal_nan=True)
    assert [str(finding) for finding in run.findings] == [
        (
            "out/first/log.txt:7: x is 12345678901234567890123, an integer beyond 2^53, read as"
            " 1.2345678901234568e+22."
        )
    ]


def test_a_name_that_comes_about_twice_is_told(tmp_path):
    run = foreign(tmp_path, '{"a": {"b": 1}, "a/b": 2, "c": 1, "c": 3}')

    assert (run.value("a/b"), run.value("c")) == (2, 3)
    assert [finding.what for finding in run.findings] == [
        'key "c" stands twice, the last holds',
        "a/b stands twice, the last holds",
    ]


def test_lines_that_cannot_be_read_are_told_and_the_rest_counts(tmp_path):
    run = foreign(tmp_path, {"x": 1}, "[2024] starting", "", "[1, 2]", {"x": 2})

    assert run.metrics["x"].n == 2
    assert run.bad_lines == 2
    assert [finding.where for finding in run.findings] == [
        "out/first/log.txt:2",
        "out/first/log.txt:4",
    ]


def test_lines_without_a_type_in_a_run_file_are_read_among_records(tmp_path):
    write(tmp_path, "a/b", metrics(step=3, x=1), '{"x": 2}', '{"epoch": 9, "x": 3}', metrics(x=4))

    assert store(tmp_path).run("a/b").series("x").step.tolist() == [3, 4, 9, 10]


def test_a_line_without_a_number_takes_no_step(tmp_path):
    run = foreign(tmp_path, {"config": {"name": "x"}}, {"x": 1}, {}, {"x": 2})

    assert run.series("x").step.tolist() == [0, 1]
