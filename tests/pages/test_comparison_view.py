"""Comparisons: numbers as scipy's, what may be called better, what is said when nothing can."""

import math
import subprocess

import pytest
from scipy import stats

from staticrun.pages.views import comparison
from tests.pages.projects import open_context, text_of, write_config, write_run

BASE = (0.90, 0.92, 0.91, 0.93)
BETTER = (0.95, 0.97, 0.96)
METRICS = """
metrics:
  acc: {direction: max, primary: true}
  loss: {direction: min}
"""
GROUPS = """
comparisons:
  c:
    groups: {old: "params.lr = 1", new: "params.lr = 2"}
    baseline: old
"""


def view_of(project, name="c"):
    context = open_context(project)
    return comparison.make(name, context.config.comparisons[name], context)


def deck(view):
    return text_of(view.deck)


def said(view):
    return [str(finding) for finding in view.findings]


def write_side(project, lr, values, metric="acc", **start):
    for seed, value in enumerate(values):
        write_run(
            project,
            f"e/lr{lr}-{seed}",
            {metric: [0.0, value]},
            {"lr": lr, "seed": seed, "batch": 64},
            **start,
        )


def commit(project, text):
    """Commit one file; give the commit's hash."""
    (project / "train.py").write_text(text)
    for words in (["init", "-q"], ["add", "train.py"], ["commit", "-q", "-m", "change"]):
        subprocess.run(["git", *words], cwd=project, check=True)
    asked = ["git", "rev-parse", "HEAD"]
    return subprocess.run(asked, cwd=project, check=True, capture_output=True, text=True).stdout[
        :40
    ]


# ---- numbers ----


def test_difference_interval_and_p_are_scipys(project):
    write_config(project, METRICS + GROUPS)
    write_side(project, 1, BASE)
    write_side(project, 2, BETTER)

    view = view_of(project)

    test = stats.ttest_ind(BETTER, BASE, equal_var=False)
    interval = test.confidence_interval()
    row = view.tables[0].judged[0]
    assert (row.name, row.baseline, row.value) == ("acc", "0.9150", "0.9600")
    assert (row.baseline_n, row.value_n) == ("4", "3")
    assert row.difference == "+0.0450"
    assert row.interval == f"{interval.low:.4f} to {interval.high:.4f}"
    assert row.p == f"{test.pvalue:.3f}"
    assert (row.verdict, row.rises, row.differs) == ("better", True, "yes")
    assert (view.tables[0].baseline_head, view.tables[0].value_head) == (
        "mean, n = 4",
        "mean, n = 3",
    )
    assert deck(view) == (
        "The mean last value of acc is 0.045 higher for new than for old, "
        f"95 % interval {row.interval}, n = 3 and 4. That is better."
    )


def test_lower_is_better_where_the_direction_says_so(project):
    write_config(project, METRICS + GROUPS)
    write_side(project, 1, BASE, "loss")
    write_side(project, 2, BETTER, "loss")

    view = view_of(project)

    row = view.tables[0].judged[0]
    assert (row.difference, row.verdict, row.rises) == ("+0.0450", "worse", True)
    # Right of the middle is better: what is worse stands left of it.
    assert float(row.bar.high) < 120
    assert deck(view).endswith("n = 3 and 4. That is worse.")


def test_where_the_interval_holds_zero_nothing_is_better(project):
    write_config(project, METRICS + GROUPS)
    write_side(project, 1, (0.5, 0.7, 0.9))
    write_side(project, 2, (0.6, 0.8, 0.7))

    view = view_of(project)

    row = view.tables[0].judged[0]
    assert (row.verdict, row.differs, row.bar.hollow) == ("", "no", True)
    assert deck(view).endswith("The interval holds zero.")


def test_without_a_declared_direction_nothing_is_better(project):
    write_config(project, GROUPS)
    write_side(project, 1, BASE)
    write_side(project, 2, BETTER)

    view = view_of(project)

    (row,) = view.tables[0].unjudged
    assert view.tables[0].judged == ()
    assert (row.verdict, row.differs) == ("", "yes")
    assert deck(view).endswith("n = 3 and 4.")


def test_equal_sides_are_the_same(project):
    write_config(project, METRICS + GROUPS)
    write_side(project, 1, (0.4, 0.6))
    write_side(project, 2, (0.3, 0.7))

    assert deck(view_of(project)).startswith(
        "The mean last value of acc is the same for new as for old, 95 % interval "
    )


def test_one_run_each_gives_a_difference_and_no_test(project):
    write_config(project, METRICS + "comparisons:\n  c: {runs: [e/lr1-0, e/lr2-0]}\n")
    write_side(project, 1, (0.5,))
    write_side(project, 2, (0.75,))

    view = view_of(project)

    row = view.tables[0].judged[0]
    assert (row.difference, row.interval, row.p, row.verdict) == ("+0.2500", "", "", "")
    assert (view.tested, view.tables[0].tested) == (0, 0)
    assert deck(view) == (
        "The last value of acc is 0.25 higher for lr2-0 than for lr1-0; "
        "one run each, so no test is possible."
    )


def test_one_run_against_several_cannot_be_tested_and_says_why(project):
    write_config(project, METRICS + GROUPS)
    write_side(project, 1, (0.5, 0.6))
    write_side(project, 2, (0.75,))

    assert deck(view_of(project)) == (
        "The mean last value of acc is 0.2 higher for new than for old; "
        "one side has a single value, so no test is possible (n = 1 and 2)."
    )


def test_failed_runs_take_no_part_in_a_side_of_several_and_are_counted(project):
    write_config(project, METRICS + GROUPS)
    write_side(project, 1, BASE)
    write_side(project, 2, BETTER)
    write_run(project, "e/bad", {"acc": [0.0, 0.0]}, {"lr": 2, "seed": 9}, status="failed")

    view = view_of(project)

    assert view.tables[0].judged[0].value == "0.9600"
    assert view.failed == 1
    assert view.sides[1].failed == 1


def test_a_failed_run_that_is_a_side_of_its_own_has_its_last_value_and_its_status(project):
    write_config(project, METRICS + "comparisons:\n  c: {runs: [e/a, e/b]}\n")
    write_run(project, "e/a", {"acc": [0.1, 0.5]}, {"lr": 1})
    write_run(project, "e/b", {"acc": [0.1, 0.2]}, {"lr": 2}, status="failed")

    view = view_of(project)

    assert view.tables[0].value_head == "last value, failed"
    assert view.tables[0].judged[0].value == "0.2000"
    assert view.failed == 0


def test_nan_is_left_out_of_both_means(project):
    write_config(project, METRICS + GROUPS)
    write_side(project, 1, (*BASE, math.nan))
    write_side(project, 2, (*BETTER, math.inf))

    row = view_of(project).tables[0].judged[0]

    assert (row.baseline_n, row.value_n, row.value) == ("4", "3", "0.9600")


def test_a_percentage_differs_by_percentage_points(project):
    metrics = "metrics:\n  acc: {direction: max, format: .1%}\n"
    write_config(project, metrics + GROUPS)
    write_side(project, 1, BASE)
    write_side(project, 2, BETTER)

    view = view_of(project)

    row = view.tables[0].judged[0]
    assert (row.difference, row.unit) == ("+4.5", "%")
    assert "is 4.5 percentage points higher for new than for old" in deck(view)


def test_a_small_difference_is_never_printed_as_zero(project):
    metrics = "metrics:\n  acc: {direction: max, format: .1%}\n"
    write_config(project, metrics + GROUPS)
    write_side(project, 1, (0.9, 0.90001))
    write_side(project, 2, (0.90002, 0.90004))

    row = view_of(project).tables[0].judged[0]

    assert row.difference == "+0.0025"


# ---- several sides ----


def test_each_side_is_compared_with_the_baseline_and_the_tests_are_counted(project):
    write_config(
        project,
        METRICS + "comparisons:\n  c:\n    where: \"experiment = 'e'\"\n    baseline: lr 2\n",
    )
    write_side(project, 1, BASE)
    write_side(project, 2, BETTER)
    write_side(project, 3, (0.96, 0.961, 0.962))

    view = view_of(project)

    assert view.against == "lr 2"
    assert [{row.label for row in table.rows} for table in view.many] == [{"lr 1", "lr 3"}]
    assert view.tested == 2
    assert deck(view) == (
        "2 sides against lr 2. In acc 1 is worse and for 1 the 95 % interval of the difference "
        "holds zero."
    )
    assert [side.slot for side in view.sides] == [0, 1, 2]


@pytest.mark.parametrize(
    ("metrics", "words"),
    [
        (METRICS, "In acc 2 are better, 1 is worse and 1 is not tested."),
        ("", "In acc 2 are higher, 1 is lower and 1 is not tested."),
    ],
)
def test_sides_that_differ_are_counted_by_the_way_they_do(project, metrics, words):
    write_config(
        project,
        metrics + "comparisons:\n  c:\n    where: \"experiment = 'e'\"\n    baseline: lr 1\n",
    )
    for lr, values in enumerate(
        ((0.5, 0.51, 0.52), (0.7, 0.71, 0.72), (0.8, 0.81, 0.82), (0.1, 0.11, 0.12), (0.9,)), 1
    ):
        write_side(project, lr, values)

    assert deck(view_of(project)) == f"4 sides against lr 1. {words}"


def test_several_single_runs_stand_in_one_table(project):
    write_config(project, METRICS + "comparisons:\n  c: {runs: [e/a, e/b, e/c]}\n")
    for name, value in (("a", 0.5), ("b", 0.75), ("c", 0.5)):
        write_run(project, f"e/{name}", {"acc": [0.1, value]}, {"lr": name})

    view = view_of(project)

    assert view.plain.heads == (("a", "last value"), ("b", "last value"), ("c", "last value"))
    (row,) = view.plain.rows
    assert [(cell.text, cell.difference) for cell in row.cells] == [
        ("0.5000", ""),
        ("0.7500", "+0.2500"),
        ("0.5000", ""),
    ]
    assert deck(view) == "2 sides against a. No difference in acc can be tested."


# ---- what differs beside the numbers ----


def test_params_that_differ_are_shown_and_the_others_counted(project):
    write_config(project, GROUPS)
    write_side(project, 1, BASE)
    write_side(project, 2, BETTER)

    params = view_of(project).params

    assert params.labels == ("old", "new")
    shown = {row.name: [(cell.text, cell.changed) for cell in row.cells] for row in params.rows}
    assert shown == {
        "lr": [("1", False), ("2", True)],
        "seed": [("0, 1, 2, 3", False), ("0, 1, 2", True)],
    }
    assert params.same == 1


def test_packages_that_differ_are_shown_and_missing_records_are_named(project):
    write_config(project, GROUPS)
    write_side(project, 1, (0.5,), packages={"numpy": "1.0", "scipy": "2"}, python="3.11.2")
    write_side(project, 2, (0.5,), packages={"numpy": "1.1", "scipy": "2"}, python="3.11.2")

    packages = view_of(project).packages

    assert [(row.name, [cell.text for cell in row.cells]) for row in packages.rows] == [
        ("numpy", ["1.0", "1.1"])
    ]
    assert packages.same == 2

    write_side(project, 2, (0.5,))
    assert view_of(project).packages.unknown == ("new",)


def test_code_is_compared_between_the_two_commits(project):
    old = commit(project, "a\nb\n")
    new = commit(project, "a\nc\n")
    write_config(project, GROUPS)
    write_side(project, 1, BASE, git={"commit": old})
    write_side(project, 2, BETTER, git={"commit": new, "dirty": True})

    code = view_of(project).code

    assert [(one.label, one.commits, one.dirty) for one in code.commits] == [
        ("old", (old[:7],), ""),
        ("new", (new[:7],), "3 runs with changes that were not committed"),
    ]
    (part,) = code.parts
    assert (part.title, part.note) == ("From old to new", "1 file differs.")
    assert [(row.kind, row.text) for row in part.files[0].rows[1:]] == [
        ("same", "a"),
        ("removed", "b"),
        ("added", "c"),
    ]


def test_a_commit_that_is_not_here_is_named(project):
    here = commit(project, "a\n")
    write_config(project, GROUPS)
    write_side(project, 1, BASE, git={"commit": here})
    write_side(project, 2, BETTER, git={"commit": "f" * 40})

    (part,) = view_of(project).code.parts

    assert part.note == "fffffff is not in this repository, so nothing is shown."


def test_sides_of_several_commits_have_no_one_difference(project):
    write_config(project, GROUPS)
    write_side(project, 1, BASE, git={"commit": "a" * 40})
    write_side(project, 2, (0.1,), git={"commit": "b" * 40})
    write_run(project, "e/x", {"acc": [0, 1]}, {"lr": 2}, git={"commit": "c" * 40})

    (part,) = view_of(project).code.parts

    assert part.note == "new has runs of several commits, so there is no one difference."


def test_changes_that_were_not_committed_are_shown_once(project):
    patch = "--- a/t.py\n+++ b/t.py\n@@ -1 +1 @@\n-a\n+b\n"
    write_config(project, GROUPS)
    git = {"commit": "a" * 40, "dirty": True, "diff": "artifacts/git.diff"}
    write_side(project, 1, BASE)
    write_side(project, 2, BETTER, git=git)
    for seed in range(len(BETTER)):
        file = project / f"runs/e/lr2-{seed}/artifacts/git.diff"
        file.parent.mkdir()
        file.write_text(patch)

    parts = view_of(project).code.parts

    assert [part.title for part in parts] == ["Not committed, new: lr2-0"]
    assert parts[0].files[0].path == "t.py"


def test_a_difference_outside_of_its_run_is_not_read(project):
    write_config(project, GROUPS)
    (project / "secret.diff").write_text("--- a/t\n+++ b/t\n@@ -1 +1 @@\n-a\n+b\n")
    write_side(project, 1, BASE)
    write_side(project, 2, BETTER, git={"commit": "a" * 40, "diff": "../../../secret.diff"})

    assert view_of(project).code.parts == ()


# ---- declarations that are wrong ----


def test_a_label_without_runs_is_said_and_found(project):
    write_config(project, GROUPS)
    write_side(project, 1, BASE)

    view = view_of(project)

    assert said(view) == [
        (
            "staticrun.yaml: comparisons.c.groups.new: no run matches 'params.lr = 2', so 'new' is "
            "empty, expected a filter that chooses runs.\n"
            "  Try: staticrun runs list --where 'params.lr = 2'"
        ),
        "staticrun.yaml: comparisons.c: only 'old' has runs, expected at least two sides.",
    ]
    assert view.problems == (
        "No run matches 'params.lr = 2', so 'new' is empty.",
        "Only 'old' has runs.",
    )
    assert deck(view) == "Only old has runs, so there is nothing to compare."


def test_a_baseline_that_is_none_of_the_sides_is_said_and_no_difference_given(project):
    write_config(project, GROUPS.replace("baseline: old", "baseline: oldest"))
    write_side(project, 1, BASE)
    write_side(project, 2, BETTER)

    view = view_of(project)

    assert said(view) == [
        (
            "staticrun.yaml: comparisons.c.baseline: the baseline 'oldest' is none of the sides that "
            "have runs, expected 'old' or 'new'."
        )
    ]
    assert view.tables == ()
    assert deck(view) == "There is no baseline, so no difference is given."


def test_without_a_declared_baseline_the_first_side_is_it(project):
    write_config(project, GROUPS.replace("    baseline: old\n", ""))
    write_side(project, 1, BASE)
    write_side(project, 2, BETTER)

    view = view_of(project)

    assert (view.against, said(view)) == ("old", [])


@pytest.mark.parametrize(
    ("declared", "what"),
    [
        (
            "{runs: [e/a, e/zz]}",
            "staticrun.yaml: comparisons.c.runs: there is no run 'e/zz'.\n  Try: ",
        ),
        (
            '{where: "lr ==== 1"}',
            "staticrun.yaml: comparisons.c.where: the filter 'lr ==== 1' cannot be read: ",
        ),
        (
            "{runs: [e/a, e/b], metrics: [gone]}",
            (
                "staticrun.yaml: comparisons.c.metrics: no run of this comparison has the metric "
                "'gone', expected names of metrics that were logged."
            ),
        ),
    ],
)
def test_what_is_wrong_is_found_and_the_page_is_made(project, declared, what):
    write_config(project, f"comparisons:\n  c: {declared}\n")
    write_run(project, "e/a", {"acc": [0.1, 0.2]}, {"lr": 1})
    write_run(project, "e/b", {"acc": [0.1, 0.3]}, {"lr": 2})

    view = view_of(project)

    assert said(view)[0].startswith(what)
    assert view.problems


def test_runs_on_both_sides_are_told_once(project):
    write_config(
        project,
        'comparisons:\n  c:\n    groups: {all: "experiment = \'e\'", one: "params.lr = 1"}\n',
    )
    write_side(project, 1, BASE)

    assert said(view_of(project)) == [
        (
            "staticrun.yaml: comparisons.c: 4 runs ('e/lr1-0', 'e/lr1-1', 'e/lr1-2' and 1 more) on "
            "both sides, 'all' and 'one', so the two are not independent and the test does not hold, "
            "expected filters that choose no run twice."
        )
    ]


def test_the_list_says_how_many_are_declared(project):
    write_run(project, "e/a", {"acc": [0.1, 0.2]}, {"lr": 1})
    assert comparison.make_list(open_context(project)).deck == "None is declared yet."

    write_config(project, GROUPS)
    view = comparison.make_list(open_context(project))

    assert view.deck == "1 comparison, declared in staticrun.yaml."
    assert (view.comparisons[0].title, view.comparisons[0].problems) == ("c", 2)
