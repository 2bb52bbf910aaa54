"""Pages of small and broken projects: no sentence that the data does not support, no empty column."""

import re

import pytest

from staticrun.pages.build import build
from tests.pages.projects import write_config, write_run

CONFIG = """
metrics:
  acc: {direction: max, primary: true}
comparisons:
  c:
    groups: {one: "params.lr = 1", two: "params.lr = 2"}
"""


def read(project, page):
    """Give the words of a page of the built site, one space between them."""
    html = (project / "site" / page).read_text(encoding="utf-8")
    shown = html.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", shown).split())


@pytest.fixture
def failed(project):
    write_config(project, CONFIG)
    for lr in (1, 2):
        for seed in range(2):
            params = {"lr": lr, "seed": seed}
            write_run(project, f"e/{lr}-{seed}", {"acc": [0.1, 0.5]}, params, status="failed")
    build(project, jobs=1)
    return project


def test_one_run_is_called_neither_first_nor_best(project):
    write_config(project, CONFIG)
    write_run(project, "e/a", {"acc": [0.1, 0.5]}, {"lr": 1})
    build(project, jobs=1)

    page = read(project, "experiments/e/index.html")

    assert "One run, finished. The last value of acc is 0.5 ." in page
    assert "first" not in page
    assert "Bold" not in page
    assert "Its params: lr 1 ." in page


def test_without_a_metric_nothing_is_said_of_values(project):
    write_config(project, CONFIG)
    write_run(project, "e/a", params={"lr": 1})
    write_run(project, "e/b", params={"lr": 2})
    build(project, jobs=1)

    assert "last one" not in read(project, "experiments/e/index.html")
    front = read(project, "index.html")
    assert "Last value" not in front
    assert "Best" not in front
    compared = read(project, "compare/c/index.html")
    assert "No metric was logged." in compared
    assert "Last values" not in compared
    assert "Neither two nor one has a result." in compared


def test_where_all_failed_nothing_is_bold_and_no_line_is_called_a_mean(failed):
    page = read(failed, "experiments/e/index.html")

    assert "4 runs in 2 groups of two seeds, all failed. So no result is compared." in page
    assert "Bold" not in page
    assert "A line is a mean" not in page
    assert "A cross ends a run that failed." in page
    # Each group is named at the end of its last run's line.
    assert "lr 1: 0.5 at 1" in page
    assert "lr 2: 0.5 at 1" in page


def test_a_comparison_of_failed_runs_says_why_it_has_no_number(failed):
    page = read(failed, "compare/c/index.html")

    assert "All runs failed, so no result is compared." in page
    assert "4 failed runs take no part." in page
    assert "Neither two nor one has a result." in page


def test_sides_that_share_a_metric_without_a_result_are_not_told_to_share_none(project):
    write_config(project, CONFIG)
    for seed in range(2):
        params = {"lr": 1, "seed": seed}
        write_run(project, f"e/1-{seed}", {"acc": [0.1, 0.5]}, params, status="failed")
        write_run(project, f"e/2-{seed}", {"acc": [0.1, 0.5]}, {"lr": 2, "seed": seed})
    build(project, jobs=1)

    assert "No metric has a result on both sides." in read(project, "compare/c/index.html")


def test_columns_that_would_be_empty_are_left_out_of_the_front_page(project):
    write_config(project, CONFIG)
    write_run(project, "e/a", {"acc": [0.1, 0.5]}, {"lr": 1})
    build(project, jobs=1)

    front = read(project, "index.html")

    assert "Params" not in front
    assert " n " not in front.partition("Held by")[2].partition("Last record")[0]


def test_very_long_names_are_cut_in_tables_and_set_as_prose_in_titles(project):
    long = [letter * 200 for letter in "gh"]
    write_config(
        project,
        f"project: {{name: {'p' * 200}}}\ncomparisons:\n  c:\n    title: {'t' * 200}\n    groups:\n"
        f'      {long[0]}: "params.lr = 1"\n      {long[1]}: "params.lr = 2"\n'
        f"    baseline: {long[1]}\n",
    )
    for lr in (1, 2):
        write_run(project, f"e/{lr}", {"m" * 200: [1, 2]}, {"lr": lr})
    build(project, jobs=1)

    compared = read(project, "compare/c/index.html")
    html = (project / "site/compare/c/index.html").read_text(encoding="utf-8")

    assert f"The last value of {'m' * 200} is the same for {'g' * 20}…{'g' * 19}" in compared
    assert "g" * 41 not in compared
    assert '<h1><span class="long">ttt' in html
    assert '<h1><span class="long">ppp' in (project / "site/index.html").read_text("utf-8")


def test_labels_that_are_one_when_cut_are_numbered(project):
    alike = ["a" * 100 + middle + "a" * 100 for middle in "xy"]
    write_config(
        project,
        "comparisons:\n  c:\n    groups:\n"
        f'      {alike[0]}: "params.lr = 1"\n      {alike[1]}: "params.lr = 2"\n',
    )
    for lr in (1, 2):
        write_run(project, f"e/{lr}", {"acc": [1, 2]}, {"lr": lr})
    build(project, jobs=1)

    cut = f"{'a' * 20}…{'a' * 19}"
    assert f"for {cut} (2) as for {cut};" in read(project, "compare/c/index.html")
