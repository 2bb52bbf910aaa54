"""Where new runs go: the writer and the builder read `runs` alike, with yaml or without it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from staticrun import config
from staticrun.config import Capture

NOTHING = Capture(**dict.fromkeys(Capture.__struct_fields__, False))


def write(root, text):
    (root / "staticrun.yaml").write_text(text)
    return root


@pytest.mark.parametrize(
    ("text", "folder"),
    [
        ("", "runs"),
        ("runs:\n", "runs"),
        ("runs: trials", "trials"),
        ("runs: ./trials/", "trials"),
        ("runs: [trials, archive/runs]", "trials"),
        ("runs:\n- trials\n- runs\n", "trials"),
        ("{theme: a, runs: trials}", "trials"),
        ('"runs": trials', "trials"),
        ("  runs: trials", "trials"),
        ("theme: a\nruns: deep/trials # here\ncapture: false", "deep/trials"),
        ("comparisons: {a: {runs: [x/1, x/2]}}", "runs"),
        ("comparisons:\n  a:\n    runs: [x/1, x/2]\n", "runs"),
        ("# runs: trials", "runs"),
    ],
)
def test_new_runs_go_to_the_first_folder_that_is_read(tmp_path, text, folder):
    root = write(tmp_path, text)

    found, findings = config.for_writer(root, {})

    assert (found.runs, findings) == (folder, [])
    assert config.load(root)[0].runs[0] == folder


@pytest.mark.parametrize(
    ("text", "folder"),
    [
        ("runs: ../elsewhere", "runs"),
        ("runs: /srv/runs", "runs"),
        ("runs: {a: b}", "runs"),
        ("runs: []", "runs"),
        ("runs: [../elsewhere, trials]", "trials"),
        ("runs: [trials", "runs"),
        ("runs: trials\nruns: others", "trials"),
        ("runs: &a trials", "trials"),
        ("theme: &a x\nruns: *a", "runs"),
    ],
)
def test_what_is_wrong_is_told_and_counts_as_the_builder_takes_it(tmp_path, text, folder):
    root = write(tmp_path, text)

    found, findings = config.for_writer(root, {})
    settings, told = config.load(root)

    assert found.runs == folder
    assert settings.runs[0] == folder
    assert findings
    assert set(findings) <= set(told)


def test_a_wrong_key_elsewhere_is_not_told_by_the_writer(tmp_path):
    root = write(tmp_path, "runs: trials\nthem: a\n")

    assert config.for_writer(root, {})[1] == []


def test_a_wrong_runs_takes_nothing_from_what_is_recorded(tmp_path):
    root = write(tmp_path, "runs: [trials\n")

    assert config.for_writer(root, {})[0].capture == Capture()


def test_an_empty_list_of_folders_is_told(tmp_path):
    _, findings = config.load(write(tmp_path, "runs: []\n"))

    assert list(map(str, findings)) == [
        "staticrun.yaml:1: runs is an empty list, expected a folder or a list of folders."
    ]


@pytest.mark.parametrize(
    ("text", "told", "captures"),
    [
        ("runs: trials", "`runs` cannot be read because pyyaml is not installed, the run goes to runs/", True),
        (
            "runs: trials\ncapture: true",
            "`capture` and `runs` cannot be read because pyyaml is not installed, nothing is captured and the run goes to runs/",
            False,
        ),
    ],
    ids=["runs", "both"],
)  # fmt: skip
def test_without_pyyaml_the_run_goes_to_runs_and_that_is_told(tmp_path, text, told, captures):
    code = (
        "import pathlib, sys; sys.modules['yaml'] = None; from staticrun import config\n"
        "found, findings = config.for_writer(pathlib.Path(sys.argv[1]), {})\n"
        "print(found.runs, found.capture.host, *findings)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(write(tmp_path, text))],
        env={"PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == (f"runs {captures} staticrun.yaml: {told}.\n  Try: pip install pyyaml\n")
