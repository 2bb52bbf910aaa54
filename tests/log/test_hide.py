"""Absolute paths become everybody's; a user's and a machine's name go where they are not wanted."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path

import pytest

from staticrun.log.hide import Place, host_names, make_hide, places_of, user_names

PLACES = [
    Place("/users/ada/project", ""),
    Place("/users/ada/project/.venv", "<python>"),
    Place("/users/ada", "~"),
    Place("/", "everything"),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/users/ada/project/train.py", "train.py"),
        ("/users/ada/project", "."),
        ("/users/ada/project/", "./"),
        ("--data=/users/ada/project/data", "--data=data"),
        ("/users/ada/project-2/train.py", "~/project-2/train.py"),
        ("/users/ada/data", "~/data"),
        ("/users/ada", "~"),
        ("/users/ada2/data", "/users/ada2/data"),
        ("/mnt/users/ada/data", "/mnt/users/ada/data"),
        ("file:///users/ada/data", "file://~/data"),
        ("/users/ada/a:/users/ada/b", "~/a:~/b"),
        ('File "/users/ada/project/.venv/lib/x.py", line 3', 'File "<python>/lib/x.py", line 3'),
        ("it is in /users/ada.", "it is in ~."),
        ("/data/set", "/data/set"),
        ("lr=1", "lr=1"),
    ],
)
def test_paths_are_shortened_where_they_stand(text, expected):
    assert make_hide(PLACES)(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("--author=ada", "--author=<user>"),
        ("/data/ada/x", "/data/<user>/x"),
        ("/data/ada_results", "/data/<user>_results"),
        ("Ada@engine", "<user>@<host>"),
        ("adapter", "adapter"),
        ("engine.example.org:22", "<host>:22"),
        ("engines", "engines"),
        ("/users/ada/data", "~/data"),
    ],
)
def test_names_are_replaced_as_words(text, expected):
    assert make_hide(PLACES, ["ada"], ["engine.example.org", "engine"])(text) == expected


def test_nothing_to_hide_leaves_every_text():
    assert make_hide([])("/users/ada/x") == "/users/ada/x"


def test_a_link_and_what_it_leads_to_are_both_shortened(tmp_path):
    real = tmp_path / "real"
    real.mkdir()
    link = tmp_path / "link"
    link.symlink_to(real)
    hide = make_hide([Place(str(link), "")])

    assert hide(f"{link}/a {real}/b") == "a b"


def test_the_interpreter_its_packages_and_the_home_folder_are_places(tmp_path):
    hide = make_hide(places_of(tmp_path))
    packages = sysconfig.get_paths()["purelib"]

    assert hide(f"{packages}/msgspec/json.py") == "<python>/site-packages/msgspec/json.py"
    assert hide(os.__file__) == "<python>/lib/os.py"
    assert hide(f"{Path.home()}/x") == "~/x"
    assert hide(str(tmp_path / "train.py")) == "train.py"
    assert "/" not in hide(sys.executable).partition("<python>")[0]


def test_the_names_of_user_and_machine_are_found(monkeypatch):
    monkeypatch.setenv("LOGNAME", "ada")
    monkeypatch.setenv("HOME", "/users/lovelace")

    assert {"ada", "lovelace"} <= set(user_names())
    assert os.uname().nodename in host_names()
