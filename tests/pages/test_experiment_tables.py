"""An experiment's tables and curves: what has a row, a column, a colour."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from staticrun.pages.views import experiment
from staticrun.pages.views.grouping import SLOTS, cut, distinct, slots
from staticrun.pages.views.interval_scale import HEIGHT, WIDTH, bar, scale_of
from staticrun.pages.views.metric_choice import choose, ranking, shown
from staticrun.pages.views.naming import last_part
from tests.pages.projects import TIME, open_context, text_of, write_config, write_run

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


@pytest.mark.parametrize(("says", "most"), [("unit: '%'", 1), ("format: .1%", 100)])
def test_a_figure_multiplies_where_a_table_does(project, says, most):
    write_config(project, f"metrics: {{share: {{{says}}}}}\n")
    for number in range(2):
        write_run(project, f"e/{number}", {"share": [0.5, 0.8 + number / 10]}, {"lr": number})

    view = view_of(project)

    numbers = [float(text) for text in re.findall(r">([0-9.]+)<", view.curves.figures[0].svg)]
    assert most / 2 < max(numbers) <= most
    assert {cell.text for row in view.runs.rows for cell in row.values} == (
        {"0.8000", "0.9000"} if most == 1 else {"80.0", "90.0"}
    )


def test_a_very_large_experiment_shows_the_best_and_counts_the_rest(project):
    write_config(project, DECLARED)
    for number in range(MANY):
        write_run(project, f"e/r{number}", {"acc": [0.0, number / MANY]}, {"lr": number})

    view = view_of(project)

    assert len(view.runs.rows) == 200
    assert view.runs.left_out == MANY - 200
    assert view.runs.rows[0].name == f"r{MANY - 1}"


def test_archived_runs_are_left_out_and_counted(project):
    write_run(project, "e/a", {"acc": [0.1, 0.2]})
    write_run(project, "e/b", {"acc": [0.1, 0.9]})
    edit = f'{{"type":"edit","time":{TIME},"archived":true}}\n'
    (project / "runs/e/b/run.edit-1.jsonl").write_text(edit)

    view = view_of(project)

    assert deck(view) == "One run, finished. The last value of acc is 0.2."
    assert ([row.name for row in view.runs.rows], view.archived) == (["a"], 1)


def test_when_all_runs_are_archived_the_sentence_says_so(project):
    edit = f'{{"type":"edit","time":{TIME},"archived":true}}\n'
    for name in "ab":
        write_run(project, f"e/{name}")
        (project / f"runs/e/{name}/run.edit-1.jsonl").write_text(edit)

    assert deck(view_of(project)) == "All 2 runs are archived."


def test_a_name_that_shows_nothing_is_replaced_by_the_folders(project):
    write_run(project, "e/blank", {"acc": [0.1, 0.2]}, name="\u200b \u3000")
    write_run(project, "e/steering", {"acc": [0.1, 0.3]}, name="a\u202eb")

    assert sorted(row.name for row in view_of(project).runs.rows) == ["a\\u202eb", "blank"]


def test_only_params_that_vary_have_columns_and_at_most_eight(project):
    for number in range(4):
        params = {f"p{name:02d}": number for name in range(12)}
        write_run(project, f"e/r{number}", {"acc": [0.1, 0.2]}, {**params, "same": "x"})

    table = view_of(project).runs

    assert len(table.params) == 8
    assert len(table.no_room) == 4
    assert "same" not in [head.name for head in table.params]


# ---- baseline, colours, curves ----


def test_the_baseline_may_be_a_run_or_a_filter(project):
    write_config(project, DECLARED)
    write_seeds(project, 1, 0.5, 0.6)
    write_seeds(project, 2, 0.7, 0.8)
    write_experiment(project, 'baseline: "params.lr = 1"\n')

    view = view_of(project)

    assert view.baseline == "lr 1"
    assert [(row.params[0].text, row.baseline, row.slot > 0) for row in view.groups.rows] == [
        ("2", False, True),
        ("1", True, False),
    ]
    write_experiment(project, "baseline: lr2-1\n")
    assert [row.key for row in view_of(project).runs.rows if row.baseline] == ["e/lr2-1"]


def test_groups_are_tested_against_the_baseline_and_judged_only_where_that_holds(project):
    write_config(project, DECLARED)
    write_seeds(project, 1, 0.50, 0.52, 0.51)
    write_seeds(project, 2, 0.90, 0.92, 0.91)
    write_seeds(project, 3, 0.30, 0.52, 0.71)
    write_seeds(project, 4, 0.99, status="failed")
    write_experiment(project, 'baseline: "params.lr = 1"\n')

    table = view_of(project).groups

    found = {row.params[0].text: row.versus for row in table.rows}
    p = stats.ttest_ind([0.90, 0.92, 0.91], [0.50, 0.52, 0.51], equal_var=False).pvalue
    assert p < 0.001
    assert (found["2"].difference, found["2"].verdict, found["2"].p) == (
        "+0.4000",
        "better",
        "< 0.001",
    )
    assert (found["3"].verdict, found["3"].p) == ("", "1.000")
    assert (found["1"].difference, found["4"].difference, table.tested) == ("", "", 2)


@pytest.mark.parametrize(
    ("baseline", "said"),
    [
        (
            "params.lr ==== 1",
            (
                "runs/e/experiment.yaml: baseline: the baseline 'params.lr ==== 1' is no run of this "
                "experiment and cannot be read as a filter: "
            ),
        ),
        (
            "params.lr = 7",
            (
                "runs/e/experiment.yaml: baseline: no run of this experiment matches the baseline "
                "'params.lr = 7', expected a key or a filter that chooses runs."
            ),
        ),
    ],
)
def test_a_baseline_that_is_nothing_is_said_and_found(project, baseline, said):
    write_run(project, "e/a", {"acc": [0.1, 0.2]}, {"lr": 1})
    write_experiment(project, f"baseline: {baseline}\n")

    view = view_of(project)

    assert str(view.findings[0]).startswith(said)
    assert len(view.problems) == 1


def test_the_first_six_are_in_colour_and_rows_and_members_have_one_colour(project):
    write_config(project, DECLARED)
    for lr in range(8):
        write_seeds(project, lr, lr / 10, lr / 10 + 0.01)

    view = view_of(project)

    colours = [row.slot for row in view.groups.rows]
    assert len({slot for slot in colours[:6] if slot}) == 6
    assert colours[6:] == [0, 0]
    of_group = {row.params[0].text: row.slot for row in view.groups.rows}
    assert all(row.slot == of_group[row.params[0].text] for row in view.runs.rows)


def test_curves_are_of_the_chosen_metrics_first_and_say_over_how_many_runs(project):
    write_config(project, DECLARED)
    write_seeds(project, 1, 0.5, 0.6)
    write_seeds(project, 2, 0.7, 0.8)
    write_run(project, "e/more", {"acc": [0.1, 0.2], "aux": [1, 2]}, {"lr": 3, "seed": 1})

    curves = view_of(project).curves

    assert [figure.metric for figure in curves.figures] == ["acc"]
    assert [figure.metric for figure in curves.more] == ["aux"]
    assert curves.figures[0].unit == "mean of 2 runs, or one run"
    assert "A line is a mean, as far as all its runs go" in " ".join(curves.notes)


def test_a_metric_without_two_finite_points_has_no_curve(project):
    write_run(project, "e/a", {"acc": [0.5], "loss": [math.nan] * 3})

    assert view_of(project).curves.figures == ()


# ---- the parts ----


def test_the_declared_primary_metric_ranks_and_training_comes_last():
    from staticrun.config import Metric

    present = {"train/loss": 4, "val/loss": 4, "lr": 4, "val/acc": 4, "rare/loss": 0}

    assert [metric.name for metric in choose(present, {})] == [
        "val/acc",
        "val/loss",
        "train/loss",
        "lr",
        "rare/loss",
    ]
    declared = {"lr": Metric(), "val/loss": Metric(direction="min", primary=True)}
    ordered = choose(present, declared)
    assert [metric.name for metric in shown(ordered, present, 6)] == ["val/loss", "lr"]
    assert ranking(ordered).name == "val/loss"


@given(st.lists(st.text("0123456789abcdef", min_size=16, max_size=16), unique=True, max_size=8))
def test_colours_differ_and_do_not_depend_on_the_order(identities):
    found = slots(identities)

    assert slots(identities[::-1]) == found
    assert len(set(found.values())) == len(identities)
    assert all(1 <= slot <= SLOTS for slot in found.values())


@given(
    st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=40),
    st.booleans(),
    st.floats(0, 1e6),
)
def test_whatever_is_drawn_stays_in_the_drawing(values, of_one, half):
    scale = scale_of(values, [values[0] - half, values[0] + half], of_one=of_one)
    drawn = bar(scale, values[0], (values[0] - half, values[0] + half), values, "")

    places = [drawn.dot, drawn.low, drawn.high, *drawn.ticks]
    assert all(0 <= float(place) <= WIDTH for place in places if place)
    assert HEIGHT == 28


def test_labels_are_cut_after_a_part_and_kept_apart():
    assert cut("adam, width 256, lr 0.01", 20) == "adam, width 256, …"
    assert distinct(["a", "b", "a", "a"]) == ["a", "b", "a (2)", "a (3)"]
    assert [last_part(name) for name in ("lr", "optim.lr", '"a.b"', 'x."a.b"')] == [
        "lr",
        "lr",
        "a.b",
        "a.b",
    ]


# ---- shares near 1 ----


def write_shares(project, name, *ends, metric="acc"):
    for seed, end in enumerate(ends):
        write_run(
            project,
            f"e/{name}-{seed}",
            {metric: [0.1, 0.5, end]},
            {"model": name, "seed": seed},
        )


def test_accuracies_near_one_have_one_scale_in_the_column_and_in_the_curves(project):
    write_config(project, "metrics:\n  acc: {direction: max, primary: true, format: .1%}\n")
    write_shares(project, "svm", 0.97, 0.98)
    write_shares(project, "knn", 0.90, 0.96)

    view = view_of(project)

    assert view.groups.axis.kind == "error"
    assert [tick.text for tick in view.groups.axis.ticks] == ["90", "95", "98"]
    assert view.curves.figures[0].unit == "%, mean of 2 runs, log error"
    assert "Log error: a scale that opens up towards 1." in view.curves.notes
    assert ">98<" in view.curves.figures[0].svg


def test_an_accuracy_of_one_stands_at_the_edge_of_both(project):
    write_config(project, DECLARED)
    write_shares(project, "svm", 0.98, 1.0)
    write_shares(project, "knn", 0.90, 0.96)

    view = view_of(project)

    axis = view.groups.axis
    assert (axis.edge, axis.ticks[-1].text) == (True, "1")
    best = view.groups.rows[0].bar
    assert best.ticks[-1] == axis.ticks[-1].x
    assert float(best.dot) < float(axis.ticks[-1].x)
    assert view.curves.figures[0].unit == "mean of 2 runs, log error, 1 at the edge"


@pytest.mark.parametrize(
    ("declared", "ends"),
    [
        ("{direction: min}", (0.97, 0.98)),
        ("{direction: max}", (0.6, 0.7)),
        ("{direction: max}", (0.97, 1.5)),
    ],
)
def test_what_is_no_share_near_one_has_another_scale(project, declared, ends):
    write_config(project, f"metrics:\n  acc: {declared}\n")
    write_shares(project, "svm", *ends)
    write_shares(project, "knn", 0.5, 0.6)

    view = view_of(project)

    assert view.groups.axis.kind == "linear"
    assert view.curves.figures[0].unit == "mean of 2 runs"
    assert not any("Log error" in note for note in view.curves.notes)


def test_where_all_failed_their_curves_are_drawn_all_the_same(project):
    write_config(project, DECLARED)
    write_seeds(project, 1, 0.5, 0.6, status="failed")

    curves = view_of(project).curves

    assert [figure.metric for figure in curves.figures] == ["acc"]
    assert "A cross ends a run that failed." in curves.notes


@pytest.mark.parametrize(
    ("lines", "unit"),
    [
        (([2.0, 1.5, 0.05], [2.0, 1.5, 0.1], [2.0, 1.8, 1.5]), "log y"),
        (([2.0, 1.5, 0.05], [2.0, 1.5, 0.9], [2.0, 1.8, 1.5]), ""),
        (([2.0, 1.5, 0.5], [2.0, 1.5, 0.6], [2.0, 1.8, 1.5]), ""),
        (([2.0, 1.5, 0.0], [2.0, 1.5, 0.1], [2.0, 1.8, 1.5]), ""),
    ],
)
def test_where_most_results_crowd_at_the_bottom_the_scale_is_logarithmic(project, lines, unit):
    for number, values in enumerate(lines):
        write_run(project, f"e/{number}", {"val/loss": values}, {"lr": number})

    assert view_of(project).curves.figures[0].unit == unit
