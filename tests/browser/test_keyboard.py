"""Dialogs, panels and menus by keys alone: open, move, choose, and Escape gives the focus back.

The keys of the table are in test_table, those of the charts in test_chart.
"""

from __future__ import annotations

import pytest

from tests.browser.table import PAGE
from tests.browser.visit import visit


@pytest.fixture
def page(chromium, demo):
    """Give the page of an experiment, alive."""
    with visit(chromium, (demo / PAGE).as_uri(), width=1440) as seen:
        seen.come_alive()
        yield seen.page
        assert seen.problems == []


def focused(page) -> str:
    return page.evaluate(
        "(at => at.ariaLabel || at.labels?.[0]?.innerText || at.innerText)(document.activeElement)"
    ).strip()


def press(page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def tab_to(page, name: str) -> None:
    """Go on by Tab, as somebody without a pointer does."""
    for _ in range(80):
        if focused(page) == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {name}")


def test_the_search_opens_moves_and_gives_the_focus_back(page):
    page.locator("body").evaluate("at => at.focus()")
    tab_to(page, "Search /")
    press(page, "Enter")
    box = page.get_by_role("combobox", name="Words of a run")
    page.wait_for_function("document.activeElement.closest('dialog')")
    page.keyboard.type("adam 32")
    found = page.get_by_role("listbox", name="What was found").get_by_role("option")
    found.nth(1).wait_for()
    press(page, "ArrowDown")

    assert found.nth(1).get_attribute("aria-selected") == "true"
    assert box.get_attribute("aria-activedescendant") == found.nth(1).get_attribute("id")
    press(page, "Escape")
    page.wait_for_function("!document.querySelector('dialog[open]')")
    assert focused(page) == "Search /"


def test_the_list_of_keys_gives_the_focus_back(page):
    page.get_by_role("button", name="Keys").focus()
    press(page, "Enter")
    page.wait_for_function("document.querySelector('dialog[open]')")
    assert focused(page) == "Close"
    press(page, "Escape")
    page.wait_for_function("!document.querySelector('dialog[open]')")
    assert focused(page) == "Keys ?"


@pytest.mark.parametrize(
    ("opener", "inside"),
    [
        ("Columns", "epochs: later"),
        ("Group", "No groups"),
        ("Save and copy", "Save as CSV"),
        ("Options of val/acc", "SVG"),
    ],
)
def test_a_panel_opens_and_escape_gives_the_focus_back(page, opener, inside):
    button = page.get_by_role("button", name=opener, exact=True)
    button.focus()
    press(page, "Enter")
    assert button.get_attribute("aria-expanded") == "true"
    tab_to(page, inside)
    press(page, "Escape")

    page.wait_for_function("document.activeElement.ariaExpanded === 'false'")
    assert button.evaluate("at => at === document.activeElement")


def test_columns_are_hidden_shown_and_moved_without_losing_the_focus(page):
    page.get_by_role("button", name="Columns", exact=True).focus()
    press(page, "Enter")
    tab_to(page, "lr: earlier")
    press(page, "Enter", "Enter")
    assert focused(page) == "lr: earlier"
    shown = page.get_by_role("list", name="Columns, in order").get_by_role("listitem")
    before = shown.count()
    tab_to(page, "lr")
    press(page, "Space")
    page.wait_for_function("!document.activeElement.checked")
    assert (focused(page), shown.count()) == ("lr", before - 1)
    press(page, "Space")
    page.wait_for_function("document.activeElement.checked")
    assert (focused(page), shown.count()) == ("lr", before)
    press(page, "Escape")
    assert focused(page) == "Columns"


def test_the_menu_of_all_charts_gives_the_focus_back(page):
    page.get_by_role("searchbox", name="Find", exact=True).first.focus()
    tab_to(page, "More")
    press(page, "Enter", "Tab")
    assert page.evaluate("document.activeElement.closest('details').open")
    press(page, "Escape")

    assert focused(page) == "More"
    assert not page.evaluate("document.activeElement.closest('details').open")
