"""A run as Python code and JSON see it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from staticrun.errors import UserError
from tests.store.made import line, metrics, store, write

ID = "0" * 10 + "x" * 16


@pytest.fixture
def run(tmp_path):
    git = {"commit": "c" * 40, "branch": "main", "dirty": True}
    write(
        tmp_path,
        "vision/digits/one",
        line(
            "start",
            format=1,
            id=ID,
            time=100,
            name="One",
            user="ada",
            group="g",
            parent="p",
            git=git,
        ),
        line("params", values={"lr": 0.1, "m": {"w": 8, "act": "relu"}, "inf": float("inf")}),
        metrics(step=0, time=101, loss=2, acc=float("nan")),
        line("system", time=102, values={"cpu.percent": 50}),
        line("log", time=103, text="hello", level="warning"),
        line("alert", text="hot"),
        line("histogram", name="w", step=1, edges=[0, 1, 2], counts=[3, 4]),
        metrics(step=1, time=104, loss=1, acc=0.5),
        line("artifact", path="artifacts/a.png", sha256="0" * 64, bytes=3, kind="image", step=1),
        line("dataset", name="digits", digest="d", role="train", rows=10),
        line("model", name="m", path="artifacts/m", tree="1" * 64, flavor="sklearn"),
        line("use", run="r" * 26, path="artifacts/w", role="init"),
        line("verdict", of="v" * 26, result="same"),
        line("note", text="**note**", time=105),
        line("summary", values={"best": 0.5, "bad": float("nan"), "gone": None}),
        line("tags", values={"team": "risk", "n": 1}),
        line("system", time=106, values={"cpu.percent": 60}),
        line("span", name="x"),
        line("note", text="n", colour=1),
        line("end", status="failed", time=110, error={"type": "ValueError", "message": "no"}),
    )
    return store(tmp_path).run("vision/digits/one")


def test_the_facts_of_a_run(run, tmp_path):
    assert (run.id, run.key, run.name) == (ID, "vision/digits/one", "One")
    assert (run.experiment, run.status, run.user) == ("vision/digits", "failed", "ada")
    assert (run.group, run.parent, run.archived) == ("g", "p", False)
    assert (run.started, run.ended, run.duration, run.last_record) == (100, 110, 10, 110)
    assert (run.git.commit, run.git.dirty) == ("c" * 40, True)
    assert run.params == {"lr": 0.1, "m.w": 8, "m.act": "relu", "inf": float("inf")}
    assert run.params_tree["m"] == {"w": 8, "act": "relu"}
    assert (run.tags, run.system_names) == ({"team": "risk", "n": 1}, ("cpu.percent",))
    assert run.summary["best"] == 0.5
    assert "gone" not in run.summary
    assert (run.value("loss"), run.value("acc"), run.value("nothing")) == (1, 0.5, None)
    assert (run.segments, run.writers, run.bad_lines, run.superseded) == (1, ("main",), 0, 0)
    assert run.unknown == {'type "span"': 1, "note.colour": 1}
    assert (run.start.time, run.end.error.type) == (100, "ValueError")
    assert run.folder == tmp_path / "runs/vision/digits/one"
    assert run.files == (run.folder / "run.jsonl",)
    assert len(run.digest) == 64
    assert repr(run) == "<Run vision/digits/one failed>"


def test_entries_say_where_they_stand(run):
    where = "runs/vision/digits/one/run.jsonl"
    (artifact,), (dataset,), (model,) = run.artifacts, run.datasets, run.models
    (use,), (verdict,), (histogram,) = run.uses, run.verdicts, run.histograms

    assert (artifact.path, artifact.kind, artifact.bytes) == ("artifacts/a.png", "image", 3)
    assert (dataset.name, dataset.rows, model.flavor) == ("digits", 10, "sklearn")
    assert (use.role, verdict.result, histogram.counts) == ("init", "same", [3, 4])
    assert [each.where for each in (artifact, dataset, model, use, verdict, histogram)] == [
        f"{where}:{number}" for number in (9, 10, 11, 12, 13, 7)
    ]
    assert [(note.text, note.time, note.edited) for note in run.notes] == [
        ("**note**", 105, False),
        ("n", None, False),
    ]
    assert [(e.text, e.level, e.time, e.where) for e in run.logs] == [
        ("hello", "warning", 103, f"{where}:5")
    ]
    assert [(e.text, e.level) for e in run.alerts] == [("hot", "warning")]


def test_samples_of_the_machine_are_a_series_over_their_number(run):
    series = run.system("cpu.percent")

    assert (series.step.tolist(), series.time.tolist()) == ([0, 1], [102, 106])
    assert series.value.tolist() == [50, 60]
    assert len(run.system("gpu.0.utilization")) == 0


def test_a_metric_that_was_never_logged_has_no_points(run):
    for series in (run.series("x"), run.series("x", "rank1"), run.ghosts("x"), run.ghosts("loss")):
        assert len(series) == 0
        assert series.at_steps()[0].tolist() == []


def test_a_run_is_json_of_the_shape_that_the_command_line_prints(run):
    shown = run.to_dict()

    assert json.loads(json.dumps(shown, allow_nan=False)) == {
        "id": ID,
        "run": "vision/digits/one",
        "experiment": "vision/digits",
        "name": "One",
        "status": "failed",
        "started": 100.0,
        "ended": 110.0,
        "duration": 10.0,
        "last_record": 110.0,
        "group": "g",
        "parent": "p",
        "user": "ada",
        "git": {"commit": "c" * 40, "dirty": True},
        "archived": False,
        "params": {"lr": 0.1, "m.w": 8, "m.act": "relu", "inf": "Infinity"},
        "tags": {"team": "risk", "n": 1},
        "summary": {"best": 0.5, "bad": "NaN"},
        "superseded": 0,
        "bad_lines": 0,
        "metrics": {
            "loss": stats(2, 0, 2.0, 1.0, 1.0, 1.0, 1.0, 2.0, 0.0, 1.5),
            "acc": stats(2, 1, "NaN", 0.5, 1.0, 0.5, 1.0, 0.5, 1.0, 0.5),
        },
    }


def stats(*values):
    names = [
        "n",
        "nonfinite",
        "first",
        "last",
        "last_step",
        "min",
        "min_step",
        "max",
        "max_step",
        "mean",
    ]
    return dict(zip(names, values, strict=True))


def test_a_run_without_a_start_has_an_id_from_its_key(tmp_path):
    write(tmp_path / "p", "a/b", metrics(x=1))
    write(tmp_path / "q", "a/b", metrics(x=2))
    first, second = store(tmp_path / "p").run("a/b"), store(tmp_path / "q").run("a/b")

    assert first.id == second.id
    assert len(first.id) == 26
    assert [str(finding) for finding in first.findings] == [
        (
            f"runs/a/b: has no start record with an id; it is known as {first.id}, expected a first"
            " record of type start."
        )
    ]
    assert first.findings[0].level == "note"
    assert (first.started, first.duration, first.git) == (None, None, None)


def test_several_ids_in_one_run_are_told(tmp_path):
    write(tmp_path, "a/b", line("start", id="1" * 26))
    write(tmp_path, "a/b", line("start", id="2" * 26), name="run.r2.jsonl")
    run = store(tmp_path).run("a/b")

    assert run.id == "1" * 26
    assert [finding.what for finding in run.findings] == [
        (
            f"has several ids: {'1' * 26} in runs/a/b/run.jsonl and {'2' * 26} in"
            " runs/a/b/run.r2.jsonl"
        )
    ]


def test_of_many_findings_of_one_kind_the_first_are_told_and_the_rest_counted(tmp_path):
    write(tmp_path, "a/b", line("start", id=ID), *["oops"] * 5000, *[metrics(x="?")] * 12)
    run = store(tmp_path).run("a/b")
    told = list(map(str, run.findings))

    assert run.bad_lines == 5000
    assert len(told) == 22
    assert told[:2] == [
        (
            "runs/a/b/run.jsonl:2: not JSON at column 1 (expecting value), expected one JSON object a"
            " line."
        ),
        (
            "runs/a/b/run.jsonl:3: not JSON at column 1 (expecting value), expected one JSON object a"
            " line."
        ),
    ]
    assert 'runs/a/b/run.jsonl:5002: metrics.values.x is "?", which is no number.' in told
    assert told[-2:] == [
        "runs/a/b/run.jsonl: and 2 more lines like these.",
        "runs/a/b/run.jsonl: and 4,990 more lines like these.",
    ]


# Tables of other libraries


@pytest.mark.parametrize(
    ("library", "method"),
    [("pandas", "to_pandas"), ("polars", "to_polars"), ("pyarrow", "to_arrow")],
)
def test_a_library_that_is_missing_is_named(library, method):
    """In a process that cannot import it, whether it is installed or not."""
    code = (
        f"import sys; sys.modules[{library!r}] = None\n"
        "from staticrun.errors import StaticrunError\n"
        "from staticrun.store.run import Runs\n"
        f"try: Runs().{method}()\n"
        "except StaticrunError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == f"{library}: is not installed.\n  Try: pip install {library}\n"


def test_no_runs_are_an_empty_table(tmp_path):
    assert store(tmp_path).runs() == []
    with pytest.raises(UserError):
        store(tmp_path).run("x")
