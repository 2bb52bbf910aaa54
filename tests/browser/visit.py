"""Opening a page in Chromium, and everything that a reader would call broken about it."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

AXE = Path(__file__).parents[1] / "web/node_modules/axe-core/axe.min.js"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


@dataclass
class Visit:
    """An open page and what went wrong with it so far."""

    page: Page
    problems: list[str] = field(default_factory=list)

    def go(self, url: str) -> None:
        """Open another page in the same window; what was wrong before is forgotten."""
        self.problems.clear()
        self.page.goto(url, wait_until="load")

    def come_alive(self) -> None:
        """Wait until every app of the page has taken its place."""
        self.page.wait_for_function("!document.querySelector('[data-app]:not([data-alive])')")

    def overflow(self) -> int:
        """Give by how many pixels the page is wider than its window."""
        return self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )

    def axe(self) -> list[str]:
        """List the violations of the accessibility rules: rule, place, what is wrong."""
        # Evaluated by the debugger: the page's own policy, which forbids it, stays in force. For
        # the same reason the rules must not fetch the style sheet again.
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate(
            "tags => axe.run({runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'],"
            " preload: false})",
            list(TAGS),
        )
        return [
            f"{rule['id']}: {node['target']} {node['failureSummary']}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]


@contextlib.contextmanager
def visit(
    browser: Browser, url: str | None, *, scheme: str = "light", width: int = 1280
) -> Iterator[Visit]:
    """Open a window of its own, and a page in it.

    Args:
        browser: Chromium.
        url: A `file:` or `http:` address; None for an empty window.
        scheme: `light` or `dark`, as the reader's system says.
        width: Of the window, in CSS pixels.
    """
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 900}, reduced_motion="reduce"
    )
    try:
        page = context.new_page()
        seen = Visit(page)
        page.on("console", lambda message: _note_message(seen, message))
        page.on("pageerror", lambda error: seen.problems.append(f"error: {error}"))
        page.on("requestfailed", lambda request: _note_request(seen, request))
        page.on("dialog", lambda dialog: _note_dialog(seen, dialog))
        if url is not None:
            seen.go(url)
        yield seen
    finally:
        context.close()


def _note_message(seen: Visit, message) -> None:
    if message.type in ("error", "warning"):
        where = f" ({message.location['url']})" if "load resource" in message.text else ""
        seen.problems.append(f"{message.type}: {message.text}{where}")


def _note_request(seen: Visit, request) -> None:
    # What a page was still loading when it was left is no failure of the next one.
    if request.failure != "net::ERR_ABORTED":
        seen.problems.append(f"failed: {request.url}")


def _note_dialog(seen: Visit, dialog) -> None:
    seen.problems.append(f"dialog: {dialog.message}")
    dialog.dismiss()
