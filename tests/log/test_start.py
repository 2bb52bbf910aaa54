"""Where a run goes, what it is called, and what it says of where it starts."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import staticrun
from staticrun.errors import UsageError, UserError
from staticrun.log.ids import is_id
from tests.log.records import of_type, read


def started(**arguments):
    arguments = {"capture": False, **arguments}
    with staticrun.start(arguments.pop("experiment", None), **arguments) as run:
        return run


def refusal(kind, *args, **arguments):
    with pytest.raises(kind) as caught:
        staticrun.start(*args, **{"capture": False, **arguments})
    return str(caught.value)


def test_a_run_is_never_seen_without_its_params(project, monkeypatch):
    """Whoever is to join a run compares its own params with those that are written."""
    written = []
    write = os.write
    monkeypatch.setattr(os, "write", lambda at, data: (written.append(data), write(at, data))[1])
    staticrun.start("digits", params={"lr": 0.1}, capture=False).finish()

    [first] = [data for data in written if b'"type":"start"' in data]
    assert [json.loads(line)["type"] for line in first.splitlines()] == ["start", "params"]


def test_a_run_without_anything_is_dated_and_belongs_to_default(project):
    run = started()

    assert re.fullmatch(r"default/\d{8}-\d{6}-[0-9a-f]{6}", run.key)
    assert run.folder == project / "runs" / run.key
    assert run.root == project
    assert run.name == run.key.removeprefix("default/")
    assert is_id(run.id)
    assert [record["type"] for record in read(run.folder / "run.jsonl")] == ["start", "end"]
    assert of_type(run.folder, "start") == [{"format": 1, "id": run.id}]
    assert of_type(run.folder, "end") == [{"status": "finished"}]


def test_a_run_says_everything_that_it_was_given(project):
    parent = started()
    run = started(
        experiment="vision/digits",
        name="LR 0.1 (größer)",
        params={"lr": 0.1, "model": {"width": 32}},
        tags={"team": "risk"},
        group="sweep 1",
        parent=parent,
        seed=7,
    )

    assert run.key == "vision/digits/lr-0.1-gr-er"
    assert run.experiment == "vision/digits"
    assert run.name == "LR 0.1 (größer)"
    assert of_type(run.folder, "start") == [
        {
            "format": 1,
            "id": run.id,
            "name": "LR 0.1 (größer)",
            "parent": parent.id,
            "group": "sweep 1",
            "seed": 7,
        }
    ]
    assert of_type(run.folder, "params") == [{"values": {"lr": 0.1, "model": {"width": 32}}}]
    assert of_type(run.folder, "tags") == [{"values": {"team": "risk"}}]


def test_a_name_that_is_taken_gets_a_number(project):
    keys = [started(name="base", experiment="digits").key for _ in range(3)]

    assert keys == ["digits/base", "digits/base-2", "digits/base-3"]


@pytest.mark.parametrize("name", ["数字", "…", "../..", "", " "])
def test_a_name_of_which_no_folder_can_be_made_leaves_the_date(project, name):
    run = started(name=name)

    assert re.fullmatch(r"default/\d{8}-\d{6}-[0-9a-f]{6}", run.key)
    assert of_type(run.folder, "start")[0].get("name", "") == name


def test_a_run_is_never_called_artifacts(project):
    assert started(name="artifacts").key == "default/artifacts-2"


@pytest.mark.parametrize(
    ("experiment", "problem"),
    [
        ("", "has an empty part"),
        ("/etc", "has an empty part"),
        ("a//b", "has an empty part"),
        ("a/", "has an empty part"),
        ("../x", "has the part '..', which begins with a dot"),
        ("a/../../x", "has the part '..', which begins with a dot"),
        (".hidden", "has the part '.hidden', which begins with a dot"),
        ("a\\b", "holds a backslash or a character that cannot be printed"),
        ("a\nb", "holds a backslash or a character that cannot be printed"),
        ("a\udc80", "holds a backslash or a character that cannot be printed"),
        (" a", "has a part that begins or ends with a space"),
        ("artifacts", "has the part 'artifacts', where no run is ever looked for"),
        ("x" * 256, "is too long"),
    ],
)
def test_an_experiment_that_leads_elsewhere_is_refused(project, experiment, problem):
    message = refusal(UsageError, experiment)

    expected = "names joined by '/', such as 'vision/digits'"
    assert message == f"experiment: {experiment!r} {problem}, expected {expected}."
    assert list(project.iterdir()) == [project / "runs"]
    assert list((project / "runs").iterdir()) == []


def test_wrong_arguments_are_refused_in_words(project):
    assert refusal(UsageError, 3) == "experiment: 3 is no text, expected a name such as 'digits'."
    assert refusal(UsageError, name=3) == "name: 3 is no text, expected any text.\n  Try: name='3'"
    assert (
        refusal(UsageError, group=3) == "group: 3 is no text, expected any text.\n  Try: group='3'"
    )
    assert (
        refusal(UsageError, params=[1])
        == "params: [1] has no names, expected a mapping, a dataclass or a Namespace."
    )
    assert (
        refusal(UsageError, tags="a")
        == "tags: 'a' has no names, expected a mapping, a dataclass or a Namespace."
    )
    assert refusal(UsageError, parent="digits/base") == (
        "parent: 'digits/base' is no id, expected a run, or the 26 characters of its id.\n"
        "  Try: parent=run"
    )
    assert refusal(UsageError, capture=3) == (
        "capture: 3 is neither, expected True, False or some of them by name.\n"
        "  Try: capture={'user': False}"
    )
    assert refusal(UsageError, capture={"users": False}) == (
        "capture: 'users' is nothing to record.\n  Try: did you mean 'user'?"
    )
    assert (
        refusal(UsageError, capture={"user": "no"})
        == "capture['user']: 'no' is no switch, expected True or False."
    )
    assert list((project / "runs").iterdir()) == []


def test_a_run_holds_no_runs(project):
    run = started(name="one", experiment="digits")

    assert refusal(UsageError, run.key) == (
        "experiment: 'digits/one' is a run, expected a folder of runs; a run holds none.\n"
        "  Try: start(parent=…) for a run that belongs to another"
    )


def test_the_root_is_the_argument_else_the_variable_else_the_project_upwards(
    project, tmp_path, monkeypatch
):
    inner = project / "src" / "deep"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    assert started().root == project

    monkeypatch.setenv("STATICRUN_ROOT", str(tmp_path / "other"))
    assert started().root == tmp_path / "other"
    assert started(root=tmp_path / "third").root == tmp_path / "third"

    monkeypatch.setenv("STATICRUN_ROOT", "")
    assert started(root="~/fourth").root == Path.home() / "fourth"
    assert started().root == project


def test_a_working_folder_that_is_gone_is_told(project, monkeypatch, tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()

    assert refusal(UserError) == (
        "the working folder: it was deleted.\n  Try: give start(root=…) or set STATICRUN_ROOT"
    )
    assert started(root=project, capture=True).ended


@pytest.mark.skipif(os.name != "posix", reason="folders of POSIX")
def test_a_folder_that_is_a_file_is_told(project):
    (project / "runs" / "digits").write_text("")

    assert refusal(UserError, "digits") == (
        f"{project}/runs/digits: the run cannot be written there (file exists), expected a folder"
        " that can be written to.\n  Try: give start(root=…) or set STATICRUN_ROOT"
    )


def test_two_runs_that_start_at_once_get_two_folders(project):
    code = "import staticrun\nprint(staticrun.start('digits', name='one', capture=False).key)"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(staticrun.__file__).parents[1])},
        )
        for _ in range(4)
    ]
    keys = sorted(process.communicate()[0].strip() for process in processes)

    assert keys == ["digits/one", "digits/one-2", "digits/one-3", "digits/one-4"]


def test_a_child_belongs_to_its_parent_and_records_no_more_than_it(project):
    with staticrun.start(
        "digits", capture={"packages": False, "git": False, "user": False}
    ) as run:
        with run.child("fold 1", params={"fold": 1}, seed=3) as child:
            child.log({"loss": 1})

    assert child.key == "digits/fold-1"
    found = of_type(child.folder, "start")[0]
    assert found["parent"] == run.id
    assert found["seed"] == 3
    assert not {"packages", "user", "git"} & set(found)
    assert "python" in found
