"""A person before a browser: what is clicked and read is named by its role and its visible name.

Playwright drives Chromium and Puppeteer (firefox.mjs) Firefox, by the same words, so that one
story can be told to both.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from tests.browser import html
from tests.browser.visit import visit

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Locator

DRIVER = Path(__file__).with_name("firefox.mjs")
PATIENCE_S = 30
# The role and the name of what something stands in.
Within = tuple[str, str] | None


class InChromium:
    """A window of its own in Chromium. Names are exact; what is not there yet is waited for."""

    def __init__(self, browser: Browser) -> None:
        self._visit = visit(browser, None, width=1440)

    def __enter__(self) -> Self:
        self.seen = self._visit.__enter__()
        self.seen.page.set_default_timeout(PATIENCE_S * 1000)
        return self

    def __exit__(self, *exception: object) -> None:
        self._visit.__exit__(*exception)

    def go(self, url: str) -> None:
        """Open an address."""
        self.seen.go(url)

    def find(self, role: Any, name: str | None = None, within: Within = None) -> Locator:
        """Give all that have a role and a name."""
        place: Any = self.find(*within).first if within else self.seen.page
        return place.get_by_role(role, name=name, exact=True)

    def click(self, role: str, name: str, within: Within = None) -> None:
        """Click the first that has this role and name."""
        self.find(role, name, within).first.click()

    def write(self, role: str, name: str, text: str) -> None:
        """Put the cursor into a box and type."""
        self.find(role, name).first.press_sequentially(text)

    def press(self, key: str) -> None:
        """Press a key."""
        self.seen.page.keyboard.press(key)

    def read(self, role: str, name: str | None = None, within: Within = None) -> list[str]:
        """Give the texts of all that have this role and name."""
        found = self.find(role, name, within)
        found.first.wait_for(state="attached")
        return found.all_inner_texts()

    def rows(self, role: str, name: str) -> list[list[str]]:
        """Give the cells in sight of a table or grid, row by row, its head first."""
        return self.find(role, name).first.evaluate(
            """table => [...table.querySelectorAll("tr, [role=row]")].map(row =>
              [...row.children].map(cell => cell.innerText))"""
        )

    def address(self) -> str:
        """Give what stands in the address bar."""
        return self.seen.page.url

    def problems(self) -> list[str]:
        """Give what the browser complained about."""
        return self.seen.problems

    def save(self, name: str, within: Within = None) -> bytes:
        """Click a button that saves a file, and give the file."""
        with self.seen.page.expect_download() as download:
            self.click("button", name, within)
        return Path(download.value.path()).read_bytes()


class InFirefox:
    """A Firefox of its own, with the same words; `width` and `measure` are its own."""

    def __enter__(self) -> Self:
        firefox = shutil.which("firefox-esr") or shutil.which("firefox")
        assert firefox, "there is no Firefox on this machine: make firefox"
        self._driver = subprocess.Popen(
            [html.node(), DRIVER, firefox],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        return self

    def __exit__(self, *_: object) -> None:
        self._driver.communicate(timeout=60)

    def __getattr__(self, what: str) -> Any:
        return partial(self._ask, what)

    def _ask(self, what: str, *words: Any, within: Within = None) -> Any:
        assert self._driver.stdin
        assert self._driver.stdout
        # Whatever stands in something is asked for by role and name.
        asked = [what, *words] if within is None else [what, *(*words, None)[:2], within]
        print(json.dumps(asked), file=self._driver.stdin, flush=True)
        answer = json.loads(self._driver.stdout.readline() or '{"error": "Firefox ended"}')
        assert "error" not in answer, answer
        return answer["value"]


Reader = InChromium | InFirefox


def until(look: Callable[[], Any]) -> Any:
    """Look again until there is something to see, and give it."""
    end = time.monotonic() + PATIENCE_S
    while not (seen := look()):
        assert time.monotonic() < end, "nobody waits that long"
        time.sleep(0.05)
    return seen


def spaced(text: str) -> str:
    """Give a text with one space between words."""
    return " ".join(text.split())


def table(reader: Reader, role: str, name: str) -> list[dict[str, str]]:
    """Give the rows of a table by the words of its head."""
    head, *rows = [[spaced(cell) for cell in row] for row in reader.rows(role, name)]
    return [dict(zip(head, row, strict=False)) for row in rows]
