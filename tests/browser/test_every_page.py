"""Every page of the demo, and each kind of page over http and in a second browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser import html
from tests.browser.reader import InFirefox
from tests.browser.site import KINDS, hosted, one_of_each, pages
from tests.browser.visit import visit

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow


def test_the_html_of_every_page_is_valid(demo):
    assert html.problems([demo / url for url in pages(demo)]) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_is_accessible(chromium, demo, scheme, width):
    found = {}
    for url in pages(demo):
        with visit(chromium, (demo / url).as_uri(), scheme=scheme, width=width) as seen:
            seen.come_alive()
            wrong = [*seen.axe(), *seen.problems]
            if seen.overflow():
                wrong.append(f"{seen.overflow()} pixels too wide")
        if wrong:
            found[url] = wrong

    assert found == {}


@pytest.fixture(scope="module")
def host(demo) -> Iterator[str]:
    """Serve the demo below a path; give its address."""
    with hosted(demo) as address:
        yield address


def test_below_a_path_of_a_host_every_page_works(chromium, demo, host):
    found = {}
    for url in pages(demo):
        with visit(chromium, host + url) as seen:
            seen.come_alive()
            sheets = seen.page.evaluate("document.styleSheets.length")
        if seen.problems or sheets != 1:
            found[url] = (seen.problems, sheets)

    assert found == {}


@pytest.mark.parametrize("way", ["file", "http"])
def test_firefox_shows_each_kind_of_page_without_a_complaint(demo, host, way):
    base = f"{demo.as_uri()}/" if way == "file" else host
    found = {}
    with InFirefox() as firefox:
        firefox.width(390)
        for kind, url in one_of_each(demo).items():
            firefox.go(base + url)
            found[kind] = firefox.measure() | {"problems": firefox.problems()}

    # Every app of a page has taken its place.
    fine = {"dead": 0, "overflow": 0, "sheets": 1, "problems": []}
    assert found == dict.fromkeys(KINDS, fine)


def test_in_firefox_a_page_from_a_folder_may_not_read_another(demo):
    """Debian's Firefox is strict about files, and so is the one that the tests drive."""
    with InFirefox() as firefox:
        firefox.go((demo / "index.html").as_uri())
        told = firefox.fetch((demo / "runs.js").as_uri())

    assert told == "refused"
