"""`staticrun runs …`."""

import json


def test_list_prints_one_object_with_the_documented_shape(staticrun, two_runs):
    listed = json.loads(staticrun("runs", "list", "--json").out)

    assert listed["format"] == 1
    assert [run["run"] for run in listed["runs"]] == ["vision/a", "vision/b"]
    first = listed["runs"][0]
    assert set(first) == {
        "id", "run", "experiment", "name", "status", "started", "ended", "duration",
        "last_record", "group", "parent", "user", "git", "archived", "params", "tags", "summary",
        "superseded", "bad_lines", "metrics",
    }  # fmt: skip
    assert first["params"] == {"lr": 0.1, "width": 64}
    assert first["metrics"]["acc"] == {
        "n": 1, "nonfinite": 0, "first": 0.75, "last": 0.75, "last_step": 0, "min": 0.75,
        "min_step": 0, "max": 0.75, "max_step": 0, "mean": 0.75,
    }  # fmt: skip
    assert first["metrics"]["loss"]["last"] == "NaN"
    assert (first["started"], first["ended"], first["duration"]) == (1770000000, 1770000002, 2)


def test_jsonl_is_one_run_a_line(staticrun, two_runs):
    lines = staticrun("runs", "list", "--jsonl").out.splitlines()

    assert [json.loads(line)["run"] for line in lines] == ["vision/a", "vision/b"]


def test_a_filter_chooses_runs(staticrun, two_runs):
    ran = staticrun("runs", "list", "--jsonl", "--where", "acc > 0.8 and params.lr < 0.05")

    assert [json.loads(line)["run"] for line in ran.out.splitlines()] == ["vision/b"]


def test_a_wrong_filter_shows_where_it_is_wrong(staticrun, two_runs):
    ran = staticrun("runs", "list", "--where", "acc >")

    assert ran.code in (1, 2)
    assert "^" in ran.err
    assert "Traceback" not in ran.err


def test_sort_puts_the_best_first(staticrun, two_runs, project):
    (project / "staticrun.yaml").write_text("metrics: {acc: {direction: min}}\n")

    ran = staticrun("runs", "list", "--jsonl", "--sort", "acc")

    assert [json.loads(line)["run"] for line in ran.out.splitlines()] == ["vision/a", "vision/b"]


def test_show_finds_a_run_by_the_end_of_its_key_and_gives_every_point(staticrun, two_runs):
    shown = json.loads(staticrun("runs", "show", "b", "--points").out)

    assert shown["run"] == "vision/b"
    assert shown["points"] == {
        "acc": {"step": [0], "time": [1770000001], "value": [0.875]},
        "loss": {"step": [0], "time": [1770000001], "value": ["NaN"]},
    }


def test_show_has_the_alerts_on_top(staticrun, two_runs, project):
    lines = [{"type": "alert", "level": "error", "text": f"no {n}"} for n in range(12)]
    with (project / "runs" / "vision" / "b" / "run.jsonl").open("a") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)

    ran = staticrun("runs", "show", "b")
    shown = json.loads(staticrun("runs", "show", "b", "--json").out)

    assert ran.out.splitlines()[1:12] == [
        *(f"error: no {n}" for n in range(10)),
        "and 2 more alerts",
    ]
    assert [alert["text"] for alert in shown["alerts"]] == [f"no {n}" for n in range(12)]


def test_show_tells_how_often_a_run_went_on_and_from_where(staticrun, two_runs, project):
    folder = project / "runs" / "vision" / "b"
    for name, start in (
        ("run.r2.jsonl", {"time": 1770000010, "rewind_to": 3}),
        ("run.r3.jsonl", {"time": 1e300}),
        ("run.rank1.jsonl", {}),
    ):
        (folder / name).write_text(json.dumps({"type": "start", "format": 1, **start}) + "\n")

    ran = staticrun("runs", "show", "b")
    shown = json.loads(staticrun("runs", "show", "b", "--json").out)

    assert ran.out.splitlines()[1:4] == [
        "resumed from step 3 on 2026-02-02 02:40:10 UTC",
        "resumed",
        "writers: main, rank1",
    ]
    assert shown["resumes"] == [
        {"time": 1770000010, "rewind_to": 3},
        {"time": 1e300, "rewind_to": None},
    ]
    assert shown["writers"] == ["main", "rank1"]


def test_a_run_that_there_is_not_is_said_with_the_nearest(staticrun, two_runs):
    ran = staticrun("runs", "show", "vision/aa")

    assert ran.code == 1
    assert "vision/a" in ran.err


def test_compare_shows_what_differs(staticrun, two_runs):
    compared = json.loads(staticrun("runs", "compare", "a", "b", "--json").out)

    assert compared["params"] == {"lr": [0.1, 0.01]}
    assert compared["metrics"] == {"acc": [0.75, 0.875], "loss": ["NaN", "NaN"]}


def test_tags_notes_and_the_archive_are_edits_beside_the_run(staticrun, two_runs, project):
    written = project / "runs/vision/a/run.jsonl"
    before = written.read_bytes()

    assert staticrun("runs", "tag", "a", "team=risk", "level=3").code == 0
    assert staticrun("runs", "note", "a", "-", stdin="Looks *good*.").code == 0
    assert staticrun("runs", "archive", "a").code == 0

    assert written.read_bytes() == before
    assert "vision/a" not in staticrun("runs", "list", "--jsonl").out
    shown = json.loads(staticrun("runs", "show", "vision/a", "--json").out)
    assert shown["tags"] == {"team": "risk", "level": 3}
    assert shown["archived"] is True
    assert [note["text"] for note in shown["notes"]] == ["Looks *good*."]
    assert staticrun("runs", "archive", "--undo", "vision/a").code == 0
    assert "vision/a" in staticrun("runs", "list", "--jsonl").out


def test_a_tag_without_a_value_is_wrong_use(staticrun, two_runs):
    ran = staticrun("runs", "tag", "a", "team")

    assert ran.code == 2
    assert "'team': is no tag, expected KEY=VALUE." in ran.err


def test_a_deleted_run_comes_back_until_the_trash_is_emptied(staticrun, two_runs, project):
    before = (project / "runs/vision/a/run.jsonl").read_bytes()

    assert staticrun("runs", "delete", "a").code == 0
    assert "vision/a" not in staticrun("runs", "list", "--jsonl").out
    assert staticrun("runs", "restore", "vision/a").code == 0
    assert (project / "runs/vision/a/run.jsonl").read_bytes() == before

    staticrun("runs", "delete", "vision/a")
    assert staticrun("runs", "gc", "--yes").code == 0
    assert staticrun("runs", "restore", "vision/a").code == 1


def test_no_clock_no_build_but_a_terminal_says_that_a_run_is_silent(staticrun, project):
    folder = project / "runs/x"
    folder.mkdir()
    (folder / "run.jsonl").write_text('{"type":"start","format":1,"time":1000000000}\n')

    assert "silent for " in staticrun("runs", "list").out


def test_no_name_steers_the_terminal(staticrun, project):
    folder = project / "runs/\x1b]0;owned\x07[red]x"
    folder.mkdir()
    (folder / "run.jsonl").write_text(
        '{"type":"start","format":1,"time":1,"id":"x","name":"\\u001b[2J"}\n{"broken\n'
    )

    for arguments in (
        ("list",),
        ("show", "x"),
        ("compare", "x"),
        ("note", "x", "n"),
        ("show", "?"),
    ):
        ran = staticrun("runs", *arguments)
        assert "\x1b]" not in ran.out + ran.err
        assert "\x07" not in ran.out + ran.err
        assert "Traceback" not in ran.err
    assert "[red]x" in staticrun("runs", "list").out
