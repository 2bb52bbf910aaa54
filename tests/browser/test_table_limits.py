"""The table of runs on every screen, for every reader, on paper, and with very many runs."""

from __future__ import annotations

import shutil

import pytest

from tests.browser import many_runs
from tests.browser.table import GRID, PAGE, cell, opened, write
from tests.browser.visit import visit


@pytest.fixture(scope="module")
def page(demo) -> str:
    return (demo / PAGE).as_uri()


def test_what_was_chosen_is_what_is_printed(chromium, page):
    with visit(chromium, page) as seen:
        page = opened(seen)
        page.emulate_media(media="print")
        assert page.locator(".printed table.runs tbody tr").count() > 30
        assert page.locator(".printed table").is_visible()
        assert not page.locator(GRID).is_visible()
        page.emulate_media(media="screen")
        write(page, "status = 'failed'")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.wait_for_selector(".printed table", state="attached")
        page.emulate_media(media="print")

        assert page.locator(".printed tbody tr").count() == 1
        assert "failed" in page.locator(".printed tbody").inner_text()


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_the_table_and_its_panels_are_accessible(chromium, page, scheme):
    with visit(chromium, page, scheme=scheme) as seen:
        page = opened(seen)
        cell(page, 2, "optimizer").click()
        page.keyboard.press("Space")
        assert seen.axe() == []
        for name in ("Columns", "Group", "Save and copy"):
            page.get_by_role("button", name=name, exact=True).click()
            assert seen.axe() == [], name
        page.get_by_label("All params but seed")
        page.locator("#table-filter").click()
        page.keyboard.type("val/akk > ")
        assert seen.axe() == []
        page.keyboard.press("Escape")
        write(page, "name = 'nobody'")
        assert seen.axe() == []
    with visit(chromium, f"{page.url.split('#')[0]}#group=*&base=*", scheme=scheme) as seen:
        opened(seen)
        assert seen.axe() == []


@pytest.mark.parametrize(
    "width", [320, *(pytest.param(width, marks=pytest.mark.slow) for width in (390, 720))]
)
def test_no_screen_is_too_narrow(chromium, page, width):
    with visit(chromium, page, width=width) as seen:
        shown_page = opened(seen)
        for name in ("Columns", "Group", "Save and copy"):
            shown_page.get_by_role("button", name=name, exact=True).click()
            assert seen.overflow() == 0, name
        write(shown_page, "val/acc > 0.5 and params.optimizerr = 'adam'")
        shown_page.locator("#table-filter").press("ArrowLeft")
        assert seen.overflow() == 0
        assert seen.axe() == []


def test_a_phone_gets_a_list(chromium, page):
    with visit(chromium, page, width=390) as seen:
        shown_page = opened(seen)
        first = shown_page.locator(".list-runs li").nth(1)
        assert "val/acc 0.9" in first.inner_text().replace("\u00a0", " ")
        first.locator("input").check()
        shown_page.get_by_role("link", name="Compare 1 run").wait_for()
        shown_page.get_by_label("Order").select_option(label="lr ascending")
        assert "sort=p:lr" in shown_page.url


def test_without_its_data_the_page_keeps_what_the_server_wrote(chromium, demo, tmp_path):
    site = shutil.copytree(demo, tmp_path / "site")
    (site / "runs.js").unlink()
    with visit(chromium, (site / PAGE).as_uri()) as seen:
        seen.page.get_by_text("Not interactive: runs.js is missing").first.wait_for()
        assert seen.page.locator("table.runs").is_visible()


def test_ten_thousand_rows_are_a_few_nodes(chromium, tmp_path):
    table, _ = many_runs.write(tmp_path, 10_000)
    with visit(chromium, f"{table.as_uri()}#cols={many_runs.COLUMNS}") as seen:
        page = opened(seen)
        grid = page.locator(GRID)
        assert grid.get_attribute("aria-rowcount") == "10001"
        assert grid.get_attribute("aria-colcount") == "30"
        page.locator(f"{GRID} .gh .gc").first.focus()
        page.keyboard.press("Control+End")
        page.wait_for_selector(f'{GRID} [aria-rowindex="10001"]')
        at = "document.activeElement"
        assert page.evaluate(f"{at}.getAttribute('aria-colindex')") == "30"
        assert page.evaluate("document.querySelectorAll('.grid-runs .gr').length") < 60
        assert page.evaluate("document.querySelectorAll('.grid-runs .gr .gc').length") < 1000
        page.keyboard.press("ArrowUp")
        row = page.evaluate(f"{at}.closest('[role=row]').getAttribute('aria-rowindex')")
        assert row == "10000"
        # Where the focused row has scrolled away, the grid keeps the focus and the keys.
        page.evaluate("document.querySelector('.grid-runs').scrollTop = 0")
        page.wait_for_selector(f'{GRID} [aria-rowindex="2"]')
        assert page.evaluate(f"{at}.getAttribute('role')") == "grid"
        page.keyboard.press("ArrowUp")
        row = page.evaluate(f"{at}.closest('[role=row]').getAttribute('aria-rowindex')")
        assert row == "9999"
        assert seen.problems == []
