"""`staticrun report`: what a branch changes, and what in it is a regression."""

from __future__ import annotations

import json
import shutil

import pytest
from scipy import stats

from staticrun.errors import UserError
from staticrun.review.against import against
from tests.git.repository import AUTHOR, sh
from tests.pages.projects import write_config, write_run

CONFIG = """\
metrics:
  val/acc: {direction: max, tolerance: %s}
  val/loss: {direction: min}
"""
WIDE, NARROW = {"width": 32}, {"width": 8}


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """Commit a project with two groups of three seeds."""
    folder = tmp_path_factory.mktemp("review")
    write_config(folder, CONFIG % "0.02")
    (folder / ".gitignore").write_text("/.staticrun/\n")
    for seed in range(3):
        for params, name, value in ((WIDE, "wide", 0.9), (NARROW, "narrow", 0.7)):
            metrics = {"val/acc": [value + seed / 1000], "val/loss": [1 - value + seed / 100]}
            write_run(folder, f"digits/{name}-{seed}", metrics, {**params, "seed": seed})
    sh(folder, "init", "-q", "-b", "main", "--template=")
    commit(folder)
    return folder


@pytest.fixture
def repository(template, project):
    """Give a copy of it."""
    shutil.copytree(template, project, dirs_exist_ok=True)
    return project


def commit(project):
    sh(project, "add", "-A")
    sh(project, *AUTHOR, "commit", "-q", "-m", "runs")


def compared(project, ref="HEAD"):
    """Give metric and runs → verdict."""
    review, _ = against(project, ref)
    return {
        (one.metric, one.runs): one.verdict for each in review.experiments for one in each.compared
    }


def test_nothing_changed_is_nothing_to_say(repository):
    review, _ = against(repository, "main")

    assert (review.added, review.removed, review.moved, review.changed) == ((), (), (), ())
    assert review.experiments == ()
    assert review.commit == sh(repository, "rev-parse", "HEAD")


def test_runs_are_compared_with_those_of_the_same_params_but_the_seed(repository):
    for seed, value in enumerate((0.95, 0.96), 3):
        write_run(repository, f"digits/wide-{seed}", {"val/acc": [value]}, {**WIDE, "seed": seed})

    review, _ = against(repository, "HEAD")
    [one] = review.experiments[0].compared

    assert [run.key for run in review.added] == ["digits/wide-3", "digits/wide-4"]
    assert (one.metric, one.runs) == ("val/acc", "width 32")
    assert (one.base.n, one.branch.n) == (3, 2)
    assert one.base.mean == pytest.approx(0.901)
    assert one.delta == pytest.approx(0.054)
    assert one.low < 0.054 < one.high
    by_scipy = stats.ttest_ind([0.95, 0.96], [0.9, 0.901, 0.902], equal_var=False)
    assert one.p == pytest.approx(by_scipy.pvalue)
    assert (one.verdict, one.allowed) == ("within", 0.02)


def test_runs_with_params_of_their_own_are_compared_with_all(repository):
    write_run(repository, "digits/huge", {"val/acc": [0.5], "val/loss": [0.1]}, {"width": 512})

    assert compared(repository) == {
        ("val/acc", "new params"): "regression",
        ("val/loss", "new params"): "",
    }


@pytest.mark.parametrize(
    ("tolerance", "value", "verdict"),
    [("0.02", 0.8811, "within"), ("0.02", 0.8809, "regression"), ("0.021", 0.88, "within"),
     ("2%", 0.884, "within"), ("2 %", 0.882, "regression"), ("0", 0.95, "within"),
     ("0", 0.9, "regression"), ("0.5", float("nan"), "regression")],
)  # fmt: skip
def test_a_mean_that_is_worse_by_more_than_the_tolerance_is_a_regression(
    repository, tolerance, value, verdict
):
    write_config(repository, CONFIG % f'"{tolerance}"')
    commit(repository)
    write_run(repository, "digits/wide-9", {"val/acc": [value]}, WIDE)

    assert compared(repository)["val/acc", "width 32"] == verdict


def test_rounding_is_no_regression(repository):
    write_config(repository, "metrics: {val/acc: {direction: max, tolerance: 0.02}}\n")
    write_run(repository, "other/a", {"val/acc": [0.9]})
    commit(repository)
    write_run(repository, "other/b", {"val/acc": [0.88]})
    assert 0.9 - 0.88 > 0.02

    assert compared(repository) == {("val/acc", "all runs"): "within"}


def test_a_branch_does_not_loosen_its_own_check(repository):
    write_config(repository, CONFIG % "0.9")
    write_run(repository, "digits/wide-9", {"val/acc": [0.5]}, WIDE)

    review, _ = against(repository, "HEAD")

    assert review.regressions == 1
    assert review.experiments[0].compared[0].allowed == 0.02


def test_a_tolerance_of_the_project_holds_where_an_experiment_names_the_metric(repository):
    (repository / "runs/digits/experiment.yaml").write_text("metrics: {val/acc: {format: .1%}}\n")
    commit(repository)
    write_run(repository, "digits/wide-9", {"val/acc": [0.5]}, WIDE)

    assert compared(repository)["val/acc", "width 32"] == "regression"


def test_a_run_that_is_made_worse_in_place_is_a_regression(repository):
    write_run(repository, "digits/wide-0", {"val/acc": [0.1]}, {**WIDE, "seed": 0})

    review, _ = against(repository, "HEAD")

    assert review.changed[0].key == "digits/wide-0"
    assert {one.name for one in review.changed[0].metrics} == {"val/acc", "val/loss"}
    assert compared(repository) == {("val/acc", "digits/wide-0"): "regression"}


def test_records_that_differ_in_nothing_that_is_listed_are_named(repository):
    path = repository / "runs/digits/wide-0/run.jsonl"
    path.write_text(path.read_text() + '{"type":"note","text":"later"}\n')

    review, _ = against(repository, "HEAD")

    assert [(one.key, one.metrics, one.params) for one in review.changed] == [
        ("digits/wide-0", (), ())
    ]


def test_runs_that_go_move_or_come_to_new_experiments_are_told(repository):
    (repository / "runs/digits/wide-0/run.jsonl").unlink()
    (repository / "runs/digits/wide-1").rename(repository / "runs/digits/renamed")
    write_run(repository, "fresh/a", {"val/acc": [0.1]}, status="failed")

    review, _ = against(repository, "HEAD")

    assert review.removed == ("digits/wide-0",)
    assert review.moved == (("digits/wide-1", "digits/renamed"),)
    assert {one.name: (one.status, one.failed) for one in review.experiments} == {
        "digits": ("changed", 0), "fresh": ("new", 1),
    }  # fmt: skip


def test_neither_the_work_tree_nor_the_index_is_touched(repository):
    write_run(repository, "digits/wide-9", {"val/acc": [0.5]}, WIDE)
    state = sh(repository, "status", "--porcelain", "-uall")
    index = (repository / ".git/index").read_bytes()  # `status` has written what it saw

    against(repository, "HEAD")

    assert (repository / ".git/index").read_bytes() == index
    assert sh(repository, "status", "--porcelain", "-uall") == state


def test_a_ref_that_is_none_is_said(repository):
    with pytest.raises(UserError, match="there is no commit, branch or tag 'nothing'"):
        against(repository, "nothing")


def test_what_pages_hide_stands_in_no_comment(repository):
    from staticrun.review import comment

    write_config(repository, "privacy: {redact_text: [secret]}\n")
    write_run(repository, "digits/wide-0", {"val/acc": [0.9]}, {"data": "secret-bucket"})
    write_run(repository, "digits/wide-9", {"val/acc": [0.9]}, {"data": "secret-other"})

    review, branch = against(repository, "HEAD")
    text = comment.write(review, branch, "markdown")

    assert "secret" not in text
    assert "<code>data</code>" in text


def test_numbers_that_json_cannot_say_are_texts(repository, capsys):
    from staticrun.cli.report import report

    write_run(repository, "digits/wide-9", {"val/acc": [float("nan")]}, WIDE)

    report.main(["--base", "HEAD", "--json"], standalone_mode=False)

    said = json.loads(capsys.readouterr().out)
    assert said["added"][0]["metrics"] == {"val/acc": "NaN"}
    assert said["format"] == 1


@pytest.mark.parametrize(("value", "code"), [(0.5, 1), (0.95, 0)])
def test_a_regression_fails_the_check_where_that_is_asked(repository, capsys, value, code):
    from staticrun.cli.report import report

    write_run(repository, "digits/wide-9", {"val/acc": [value]}, WIDE)
    asked = ["--base", "main", "--format", "html", "--url", "https://example.org/p"]

    assert report.main([*asked, "--fail-on-regression"], standalone_mode=False) == (code or None)
    told = capsys.readouterr().out
    assert told.startswith("<!-- staticrun-report -->\n")
    assert 'href="https://example.org/p/runs/digits/wide-9/index.html"' in told
    assert report.main(asked, standalone_mode=False) is None
