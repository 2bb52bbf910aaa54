"""Take pictures of one page of each kind: light and dark, wide and narrow, and as printed.

.venv/bin/python -m tests.browser.shots SITE FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser import chromium
from tests.browser.site import one_of_each
from tests.browser.visit import visit

WIDTHS = {"wide": 1440, "narrow": 390}


def shoot(browser: Browser, site: Path, folder: Path) -> None:
    """Write `KIND-SCHEME-WIDTH.png` and `KIND.pdf` for each kind of page that a site has."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, url in one_of_each(site).items():
        address = (site / url).resolve().as_uri()
        for scheme in ("light", "dark"):
            for name, width in WIDTHS.items():
                with visit(browser, address, scheme=scheme, width=width) as seen:
                    seen.page.screenshot(
                        path=folder / f"{kind}-{scheme}-{name}.png", full_page=True
                    )
        with visit(browser, address) as seen:
            seen.page.pdf(path=folder / f"{kind}.pdf", format="A4", print_background=False)
        print(f"{kind}: {url}")


def main() -> None:
    """Read the two folders from the command line."""
    if len(sys.argv) != 3:
        sys.exit("usage: python -m tests.browser.shots SITE FOLDER")
    path = chromium.find()
    if path is None:
        sys.exit("there is no Chromium on this machine: apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=chromium.arguments())
        shoot(browser, Path(sys.argv[1]), Path(sys.argv[2]))
        browser.close()


if __name__ == "__main__":
    main()
