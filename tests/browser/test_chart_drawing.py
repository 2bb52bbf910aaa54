"""How often charts are drawn, and what pointing at them marks."""

from __future__ import annotations

import pytest

from tests.browser.charts import EXPERIMENT, Built, chart, come_alive, go, make, settle
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
