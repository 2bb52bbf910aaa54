"""How often charts are drawn, and what pointing at them marks."""

from __future__ import annotations

import re

import pytest

from tests.browser.charts import (
    EXPERIMENT,
    Built,
    chart,
    come_alive,
    go,
    make,
    rows,
    saved,
    settle,
)
from tests.browser.visit import visit


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Build the project once."""
    return make(tmp_path_factory.mktemp("charts") / "project")


def test_pointing_at_a_line_marks_its_rows_and_at_a_row_its_lines(chromium, built):
    with visit(chromium, (built.site / EXPERIMENT).as_uri()) as seen:
        page = seen.page
        come_alive(page)
        plot = chart(page, "val/acc").get_by_role("application")
        plot.focus()
        page.keyboard.press("End")
        page.wait_for_selector(".gr.pointed", state="attached")
        marked = page.locator(".gr.pointed .name").all_inner_texts()
        page.keyboard.press("Escape")
        page.wait_for_selector(".gr.pointed", state="detached")
        above = chart(page, "val/loss").locator("canvas").nth(1)
        before = above.evaluate("one => one.toDataURL()")
        page.locator(".gr", has_text="b-1").hover()
        settle(page)
        during = above.evaluate("one => one.toDataURL()")
        page.mouse.move(0, 0)
        settle(page)
        after = above.evaluate("one => one.toDataURL()")

    assert sorted(marked) in (["a-0", "a-1", "a-2"], ["b-0", "b-1", "b-2"])
    assert before == after
    assert len(during) > 2 * len(before)
    assert seen.problems == []


def test_a_chart_that_is_enlarged_is_drawn_once(chromium, built):
    count = """() => {
      globalThis.drawn = [];
      const {prototype} = CanvasRenderingContext2D;
      const {clip} = prototype;
      prototype.clip = function () { drawn.push(this.canvas.style.width); clip.call(this); };
    }"""
    with visit(chromium, (built.site / EXPERIMENT).as_uri()) as seen:
        come_alive(seen.page)
        seen.page.evaluate(count)
        go(seen.page, "big=val/acc")
        drawn = seen.page.evaluate("drawn")
        wide = (
            chart(seen.page, "val/acc").locator("canvas").first.evaluate("one => one.style.width")
        )

    assert drawn == [wide]


def test_a_line_denser_than_pixels_is_a_mean_and_an_area_and_that_is_said(chromium, built):
    with visit(chromium, (built.site / "runs/noise/one/index.html").as_uri()) as seen:
        come_alive(seen.page)
        facts = chart(seen.page, "noise").locator("figcaption p").inner_text()
        drawn = saved(seen.page, "noise", "SVG")
        points = len(rows(seen.page, "noise"))
        go(seen.page, "zoom=100~150")
        close = chart(seen.page, "noise").locator("figcaption p").inner_text()

    paths = [path for path in re.findall(r'<path d="([^"]+)"', drawn) if path.count("L") > 50]
    assert "denser than pixels" in facts
    assert "denser than pixels" not in close
    assert "Every logged point." in facts
    assert points == 900
    # The area goes there and back, the line once; neither has as many places as there are points.
    assert [path.endswith("Z") for path in paths] == [True, False]
    assert all(path.count("L") < 300 for path in paths)
    assert seen.problems == []
