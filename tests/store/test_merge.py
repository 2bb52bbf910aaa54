"""Writers, segments, rewinds and edits make one run, whatever the order of files and the clock."""

from __future__ import annotations

import os
import shutil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store.made import line, metrics, record_files, said, store, write

NAN = float("nan")


def only(root):
    return store(root).run("a/b")


def steps(series):
    return series.step.tolist()


def values(series):
    return series.value.tolist()


# Steps


def test_a_step_left_out_is_one_more_than_the_last_and_the_first_is_0(tmp_path):
    lines = [metrics(x=1), metrics(x=2), metrics(step=7, x=3), metrics(y=1), metrics(x=4)]
    write(tmp_path, "a/b", *lines)

    assert steps(only(tmp_path).series("x")) == [0, 1, 7, 9]


def test_steps_left_out_go_on_in_the_next_segment_of_the_writer(tmp_path):
    write(tmp_path, "a/b", metrics(x=1), metrics(x=2))
    write(tmp_path, "a/b", line("start", segment=1), metrics(x=3), name="run.r2.jsonl")
    write(tmp_path, "a/b", metrics(x=9), name="run.rank1.jsonl")
    run = only(tmp_path)

    assert steps(run.series("x")) == [0, 1, 2]
    assert steps(run.series("x", "rank1")) == [0]


def test_steps_left_out_after_a_rewind_begin_there(tmp_path):
    write(tmp_path, "a/b", *(metrics(x=i) for i in range(5)))
    write(
        tmp_path, "a/b", line("start", segment=1, rewind_to=3), metrics(x=9), name="run.r2.jsonl"
    )
    run = only(tmp_path)

    assert steps(run.series("x")) == [0, 1, 2, 3, 4, 3]
    assert run.series("x").superseded.tolist() == [False] * 3 + [True] * 2 + [False]


@pytest.mark.parametrize("step", ['"NaN"', "NaN", "1e400", "9007199254740993", "-1e300"])
def test_an_absurd_step_is_told_and_counts_as_left_out(tmp_path, step):
    odd = f'{{"type":"metrics","step":{step},"values":{{"x":2}}}}'
    write(tmp_path, "a/b", line("start", id="i" * 26), metrics(step=5, x=1), odd)
    run = only(tmp_path)

    assert steps(run.series("x")) == [5, 6]
    assert [f.where for f in run.findings] == ["runs/a/b/run.jsonl:3"]
    assert run.findings[0].expected == "a number below 2^53; it counts as left out"


def test_all_points_of_a_repeated_step_are_kept_and_the_last_holds(tmp_path):
    write(tmp_path, "a/b", metrics(step=2, x=5), metrics(step=1, x=1), metrics(step=2, x=NAN))
    series = only(tmp_path).series("x")

    assert steps(series) == [2, 1, 2]
    assert series.at_steps()[0].tolist() == [1, 2]
    assert np.array_equal(series.at_steps()[1], [1, NAN], equal_nan=True)


# Rewinds


def test_points_at_or_after_a_later_rewind_are_ghosts_and_out_of_every_statistic(tmp_path):
    write(tmp_path, "a/b", *(metrics(step=i, x=10 + i, y=1) for i in range(4)))
    write(
        tmp_path,
        "a/b",
        line("start", segment=1, rewind_to=2),
        metrics(step=2, x=0.5),
        name="run.r2.jsonl",
    )
    run = only(tmp_path)
    stats = run.metrics["x"]

    assert run.superseded == 4
    assert (stats.n, stats.max, stats.max_step, stats.last, stats.mean) == (
        3,
        11,
        1,
        0.5,
        21.5 / 3,
    )
    assert steps(run.ghosts("x")) == [2, 3]
    assert values(run.ghosts("x")) == [12, 13]
    assert steps(run.series("x")) == [0, 1, 2, 3, 2]
    assert [f.what for f in run.findings if "point" in f.what] == [
        "4 points superseded by a later segment"
    ]
    assert run.to_dict()["superseded"] == 4


def test_a_rewind_concerns_earlier_segments_of_its_own_writer_alone(tmp_path):
    write(tmp_path, "a/b", metrics(step=5, x=1))
    write(tmp_path, "a/b", line("start", rewind_to=6), metrics(step=8, x=2), name="run.r2.jsonl")
    write(tmp_path, "a/b", line("start", rewind_to=7), metrics(step=7, x=3), name="run.r3.jsonl")
    write(tmp_path, "a/b", metrics(step=9, x=4), name="run.rank1.jsonl")
    run = only(tmp_path)

    assert run.series("x").superseded.tolist() == [False, True, False]
    assert run.series("x", "rank1").superseded.tolist() == [False]
    assert (run.segments, run.writers) == (3, ("main", "rank1"))


def test_a_second_start_in_one_file_is_a_segment(tmp_path):
    write(
        tmp_path,
        "a/b",
        line("start", id="i" * 26),
        *(metrics(x=i) for i in range(4)),
        line("start", rewind_to=2),
        *(metrics(x=i) for i in range(3)),
    )
    run = only(tmp_path)

    assert steps(run.series("x")) == [0, 1, 2, 3, 2, 3, 4]
    assert run.series("x").superseded.tolist() == [False, False, True, True, False, False, False]
    assert run.segments == 2


def test_segments_are_in_the_order_of_their_numbers(tmp_path):
    for number in (10, 2, 9):
        write(tmp_path, "a/b", metrics(step=1, x=number), name=f"run.r{number}.jsonl")
    write(tmp_path, "a/b", metrics(step=1, x=1))

    assert values(only(tmp_path).series("x")) == [1, 2, 9, 10]


# Writers


def test_what_main_logged_is_mains_and_the_rest_is_a_mean_over_writers(tmp_path):
    write(tmp_path, "a/b", metrics(step=0, x=1))
    write(tmp_path, "a/b", metrics(step=0, x=9, y=1), metrics(step=1, y=4), name="run.rank1.jsonl")
    write(tmp_path, "a/b", metrics(step=2, y=5), metrics(step=1, y=2), name="run.rank2.jsonl")
    run = only(tmp_path)
    mean = run.series("y")

    assert values(run.series("x")) == [1]
    assert (mean.writer, steps(mean), values(mean)) == ("", [0, 1, 2], [1, 3, 5])
    assert (mean.low.tolist(), mean.high.tolist()) == ([1, 2, 5], [1, 4, 5])
    assert mean.count.tolist() == [1, 2, 1]
    assert (run.metrics["y"].n, run.metrics["y"].last) == (3, 5)
    assert values(run.series("y", "rank2")) == [5, 2]


def test_a_mean_takes_each_writers_last_live_value_at_a_step(tmp_path):
    lines = [metrics(step=0, y=7), metrics(step=0, y=1), metrics(step=1, y=50)]
    write(tmp_path, "a/b", *lines, name="run.p.jsonl")
    write(tmp_path, "a/b", line("start", rewind_to=1), metrics(step=1, y=2), name="run.p.r2.jsonl")
    write(tmp_path, "a/b", metrics(step=0, y=3), metrics(step=1, y=NAN), name="run.q.jsonl")
    mean = only(tmp_path).series("y")

    assert mean.value[0] == 2
    assert np.isnan(mean.value[1])
    assert (mean.low.tolist(), mean.high.tolist()) == ([1, 2], [3, 2])
    assert only(tmp_path).superseded == 1


def test_main_wins_over_other_writers_and_edits_over_all(tmp_path):
    write(
        tmp_path,
        "a/b",
        line("start", id="i" * 26, name="first"),
        line("params", values={"lr": 1, "m": {"w": 1}}),
        line("tags", values={"a": "main", "gone": None}),
        line("summary", values={"s": 1}),
    )
    write(
        tmp_path,
        "a/b",
        line("params", values={"lr": 2, "m": {"w": 2, "d": 3}, "own": True}),
        line("tags", values={"a": "rank", "gone": 1, "b": "rank", "c": 1}),
        line("summary", values={"s": 2, "t": 2}),
        name="run.rank1.jsonl",
    )
    late = line("edit", time=20, name="second", tags={"b": "late", "c": None}, note="n2")
    early = line("edit", time=10, tags={"b": "early", "a": "early"}, note="n1", archived=True)
    write(tmp_path, "a/b", late, name="run.edit-1.jsonl")
    write(tmp_path, "a/b", early, name="run.edit-2.jsonl")
    run = only(tmp_path)

    assert run.params == {"lr": 1, "m.w": 1, "m.d": 3, "own": True}
    assert run.params_tree == {"lr": 1, "m": {"w": 1, "d": 3}, "own": True}
    assert run.tags == {"a": "early", "b": "late"}
    assert run.summary == {"s": 1, "t": 2}
    assert (run.name, run.archived) == ("second", True)
    assert [(n.text, n.edited, n.where) for n in run.notes] == [
        ("n1", True, "runs/a/b/run.edit-2.jsonl:1"),
        ("n2", True, "runs/a/b/run.edit-1.jsonl:1"),
    ]


def test_edits_of_one_time_are_in_the_order_of_their_ids(tmp_path):
    write(tmp_path, "a/b", line("start", id="i" * 26))
    for name in ("b", "a", "c"):
        write(tmp_path, "a/b", line("edit", time=5, name=name), name=f"run.edit-{name}.jsonl")

    assert only(tmp_path).name == "c"


def test_edits_and_other_records_do_not_stand_in_each_others_files(tmp_path):
    write(tmp_path, "a/b", line("start", id="i" * 26), line("edit", time=1, name="no"))
    write(tmp_path, "a/b", line("tags", values={"a": 1}), '{"x": 1}', name="run.edit-1.jsonl")
    run = only(tmp_path)

    assert (run.name, run.tags, run.metrics) == ("b", {}, {})
    assert list(map(str, run.findings)) == [
        "runs/a/b/run.edit-1.jsonl:1: tags in a file of edits, expected edits alone.",
        "runs/a/b/run.edit-1.jsonl:2: a bare line in a file of edits, expected edits alone.",
        (
            "runs/a/b/run.jsonl:2: edit in a writer's file, expected edits in files"
            " run.edit-ID.jsonl."
        ),
    ]


# Status and times


@pytest.mark.parametrize("status", ["finished", "failed", "stopped"])
def test_the_status_is_that_of_the_end(tmp_path, status):
    write(tmp_path, "a/b", line("start", time=100), line("end", status=status, time=130.5))
    run = only(tmp_path)

    assert (run.status, run.started, run.ended, run.duration) == (status, 100, 130.5, 30.5)


def test_without_an_end_a_run_is_open_since_its_last_record(tmp_path):
    write(tmp_path, "a/b", line("start", time=100), metrics(time=120, x=1), line("beat", time=125))
    run = only(tmp_path)

    assert (run.status, run.ended, run.last_record, run.duration) == ("open", None, 125, 25)


def test_a_resumed_run_is_open_until_its_last_segment_ends(tmp_path):
    write(tmp_path, "a/b", line("start", time=1), line("end", status="failed", time=2))
    path = write(tmp_path, "a/b", line("start", time=3), name="run.r2.jsonl")
    before = only(tmp_path).status
    path.write_text(path.read_text() + line("end", status="finished", time=9) + "\n")
    after = only(tmp_path)

    assert (before, after.status, after.started, after.ended) == ("open", "finished", 1, 9)


def test_without_main_the_worst_writer_says_the_status_when_all_have_ended(tmp_path):
    write(tmp_path, "a/b", line("end", status="finished", time=3), name="run.rank0.jsonl")
    path = write(tmp_path, "a/b", line("start", time=1), name="run.rank1.jsonl")
    before = only(tmp_path).status
    path.write_text(line("end", status="stopped", time=5) + "\n")

    assert (before, only(tmp_path).status, only(tmp_path).ended) == ("open", "stopped", 5)


def test_lines_after_the_end_are_shown_and_told(tmp_path):
    start = line("start", id="i" * 26)
    write(tmp_path, "a/b", start, line("end", status="finished"), "", metrics(x=1), "oops")
    run = only(tmp_path)

    assert (run.status, run.metrics["x"].n, run.bad_lines) == ("finished", 1, 1)
    assert [(f.where, f.what, f.level) for f in run.findings] == [
        (
            "runs/a/b/run.jsonl:5",
            "not JSON at column 1 (expecting value)",
            "error",
        ),
        ("runs/a/b/run.jsonl:4", "2 lines after the end of the run", "note"),
    ]


def test_a_line_that_was_never_completed_is_told_when_the_run_has_ended(tmp_path):
    start = line("start", id="i" * 26)
    path = write(tmp_path, "a/b", start, metrics(x=1))
    path.write_bytes(path.read_bytes() + b'{"type":"metr')
    open_run = only(tmp_path)
    write(tmp_path, "a/b", line("start"), line("end", status="finished"), name="run.r2.jsonl")

    assert open_run.findings == ()
    assert list(map(str, only(tmp_path).findings)) == [
        "runs/a/b/run.jsonl:3: 13 bytes of a line that was never completed."
    ]


def test_a_format_of_the_future_is_told_and_read_as_far_as_it_goes(tmp_path):
    write(tmp_path, "a/b", line("start", id="i" * 26, format=2, glow=1), metrics(x=1))
    run = only(tmp_path)

    assert run.metrics["x"].n == 1
    assert [f.what for f in run.findings] == [
        "start.format is 2",
        "holds what this version does not know: start.glow (1)",
    ]


def test_a_run_of_edits_alone_is_open_and_named_by_them(tmp_path):
    write(tmp_path, "a/b", line("edit", time=5, name="x", note="n"), name="run.edit-1.jsonl")
    run = only(tmp_path)

    assert (run.name, run.status, run.started, run.writers) == ("x", "open", None, ())
    assert (run.metrics, len(run.series("x")), run.logs) == ({}, 0, [])


# Laws


def test_what_a_file_lies_beside_or_when_it_was_made_changes_nothing(tmp_path):
    names = ["run.jsonl", "run.r2.jsonl", "run.rank1.jsonl", "run.edit-5.jsonl"]
    for i, order in enumerate([names, names[::-1]]):
        for name in order:
            first = line("edit", time=3, tags={"a": 1}) if "edit" in name else metrics(x=len(name))
            path = write(tmp_path / str(i), "a/b", first, line("beat", time=5), name=name)
            os.utime(path, (i, i))

    assert said_without_paths(tmp_path / "0") == said_without_paths(tmp_path / "1")


def said_without_paths(root):
    return said(only(root)).replace(str(root), "")


@given(st.lists(record_files, min_size=1, max_size=3))
@settings(max_examples=40)
def test_any_files_make_a_run(tmp_path_factory, made):
    """No content of record files stops the reader, and the same files make the same run."""
    root = tmp_path_factory.mktemp("project")
    names = ["run.jsonl", "run.r2.jsonl", "run.rank1.jsonl"]
    for name, data in zip(names, made, strict=False):
        write(root, "a/b", name=name).write_bytes(data)
    run = only(root)
    first = said(run)
    shutil.copytree(root / "runs", root / "again" / "runs")

    assert said_without_paths(root / "again") == first.replace(str(root), "")
    assert run.digest == only(root / "again").digest
