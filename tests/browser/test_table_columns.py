"""The columns of the table of runs: which there are, in which order, and of which values."""

from __future__ import annotations

import pytest

from staticrun import config
from staticrun.store.store import Store
from tests.browser.site import ROOT
from tests.browser.table import EXPERIMENT, GRID, PAGE, head, names, opened, write
from tests.browser.visit import visit


@pytest.fixture(scope="module")
def page(demo) -> str:
    return (demo / PAGE).as_uri()


@pytest.mark.slow
def test_a_metric_where_another_was_best_is_what_python_says(chromium, page):
    """As a column beside another, in the order, in the filter, in means and by the address."""
    store = Store.open(config.load(ROOT)[0])
    where = "at(train/loss, best val/acc) < 0.05"
    expected = {run.name for run in store.runs(where=where, experiment=EXPERIMENT)}
    with visit(chromium, page, width=1800) as seen:
        page = opened(seen)
        assert 0 < len(expected) < len(names(page))
        head(page, "train/loss").click()
        more = page.get_by_label("Add a column with another of its values")
        more.select_option(label="at best val/acc")
        added = page.locator(f"{GRID} .gh .gc").filter(has_text="at best val/acc")
        added.click()
        added.and_(page.locator("[aria-sort=ascending]")).wait_for()
        place = added.get_attribute("aria-colindex")
        shown_values = page.locator(f"{GRID} .gb [aria-colindex='{place}']").all_inner_texts()
        values = [float(text) for text in shown_values if text[0].isdigit()]
        assert values == sorted(values)
        assert any(value > 0 for value in values)
        link = page.url
        assert "m:train/loss@at@val/acc" in link

        write(page, where)
        page.wait_for_function(
            "n => document.querySelector('.count').innerText.startsWith(n)", arg=str(len(expected))
        )
        assert set(names(page)) == expected
        page.get_by_label("Metrics show").select_option("at@val/loss")
        head(page, "val/acc at best val/loss").wait_for()
        assert seen.problems == []

    with visit(chromium, link, width=1800) as seen:
        page = opened(seen)
        page.wait_for_function(
            "([at, n]) => document.querySelectorAll(`.gb [aria-colindex='${at}'] b`).length === n",
            arg=[place, 1],
        )
        again = page.locator(f"{GRID} .gb [aria-colindex='{place}']").all_inner_texts()
        assert again == shown_values
        assert seen.problems == []


def _heads(page) -> list[str]:
    """Give the heads in sight, in order."""
    texts = page.locator(f"{GRID} .gh .gc > span:first-child").all_inner_texts()
    return [text.split("\n")[0] for text in texts][:8]


def test_heads_are_dragged_to_another_place_and_edges_make_them_wider(chromium, page):
    with visit(chromium, page, width=1800) as seen:
        page = opened(seen)
        before = _heads(page)
        moved, onto = before[2], before[5]
        head(page, moved).drag_to(head(page, onto))
        wanted = [name for name in before if name != moved]
        wanted.insert(5, moved)
        assert _heads(page) == wanted
        assert page.locator("[data-drop]").count() == 0
        head(page, moved).drag_to(head(page, wanted[2]))
        assert _heads(page) == before
        assert head(page, moved).get_attribute("aria-sort") is None, "a drag is no click"

        box = head(page, moved).bounding_box()
        page.mouse.move(box["x"] + box["width"] - 3, box["y"] + 20)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] + 57, box["y"] + 20, steps=5)
        page.mouse.up()
        assert abs(head(page, moved).bounding_box()["width"] - box["width"] - 60) < 2
        assert _heads(page) == before
        head(page, moved).drag_to(head(page, onto))
        assert _heads(page) == wanted, "a head can be dragged after its edge was"


def test_the_panel_has_all_columns_in_groups(chromium, page):
    with visit(chromium, page, width=1800) as seen:
        page = opened(seen)
        page.get_by_role("button", name="Columns", exact=True).click()
        panel = page.locator("#table-panel")
        names = panel.locator("summary").all_inner_texts()
        assert [name.split(" ")[0] for name in names][:2] == ["Of", "Params"]
        assert any(name.startswith("Metrics: val") for name in names)

        panel.get_by_label("Find").fill("metrics: val")
        page.get_by_role("button", name="All of Metrics: val", exact=True).focus()
        page.keyboard.press("Enter")
        assert "m:val/acc" in page.url
        assert "m:val/loss" in page.url
        page.get_by_role("button", name="None of Metrics: val", exact=True).click()
        assert "m:val/" not in page.url
        panel.get_by_label("val/loss", exact=True).press("Space")
        assert page.url.endswith(",m:val/loss")
        panel.get_by_label("Find").fill("no such column")
        panel.get_by_text("No column has all of these words in its name.").wait_for()
        assert seen.problems == []


@pytest.mark.slow
def test_columns_that_were_chosen_come_back_and_links_do_not_change_them(chromium, page):
    with visit(chromium, page) as seen:
        seen_page = opened(seen)
        head(seen_page, "decay").click()
        seen_page.get_by_role("button", name="Hide").click()
        seen.go(page)
        opened(seen)
        assert head(seen_page, "decay").count() == 0
        assert "cols=" in seen_page.url, "the address says what is shown"
        seen.go("about:blank")
        seen.go(f"{page}#cols=p:decay,m:val/acc")
        opened(seen)
        assert head(seen_page, "decay").count() == 1
        seen.go("about:blank")
        seen.go(page)
        opened(seen)
        assert head(seen_page, "decay").count() == 0
        assert head(seen_page, "width").count() == 1
