"""Comparisons of many sides: one table a metric, the best first, on one scale."""

import pytest

from staticrun.pages.build import build
from staticrun.pages.views import comparison
from staticrun.pages.views.comparison_many import FEW
from staticrun.pages.views.comparison_sides import COLOURED
from tests.pages.projects import open_context, write_config, write_run

WHERE = "comparisons:\n  c:\n    where: \"experiment = 'e'\"\n"
METRICS = "metrics:\n  acc: {direction: max}\n  loss: {direction: min}\n"
MANY = 12


def view_of(project):
    context = open_context(project)
    return comparison.make("c", context.config.comparisons["c"], context)


def write_sides(project, number, runs=2):
    for lr in range(number):
        for seed in range(runs):
            write_run(
                project,
                f"e/lr{lr:02d}-{seed}",
                {"acc": [0.1, lr / 20 + seed / 100], "loss": [2, 1 - lr / 20]},
                {"lr": lr, "seed": seed},
            )


@pytest.mark.parametrize(("sides", "is_many"), [(2, False), (3, True), (FEW + 2, True)])
def test_one_side_has_a_table_and_several_have_one_a_metric(project, sides, is_many):
    write_config(project, METRICS + WHERE)
    write_sides(project, sides)

    view = view_of(project)

    assert (len(view.tables), len(view.many)) == ((0, 2) if is_many else (1, 0))
    assert view.tested == sides - 1


def test_sides_stand_best_first_and_share_one_scale(project):
    write_config(project, METRICS + WHERE)
    write_sides(project, MANY)

    accuracy, loss = view_of(project).many

    assert [row.label for row in accuracy.rows][:2] == [f"lr {MANY - 1}", f"lr {MANY - 2}"]
    assert loss.rows[0].label == f"lr {MANY - 1}"
    places = [float(row.numbers.bar.dot) for row in accuracy.rows]
    assert places == sorted(places, reverse=True)
    differences = [float(row.numbers.difference) for row in accuracy.rows]
    half = 120.0
    ratios = [(place - half) / one for place, one in zip(places, differences, strict=True)]
    assert ratios == pytest.approx([ratios[0]] * len(ratios), rel=0.02)
    assert (accuracy.baseline, accuracy.judged) == ("0.0050 (2)", True)


def test_without_a_direction_sides_keep_their_order(project):
    write_config(project, WHERE)
    write_sides(project, MANY)

    table = view_of(project).many[0]

    assert not table.judged
    assert [row.label for row in table.rows] == [f"lr {lr}" for lr in range(1, MANY)]


def test_the_first_sides_are_in_colour_and_the_page_says_which(project):
    write_config(project, METRICS + WHERE)
    write_sides(project, MANY)

    view = view_of(project)

    coloured = [side.label for side in view.sides if side.slot]
    assert coloured == [f"lr {lr}" for lr in range(MANY - COLOURED, MANY)]
    assert "The first 7 in acc in colour, the others thin behind." in view.curves.notes
    assert view.curves.figures[0].unit == "mean of 2 runs"


def test_sides_of_single_runs_have_no_test_and_the_table_no_column_for_one(project):
    write_config(project, METRICS + WHERE)
    write_sides(project, MANY, runs=1)
    build(project, jobs=1)

    table = view_of(project).many[0]

    assert table.tested == 0
    assert len(table.reasons) == 1
    assert "Welch<" not in (project / "site/compare/c/index.html").read_text(encoding="utf-8")


def test_a_side_is_named_by_what_tells_it_apart_and_found_by_its_whole_name(project):
    write_config(project, f"{METRICS}{WHERE}    baseline: lr 3, width 30\n")
    for lr in range(4):
        for seed in range(2):
            params = {"lr": lr, "width": 10 * lr, "seed": seed}
            write_run(project, f"e/{lr}-{seed}", {"acc": [0.1, 0.5]}, params)

    view = view_of(project)

    assert view.against == "lr 3"
    assert [side.label for side in view.sides] == ["lr 3", "lr 0", "lr 1", "lr 2"]
    assert view.findings == ()
