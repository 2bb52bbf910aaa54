"""The front page: counts, who is best where, which figure leads, what came last."""

import pytest

from staticrun.pages.views import project as front
from tests.pages.projects import TIME, open_context, text_of, write_config, write_run

DECLARED = "metrics:\n  acc: {direction: max, primary: true, format: .1%}\n"


def view_of(project):
    return front.make(open_context(project))


def deck(view):
    return text_of(view.deck)


def test_an_empty_project_has_no_figure_and_no_table(project):
    view = view_of(project)

    assert deck(view) == "No runs yet."
    assert (view.experiments, view.latest, view.headline, view.total) == ((), (), None, 0)


@pytest.mark.parametrize(
    ("statuses", "words"),
    [
        (["finished"], "One run in 1 experiment, finished."),
        ([None], "One run in 1 experiment, open."),
        (["finished", "finished"], "2 runs in 1 experiment, all finished."),
        (["failed", "failed"], "2 runs in 1 experiment, all failed."),
        (["failed", None, None], "3 runs in 1 experiment; 1 failed and 2 are open."),
        (
            ["stopped", "failed", "finished"],
            "3 runs in 1 experiment; 1 failed and 1 was stopped.",
        ),
    ],
)
def test_the_sentence_counts_runs_by_how_they_ended(project, statuses, words):
    for number, status in enumerate(statuses):
        write_run(project, f"e/r{number}", {"acc": [0.5, 0.6]}, status=status)

    assert deck(view_of(project)).startswith(words)


def test_the_last_record_is_of_the_latest_run(project):
    write_run(project, "e/a")
    write_run(project, "f/b", began=TIME + 86400)

    assert deck(view_of(project)) == (
        "2 runs in 2 experiments, all finished. The last record is of 3 Feb 2026, 02:41 UTC."
    )


def test_each_experiment_has_its_best_and_who_holds_it(project):
    write_config(project, DECLARED)
    for lr, values in ((1, (0.5, 0.7)), (2, (0.8, 0.9))):
        for seed, value in enumerate(values):
            params = {"lr": lr, "seed": seed}
            write_run(project, f"seeds/{lr}-{seed}", {"acc": [0.1, value]}, params)
    write_run(project, "single/a", {"acc": [0.1, 0.3]}, {"lr": 1})
    write_run(project, "single/b", {"acc": [0.1, 0.4]}, {"lr": 2}, status="failed")
    write_run(project, "other/a", {"fid": [9, 8]})

    view = view_of(project)

    rows = {row.name: row for row in view.experiments}
    assert [(row.runs, row.failed) for row in rows.values()] == [
        ("1", "0"),
        ("4", "0"),
        ("2", "1"),
    ]
    seeds = rows["seeds"]
    assert (seeds.value, seeds.unit, seeds.n, text_of(seeds.held_by), seeds.groups) == (
        "85.0",
        "%",
        "2",
        "lr 2",
        "2",
    )
    single = rows["single"]
    assert (single.value, text_of(single.held_by), single.held_by[0].run) == (
        "30.0",
        "a",
        "single/a",
    )
    assert (rows["other"].value, rows["other"].metric) == ("", "")


@pytest.mark.parametrize(
    ("metrics", "head"),
    [
        (("acc",), "Best"),
        (("other/loss",), "Lowest"),
        (("other/accuracy",), "Highest"),
        (("acc", "other/loss"), "Best or lowest"),
        (("acc", "other/loss", "other/accuracy"), "Best, highest or lowest"),
        (("norm",), ""),
    ],
)
def test_the_head_of_the_first_results_says_what_they_are(project, metrics, head):
    write_config(project, DECLARED)
    for number, metric in enumerate(metrics):
        write_run(project, f"e{number}/a", {metric: [1, 0.5]})

    assert view_of(project).best_head == head


def test_the_head_says_of_what_the_first_results_are(project):
    write_config(project, DECLARED)
    write_run(project, "single/a", {"acc": [0.1, 0.5]})

    assert view_of(project).best_kind == "last value"
    for seed in range(2):
        write_run(project, f"seeds/{seed}", {"acc": [0.1, 0.5]}, {"seed": seed})
    assert view_of(project).best_kind == "mean or last"
    (project / "runs/single/experiment.yaml").write_text("archived: true\n")
    assert view_of(project).best_kind == "mean"


def test_what_several_share_is_held_by_their_number(project):
    write_config(project, DECLARED)
    for name in "abc":
        write_run(project, f"e/{name}", {"acc": [0.1, 0.5]}, {"lr": name})

    assert text_of(view_of(project).experiments[0].held_by) == "3 runs"


def test_the_figure_is_of_the_experiment_with_the_best_primary_result(project):
    write_config(project, DECLARED)
    write_run(project, "low/a", {"acc": [0.1, 0.3]}, began=TIME + 1000)
    write_run(project, "high/a", {"acc": [0.1, 0.4]})

    view = view_of(project)

    assert (view.figure_of, view.headline.wide.metric) == ("high", "acc")
    assert view.figure_why == "Of 2 experiments with acc, this one has the best result."


def test_an_experiment_that_shares_the_best_result_is_not_called_the_best(project):
    write_config(project, DECLARED)
    write_run(project, "a/a", {"acc": [0.1, 0.3]})
    write_run(project, "b/a", {"acc": [0.1, 0.3]})

    assert view_of(project).figure_why == (
        "Of 2 experiments with acc, 2 share the best result; this is one of them."
    )


def test_the_figure_is_never_of_an_experiment_whose_best_run_it_cannot_draw(project):
    write_config(project, DECLARED)
    write_run(project, "low/a", {"acc": [0.1, 0.3]})
    write_run(project, "high/point", {"acc": [0.9]})
    write_run(project, "high/curve", {"acc": [0.1, 0.4]}, {"lr": 1})

    view = view_of(project)

    assert (view.figure_of, view.figure_why) == (
        "low",
        "Of 2 experiments with acc, this one has the best result that has a curve.",
    )


def test_the_finding_of_the_figure_is_what_came_out_first(project):
    write_config(project, DECLARED)
    for lr, values in ((1, (0.5, 0.7)), (2, (0.94, 0.96))):
        for seed, value in enumerate(values):
            write_run(project, f"e/{lr}-{seed}", {"acc": [0.1, value]}, {"lr": lr, "seed": seed})

    view = view_of(project)

    assert text_of(view.finding) == (
        "The best mean last value of acc, 95.0 % (n = 2), is that of lr 2."
    )
    assert view.headline.wide.unit == "%, mean of 2 runs, log error"
    assert view.headline.notes == (
        "A line is a mean, as far as all its runs go; its band is from the lowest to the highest.",
        "Log error: a scale that opens up towards 1.",
    )


def test_a_single_run_is_no_best_in_the_finding(project):
    write_config(project, DECLARED)
    write_run(project, "e/a", {"acc": [0.1, 0.3]}, status=None)

    view = view_of(project)

    assert text_of(view.finding) == "The last value of acc is 30.0 %."
    assert view.headline.notes == ("A circle ends a run that is open.",)


@pytest.mark.parametrize("metric", ["norm", "acc"])
def test_without_a_result_the_figure_has_no_finding(project, metric):
    write_config(project, DECLARED)
    write_run(project, "e/a", {metric: [0.1, 0.3]}, status="failed")
    write_run(project, "e/b", {metric: [0.1, 0.3]}, status="failed")

    view = view_of(project)

    assert (view.finding, view.headline.wide.metric) == ((), metric)
    assert view.best_head == ""


def test_without_a_primary_metric_the_figure_is_of_the_latest_experiment(project):
    write_run(project, "old/a", {"loss": [2, 1]})
    write_run(project, "new/a", {"aux": [1, 2]}, began=TIME + 1000)

    view = view_of(project)

    assert (view.figure_of, view.figure_why) == ("new", "The experiment with the latest record.")


def test_the_ten_runs_that_began_last_are_listed_last_first(project):
    for number in range(12):
        write_run(project, f"e/r{number}", {"acc": [0, 1]}, {"lr": number}, began=TIME + number)

    view = view_of(project)

    assert [row.name for row in view.latest] == [f"r{number}" for number in range(11, 1, -1)]
    assert (view.latest[0].params, view.latest[0].value, view.total) == ("lr 11", "1", 12)


def test_archived_experiments_are_left_out_and_counted(project):
    write_run(project, "e/a")
    write_run(project, "old/a")
    (project / "runs/old/experiment.yaml").write_text("archived: true\n")

    view = view_of(project)

    assert ([row.name for row in view.experiments], view.archived) == (["e"], 1)
    assert deck(view).startswith("One run in 1 experiment, finished.")


def test_comparisons_and_reports_are_listed(project):
    write_run(project, "e/a", {"acc": [0.1, 0.2]}, {"lr": 1})
    write_run(project, "e/b", {"acc": [0.1, 0.3]}, {"lr": 2})
    write_config(project, "comparisons:\n  two: {runs: [e/a, e/b], title: Two rates}\n")
    (project / "reports").mkdir()
    (project / "reports/a.md").write_text("---\ndescription: Why.\n---\n# A study\n")

    view = view_of(project)

    assert [(one.title, one.url) for one in view.comparisons] == [
        ("Two rates", "compare/two/index.html")
    ]
    assert [(one.title, one.description) for one in view.reports] == [("A study", "Why.")]


def test_params_that_a_name_says_are_not_said_again(project):
    write_run(project, "e/a", {"acc": [0, 1]}, {"lr": 0.1, "width": 8}, name="first lr 0.1")
    write_run(project, "e/b", {"acc": [0, 1]}, {"lr": 0.15, "width": 16}, name="second lr 0.1")

    rows = {row.name: row for row in view_of(project).latest}

    assert (rows["first lr 0.1"].params, rows["first lr 0.1"].said) == ("width 8", True)
    assert (rows["second lr 0.1"].params, rows["second lr 0.1"].said) == (
        "lr 0.15, width 16",
        False,
    )
