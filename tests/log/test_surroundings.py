"""What a run says of where it starts, and what it keeps to itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import staticrun
from staticrun.config import Capture
from staticrun.log.late import installed_packages
from tests.log.records import of_type, read, start_of

CODE = Path(staticrun.__file__).parents[1]
FIELDS = {
    "command": {"command"},
    "cwd": {"cwd"},
    "user": {"user"},
    "host": {"host"},
    "python": {"python"},
    "platform": {"platform"},
    "hardware": {"hardware"},
    "env": {"env"},
    "seeds": {"seeds"},
    "packages": {"packages"},
}


def head(**arguments):
    with staticrun.start("digits", **arguments) as run:
        pass
    return start_of(run.folder)


@pytest.fixture(autouse=True)
def _one_variable(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "2")


def test_everything_is_told_unless_it_is_switched_off(project):
    found = head(capture={"git": False})

    assert set(found) == {"format", "id"}.union(*FIELDS.values())
    assert found["cwd"] == "."
    assert found["host"] == os.uname().nodename
    assert found["python"] == ".".join(map(str, sys.version_info[:3]))
    assert found["platform"] == f"Linux {os.uname().release} {os.uname().machine}"
    assert found["hardware"]["cpus"] == os.cpu_count()
    assert found["hardware"]["memory_bytes"] > 1 << 20
    assert "msgspec" in found["packages"]


@pytest.mark.parametrize("switch", FIELDS)
def test_each_fact_has_its_switch(project, switch):
    assert set(FIELDS) <= set(Capture.__struct_fields__)
    every = set(head(capture={"git": False}))

    assert every - set(head(capture={"git": False, switch: False})) == FIELDS[switch]


def test_the_argument_counts_more_than_the_variable_and_the_file(project, monkeypatch):
    (project / "staticrun.yaml").write_text(
        "capture: {user: false, packages: false, git: false}\n"
    )
    assert {"user", "packages"} & set(head()) == set()
    assert {"user", "packages"} & set(head(capture={"user": True})) == {"user"}
    assert {"user", "packages"} & set(head(capture=False)) == set()
    assert {"user", "packages"} & set(head(capture=Capture(git=False))) == {"user", "packages"}

    monkeypatch.setenv("STATICRUN_CAPTURE", "host")
    assert set(head()) == {"format", "id", "host"}


def test_a_capture_that_cannot_be_read_is_told_and_tells_nothing(project):
    (project / "staticrun.yaml").write_text("capture: [users]\n")
    with pytest.warns(staticrun.LogWarning):
        found = head()

    assert set(found) == {"format", "id"}


PRIVATE = """\
import staticrun, sys
def inner(path):
    raise OSError(f"no disk at {path} for ada@engine")
with staticrun.start("digits", name="one", capture={SWITCHES}) as run:
    inner("/home/ada/data/x")
"""


@pytest.fixture
def private(project, tmp_path):
    """Run a script as ada, in a project below her home; give the record's text."""
    home = tmp_path / "home" / "ada"
    work = home / "work"
    (work / "runs").mkdir(parents=True)

    def go(switches):
        (work / "train.py").write_text(PRIVATE.replace("{SWITCHES}", repr(switches)))
        arguments = [f"--data={home}/data", "--author=ada", f"{work}/config.yaml", "/srv/shared"]
        done = subprocess.run(
            [sys.executable, work / "train.py", *arguments],
            cwd=work,
            check=False,
            capture_output=True,
            text=True,
            env={
                **os.environ,
                "PYTHONPATH": str(CODE),
                "HOME": str(home),
                "LOGNAME": "ada",
                "USER": "ada",
            },
        )
        assert "no disk at" in done.stderr
        return work / "runs" / "digits" / "one" / "run.jsonl"

    return go


def test_a_home_folder_is_never_told(private, tmp_path):
    file = private({"git": False})
    text = file.read_text()

    assert str(tmp_path) not in text
    start = read(file)[0]
    assert start["user"] == "ada"
    assert start["command"][1:] == [
        "train.py", "--data=~/data", "--author=ada", "config.yaml", "/srv/shared",
    ]  # fmt: skip
    assert start["cwd"] == "."


def test_a_user_who_is_switched_off_stands_nowhere(private):
    file = private({"git": False, "user": False})

    assert "ada" not in file.read_text().lower()
    records = read(file)
    assert "--author=<user>" in records[0]["command"]
    assert records[-1]["error"]["message"] == "no disk at /home/<user>/data/x for <user>@engine"


def test_a_host_that_is_switched_off_stands_nowhere(project):
    node = os.uname().nodename
    with (
        pytest.raises(OSError, match="at"),
        staticrun.start("digits", capture={"git": False, "host": False}) as run,
    ):
        raise OSError(f"at {node}")

    assert of_type(run.folder, "end")[0]["error"]["message"] == "at <host>"
    assert "host" not in start_of(run.folder)


def test_packages_are_those_of_the_environment_by_their_folders(tmp_path):
    first, second, other = (
        tmp_path / name for name in ("a/site-packages", "b/dist-packages", "c/src")
    )
    for folder in (first, second, other):
        folder.mkdir(parents=True)
    for path in (
        first / "Typing_Extensions-4.16.0.dist-info",
        first / "ruamel.yaml-0.18.6.dist-info",
        first / "old-1.0-py3.11.egg-info",
        first / "not_a_package",
        first / "bare.dist-info",
        second / "typing_extensions-3.0.dist-info",
        second / "numpy-2.4.6.dist-info",
        other / "mine-1.0.dist-info",
    ):
        path.mkdir()

    found = installed_packages(map(str, (first, second, other, tmp_path / "d" / "site-packages")))

    assert list(found.items()) == [
        ("numpy", "2.4.6"),
        ("old", "1.0"),
        ("ruamel-yaml", "0.18.6"),
        ("typing-extensions", "4.16.0"),
    ]


def git(folder, *arguments):
    done = subprocess.run(
        ["git", *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def repository(project):
    git(project, "init", "-q", "-b", "main")
    (project / "train.py").write_text("lr = 1\n")
    git(project, "add", ".")
    git(project, "commit", "-q", "-m", "first")
    git(project, "remote", "add", "origin", "https://ada:token@example.org/ada/digits.git")
    return project


def test_a_clean_work_tree_is_told_and_stays_clean(repository):
    expected = {
        "commit": git(repository, "rev-parse", "HEAD"),
        "branch": "main",
        "remote": "https://example.org/ada/digits.git",
        "dirty": False,
    }

    assert head()["git"] == expected
    assert head()["git"] == expected


def test_what_was_changed_is_an_artifact_that_git_applies(repository, tmp_path):
    (repository / "train.py").write_text("lr = 2\n")
    (repository / "new.py").write_text("width = 3\n")
    with staticrun.start("digits") as run:
        pass

    assert start_of(run.folder)["git"]["dirty"] is True
    assert start_of(run.folder)["git"]["diff"] == "artifacts/git.diff"
    found = of_type(run.folder, "artifact")[0]
    assert (found["path"], found["kind"]) == ("artifacts/git.diff", "diff")
    git(tmp_path, "clone", "-q", str(repository), "again")
    git(tmp_path / "again", "apply", str(run.folder / "artifacts" / "git.diff"))
    assert (tmp_path / "again" / "train.py").read_text() == "lr = 2\n"
    assert (tmp_path / "again" / "new.py").read_text() == "width = 3\n"


def test_git_and_its_changes_have_switches(repository):
    (repository / "train.py").write_text("lr = 2\n")
    with staticrun.start("digits", capture={"diff": False}) as run:
        pass
    assert start_of(run.folder)["git"]["dirty"] is True
    assert "diff" not in start_of(run.folder)["git"]
    assert not (run.folder / "artifacts").exists()

    assert "git" not in head(capture={"git": False})


def test_a_user_who_is_switched_off_is_in_no_branch_and_no_remote(repository, monkeypatch):
    monkeypatch.setenv("LOGNAME", "ada")
    git(repository, "checkout", "-q", "-b", "ada/idea")
    found = head(capture={"user": False})["git"]

    assert found["branch"] == "<user>/idea"
    assert found["remote"] == "https://example.org/<user>/digits.git"


def test_the_code_of_a_script_is_told_where_runs_go_elsewhere(repository, tmp_path):
    other = tmp_path / "results"
    other.mkdir()
    text = "import staticrun\nstaticrun.start('digits', name='one').finish()\n"
    (repository / "train.py").write_text(text)
    git(repository, "commit", "-q", "-a", "-m", "second")
    subprocess.run(
        [sys.executable, repository / "train.py"],
        cwd=other,
        check=True,
        env={**os.environ, "PYTHONPATH": str(CODE), "STATICRUN_ROOT": str(other)},
    )

    start = start_of(other / "runs" / "digits" / "one")
    assert start["git"]["commit"] == git(repository, "rev-parse", "HEAD")


def test_outside_a_repository_nothing_is_told_of_git(project):
    # A process of its own: the script decides whose code it is, and pytest may lie in a repository.
    (project / "train.py").write_text("import staticrun\nstaticrun.start('digits').finish()\n")
    environ = {**os.environ, "PYTHONPATH": str(CODE)}
    subprocess.run([sys.executable, "train.py"], cwd=project, env=environ, check=True, timeout=60)
    (folder,) = (project / "runs" / "digits").iterdir()

    assert "git" not in start_of(folder)
