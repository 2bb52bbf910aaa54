"""Long tables: whole on a wide screen, folded after eight rows on a phone, with and without script."""

from __future__ import annotations

import pytest

from tests.browser.site import one_of_each
from tests.browser.visit import visit

FIRST = 8


@pytest.fixture(scope="module")
def page(demo) -> str:
    """Give the address of the largest experiment."""
    return (demo / one_of_each(demo)["experiment"]).as_uri()


@pytest.mark.parametrize("table", ["groups", "runs"])
def test_a_phone_shows_eight_rows_and_the_others_on_demand(chromium, page, table):
    with visit(chromium, page, width=390) as seen:
        rows = seen.page.locator(f"table.{table} tbody tr")
        fold = seen.page.locator(f".scroll:has(table.{table}) + details.fold summary")

        assert rows.count() > FIRST
        assert rows.nth(FIRST - 1).is_visible()
        assert not rows.nth(FIRST).is_visible()
        assert fold.inner_text() == f"All {rows.count()} {table}"
        fold.click()
        assert rows.last.is_visible()
        assert fold.inner_text() == f"The first {FIRST} {table}"


@pytest.mark.parametrize("table", ["groups", "runs"])
def test_a_wide_screen_shows_all_rows_and_no_fold(chromium, page, table):
    with visit(chromium, page, width=1280) as seen:
        assert seen.page.locator(f"table.{table} tbody tr").last.is_visible()
        assert not seen.page.locator("details.fold").first.is_visible()
