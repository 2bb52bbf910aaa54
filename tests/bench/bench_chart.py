"""How long charts take in Chromium, beside an empty page's load in the same run.

    python tests/bench/bench_chart.py

Goals: 100 lines of 1,000 points are drawn within 150 ms from when their data are there, a step of
the cursor takes 2 ms (the first ones more, until they are compiled), and the bundle has at most
80 kB, gzip. Fastest and median of fresh pages, from the change of the address to the pixels, with
the frames that the browser waits between; a machine without a GPU draws on the processor, and one
with other work shows in the median. Needs a bundle: make bundle.
"""

from __future__ import annotations

import gzip
import json
import math
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from staticrun import layout
from tests.browser import chromium
from tests.browser.site import build

if TYPE_CHECKING:
    from playwright.sync_api import Browser

RUNS, POINTS = 100, 1000
TIMES = 7
SIDES = 10
# From the change of the address to when the pixels of the first chart are there.
DRAWN = """async () => {
  const figure = document.querySelector('figure.chart');
  const settle = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  const pixels = () => {
    for (const one of figure.querySelectorAll('canvas')) one.getContext('2d').getImageData(0, 0, 1, 1);
  };
  const until = async () => {
    const drawn = () => figure.querySelector('canvas')?.style.width;
    while (figure.getAttribute('aria-busy') !== 'false' || !drawn()) await settle();
    pixels();
  };
  figure.scrollIntoView({block: 'center'});
  await until();
  const own = location.hash.replace(/^#?/, '#');
  const timed = async change => {
    const start = performance.now();
    location.hash = `${own}&${change}`;
    await settle();
    await until();
    await settle();
    pixels();
    return performance.now() - start;
  };
  const drawn = await timed('big=loss&size=large');
  const zoom = await timed('big=loss&size=large&zoom=200~500');
  const plot = figure.querySelector('[role=application]');
  const box = plot.getBoundingClientRect();
  const point = x => plot.dispatchEvent(new PointerEvent('pointermove',
    {clientX: box.left + x, clientY: box.top + 120, bubbles: true, pointerType: 'mouse'}));
  const follow = async () => {
    const start = performance.now();
    for (let i = 0; i < 50; i++) {
      point(101 + 4 * i);
      // What is shown of it follows in a microtask.
      await undefined;
      await undefined;
    }
    return (performance.now() - start) / 50;
  };
  point(100);
  await settle();
  const cold = await follow();
  const hover = await follow();
  return {drawn, zoom, hover, "hover, first 50 moves": cold};
}"""


def write(root: Path) -> Path:
    """Write 100 runs in ten groups, and a comparison of all of them one by one."""
    for run in range(RUNS):
        folder = root / "runs" / "many" / f"r{run:03}"
        folder.mkdir(parents=True)
        records: list[dict[str, object]] = [
            {"type": "start", "format": 1, "time": 1e9, "id": f"{run:026d}", "name": f"r{run}"},
            {"type": "params", "values": {"group": run % SIDES, "seed": run // SIDES}},
        ]
        for step in range(POINTS):
            noise = math.sin(run * 12.9898 + step * 78.233) * 43758.5453 % 1
            value = math.exp(-step / 300) + 0.02 * (run % SIDES) + 0.1 * noise
            records.append({"type": "metrics", "step": step, "values": {"loss": value}})
        records.append({"type": "end", "time": 2e9, "status": "finished"})
        lines = "".join(json.dumps(record) + "\n" for record in records)
        (folder / "run.jsonl").write_text(lines, encoding="utf-8")
    keys = [f"many/r{run:03}" for run in range(RUNS)]
    (root / "staticrun.yaml").write_text(
        json.dumps({"comparisons": {"all": {"runs": keys}}}), encoding="utf-8"
    )
    return build(root)


def load(browser: Browser, address: str) -> tuple[float, dict[str, float]]:
    """Open a page; give the milliseconds to its load, and what its first chart took."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    try:
        page.goto(address)
        taken = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
        if "about:" in address or "empty" in address:
            return taken, {}
        page.wait_for_selector("figure.chart")
        return taken, page.evaluate(DRAWN)
    finally:
        page.close()


def main() -> None:
    """Print the figures."""
    path = chromium.find(chromium.WHOLE)
    if path is None:
        raise SystemExit("there is no Chromium on this machine: apt install chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = write(Path(folder, "project"))
        empty = Path(folder, "empty.html")
        empty.write_text("<!DOCTYPE html><title>empty</title>", encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=path, args=chromium.arguments())
        pages = {
            "one by one": site / "compare/all/index.html#lines=runs",
            "in groups": site / "experiments/many/index.html",
        }
        bare = statistics.median(load(browser, empty.as_uri())[0] for _ in range(TIMES))
        print(f"empty page                                  {bare:7.1f} ms")
        for name, where in pages.items():
            address = str(where).partition("#")
            url = Path(address[0]).as_uri() + address[1] + address[2]
            found = [load(browser, url)[1] for _ in range(TIMES)]
            for what in found[0]:
                taken = [one[what] for one in found]
                print(
                    f"{name + ', ' + what:<36}{min(taken):7.2f} {statistics.median(taken):7.2f} ms"
                )
        browser.close()
    script = gzip.compress((layout.bundle() / "app.js").read_bytes(), 9)
    print(f"bundle, gzip                                {len(script) / 1000:7.1f} kB")


if __name__ == "__main__":
    main()
