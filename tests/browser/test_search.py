"""Finding things from any page, and what belongs to the reader."""

from __future__ import annotations

import pytest

from tests.browser.visit import visit


def found(seen, query: str) -> list[str]:
    seen.page.wait_for_selector(".tools[data-alive]")
    seen.page.keyboard.press("/")
    seen.page.keyboard.type(query)
    seen.page.wait_for_selector("#found [role=option]")
    return [item.inner_text() for item in seen.page.locator("#found [role=option] b").all()]


@pytest.mark.parametrize("page", ["index.html", "reports/format/index.html"])
def test_a_run_is_found_by_words_with_a_slip_and_opened(chromium, demo, page):
    with visit(chromium, (demo / page).as_uri()) as seen:
        assert found(seen, "comprssion xz")[0].startswith("xz")
        seen.page.keyboard.press("ArrowDown")
        seen.page.keyboard.press("ArrowUp")
        seen.page.keyboard.press("Enter")
        seen.page.wait_for_url("**/runs/compression/**")
        assert seen.page.locator("h1").inner_text().endswith("xz numbers")
        assert seen.problems == []


def test_reports_experiments_and_metrics_are_found(chromium, demo):
    with visit(chromium, (demo / "index.html").as_uri()) as seen:
        assert "Filters" in found(seen, "filters")
        seen.page.keyboard.press("Escape")
        seen.page.wait_for_selector("dialog.search:not([open])", state="attached")


@pytest.mark.slow
def test_the_dialogs_are_accessible(chromium, demo):
    for scheme in ("light", "dark"):
        with visit(chromium, (demo / "index.html").as_uri(), scheme=scheme) as seen:
            found(seen, "adam")
            assert seen.axe() == []
            seen.page.keyboard.press("Escape")
            seen.page.wait_for_selector("dialog.search:not([open])", state="attached")
            seen.page.keyboard.press("?")
            seen.page.wait_for_selector("dialog.keys[open]")
            assert seen.axe() == []


def test_the_colours_that_a_reader_chose_stay(chromium, demo):
    with visit(chromium, (demo / "index.html").as_uri(), scheme="light") as seen:
        light = seen.page.evaluate("getComputedStyle(document.body).backgroundColor")
        seen.page.get_by_label("Colours").select_option("dark")
        dark = seen.page.evaluate("getComputedStyle(document.body).backgroundColor")
        seen.go((demo / "compare/index.html").as_uri())
        again = seen.page.evaluate("getComputedStyle(document.body).backgroundColor")

    assert light != dark == again
