"""The table of runs on the page of an experiment, as tests speak of it."""

from __future__ import annotations

from typing import Any

EXPERIMENT = "vision/numpy-network"
PAGE = f"experiments/{EXPERIMENT}/index.html"
GRID = ".grid-runs"


def opened(seen) -> Any:
    """Wait until the table is alive, and give the page."""
    seen.page.wait_for_selector(f"{GRID} [role=rowheader], .list-runs li")
    return seen.page


def head(page, name: str) -> Any:
    """Give the head of a column."""
    return page.locator(GRID).get_by_role("columnheader", name=name, exact=True)


def cell(page, row: int, name: str) -> Any:
    """Give a cell by its row, from 1, and the name of its column; row 0 is the head."""
    column = head(page, name).get_attribute("aria-colindex")
    return page.locator(f'{GRID} [aria-rowindex="{row + 1}"] > [aria-colindex="{column}"]')


def write(page, text: str) -> None:
    """Write a filter, and close what is offered."""
    page.locator("#table-filter").fill(text)
    page.keyboard.press("Escape")


def names(page) -> list[str]:
    return page.locator(f"{GRID} [role=rowheader] .name").all_inner_texts()
