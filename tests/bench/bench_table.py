"""How long a table of many runs takes to be readable, to be sorted and to be filtered.

    python tests/bench/bench_table.py

Goals, in Chromium, from a folder: 10,000 runs of 30 columns readable in 800 ms, sorted and filtered
in 100 ms; 100,000 runs readable in 3 s, sorted in 250 ms and filtered in 100 ms. An empty page of
the same size of script, in the same run, says what of that is the machine's. Medians of 5.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.browser import chromium, many_runs

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page

TIMES = 5
GOALS_MS = {
    10_000: {"readable": 800, "sort": 100, "filter": 100},
    100_000: {"readable": 3000, "sort": 250, "filter": 100},
}
# Done when the frame that shows it is drawn.
_DRAWN = """() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"""
_ACT = """async (act) => {
  const start = performance.now();
  if (act === 'sort') {
    document.querySelector('.grid-runs [role=columnheader][aria-colindex="9"]').click();
  } else {
    const box = document.querySelector('#table-filter');
    box.value = act;
    box.dispatchEvent(new Event('input', {bubbles: true}));
  }
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - start;
}"""


def readable(page: Page, url: str, selector: str) -> float:
    page.goto("about:blank")
    page.goto(url, wait_until="commit")
    page.wait_for_selector(selector)
    page.evaluate(_DRAWN)
    return page.evaluate("performance.now()")


def median(work: Callable[[], float]) -> float:
    return statistics.median(work() for _ in range(TIMES))


def measure(browser: Browser, n: int, folder: Path) -> dict[str, float]:
    """Measure one size, in ms."""
    table, empty = (path.as_uri() for path in many_runs.write(folder, n))
    table += f"#cols={many_runs.COLUMNS}"
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    found = {"empty page": median(lambda: readable(page, empty, "h1"))}
    found["readable"] = median(lambda: readable(page, table, ".grid-runs [role=rowheader] a"))
    columns = page.locator(".grid-runs").get_attribute("aria-colcount")
    assert columns == "30"
    found["sort"] = median(lambda: page.evaluate(_ACT, "sort"))
    filters = iter(f"val/acc > 0.{i} and params.optimizer = 'adam'" for i in range(5, 5 + TIMES))
    found["filter"] = median(lambda: page.evaluate(_ACT, next(filters)))
    page.close()
    return found


def main() -> None:
    """Print a line a measurement; exit with 1 where a goal is missed."""
    path = chromium.find(chromium.WHOLE)
    if path is None:
        sys.exit("there is no Chromium on this machine: apt install chromium")
    missed = False
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=path, args=chromium.arguments())
        for n, goals in GOALS_MS.items():
            for name, taken in measure(browser, n, Path(folder) / str(n)).items():
                goal = goals.get(name)
                missed |= goal is not None and taken > goal
                told = f"goal {goal}" if goal else ""
                print(f"{n:>7} runs  {name:<10} {taken:7.0f} ms  {told}")
        browser.close()
    sys.exit(missed)


if __name__ == "__main__":
    main()
