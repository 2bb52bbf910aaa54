"""`staticrun registry history`, `at` and `events`, as a person and a workflow meet them."""

from __future__ import annotations

import json
import shutil
import sys
from typing import NamedTuple

import pytest

from staticrun.cli.main import main
from staticrun.registry import manifests
from tests.registry.made import place, registry, stage, version, write
from tests.registry.repository import commit_all, git, repository

PRODUCTION = place(stage(1))
ZEROS = "0" * 40


class Ran(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def staticrun(project, monkeypatch, capsys):
    """Run `staticrun …` in the project; in this process, which is ten times as fast."""

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["staticrun", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        return Ran(ended.value.code or 0, *capsys.readouterr())

    return run


@pytest.fixture
def dated(monkeypatch):
    """Let the next commits be of a date."""

    def date(text: str) -> None:
        for role in ("AUTHOR", "COMMITTER"):
            monkeypatch.setenv(f"GIT_{role}_DATE", f"{text}T12:00:00+00:00")

    return date


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """Promote 1, then 2 by pull request 7, then roll back by a revert."""
    folder = tmp_path_factory.mktemp("template") / "project"
    registry(folder, 3, production=1)
    (folder / ".gitignore").write_text(".staticrun/\n")
    with pytest.MonkeyPatch.context() as patch:
        for role in ("AUTHOR", "COMMITTER"):
            patch.setenv(f"GIT_{role}_DATE", "2024-02-29T12:00:00+00:00")
        repository(folder)
        for role in ("AUTHOR", "COMMITTER"):
            patch.setenv(f"GIT_{role}_DATE", "2024-03-02T12:00:00+00:00")
        patch.setenv("GIT_AUTHOR_NAME", "A\u202eb\x1b[31m")
        write(folder, stage(2))
        commit_all(folder, "Promote (#7)")
        for role in ("AUTHOR", "COMMITTER"):
            patch.setenv(f"GIT_{role}_DATE", "2024-03-04T12:00:00+00:00")
        git(folder, "revert", "--no-edit", "HEAD")
    return folder


@pytest.fixture
def commits(template, project):
    """Give the three commits, of a copy in the project."""
    shutil.copytree(template, project, dirs_exist_ok=True)
    return git(project, "rev-list", "--reverse", "HEAD").split()


def matrix(ran) -> list[tuple]:
    assert ran.code == 0, ran.err
    assert ran.out.startswith("matrix=")
    assert ran.out.count("\n") == 1
    rows = json.loads(ran.out.removeprefix("matrix="))["include"]
    assert all(set(row) == {"model", "stage", "version", "tree"} for row in rows)
    return [(row["model"], row["stage"], row["version"]) for row in rows]


def test_history_tells_the_newest_first(staticrun, project, commits):
    write(project, stage(3))
    ran = staticrun("registry", "history", "churn")
    lines = ran.out.splitlines()
    assert "churn production 2 → 1 rolled back (by a revert)" in lines[1]
    assert "pushed directly, unreviewed?" in lines[1]
    assert "churn production 1 → 2 promoted" in lines[2]
    assert "#7 claimed" in lines[2]
    assert r"A\u202eb␛[31m" in lines[2]  # a name steers no terminal
    assert lines[-1] == f"not committed: {PRODUCTION}"
    assert lines[-2].startswith("Who approved any of it is unknown")
    assert len(staticrun("registry", "history", "--last", "1").out.splitlines()) == 5
    ran = staticrun("registry", "history", "chorn")
    assert (ran.code, "did you mean 'churn'?" in ran.err) == (1, True)


def test_history_for_programs_is_all_of_it(staticrun, commits):
    said = json.loads(staticrun("registry", "history", "--json").out)
    assert (said["commit"], said["truncated"], said["pending"]) == (commits[2], False, [])
    event = said["events"][-2]
    assert (event["type"], event["from"], event["to"]) == ("stage.promoted", 1, 2)
    assert event["pr"] == {"number": 7, "verified": False}
    assert (event["approvals"], event["gates"]) == ("unknown", "unknown")
    assert said["events"][-1]["direct"] is True
    assert said == json.loads(staticrun("registry", "history", "--json", "--ref", "main").out)


def test_history_of_no_repository_is_empty(staticrun, project):
    registry(project, 2, production=1)
    ran = staticrun("registry", "history")
    assert (ran.code, ran.err, len(ran.out.splitlines())) == (0, "", 1)


def test_a_shallow_clone_is_told(staticrun, project, commits, tmp_path):
    git(tmp_path, "clone", "-q", "--depth=1", project.as_uri(), "clone")
    clone = str(tmp_path / "clone")
    (tmp_path / "clone/runs").mkdir()
    ran = staticrun("registry", "history", "--root", clone)
    assert "fetch-depth: 0" in ran.err
    assert "fetch-depth: 0" in staticrun("registry", "at", "production", "--root", clone).err
    for words in ((), ("--github-matrix",)):
        ran = staticrun("registry", "events", "--root", clone, "--from", commits[1], *words)
        assert (ran.code, ran.out) == (1, "")
        assert "fetch-depth: 0" in ran.err


def test_at_a_date_or_a_commit(staticrun, project, commits):
    def version_at(*words):
        ran = staticrun("registry", "at", "production", "--json", *words)
        assert ran.code == 0, ran.err
        (row,) = json.loads(ran.out)["models"]
        return row["event"] and row["event"]["to"]

    assert version_at() == 1
    assert version_at("--date", "2024-03-01") == 1
    assert version_at("--date", "2024-03-02") == 2  # a date is its end
    assert version_at("--date", "2024-03-02T11:59:59Z") == 1
    assert version_at("--date", "2024-03-02T13:00:00+01:00") == 2
    assert version_at("--date", "2024-03-03", "--model", "churn") == 2
    assert version_at("--date", "2020-01-01") is None
    assert version_at("--date", commits[1]) == 2
    assert version_at("--date", "HEAD~2") == 1
    ran = staticrun("registry", "at", "production", "--date", "2024-03-03")
    assert "churn  2        2024-03-02 12:00" in ran.out
    assert "Dates are what committers' clocks claim" in ran.out


def test_at_says_when_clocks_are_wrong(staticrun, project, commits, dated):
    dated("2099-01-01")
    write(project, stage(3))
    commit_all(project)
    dated("2024-03-05")
    write(project, stage(2))
    commit_all(project)
    ran = staticrun("registry", "at", "production", "--date", "2024-03-04")
    assert "1 of 5 commits claim times that do not fit" in ran.err
    assert "churn  3" in ran.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("prod",), "no stage 'prod' was ever there"),
        (("production", "--date", "2024-13-01"), "is no date"),
        (("production", "--date", "9999-12-31"), "is no date"),
        (("production", "--date", "--output=x"), "names no commit"),
        (("production", "--model", "chorn"), "'chorn' was never at production"),
    ],
)
def test_what_at_does_not_know_it_says(staticrun, project, commits, words, said):
    ran = staticrun("registry", "at", *words)
    assert ran.code in (1, 2)
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_events_of_a_push(staticrun, commits):
    ran = staticrun("registry", "events", "--from", commits[0], "--to", commits[2], "--json")
    rows = [json.loads(line) for line in ran.out.splitlines()]
    assert [(row["type"], row["commit"]) for row in rows] == [
        ("stage.promoted", commits[1]),
        ("stage.rolled_back", commits[2]),
    ]
    assert rows[0]["schema"] == "staticrun.event/1"
    assert staticrun("registry", "events", "--from", commits[2]).out == ""
    words = ("registry", "events", "--from", ZEROS, "--to", commits[1], "--json")
    told = [json.loads(line) for line in staticrun(*words).out.splitlines()]
    assert told[-1] == rows[0]  # the same event, whoever asks for it when
    assert len(told) == 6
    told = staticrun(*words, "--only", "version").out.splitlines()
    assert {json.loads(line)["type"] for line in told} == {"version.registered"}
    assert "1 → 2 promoted" in staticrun(*words[:-1]).out


def test_a_matrix_has_where_stages_are_now(staticrun, project, commits):
    def asked(*words):
        return matrix(staticrun("registry", "events", "--github-matrix", *words))

    assert asked("--from", commits[0], "--to", commits[1]) == [("churn", "production", 2)]
    assert asked("--from", commits[0]) == []  # there and back is nowhere
    assert asked("--from", ZEROS) == [("churn", "production", 1)]
    write(project, stage(3), stage(3, "staging"), stage(2, "canary"))
    commit_all(project, "many")
    assert asked("--from", commits[2]) == [
        ("churn", "staging", 3),
        ("churn", "production", 3),
        ("churn", "canary", 2),
    ]
    (project / PRODUCTION).unlink()
    commit_all(project, "cleared")
    assert asked("--from", "HEAD~1") == []


def test_a_matrix_leaves_out_what_has_moved_on(staticrun, project, commits):
    words = ("registry", "events", "--from", commits[0], "--to", commits[1], "--github-matrix")
    ran = staticrun(*words, "--against", "main")
    assert matrix(ran) == []
    assert "churn production is at version 1 by now: left out" in ran.err
    assert matrix(staticrun(*words, "--against", commits[1])) == [("churn", "production", 2)]


def test_a_forced_push_is_told_and_its_matrix_is_what_differs(staticrun, project, commits):
    git(project, "reset", "-q", "--hard", commits[0])
    write(project, version(4))
    commit_all(project, "another way")
    ran = staticrun("registry", "events", "--from", commits[1])
    assert "churn 4 registered" in ran.out
    assert "was rewritten" in ran.err
    ran = staticrun("registry", "events", "--from", commits[1], "--github-matrix")
    assert matrix(ran) == [("churn", "production", 1)]
    ran = staticrun("registry", "events", "--from", "f" * 40, "--github-matrix")
    assert matrix(ran) == [("churn", "production", 1)]
    assert "is not in this clone" in ran.err


def test_a_matrix_of_what_cannot_be_read_is_none(staticrun, project, commits):
    with (project / PRODUCTION).open("a") as stream:
        stream.write('model: "x\\nmatrix={}"\n')
    commit_all(project)
    ran = staticrun("registry", "events", "--from", commits[0], "--github-matrix")
    assert (ran.code, ran.out) == (1, "")
    assert "stands twice" in ran.err


@pytest.mark.slow
def test_a_matrix_has_no_more_jobs_than_a_host_makes(staticrun, project, commits):
    for number in range(300):
        write(project, stage(1, f"alias{number}"))
    commit_all(project)
    ran = staticrun("registry", "events", "--from", commits[2], "--github-matrix")
    assert (ran.code, ran.out) == (1, "")
    assert "300 stages are elsewhere" in ran.err


@pytest.mark.parametrize(
    "words",
    [
        ("--from", "--output=x"),
        ("--from", "nowhere"),
        ("--from", ZEROS, "--to", ZEROS),
        ("--from", ZEROS, "--json", "--github-matrix"),
        ("--from", ZEROS, "--against", "main"),
        ("--from", ZEROS, "--github-matrix", "--against", "nowhere"),
        (),
    ],
)
def test_what_events_does_not_know_it_says(staticrun, project, commits, words):
    ran = staticrun("registry", "events", *words)
    assert (ran.code in (1, 2), ran.out) == (True, "")
    assert "Traceback" not in ran.err
    assert not (project / "x").exists()


@pytest.mark.slow
def test_policies_and_tombstones_are_told_in_words(staticrun, project, commits):
    write(project, manifests.Policies(), manifests.Withdrawn(model="churn", version=3, reason="x"))
    (project / place(version(2))).unlink()
    commit_all(project)
    out = staticrun("registry", "history").out
    assert "registry/policies.yaml changed" in out
    assert "churn 3 withdrawn" in out
    assert "churn 2 CHANGED" in out
