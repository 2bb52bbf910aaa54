"""One page of each kind as its readers get it: from a folder, wide and narrow, light and dark."""

from __future__ import annotations

import pytest

from staticrun.pages import links
from tests.browser import html
from tests.browser.site import KINDS, one_of_each
from tests.browser.visit import visit

# What the timeline is made of stands on a model's page, too.
SLOW = {"promotions"}
PARAMS = [pytest.param(kind, marks=[pytest.mark.slow] * (kind in SLOW)) for kind in KINDS]


@pytest.fixture(scope="module", params=PARAMS)
def page(request, demo) -> str:
    """Give the address of the largest page of a kind."""
    found = one_of_each(demo)
    assert request.param in found, f"the demo has no page of kind {request.param}"
    return (demo / found[request.param]).as_uri()


def test_the_html_is_valid(demo):
    assert html.problems([demo / url for url in one_of_each(demo).values()]) == []


def test_every_link_leads_somewhere(demo):
    assert [str(finding) for finding in links.check(demo)] == []


@pytest.mark.parametrize(
    ("scheme", "width"),
    [
        ("light", 1280),
        ("dark", 390),
        pytest.param("dark", 1280, marks=pytest.mark.slow),
        pytest.param("light", 390, marks=pytest.mark.slow),
    ],
)
def test_a_page_is_accessible_and_has_its_styles(chromium, page, scheme, width):
    with visit(chromium, page, scheme=scheme, width=width) as seen:
        seen.come_alive()
        violations = seen.axe()
        overflow = seen.overflow()
        sheets = seen.page.evaluate("[...document.styleSheets].map(s => s.href)")
        colour = seen.page.evaluate("getComputedStyle(document.body).backgroundColor")

    assert violations == []
    assert seen.problems == []
    assert overflow == 0
    assert len(sheets) == 1
    assert colour not in ("rgba(0, 0, 0, 0)", "rgb(255, 255, 255)")


@pytest.mark.slow
def test_a_page_never_scrolls_sideways_on_the_narrowest_screen(chromium, page):
    with visit(chromium, page, width=320) as seen:
        seen.come_alive()
        assert seen.overflow() == 0


def test_a_page_is_complete_without_scripts(chromium, page):
    context = chromium.new_context(java_script_enabled=False)
    try:
        shown = context.new_page()
        shown.goto(page)
        assert shown.locator("main h1").count() == 1
        assert shown.locator("main").inner_text().strip()
    finally:
        context.close()
