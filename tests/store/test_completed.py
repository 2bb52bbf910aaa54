"""Records that tell more of one before: a start by its id and time, a file by its path."""

from __future__ import annotations

import pytest

from tests.store.made import append, line, metrics, said, store, write

ID = "0" * 10 + "x" * 16
DIGEST = "a" * 64


def test_a_start_with_the_id_and_time_of_the_first_completes_it(tmp_path):
    write(
        tmp_path,
        "a/b",
        line("start", format=1, id=ID, time=100, seed=3, hardware={"cpus": 2}),
        metrics(loss=1),
        line("start", format=1, id=ID, time=100, packages={"numpy": "2.2.0"}),
        metrics(loss=2),
        line("start", format=1, id=ID, time=100, hardware={"cpus": 2, "cuda": "12.4"}),
    )
    run = store(tmp_path).run("a/b")

    assert run.segments == 1
    assert (run.start.seed, run.start.packages) == (3, {"numpy": "2.2.0"})
    assert run.start.hardware == {"cpus": 2, "cuda": "12.4"}
    assert run.series("loss").step.tolist() == [0, 1]
    assert run.findings == ()


@pytest.mark.parametrize(
    "second",
    [
        {"id": ID, "time": 101},
        {"id": ID},
        {"time": 100},
        {"id": "1" * 26, "time": 100},
    ],
)
def test_any_other_start_is_a_resume(tmp_path, second):
    write(
        tmp_path,
        "a/b",
        line("start", format=1, id=ID, time=100),
        line("start", format=1, **second, seed=4),
    )
    run = store(tmp_path).run("a/b")

    assert (run.segments, run.start.seed) == (2, None)


def test_starts_without_id_or_time_are_each_a_resume(tmp_path):
    write(tmp_path, "a/b", line("start", format=1), line("start", format=1))

    assert store(tmp_path).run("a/b").segments == 2


def test_a_start_after_the_end_is_a_resume(tmp_path):
    write(
        tmp_path,
        "a/b",
        line("start", format=1, id=ID, time=100),
        line("end", status="failed"),
        line("start", format=1, id=ID, time=100),
    )

    assert store(tmp_path).run("a/b").segments == 2


def announced(**fields):
    return line("artifact", path="artifacts/console.log", kind="console", **fields)


def test_a_file_that_was_announced_is_known_by_its_later_record(tmp_path):
    write(tmp_path, "a/b", announced(), line("artifact", path="artifacts/x", sha256=DIGEST))
    assert store(tmp_path).run("a/b").artifacts[0].sha256 is None

    append(tmp_path / "runs/a/b/run.jsonl", announced(sha256=DIGEST, bytes=3))
    found = store(tmp_path).run("a/b").artifacts
    assert [(one.path, one.sha256) for one in found] == [
        ("artifacts/console.log", DIGEST),
        ("artifacts/x", DIGEST),
    ]


def test_files_with_digests_or_of_other_steps_are_each_kept(tmp_path):
    records = [
        announced(sha256=DIGEST, step=1), announced(sha256=DIGEST, step=2),
        announced(step=3), announced(sha256=DIGEST, step=4), announced(sha256=DIGEST, step=4),
    ]  # fmt: skip
    write(tmp_path, "a/b", *records)

    assert [one.step for one in store(tmp_path).run("a/b").artifacts] == [1, 2, 3, 4, 4]


def test_reading_in_pieces_is_reading_at_once(tmp_path):
    lines = [
        line("start", format=1, id=ID, time=100),
        announced(),
        metrics(loss=1),
        line("start", format=1, id=ID, time=100, packages={"numpy": "2.2.0"}),
        announced(sha256=DIGEST, bytes=3),
        line("end", status="finished"),
    ]
    path = write(tmp_path, "a/b", lines[0])
    for one in lines[1:]:
        store(tmp_path, cache=True).run("a/b")
        append(path, one)

    assert said(store(tmp_path, cache=True).run("a/b")) == said(store(tmp_path).run("a/b"))
