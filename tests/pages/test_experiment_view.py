"""Experiments: who is best and by what right, means with their n, order, colours, what is said."""

import math
import statistics

import pytest
from scipy import stats

from staticrun.pages import format as fmt
from staticrun.pages.views import experiment
from tests.pages.projects import open_context, text_of, write_config, write_run

DECLARED = "metrics:\n  acc: {direction: max, primary: true}\n"
MANY = 230


def view_of(project, name="e"):
    context = open_context(project)
    runs = list(context.store.runs(experiment=name, archived=True))
    return experiment.make(name, context.store.experiments()[name], runs, context)


def deck(view):
    return text_of(view.deck)


def write_experiment(project, text, name="e"):
    folder = project / "runs" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "experiment.yaml").write_text(text, encoding="utf-8")


def write_seeds(project, lr, *results, status="finished", first=1):
    for seed, result in enumerate(results, first):
        write_run(
            project,
            f"e/lr{lr}-{seed}",
            {"acc": [0.1, result]},
            {"lr": lr, "batch": 64, "seed": seed},
            status=status,
        )


# ---- the sentence ----


def test_an_experiment_without_runs_says_so(project):
    write_experiment(project, "title: Nothing yet\n")

    view = view_of(project)

    assert deck(view) == "No runs yet."
    assert (view.title, view.groups, view.runs, view.curves.figures) == (
        "Nothing yet",
        None,
        None,
        (),
    )


@pytest.mark.parametrize(
    ("status", "words"),
    [("finished", "finished"), ("failed", "failed"), ("stopped", "stopped"), (None, "open")],
)
def test_one_run_is_not_called_best(project, status, words):
    write_config(project, DECLARED)
    write_run(project, "e/a", {"acc": [0.5, 0.75]}, status=status)

    assert deck(view_of(project)) == f"One run, {words}. The last value of acc is 0.75."


def test_a_run_without_a_metric_says_so(project):
    write_run(project, "e/a", params={"lr": 1})

    assert deck(view_of(project)) == "One run, finished. No metric was logged."


def test_without_a_direction_nothing_is_first(project):
    write_run(project, "e/a", {"grad/norm": [1, 2]}, {"lr": 1})
    write_run(project, "e/b", {"grad/norm": [1, 3]}, {"lr": 2})

    view = view_of(project)

    assert deck(view) == "2 runs, all finished."
    assert view.directed is False
    assert not any(cell.best for row in view.runs.rows for cell in row.values)


def test_a_direction_from_the_name_makes_the_lowest_and_not_the_best(project):
    write_run(project, "e/a", {"val/loss": [1, 0.2]}, {"lr": 1})
    write_run(project, "e/b", {"val/loss": [1, 0.3]}, {"lr": 2})

    view = view_of(project)

    assert deck(view) == (
        "2 runs, all finished. The lowest last value of val/loss, 0.2, is that of a."
    )
    assert view.guessed == ("val/loss",)
    assert not any(cell.best for row in view.runs.rows for cell in row.values)


def test_a_declared_direction_makes_the_best(project):
    write_config(project, "metrics:\n  acc: {direction: max, format: .1%}\n")
    write_run(project, "e/a", {"acc": [0.99, 0.2]}, {"lr": 1})
    write_run(project, "e/b", {"acc": [0.1, 0.3]}, {"lr": 2})

    view = view_of(project)

    assert deck(view) == "2 runs, all finished. The best last value of acc, 30.0 %, is that of b."
    assert [(row.name, row.values[0].text, row.values[0].best) for row in view.runs.rows] == [
        ("b", "30.0", True),
        ("a", "20.0", False),
    ]
    assert view.runs.metrics[0].unit == "%"
    assert view.runs.metrics[0].sort == "descending"


def test_what_several_runs_share_is_given_to_none(project):
    write_config(project, DECLARED)
    for name in "abcde":
        write_run(project, f"e/{name}", {"acc": [0.5, 0.75]}, {"lr": name})

    assert deck(view_of(project)) == (
        "5 runs, all finished. Five runs share the best last value of acc, 0.75."
    )


def test_two_that_share_the_best_are_both_named(project):
    write_config(project, DECLARED)
    for name, value in (("a", 0.75), ("b", 0.5), ("c", 0.75)):
        write_run(project, f"e/{name}", {"acc": [0.5, value]}, {"lr": name})

    view = view_of(project)

    assert deck(view) == (
        "3 runs, all finished. Two runs share the best last value of acc, 0.75: a and c."
    )
    assert [row.values[0].best for row in view.runs.rows] == [True, True, False]


def test_a_failed_run_is_never_best_and_stands_below_those_that_ended(project):
    write_config(project, DECLARED)
    write_run(project, "e/a", {"acc": [0.1, 0.99]}, {"lr": 1}, status="failed")
    write_run(project, "e/b", {"acc": [0.1, 0.5]}, {"lr": 2})
    write_run(project, "e/c", {"acc": [0.1, 0.4]}, {"lr": 3}, status=None)

    view = view_of(project)

    assert deck(view) == (
        "3 runs; 1 failed and 1 is open. The best last value of acc, 0.5, is that of b."
    )
    assert [(row.name, row.status) for row in view.runs.rows] == [
        ("b", "finished"),
        ("c", "open"),
        ("a", "failed"),
    ]
    assert [row.values[0].best for row in view.runs.rows] == [True, False, False]


def test_an_open_run_that_is_best_is_called_open(project):
    write_config(project, DECLARED)
    write_run(project, "e/a", {"acc": [0.1, 0.9]}, {"lr": 1}, status=None)
    write_run(project, "e/b", {"acc": [0.1, 0.5]}, {"lr": 2}, status="stopped")

    assert deck(view_of(project)) == (
        "2 runs; 1 was stopped and 1 is open. The best last value of acc, 0.9, is that of a, "
        "which is open."
    )


def test_when_all_failed_no_result_is_compared(project):
    write_config(project, DECLARED)
    for name in "abc":
        write_run(project, f"e/{name}", {"acc": [0.5, 0.7]}, {"lr": name}, status="failed")

    assert deck(view_of(project)) == "3 runs, all failed. So no result is compared."


def test_nan_is_no_result_and_stands_behind_failed_runs(project):
    write_config(project, DECLARED)
    write_run(project, "e/a", {"acc": [0.1, math.nan]}, {"lr": 1})
    write_run(project, "e/b", {"acc": [0.1, 0.5]}, {"lr": 2})
    write_run(project, "e/c", {"acc": [0.1, math.inf]}, {"lr": 3})
    write_run(project, "e/d", {"acc": [0.1, 0.6]}, {"lr": 4}, status="failed")
    write_run(project, "e/f", {"other": [0.1, 0.6]}, {"lr": 5})

    view = view_of(project)

    assert [(row.name, row.values[0].text) for row in view.runs.rows] == [
        ("b", "0.5000"),
        ("d", "0.6000"),
        ("a", "NaN"),
        ("c", "infinity"),
        ("f", fmt.MISSING),
    ]
    assert "acc, 0.5, is that of b." in deck(view)


def test_when_every_result_is_nan_nothing_is_first(project):
    write_config(project, DECLARED)
    for name in "ab":
        write_run(project, f"e/{name}", {"acc": [0.5, math.nan]}, {"lr": name})

    assert deck(view_of(project)) == "2 runs, all finished. No run has a finite acc."


def test_a_number_of_the_summary_counts_as_a_result(project):
    write_config(project, DECLARED)
    write_run(project, "e/a", params={"lr": 1}, summary={"acc": 0.4})
    write_run(project, "e/b", params={"lr": 2}, summary={"acc": 0.6, "text": "x", "yes": True})

    view = view_of(project)

    assert deck(view) == "2 runs, all finished. The best last value of acc, 0.6, is that of b."
    assert [head.name for head in view.runs.metrics] == ["acc"]


# ---- groups ----


def test_the_best_group_is_the_one_with_the_best_mean_and_its_interval_is_students(project):
    write_config(project, DECLARED)
    write_seeds(project, 0.1, 0.90, 0.92, 0.94)
    write_seeds(project, 0.2, 0.99, 0.10, 0.90)

    view = view_of(project)

    values = [0.90, 0.92, 0.94]
    half = stats.t.ppf(0.975, 2) * statistics.stdev(values) / math.sqrt(3)
    low, high = 0.92 - half, 0.92 + half
    assert deck(view) == (
        "6 runs in 2 groups of three seeds, all finished. The best mean last value of acc, 0.92 "
        f"(95 % interval {low:.4f} to {high:.4f}, n = 3), is that of lr 0.1."
    )
    first, second = view.groups.rows
    assert (first.params[0].text, first.n, first.means[0].cell.text) == ("0.1", "3", "0.920")
    assert first.means[0].spread == f"±\u202f{half:.3f}"
    assert (first.means[0].cell.best, second.means[0].cell.best) == (True, False)
    assert [member.text for member in first.members.first] == ["1", "2", "3"]
    assert view.groups.member_head == "seed"
    assert [(same.name, same.value) for same in view.same] == [("batch", "64")]


def test_failed_and_open_runs_take_no_part_in_a_mean_and_are_counted(project):
    write_config(project, DECLARED)
    write_seeds(project, 1, 0.5, 0.7)
    write_seeds(project, 1, 0.0, status="failed", first=3)
    write_seeds(project, 1, 0.0, status=None, first=4)
    write_seeds(project, 1, math.nan, first=5)
    write_seeds(project, 2, 0.1)

    row = view_of(project).groups.rows[0]

    assert (row.n, row.left_out) == ("2", "1 failed, 1 open, 1 not finite")
    assert row.means[0].cell.text == "0.600"
    assert [(member.text, member.status) for member in row.members.first][2:4] == [
        ("3", "failed"),
        ("4", "open"),
    ]


def test_open_runs_count_where_none_ended(project):
    write_config(project, DECLARED)
    write_seeds(project, 1, 0.5, 0.7, status=None)

    view = view_of(project)

    assert (view.groups.rows[0].n, view.groups.rows[0].left_out) == ("2", "")
    assert deck(view).startswith(
        "2 runs that differ only in their seed, all open. The mean last value of acc is 0.6 ("
    )


def test_equal_runs_have_no_interval_and_the_sentence_says_why(project):
    write_config(project, DECLARED)
    write_seeds(project, 1, 0.5, 0.5, 0.5)
    write_seeds(project, 2, 0.25)

    view = view_of(project)

    assert deck(view) == (
        "4 runs in 2 groups of 1 to 3 runs, all finished. The best mean last value of acc, 0.5 "
        "(all 3 values are equal, so no interval, n = 3), is that of lr 1."
    )
    assert [row.means[0].spread for row in view.groups.rows] == ["", ""]


def test_a_single_run_that_is_the_best_group_has_no_interval(project):
    write_config(project, DECLARED)
    write_seeds(project, 1, 0.5, 0.6)
    write_seeds(project, 2, 0.9)

    assert "acc, 0.9 (one run, so no interval), is that of lr 2." in deck(view_of(project))


def test_groups_that_share_the_best_mean_share_it(project):
    write_config(project, DECLARED)
    write_seeds(project, 1, 0.25, 0.75)
    write_seeds(project, 2, 0.5, 0.5)

    assert deck(view_of(project)) == (
        "4 runs in 2 groups of two seeds, all finished. "
        "Two groups share the best mean last value of acc, 0.5: lr 1; lr 2."
    )


def test_a_best_group_of_an_open_run_alone_is_called_open(project):
    write_config(project, DECLARED)
    write_seeds(project, 1, 0.5, 0.6)
    write_seeds(project, 2, 0.9, status=None)

    assert "acc, 0.9 (one open run, so no interval), is that of lr 2." in deck(view_of(project))


def test_the_parent_of_trials_is_in_no_group_and_its_params_have_no_column(project):
    write_config(project, DECLARED)
    write_run(project, "e/sweep", params={"grid": [1, 2]})
    for seed in (1, 2):
        params = {"lr": 1, "seed": seed}
        write_run(project, f"e/r{seed}", {"acc": [0.1, 0.5]}, params, parent="e-sweep")

    view = view_of(project)

    assert deck(view).startswith("3 runs, 2 of them differing only in their seed, all finished.")
    assert len(view.groups.rows) == 1
    assert [head.name for head in view.runs.params] == ["seed"]
    assert [row.name for row in view.runs.rows] == ["sweep", "r1", "r2"]


def test_a_label_leaves_out_params_that_a_group_does_not_have(project):
    write_config(project, DECLARED)
    for seed in (1, 2):
        for model in ({"model": "svm", "gamma": 1}, {"model": "knn", "k": 3}):
            key = f"e/{model['model']}-{seed}"
            write_run(project, key, {"acc": [0.1, 0.5]}, {**model, "seed": seed})

    assert sorted(row.label for row in view_of(project).groups.rows) == [
        "knn, k 3",
        "svm, gamma 1",
    ]


def test_without_repeats_there_are_no_groups(project):
    write_run(project, "e/a", {"acc": [0.5, 0.6]}, {"lr": 1})
    write_run(project, "e/b", {"acc": [0.5, 0.7]}, {"lr": 2})

    assert view_of(project).groups is None


# ---- runs ----


def test_children_stand_below_their_parents_and_a_family_where_its_best_would(project):
    write_config(project, DECLARED)
    write_run(project, "e/alone", {"acc": [0.1, 0.8]}, {"lr": 1})
    write_run(project, "e/sweep")
    write_run(project, "e/weak", {"acc": [0.1, 0.2]}, {"lr": 2}, parent="e-sweep")
    write_run(project, "e/strong", {"acc": [0.1, 0.9]}, {"lr": 3}, parent="e-sweep")
    write_run(project, "e/deep", {"acc": [0.1, 0.3]}, {"lr": 4}, parent="e-weak")
    write_run(project, "e/orphan", {"acc": [0.1, 0.1]}, {"lr": 5}, parent="nowhere")

    view = view_of(project)

    assert [(row.name, row.depth) for row in view.runs.rows] == [
        ("sweep", 0),
        ("strong", 1),
        ("weak", 1),
        ("deep", 2),
        ("alone", 0),
        ("orphan", 0),
    ]
    assert view.runs.families is True


def test_runs_that_are_their_own_ancestors_are_still_shown(project):
    write_run(project, "e/a", {"acc": [0.1, 0.2]}, parent="e-b")
    write_run(project, "e/b", {"acc": [0.1, 0.3]}, parent="e-a")
    write_run(project, "e/c", {"acc": [0.1, 0.4]}, parent="e-c")

    assert sorted(row.name for row in view_of(project).runs.rows) == ["a", "b", "c"]
