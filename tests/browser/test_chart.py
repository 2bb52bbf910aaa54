"""Charts in the browser against the records that a training wrote."""

from __future__ import annotations

import csv
import io
import json
import math
import shutil
import statistics
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from tests.browser.charts import (
    EPOCHS,
    EXPERIMENT,
    POINTS,
    Built,
    chart,
    choose,
    come_alive,
    go,
    make,
    rows,
    saved,
    settle,
)
from tests.browser.site import served
from tests.browser.visit import visit

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Build the project once."""
    return make(tmp_path_factory.mktemp("charts") / "project")


@pytest.mark.parametrize("end", [24_000, pytest.param(POINTS, marks=pytest.mark.slow)])
def test_zooming_reaches_every_logged_point(chromium, built, end):
    logged = dict([*built.logged["long/one"]["val/loss"].items()][:end])
    found: dict[int, float] = {}
    with visit(chromium, (built.site / "runs/long/one/index.html").as_uri()) as seen:
        come_alive(seen.page)
        whole = rows(seen.page, "val/loss")
        for start in range(0, end, 4000):
            go(seen.page, f"zoom={start}~{start + 3999}")
            shown = rows(seen.page, "val/loss")
            found |= {int(row["first_step"]): float(row["value"]) for row in shown}

    assert found == logged
    assert len(whole) < POINTS / 50
    # What a bucket hides is in its lowest and highest.
    assert max(float(row["high"]) for row in whole) == 5.0
    assert seen.problems == []


def test_a_bucket_has_the_mean_and_the_extremes_of_its_logged_points(chromium, built):
    values = np.array([*built.logged["long/one"]["val/loss"].values()])
    widths = set()
    with visit(chromium, (built.site / "runs/long/one/index.html").as_uri()) as seen:
        come_alive(seen.page)
        for state in ("size=small", "zoom=40000~90000", "zoom=123000~133000&size=large"):
            go(seen.page, state)
            for row in rows(seen.page, "val/loss"):
                first, last = int(row["first_step"]), int(row["last_step"])
                widths.add(last + 1 - first)
                part = values[first : last + 1]
                assert math.isclose(float(row["value"]), part.mean(), rel_tol=1e-12)
                if last > first:
                    assert (float(row["low"]), float(row["high"])) == (part.min(), part.max())

    assert len(widths - {1}) > 1


@pytest.mark.parametrize("state", ["", "zoom=10~20", "zoom=3~57&band=ci", "size=small"])
def test_means_of_groups_are_those_of_the_records_whatever_is_on_view(chromium, built, state):
    with visit(chromium, (built.site / EXPERIMENT).as_uri()) as seen:
        come_alive(seen.page)
        go(seen.page, state)
        shown = [row for row in rows(seen.page, "val/loss") if row["kind"] == "mean"]

    assert {row["line"] for row in shown} == {"a", "b"}
    for row in shown:
        step = int(row["first_step"])
        own = [built.logged[f"seeds/{row['line']}-{seed}"]["val/loss"][step] for seed in range(3)]
        assert row["runs"] == "3"
        assert math.isclose(float(row["value"]), np.mean(own), rel_tol=1e-14)
        if "ci" in state:
            half = 4.302652729749464 * statistics.stdev(own) / math.sqrt(3)
            assert math.isclose(float(row["high"]), np.mean(own) + half, rel_tol=1e-9)
        else:
            assert (float(row["low"]), float(row["high"])) == (min(own), max(own))


def test_means_of_groups_in_buckets_are_those_of_the_records_whatever_is_on_view(chromium, built):
    logged = [built.logged[f"middle/m-{seed}"]["val/loss"] for seed in range(2)]
    values = np.array([[*one.values()] for one in logged])
    widths = set()
    with visit(chromium, (built.site / "experiments/middle/index.html").as_uri()) as seen:
        come_alive(seen.page)
        for state in ("", "zoom=1000~3000", "zoom=1500~1700"):
            go(seen.page, state)
            for row in rows(seen.page, "val/loss"):
                first, last = int(row["first_step"]), int(row["last_step"])
                widths.add(last + 1 - first)
                part = values[:, first : last + 1]
                if row["kind"] == "mean":
                    assert math.isclose(float(row["value"]), part.mean(), rel_tol=1e-12)
                    assert float(row["low"]) == part.min()

    assert len(widths) > 1
    assert 1 in widths


def test_a_failed_run_takes_part_in_no_mean_and_that_is_said(chromium, built):
    with visit(chromium, (built.site / EXPERIMENT).as_uri()) as seen:
        come_alive(seen.page)
        text = chart(seen.page, "val/acc").locator("figcaption p").inner_text()

    assert "1 run takes part in no mean" in text
    assert "1 value not finite" in text
    assert "Every logged point. Mean of 3 runs; band: lowest to highest." in text


def test_smoothing_and_a_metric_as_axis_are_those_of_their_definitions(chromium, built):
    loss = [built.logged[f"seeds/a-{seed}"]["val/loss"] for seed in range(3)]
    mean = [np.mean([one[step] for one in loss]) for step in range(EPOCHS)]
    with visit(chromium, (built.site / EXPERIMENT).as_uri() + "#smooth=ema~0.9&x=m:lr") as seen:
        come_alive(seen.page)
        shown = [r for r in rows(seen.page, "val/loss") if (r["kind"], r["line"]) == ("mean", "a")]

    assert len(shown) == EPOCHS
    weighted = total = 0.0
    for step, row in enumerate(shown):
        weighted, total = 0.9 * weighted + mean[step], 0.9 * total + 1
        assert math.isclose(float(row["value"]), weighted / total, rel_tol=1e-12)
        assert math.isclose(float(row["x"]), 0.1 / (step + 1), rel_tol=1e-12)


def test_arrow_keys_walk_from_point_to_point_and_say_what_is_there(chromium, built):
    logged = [built.logged[f"seeds/a-{seed}"]["val/acc"] for seed in range(3)]
    with visit(chromium, (built.site / EXPERIMENT).as_uri()) as seen:
        page = seen.page
        come_alive(page)
        plot = chart(page, "val/acc").get_by_role("application")
        plot.focus()
        said = []
        for key in ("ArrowRight", "ArrowRight", "End", "ArrowLeft"):
            page.keyboard.press(key)
            page.wait_for_timeout(250)
            said.append(page.locator("[aria-live=polite]").first.inner_text())
        page.keyboard.press("Shift+ArrowUp")
        settle(page)
        zoomed = page.evaluate("location.hash")
        page.keyboard.press("Escape")
        settle(page)

        assert page.evaluate("location.hash") == ""
    steps = [0, 1, EPOCHS - 1, EPOCHS - 2]
    for step, text in zip(steps, said, strict=True):
        value = np.mean([one[step] for one in logged])
        assert f"{value:.4g} at step {step}, mean of 3 runs" in text
    assert zoomed.startswith("#zoom=")


def test_pointing_shows_values_by_size_and_the_other_charts_follow(chromium, built):
    with visit(chromium, (built.site / EXPERIMENT).as_uri()) as seen:
        page = seen.page
        come_alive(page)
        plot = chart(page, "val/loss").get_by_role("application")
        box = plot.bounding_box()
        page.mouse.move(box["x"] + 120, box["y"] + 80)
        page.wait_for_selector(".tip")
        values = [float(x) for x in page.locator(".tip td:nth-child(2)").all_inner_texts()]
        before = page.evaluate(PIXELS, 0)
        page.mouse.move(box["x"] + 180, box["y"] + 80)
        page.wait_for_timeout(200)
        after = page.evaluate(PIXELS, 0)

        assert values == sorted(values, reverse=True)
        assert len(values) >= 2
        assert page.locator(".tip").count() == 1
        assert before != after


# What stands above the lines of a chart.
PIXELS = (
    "i => document.querySelectorAll('figure.chart')[i].querySelectorAll('canvas')[1].toDataURL()"
)


def test_dragging_zooms_all_charts_and_a_double_click_ends_it(chromium, built):
    with visit(chromium, (built.site / EXPERIMENT).as_uri()) as seen:
        page = seen.page
        come_alive(page)
        box = chart(page, "val/loss").get_by_role("application").bounding_box()
        page.mouse.move(box["x"] + 80, box["y"] + 80)
        page.mouse.down()
        page.mouse.move(box["x"] + 160, box["y"] + 90, steps=5)
        page.mouse.up()
        settle(page)
        near = {metric: rows(page, metric) for metric in ("val/loss", "val/acc")}
        assert "zoom=" in page.evaluate("location.hash")
        box = chart(page, "val/loss").get_by_role("application").bounding_box()
        page.mouse.dblclick(box["x"] + 100, box["y"] + 80)
        settle(page)
        assert page.evaluate("location.hash") == ""
        all_of = rows(page, "val/acc")

    steps = {metric: {int(row["first_step"]) for row in found} for metric, found in near.items()}
    assert steps["val/loss"] == steps["val/acc"]
    assert 5 < len(steps["val/loss"]) < EPOCHS / 2
    assert len({int(row["first_step"]) for row in all_of}) == EPOCHS


def test_svg_has_the_lines_of_the_records(chromium, built):
    with visit(chromium, (built.site / "runs/seeds/b-1/index.html").as_uri()) as seen:
        come_alive(seen.page)
        svg = saved(seen.page, "val/loss", "SVG")
        colour = seen.page.evaluate(
            "() => { const e = document.body.appendChild(document.createElement('i'));"
            " e.style.color = 'var(--r1)'; return getComputedStyle(e).color }"
        )
    drawing = ET.fromstring(svg)  # noqa: S314 -- written by the page itself
    red, green, blue = (int(x) for x in colour[4:-1].split(","))
    line = next(
        part
        for part in drawing.iter("{http://www.w3.org/2000/svg}path")
        if part.get("stroke") == f"#{red:02x}{green:02x}{blue:02x}"
    )
    points = [
        tuple(map(float, part.split()))
        for part in line.attrib["d"].replace("M", " L").split("L")
        if part.strip()
    ]
    values = np.array([*built.logged["seeds/b-1"]["val/loss"].values()])
    heights = np.array([y for _, y in points])
    slope, start = np.polyfit(values, heights, 1)

    assert len(points) == EPOCHS
    assert slope < 0
    assert np.abs(slope * values + start - heights).max() < 0.02


def test_png_and_all_charts_at_once_are_saved(chromium, built):
    with visit(chromium, (built.site / EXPERIMENT).as_uri()) as seen:
        page = seen.page
        come_alive(page)
        page.locator(".rest > summary").click()
        group = page.get_by_role("group", name="Save all charts")
        with page.expect_download() as download:
            group.get_by_role("button", name="CSV").click()
        text = Path(download.value.path()).read_text(encoding="utf-8")
        chart(page, "val/loss").get_by_role("button", name="Options of val/loss").click()
        with page.expect_download() as picture:
            chart(page, "val/loss").get_by_role("button", name="PNG").click()
        data = Path(picture.value.path()).read_bytes()

    assert {row["metric"] for row in csv.DictReader(io.StringIO(text))} == {
        "val/acc", "val/loss", "lr",
    }  # fmt: skip
    assert data.startswith(b"\x89PNG")


@pytest.mark.slow
def test_an_address_restores_what_was_on_view(chromium, built):
    address = (built.site / EXPERIMENT).as_uri()
    with visit(chromium, address) as seen:
        page = seen.page
        come_alive(page)
        choose(page, "Smoothing", "gauss")
        choose(page, "x", "relative")
        page.get_by_role("searchbox", name="Find").fill("loss|acc")
        choose(page, "Lines", "runs")
        page.locator(".rest > summary").click()
        choose(page, "y", "log")
        choose(page, "Size", "large")
        settle(page)
        chart(page, "val/loss").get_by_role("button", name="Options of val/loss").click()
        chart(page, "val/loss").get_by_role("button", name="On top").click()
        settle(page)
        link = page.evaluate("location.href")
        first = rows(page, "val/loss")
        heads = page.locator("figure.chart h3").all_inner_texts()
    with visit(chromium, link) as seen:
        come_alive(seen.page)
        again = rows(seen.page, "val/loss")

        assert seen.page.locator("figure.chart h3").all_inner_texts() == heads
    assert again == first
    assert heads[0].startswith("val/loss")
    assert len(heads) == 2
    assert {row["kind"] for row in first} >= {"mean", "raw"}


def test_the_table_has_the_numbers_of_the_chart(chromium, built):
    logged = built.logged["seeds/b-1"]["val/loss"]
    with visit(chromium, (built.site / "runs/seeds/b-1/index.html").as_uri()) as seen:
        come_alive(seen.page)
        own = chart(seen.page, "val/loss")
        own.locator("summary").click()
        own.locator("tbody tr").first.wait_for()
        first = own.locator("tbody tr").all_inner_texts()
        own.get_by_role("button", name="Next").click()
        own.get_by_role("button", name="Next").click()
        last = own.locator("tbody tr").all_inner_texts()

    assert (len(first), len(last)) == (25, EPOCHS - 50)
    for text in (*first, *last):
        step, value = text.split()
        assert math.isclose(float(value), logged[int(step)], abs_tol=1e-3)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_charts_with_all_that_opens_are_accessible(chromium, built, scheme):
    with visit(chromium, (built.site / EXPERIMENT).as_uri(), scheme=scheme) as seen:
        page = seen.page
        come_alive(page)
        page.locator(".rest > summary").click()
        chart(page, "val/loss").get_by_role("button", name="Options of val/loss").click()
        chart(page, "val/loss").locator("summary").click()
        box = chart(page, "val/acc").get_by_role("application").bounding_box()
        page.mouse.click(box["x"] + 120, box["y"] + 80)
        page.wait_for_selector(".tip button")

        assert seen.axe() == []
    assert seen.problems == []


@pytest.mark.parametrize(
    "width", [320, *(pytest.param(width, marks=pytest.mark.slow) for width in (390, 800))]
)
def test_charts_never_scroll_sideways(chromium, built, width):
    with visit(chromium, (built.site / EXPERIMENT).as_uri(), width=width) as seen:
        page = seen.page
        come_alive(page)
        page.locator(".rest > summary").click()
        chart(page, "val/loss").get_by_role("button", name="Options of val/loss").click()
        box = chart(page, "val/acc").get_by_role("application").bounding_box()
        page.mouse.move(box["x"] + box["width"] - 130, box["y"] + 80)
        page.wait_for_selector(".tip")

        assert seen.overflow() == 0


def test_over_http_charts_come_alive_too(chromium, built, tmp_path):
    shutil.copytree(built.site, tmp_path / "team" / "project")
    with (
        served(tmp_path) as address,
        visit(chromium, f"{address}team/project/{EXPERIMENT}") as seen,
    ):
        come_alive(seen.page)
        text = chart(seen.page, "val/loss").locator("figcaption p").inner_text()

    assert text.startswith("Every logged point. Mean of 3 runs")
    assert seen.problems == []


def test_colours_follow_the_scheme(chromium, built):
    with visit(chromium, (built.site / EXPERIMENT).as_uri()) as seen:
        come_alive(seen.page)
        light = seen.page.evaluate(PIXELS.replace("[1]", "[0]"), 0)
        seen.page.emulate_media(color_scheme="dark")
        seen.page.wait_for_timeout(200)
        dark = seen.page.evaluate(PIXELS.replace("[1]", "[0]"), 0)

    assert light != dark


def test_without_its_data_a_page_keeps_its_figures_and_says_what_is_missing(
    chromium, built, tmp_path
):
    site = tmp_path / "site"
    shutil.copytree(built.site, site)
    (site / "runs.js").unlink()
    with visit(chromium, (site / EXPERIMENT).as_uri()) as seen:
        note = seen.page.locator("[data-app=curves] > [role=status]")
        note.wait_for()

        assert "runs.js is missing" in note.inner_text()
        assert seen.page.locator("[data-app=curves] svg.figure").count() > 0


def printed(page: Page) -> str:
    """Say what a printer gets of the charts: `figures` of the builder, or `pictures`."""
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.wait_for_timeout(200)
    shown = page.locator(".charts-printed")
    return f"{shown.locator('svg.figure:visible').count()} {shown.locator('img:visible').count()}"


def test_the_page_s_figures_are_printed_until_the_reader_changes_a_chart(chromium, built):
    with visit(chromium, (built.site / EXPERIMENT).as_uri()) as seen:
        come_alive(seen.page)
        before = printed(seen.page)
    with visit(chromium, (built.site / EXPERIMENT).as_uri() + "#zoom=10~20") as seen:
        come_alive(seen.page)
        after = printed(seen.page)
        source = seen.page.locator(".charts-printed img").first.get_attribute("src")

    assert before == "1 0"
    assert after == "0 3"
    # Paper is light, whatever the screen is.
    assert "%23fffdf8" in source or "%23ffffff" in source
    assert seen.problems == []


def test_runs_selected_in_the_table_are_the_lines_in_colour(chromium, built):
    with visit(chromium, (built.site / EXPERIMENT).as_uri() + "#sel=seeds/b-0,seeds/b-2") as seen:
        come_alive(seen.page)
        shown = rows(seen.page, "val/loss")
        go(seen.page, "sel=seeds/b-0,seeds/b-2&lines=runs")
        apart = rows(seen.page, "val/loss")
        go(seen.page, "group=p:seed")
        by_seed = rows(seen.page, "val/loss")

    means = [row for row in shown if row["kind"] == "mean"]
    assert {row["runs"] for row in means} == {"2"}
    own = [built.logged[f"seeds/b-{seed}"]["val/loss"][0] for seed in (0, 2)]
    assert math.isclose(float(means[0]["value"]), np.mean(own), rel_tol=1e-14)
    assert {row["run"] for row in apart if row["kind"] == "mean"} == {"seeds/b-0", "seeds/b-2"}
    assert {row["line"] for row in by_seed if row["kind"] == "mean"} >= {"seed 0", "seed 1"}


def test_charts_are_made_in_sight_and_given_up_far_away(chromium, built):
    with visit(chromium, (built.site / "experiments/wide/index.html").as_uri()) as seen:
        page = seen.page
        come_alive(page)
        figures = page.locator("figure.chart")
        made = [figures.nth(i).locator("canvas").count() for i in (0, 29)]
        figures.nth(29).scroll_into_view_if_needed()
        page.wait_for_function(
            "() => { const all = [...document.querySelectorAll('figure.chart')];"
            " return all[29].querySelector('canvas') && !all[0].querySelector('canvas') }"
        )

        assert made == [2, 0]
        page.locator(".rest > summary").click()
        group = page.get_by_role("group", name="Save all charts")
        with page.expect_download() as download:
            group.get_by_role("button", name="CSV").click()
        text = Path(download.value.path()).read_text(encoding="utf-8")
        assert len({row["metric"] for row in csv.DictReader(io.StringIO(text))}) == 60
        # The second beginning is folded, and a search opens what it finds.
        assert figures.count() == 30
        go(page, "find=^b/.$")
        assert figures.locator("h3").all_inner_texts() == [f"b/{i}" for i in range(10)]
        go(page, "find=(")
        assert "not a regular expression" in page.locator(".hint").inner_text()
        assert figures.count() == 30


def test_time_since_the_start_is_that_of_the_records(chromium, built):
    with visit(
        chromium, (built.site / "runs/seeds/b-1/index.html").as_uri() + "#x=relative"
    ) as seen:
        come_alive(seen.page)
        shown = [float(row["x"]) for row in rows(seen.page, "val/loss")]
    path = built.site.parent / "runs/seeds/b-1/run.jsonl"
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    times = [record["time"] for record in records if record["type"] == "metrics"]

    assert shown == [time - records[0]["time"] for time in times]
