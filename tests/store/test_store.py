"""What a project's store answers: runs, experiments, filters, findings, a run by what is typed."""

from __future__ import annotations

import pytest

import staticrun
from staticrun.config import Config, Metric
from staticrun.errors import UserError
from staticrun.store.filter import FilterError
from staticrun.store.store import Store
from tests.store.made import line, metrics, store, write


def start(number: int, **fields) -> str:
    return line("start", format=1, id=str(number) * 26, **fields)


@pytest.fixture
def found(tmp_path) -> Store:
    write(tmp_path, "digits/run-2", start(2, name="second"), metrics(x=2))
    write(tmp_path, "digits/run-10", start(3), metrics(x=3), line("params", values={"lr": 0.1}))
    write(tmp_path, "digits/deep/run-1", start(4), metrics(x=4))
    write(tmp_path, "alone", start(5))
    write(tmp_path, "digits/old", start(6), metrics(x=6))
    write(tmp_path, "digits/old", line("edit", time=1, archived=True), name="run.edit-1.jsonl")
    (tmp_path / "runs/digits/experiment.yaml").write_text("title: Digits\n")
    (tmp_path / "runs/empty").mkdir()
    (tmp_path / "runs/empty/experiment.yaml").write_text("title: None yet\ncolour: red\n")
    return store(tmp_path)


def keys(runs) -> list[str]:
    return [run.key for run in runs]


def test_runs_are_in_natural_order_without_archived_ones(found):
    assert found.keys() == [
        "alone",
        "digits/deep/run-1",
        "digits/old",
        "digits/run-2",
        "digits/run-10",
    ]
    assert keys(found.runs()) == ["alone", "digits/deep/run-1", "digits/run-2", "digits/run-10"]
    assert keys(found.runs(experiment="digits")) == ["digits/run-2", "digits/run-10"]
    assert keys(found.runs(experiment="digits", archived=True)) == [
        "digits/old",
        "digits/run-2",
        "digits/run-10",
    ]
    assert keys(found.runs(experiment="default")) == ["alone"]


def test_runs_are_chosen_by_a_filter(found):
    assert keys(found.runs("x > 2 and experiment = 'digits'")) == ["digits/run-10"]
    assert keys(found.runs("params.lr exists", "digits")) == ["digits/run-10"]
    assert keys(found.runs("name = 'second'")) == ["digits/run-2"]
    with pytest.raises(FilterError):
        found.runs("x >")


def test_a_filter_knows_the_direction_that_an_experiment_declares(tmp_path):
    for number, (a, b) in enumerate([(1, 5), (2, 3)]):
        rows = [metrics(step=0, m=a, v=10), metrics(step=1, m=b, v=20)]
        write(tmp_path, f"e/{number}", start(number), *rows)
    project = Config(root=tmp_path, metrics={"m": Metric(direction="max")})
    opened = Store.open(project, cache=False)

    assert keys(opened.runs("at(v, best m) = 20")) == ["e/0", "e/1"]
    (tmp_path / "runs/e/experiment.yaml").write_text("metrics: {m: {direction: min}}\n")
    opened.refresh()
    assert keys(opened.runs("at(v, best m) = 10")) == ["e/0", "e/1"]


def test_experiments_are_those_with_a_run_or_a_file_of_their_own(found):
    titles = {name: said.title for name, said in found.experiments().items()}

    assert titles == {
        "default": None,
        "digits": "Digits",
        "digits/deep": None,
        "empty": "None yet",
    }


def test_findings_are_of_the_whole_project(found):
    (finding,) = found.findings

    assert finding.where == "runs/empty/experiment.yaml:2"
    assert "colour" in finding.what


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("digits/run-2", "digits/run-2"),
        ("2" * 26, "digits/run-2"),
        ("222", "digits/run-2"),
        ("run-2", "digits/run-2"),
        ("run-10", "digits/run-10"),
        ("10", "digits/run-10"),
        ("alone", "alone"),
        ("al", "alone"),
        ("old", "digits/old"),
    ],
)
def test_a_run_is_found_by_what_a_person_types(found, text, key):
    assert found.find(text).key == key


def test_what_no_run_is_called_names_the_nearest(found):
    with pytest.raises(UserError) as told:
        found.find("digits/run-3")

    assert str(told.value) == (
        "digits/run-3: is no run, expected the key or the id of one.\n"
        "  Try: did you mean 'digits/run-2'?"
    )


def test_what_several_runs_are_called_names_them(found):
    with pytest.raises(UserError) as told:
        found.find("digits")

    assert str(told.value) == (
        "digits: may be any of 4 runs, expected one run.\n"
        "  Try: one of digits/deep/run-1, digits/old, digits/run-2, digits/run-10"
    )


@pytest.mark.parametrize("text", ["", "/", "nothing"])
def test_nothing_is_no_run(found, text):
    with pytest.raises(UserError):
        found.find(text)


def test_an_unknown_key_is_told(found):
    with pytest.raises(UserError) as told:
        found.run("digits/run2")

    assert str(told.value) == (
        "digits/run2: is no run, expected the key of a run.\n  Try: did you mean 'digits/run-2'?"
    )


def test_two_runs_with_one_id_are_told_and_both_are_there(tmp_path):
    write(tmp_path, "a/one", start(1))
    write(tmp_path, "b/copy", start(1))
    opened = store(tmp_path)

    assert keys(opened.runs()) == ["a/one", "b/copy"]
    assert list(map(str, opened.findings)) == [
        (
            "runs/b/copy: has the id 11111111111111111111111111, as runs/a/one has, expected one run"
            " an id.\n  Try: delete the one that is a copy"
        )
    ]


def test_a_run_that_is_removed_is_gone_after_a_refresh(found, tmp_path):
    (tmp_path / "runs/alone/run.jsonl").unlink()
    found.refresh()

    assert found.keys() == ["digits/deep/run-1", "digits/old", "digits/run-2", "digits/run-10"]
    with pytest.raises(UserError):
        found.run("alone")


def test_a_file_that_vanishes_under_a_run_is_told_when_its_points_are_asked_for(tmp_path):
    path = write(tmp_path, "a/b", start(1), metrics(x=1))
    run = Store.open(Config(root=tmp_path)).run("a/b")
    path.unlink()
    (tmp_path / ".staticrun/index.sqlite").unlink()
    assert run.series("x").value.tolist() == [1]

    write(tmp_path, "a/b", start(1), metrics(x=1))
    again = store(tmp_path).run("a/b")
    assert again.metrics["x"].n == 1


def test_the_digest_is_of_names_and_bytes_alone(tmp_path):
    first = write(tmp_path / "p", "a/b", start(1), metrics(x=1))
    write(tmp_path / "q", "other/name", start(1), metrics(x=1))
    one, two = store(tmp_path / "p"), store(tmp_path / "q")

    assert one.digest("a/b") == two.digest("other/name") == one.run("a/b").digest
    first.write_bytes(first.read_bytes() + b"\n")
    one.refresh()
    assert one.digest("a/b") != two.digest("other/name")


def test_runs_of_a_project_from_python(found, tmp_path, monkeypatch):
    assert keys(staticrun.runs(root=tmp_path)) == keys(found.runs())
    monkeypatch.chdir(tmp_path / "runs/digits")
    assert keys(staticrun.runs("digits", where="x > 2")) == ["digits/run-10"]


def test_a_run_is_opened_alone_without_a_look_at_the_others(tmp_path):
    write(tmp_path, "a/b", start(1), metrics(x=1))
    other = write(tmp_path, "a/c", start(2), metrics(x=2))
    (tmp_path / "runs/link").symlink_to("a")
    store = Store.open(Config(root=tmp_path))
    near = store.alone("a/b")
    assert near is not None
    assert near.keys() == ["a/b"]
    assert near.with_id(near.run("a/b").id) == ["a/b"]
    for key in ("a", "a/x", "link/b", "a/b/artifacts", "../a", "a//b", ""):
        assert store.alone(key) is None
    # The run that it knows does not stand for all, and the index keeps both.
    assert store.keys() == ["a/b", "a/c"]
    assert store.alone("a/c") is store
    other.unlink()
    assert Store.open(Config(root=tmp_path)).alone("a/c") is None
