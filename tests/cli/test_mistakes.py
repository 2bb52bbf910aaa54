"""What goes wrong for a new user: one message each, with where, what, expected and what to try."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def nowhere(project):
    (project / "runs").rmdir()
    return project


@pytest.mark.parametrize(
    "words", [["build"], ["check"], ["runs", "list"], ["runs", "show", "x"]], ids=" ".join
)
def test_a_folder_that_is_no_project_is_left_alone(staticrun, nowhere, words):
    ran = staticrun(*words)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        f"staticrun: {nowhere}: is no project: neither staticrun.yaml nor runs/ is there, "
        "expected a project, or a folder in one.\n  Try: staticrun init, or --root FOLDER\n"
    )
    assert list(nowhere.iterdir()) == []


def test_a_repository_without_runs_is_no_project_yet(staticrun, nowhere):
    subprocess.run(["git", "init", "--quiet"], cwd=nowhere, check=True)

    assert staticrun("build").code == 2


def test_a_folder_in_a_project_is_in_it(staticrun, two_runs, project):
    (project / "src").mkdir()

    assert staticrun("runs", "list", "--root", ".").out.endswith("2 runs\n")
    done = subprocess.run(
        [sys.executable, "-m", "staticrun", "runs", "list"],
        cwd=project / "src",
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.endswith("2 runs\n")


def test_a_project_without_runs_says_how_to_get_one(staticrun, project):
    assert staticrun("runs", "list").out == (
        "There are no runs in runs/ yet.\n"
        "  Try: python train.py (staticrun init writes one to begin with)\n"
    )
    assert "There are no runs yet. Try: staticrun init" in staticrun("build").out
    assert staticrun("runs", "show", "a").err == (
        "staticrun: a: is no run, expected the key or the id of one.\n"
        "  Try: train first: there are no runs yet\n"
    )


def test_the_folder_of_runs_is_the_configured_one(staticrun, project):
    (project / "staticrun.yaml").write_text("runs: trials\n")

    assert "There are no runs in trials/ yet" in staticrun("runs", "list").out


@pytest.mark.parametrize(
    ("where", "hint"),
    [
        ("ac > 0.9", "No run has the metric 'ac': did you mean 'acc'?"),
        ("params.widht = 64", "No run has the param 'widht': did you mean 'width'?"),
        ("summary.best > 1", "No run has the summary 'best'"),
        ("tags.team = 'risk'", "No run has the tag 'team'"),
        ("loss > 1 and ac > 0.9", "No run has the metric 'ac': did you mean 'acc'?"),
        ("started > -1d and acc > 1", ""),
        ("acc > 2", ""),
    ],
)
def test_a_filter_that_names_what_no_run_has_is_told(staticrun, two_runs, where, hint):
    ran = staticrun("runs", "list", "--where", where)

    told = f"  {hint}\n" if hint else ""
    assert (ran.code, ran.out, ran.err) == (0, f"No run matches, of 2 in the project.\n{told}", "")


def test_a_list_for_programs_stays_one(staticrun, two_runs):
    assert staticrun("runs", "list", "--where", "ac > 1", "--jsonl").out == ""
    assert '"runs": []' in staticrun("runs", "list", "--where", "ac > 1", "--json").out


def test_archived_runs_are_hinted_at_where_nothing_else_is_found(staticrun, two_runs):
    staticrun("runs", "archive", "a", "b")

    ran = staticrun("runs", "list")

    assert ran.out == (
        "No run matches, of 2 in the project.\n  Archived runs are listed with --archived.\n"
    )


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--experiment", "visoin"], "--experiment: 'visoin' is no experiment.\n  Try: did you mean 'vision'?"),
        (["--sort", "ac"], "ac: is no metric of these runs.\n  Try: did you mean 'acc'?"),
        (["--metric", "ac"], "ac: is no metric of these runs.\n  Try: did you mean 'acc'?"),
    ],
)  # fmt: skip
def test_an_option_that_names_what_there_is_not_is_refused(staticrun, two_runs, options, told):
    ran = staticrun("runs", "list", *options)

    assert (ran.code, ran.out, ran.err) == (1, "", f"staticrun: {told}\n")


def test_an_unknown_run_is_answered_with_the_nearest(staticrun, two_runs):
    ran = staticrun("runs", "show", "visoin/a")

    assert ran.code == 1
    assert ran.err == (
        "staticrun: visoin/a: is no run, expected the key or the id of one.\n"
        "  Try: did you mean 'vision/a'?\n"
    )


def test_a_table_in_a_pipe_is_not_cut(staticrun, project):
    name = "a-name-that-is-as-long-as-a-name-of-a-run-may-be-and-then-some"
    folder = project / "runs/an-experiment-with-a-long-name" / name
    folder.mkdir(parents=True)
    values = ",".join(f'"validation/metric-{n}":{n}.5' for n in range(4))
    (folder / "run.jsonl").write_text(f'{{"type":"metrics","step":0,"values":{{{values}}}}}\n')

    lines = staticrun("runs", "list").out.splitlines()

    assert lines[0].split() == ["run", "status", *(f"validation/metric-{n}" for n in range(4))]
    assert lines[1].split() == [
        f"an-experiment-with-a-long-name/{name}", "open", "0.5", "1.5", "2.5", "3.5"
    ]  # fmt: skip


def test_a_folder_that_cannot_be_made_is_told_without_a_traceback(staticrun):
    # Nobody may make a folder there, whoever runs the tests.
    ran = staticrun("init", "/sys/staticrun")

    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("staticrun: /sys/staticrun: cannot be read or written (")
    assert "expected a folder that can be written to.\n  Try: take another folder\n" in ran.err


def test_an_output_that_is_full_is_told_without_a_traceback(project):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "staticrun", "schema"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert done.returncode == 1
    assert done.stderr == (
        "staticrun: the output: cannot be read or written (no space left on device), "
        "expected room on the disk.\n  Try: make room, and do it again\n"
    )


def test_no_line_of_help_is_cut_short(staticrun):
    for words in ([], ["runs"]):
        assert "..." not in staticrun(*words, "--help").out.replace("]...", "")
