"""What a run says of where it starts, and what it keeps to itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import staticrun
from staticrun.config import Capture
from staticrun.log.surroundings import installed_packages
from tests.log.records import of_type, read

CODE = Path(staticrun.__file__).parents[1]
FIELDS = {
    "command": {"command"},
    "cwd": {"cwd"},
    "user": {"user"},
    "host": {"host"},
    "python": {"python"},
    "platform": {"platform", "hardware"},
    "packages": {"packages"},
}


def head(**arguments):
    with staticrun.start("digits", **arguments) as run:
        return of_type(run.folder, "start")[0]


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
    assert "host" not in of_type(run.folder, "start")[0]


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
