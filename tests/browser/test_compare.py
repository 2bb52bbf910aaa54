"""Comparing runs as a reader does, from a folder: which differ in what, and whether that is real."""

from __future__ import annotations

import statistics

import numpy as np
import pytest
from scipy import stats

import staticrun
from staticrun.pages.format import MINUS
from tests.browser.ask import ask
from tests.browser.site import ROOT
from tests.browser.visit import visit

NETWORK = "vision/numpy-network"
ADAM = [f"{NETWORK}/adam-lr-0.01-width-32-seed-{seed}" for seed in range(4)]
SGD = [f"{NETWORK}/sgd-lr-0.1-width-32-seed-{seed}" for seed in range(4)]


def link(demo, keys: list[str], more: str = "") -> str:
    first, *rest = keys
    names = [first, *("~" + key.rpartition("/")[2] for key in rest)]
    return f"{(demo / 'compare/index.html').as_uri()}#r={','.join(names)}{more}"


def lines(seen, metric: str) -> list[list[str]]:
    """Read what stands of each side in a metric, the mean first."""
    body = seen.page.locator("table.metrics.tested tbody", has_text=metric)
    return [
        [" ".join(cell.split()) for cell in row.locator("td").all_inner_texts()]
        for row in body.locator("tr").all()
    ]


@pytest.fixture(scope="module")
def values() -> dict[str, dict[str, float]]:
    return {
        run.key: {n: s.last for n, s in run.metrics.items()} for run in staticrun.runs(root=ROOT)
    }


def test_whether_a_gain_over_seeds_is_real(chromium, demo, values):
    a, b = ([values[key]["val/loss"] for key in keys] for keys in (ADAM, SGD))
    test = stats.ttest_ind(a, b, equal_var=False)
    low, high = test.confidence_interval(0.95)
    with visit(chromium, link(demo, [*SGD, *ADAM])) as seen:
        seen.page.wait_for_selector("table.metrics.chosen")
        base, side = lines(seen, "val/loss")
        told = seen.page.locator("#bought").locator("..").inner_text()
        assert seen.problems == []

    delta = statistics.mean(a) - statistics.mean(b)
    assert base == [f"{statistics.mean(b):.4f}", "4", "", "", "", "", ""]
    assert side[:4] == [
        f"{statistics.mean(a):.4f}",
        "4",
        f"▼ {MINUS}{abs(delta):.3g} (better)",
        f"{MINUS}{abs(low):.3g} to {MINUS}{abs(high):.3g}",
    ]
    assert "Welch" in told
    assert "Holm" in told


def test_the_spread_over_seeds_is_five_numbers_and_the_runs_themselves(chromium, demo, values):
    found = [values[key]["val/loss"] for key in ADAM]
    low, lower, median, upper, high = (f"{x:.4g}" for x in np.quantile(found, np.arange(5) / 4))
    with visit(chromium, link(demo, [*SGD, *ADAM], "&bm=val/loss")) as seen:
        figure = seen.page.get_by_role("figure", name="val/loss, a box for each group")
        boxes = figure.get_by_role("img")
        boxes.first.wait_for()
        told = boxes.last.get_attribute("aria-label")
        points = figure.get_by_role("link")
        points.last.focus()
        status = figure.get_by_role("status").inner_text()

        assert told.partition(": ")[2] == (
            f"n = 4, lowest {low}, quartiles {lower} and {upper}, median {median}, highest {high}"
        )
        assert points.count() == 8
        assert status == points.last.get_attribute("aria-label")
        assert seen.problems == []


def test_a_param_of_few_values_is_drawn_as_boxes_or_points(chromium, demo):
    with visit(chromium, link(demo, [*ADAM, *SGD], "&rx=params.optimizer")) as seen:
        chosen = seen.page.get_by_role("combobox", name="as", exact=True)
        chosen.wait_for()
        drawn = seen.page.locator(".boxes [role=img]").last.get_attribute("aria-label")
        chosen.select_option("points")
        seen.page.get_by_role("figure", name="against optimizer").wait_for()
        address = seen.page.evaluate("location.href")

    assert drawn.startswith("optimizer sgd: n = 4")
    assert "rd=points" in address


def test_quartiles_are_those_of_numpy():
    random = np.random.default_rng(7)
    samples = [random.normal(size=n).tolist() for n in (1, 2, 3, 4, 5, 8, 101)]
    found = ask("stats/quartiles.ts", *(["quartiles", one] for one in samples), ["quartiles", []])

    for sample, five in zip(samples, found, strict=False):
        assert five == pytest.approx(np.quantile(sample, np.arange(5) / 4).tolist())
    assert found[-1] is None


def test_an_address_shows_the_same_to_somebody_else(chromium, demo):
    with visit(chromium, link(demo, [*SGD, *ADAM])) as seen:
        seen.page.wait_for_selector("table.metrics.chosen")
        seen.page.get_by_label("Runs that differ in their seed alone").uncheck()
        seen.page.get_by_label(f"{'adam lr 0.01 width 32 seed 2'} is the baseline").check()
        seen.page.get_by_role("combobox", name="Metric", exact=True).select_option("val/loss")
        address = seen.page.evaluate("location.href")
        shown = seen.page.locator("main").inner_text()
    with visit(chromium, address) as other:
        other.page.wait_for_selector("table.metrics.chosen")
        other.page.wait_for_function(
            "text => document.querySelector('main').innerText === text", arg=shown
        )
        assert other.page.locator("input[type=radio]:checked").count() == 1


def test_a_run_is_added_and_removed_by_keyboard(chromium, demo):
    with visit(chromium, (demo / "compare/index.html").as_uri()) as seen:
        box = seen.page.get_by_role("combobox", name="Add a run")
        box.focus()
        box.press_sequentially("adam 0.01 width 32 seed 1")
        seen.page.wait_for_selector("#addable [role=option]")
        box.press("Enter")
        box.press_sequentially("sgd 0.01 width 32 seed 1")
        seen.page.wait_for_selector("#addable [role=option]")
        box.press("Enter")
        seen.page.wait_for_selector("table.sides tbody tr:nth-child(2)")
        hash_of_two = seen.page.evaluate("location.hash")
        seen.page.get_by_role("button", name="Remove adam").press("Enter")
        seen.page.wait_for_function(
            "document.querySelectorAll('table.sides tbody tr').length == 1"
        )

    assert hash_of_two.count("seed-1") == 2


def test_the_code_of_two_runs_is_told(chromium, demo):
    with visit(chromium, link(demo, [ADAM[0], SGD[0]])) as seen:
        seen.page.wait_for_selector("#code")
        told = seen.page.locator("#code").locator("../..").inner_text()

    [run] = [run for run in staticrun.runs(root=ROOT) if run.key == ADAM[0]]
    assert run.git.commit[:7] in told


def test_a_run_that_is_not_in_the_site_is_told(chromium, demo):
    with visit(chromium, link(demo, [ADAM[0], SGD[0], f"{NETWORK}/gone"])) as seen:
        seen.page.wait_for_selector("table.metrics.chosen")
        assert "One is not in this site." in seen.page.locator("main").inner_text()


@pytest.mark.parametrize(
    ("scheme", "width"),
    [("light", 320), ("dark", 1280), pytest.param("light", 1280, marks=pytest.mark.slow)],
)
def test_a_comparison_is_accessible(chromium, demo, scheme, width):
    with visit(chromium, link(demo, [*SGD, *ADAM]), scheme=scheme, width=width) as seen:
        seen.page.wait_for_selector("#around")
        assert seen.axe() == []
        assert seen.overflow() == 0
        assert seen.problems == []


def test_a_filter_names_the_runs_and_a_slip_in_it_is_told(chromium, demo):
    text = f"experiment = '{NETWORK}' and params.width = 32 and params.lr = 0.01"
    with visit(chromium, f"{(demo / 'compare/index.html').as_uri()}#f={text}") as seen:
        seen.page.wait_for_selector("table.metrics.chosen")
        counts = [count for _, count, *_ in lines(seen, "val/loss")]
        box = seen.page.get_by_label("Or a filter")
        box.fill(text.replace("params.lr", "params.rl"))
        box.press("Enter")
        seen.page.wait_for_selector(".chooser [role=alert]")
        told = seen.page.locator(".chooser [role=alert]").inner_text()

    assert counts == ["4", "4"]
    assert "rl" in told
