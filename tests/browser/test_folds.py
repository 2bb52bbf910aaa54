"""Long tables: whole on a wide screen, folded after eight rows on a phone, with and without script.

The table of runs is another one with script: what is folded is what the server wrote.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from tests.browser.site import one_of_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

FIRST = 8


@pytest.fixture(scope="module")
def page(demo) -> str:
    """Give the address of the largest experiment."""
    return (demo / one_of_each(demo)["experiment"]).as_uri()


@contextlib.contextmanager
def opened(chromium: Browser, url: str, width: int, *, script: bool) -> Iterator[Page]:
    """Open a page in a window of its own."""
    context = chromium.new_context(
        java_script_enabled=script, viewport={"width": width, "height": 900}
    )
    try:
        page = context.new_page()
        page.goto(url)
        yield page
    finally:
        context.close()


@pytest.mark.parametrize(("table", "script"), [("groups", True), ("runs", False)])
def test_a_phone_shows_eight_rows_and_the_others_on_demand(chromium, page, table, script):
    with opened(chromium, page, 390, script=script) as seen:
        rows = seen.locator(f"table.{table} tbody tr")
        fold = seen.locator(f".scroll:has(table.{table}) + details.fold summary")

        assert rows.count() > FIRST
        assert rows.nth(FIRST - 1).is_visible()
        assert not rows.nth(FIRST).is_visible()
        assert fold.inner_text() == f"All {rows.count()} {table}"
        fold.click()
        assert rows.last.is_visible()
        assert fold.inner_text() == f"The first {FIRST} {table}"


@pytest.mark.parametrize(("table", "script"), [("groups", True), ("runs", False)])
def test_a_wide_screen_shows_all_rows_and_no_fold(chromium, page, table, script):
    with opened(chromium, page, 1280, script=script) as seen:
        assert seen.locator(f"table.{table} tbody tr").last.is_visible()
        assert not seen.locator("details.fold").first.is_visible()
