"""Every page of the demo, and each kind of page over http and in a second browser."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.browser import html
from tests.browser.site import one_of_each, pages, served
from tests.browser.visit import visit

pytestmark = pytest.mark.slow
FIREFOX = Path(__file__).with_name("firefox.mjs")


def test_the_html_of_every_page_is_valid(demo):
    assert html.problems([demo / url for url in pages(demo)]) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_is_accessible(chromium, demo, scheme, width):
    found = {}
    for url in pages(demo):
        with visit(chromium, (demo / url).as_uri(), scheme=scheme, width=width) as seen:
            wrong = [*seen.axe(), *seen.problems]
            if seen.overflow():
                wrong.append(f"{seen.overflow()} pixels too wide")
        if wrong:
            found[url] = wrong

    assert found == {}


@pytest.fixture(scope="module")
def hosted(demo, tmp_path_factory):
    """Serve the demo below a path, as a host of project pages does; give its address."""
    folder = tmp_path_factory.mktemp("host")
    shutil.copytree(demo, folder / "team" / "project")
    with served(folder) as address:
        yield f"{address}team/project/"


def test_below_a_path_of_a_host_every_page_works(chromium, demo, hosted):
    found = {}
    for url in pages(demo):
        with visit(chromium, hosted + url) as seen:
            sheets = seen.page.evaluate("document.styleSheets.length")
        if seen.problems or sheets != 1:
            found[url] = (seen.problems, sheets)

    assert found == {}


@pytest.mark.parametrize("way", ["file", "http"])
def test_firefox_shows_each_kind_of_page_without_a_complaint(demo, hosted, tmp_path, way):
    firefox = shutil.which("firefox-esr") or shutil.which("firefox")
    assert firefox, "there is no Firefox on this machine: apt install firefox-esr"
    urls = one_of_each(demo).values()
    addresses = [(demo / url).as_uri() if way == "file" else hosted + url for url in urls]
    done = subprocess.run(
        [html.node(), FIREFOX, firefox, tmp_path / "profile", *addresses],
        check=False, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr

    told = [json.loads(line) for line in done.stdout.splitlines()]

    assert [page["url"] for page in told] == addresses
    # Every app of a page has taken its place.
    assert [page for page in told if page["dead"]] == []
    assert [page for page in told if page["problems"] or page["overflow"]] == []
    assert [page["sheets"] for page in told] == [1] * len(told)
