"""What the writer may record: the file, the variable, and doubt that means less."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from staticrun import config
from staticrun.config import Capture, ForWriter

NOTHING = Capture(**dict.fromkeys(Capture.__struct_fields__, False))


@pytest.fixture
def project(tmp_path):
    def write(text: str | bytes) -> Path:
        data = text.encode() if isinstance(text, str) else text
        (tmp_path / "staticrun.yaml").write_bytes(data)
        return tmp_path

    return write


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Capture()),
        ("capture:\n", Capture()),
        ("capture: true", Capture()),
        ("capture: false", NOTHING),
        ("capture: {user: false, diff: FALSE}", Capture(user=False, diff=False)),
        ("{theme: a, capture: false}", NOTHING),
        ('"capture": false', NOTHING),
        ("# capture: false", Capture()),
    ],
)
def test_the_file_says_what_is_recorded(project, text, expected):
    root = project(text)

    assert config.for_writer(root, {}) == (ForWriter(expected), [])
    assert config.load(root)[0].capture == expected


@pytest.mark.parametrize(
    "text",
    [
        "capture: {usr: false}",
        "capture: {user: no}",
        "capture: off",
        "capture: {user: false",
        "capture: true\ncapture: false",
        "x: &a false\ncapture: *a",
        "capture: !!bool false",
    ],
)
def test_when_it_cannot_be_read_in_full_nothing_is_recorded(project, text):
    root = project(text)

    found, findings = config.for_writer(root, {})

    assert found.capture == NOTHING
    assert findings
    assert config.load(root)[0].capture == NOTHING


@pytest.mark.parametrize(
    ("variable", "on"),
    [
        ("none", set()),
        ("all", set(Capture.__struct_fields__)),
        ("git, Packages", {"git", "packages"}),
        ("-host", set(Capture.__struct_fields__) - {"host", "user"}),
        ("all,-host", set(Capture.__struct_fields__) - {"host"}),
        ("git,diff,-diff", {"git"}),
        ("user", {"user"}),
        ("", set(Capture.__struct_fields__) - {"user"}),
        (" , ", set(Capture.__struct_fields__) - {"user"}),
    ],
)
def test_the_variable_is_over_the_file(project, variable, on):
    root = project("capture: {user: false}")

    found, findings = config.for_writer(root, {"STATICRUN_CAPTURE": variable})

    assert {name for name in Capture.__struct_fields__ if getattr(found.capture, name)} == on
    assert findings == []


def test_unknown_words_of_the_variable_are_told(tmp_path):
    _, findings = config.for_writer(tmp_path, {"STATICRUN_CAPTURE": "-usr,git"})

    assert list(map(str, findings)) == [
        """STATICRUN_CAPTURE: "-usr" is no known word.\n  Try: did you mean 'user'?"""
    ]
    assert findings[0].level == "warning"


def test_the_process_environment_is_read_when_none_is_given(tmp_path):
    code = (
        "import pathlib, sys; from staticrun import config;"
        "print(config.for_writer(pathlib.Path(sys.argv[1]))[0].capture.host, 'yaml' in sys.modules)"
    )
    (tmp_path / "staticrun.yaml").write_text("theme: a  # capture\n")
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        env={"STATICRUN_CAPTURE": "-host", "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "False False\n"


def test_without_pyyaml_a_file_that_has_the_key_captures_nothing(project):
    root = project("capture: true")
    code = (
        "import pathlib, sys; sys.modules['yaml'] = None; from staticrun import config;"
        "print(*config.for_writer(pathlib.Path(sys.argv[1]), {})[1])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(root)],
        env={"PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == (
        "staticrun.yaml: `capture` cannot be read because pyyaml is not installed, nothing is captured."
        "\n  Try: pip install pyyaml\n"
    )
