"""A project whose charts are tested, and how a reader gets at their numbers."""

from __future__ import annotations

import csv
import io
import json
import math
import random
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import staticrun
from tests.browser.site import build

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

POINTS = 200_000
SPIKE = 123_457
SHORT = 4_000
EPOCHS = 60
EXPERIMENT = "experiments/seeds/index.html"


class Built(NamedTuple):
    """A site, and what its runs logged: key → metric → step → value."""

    site: Path
    logged: dict[str, dict[str, dict[int, float]]]


def train(
    root: Path, experiment: str, name: str, points: int, status: str = "finished", **params: object
) -> None:
    """Write a run as a training does."""
    chance = random.Random(f"{experiment} {name}")
    run = staticrun.start(experiment, name=name, params=params, root=root, capture=False)
    value = 1.0
    for step in range(points):
        value += chance.gauss(0, 0.01)
        logged = {"val/loss": 5.0 if step == SPIKE else value}
        if points < SHORT:
            logged["val/acc"] = math.nan if step == 7 and name == "b-0" else 0.9 + step / 1000
            logged["lr"] = 0.1 / (step + 1)
        run.log(logged, step=step)
    run.finish(status=status)


def make(root: Path) -> Built:
    """Build a project of a very long run, two of middle length, and groups over seeds."""
    root.mkdir()
    (root / "staticrun.yaml").write_text(
        "metrics: {val/acc: {direction: max, primary: true}}\n", encoding="utf-8"
    )
    train(root, "long", "one", POINTS, lr=1)
    for seed in range(2):
        train(root, "middle", f"m-{seed}", SHORT, seed=seed)
    for group in "ab":
        for seed in range(3):
            train(root, "seeds", f"{group}-{seed}", EPOCHS, group=group, seed=seed)
    train(root, "seeds", "a-9", 9, "failed", group="a", seed=9)
    with staticrun.start("wide", name="w", root=root, capture=False) as run:
        for step in range(3):
            run.log({f"{part}/{i}": i + step for part in "ab" for i in range(30)}, step=step)
    with staticrun.start("noise", name="one", root=root, capture=False) as run:
        chance = random.Random("noise")
        for step in range(900):
            run.log({"noise": chance.random(), "calm": step}, step=step)
    logged: dict[str, dict[str, dict[int, float]]] = {}
    for path in sorted((root / "runs").rglob("run.jsonl")):
        metrics = logged.setdefault(path.parent.relative_to(root / "runs").as_posix(), {})
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            for name, value in record["values"].items() if record["type"] == "metrics" else ():
                metrics.setdefault(name, {})[record["step"]] = float(value)
    return Built(build(root), logged)


def settle(page: Page) -> None:
    """Wait until every chart in sight shows what was asked for."""
    page.wait_for_function(
        "async () => { for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);"
        " const all = [...document.querySelectorAll('figure.chart')];"
        " return all.length > 0 && all.every(one => one.getAttribute('aria-busy') === 'false')"
        " && all.some(one => one.querySelector('canvas')); }"
    )


def come_alive(page: Page) -> None:
    """Bring the charts into sight."""
    page.locator(".charts").first.scroll_into_view_if_needed()
    settle(page)


def go(page: Page, state: str) -> None:
    """Change the address as a reader does."""
    page.evaluate("state => { location.hash = state }", state)
    settle(page)


def chart(page: Page, metric: str) -> Locator:
    """Find the chart of a metric."""
    return page.locator("figure.chart").filter(has=page.get_by_role("heading", name=metric))


def saved(page: Page, metric: str, kind: str) -> str:
    """Save a chart, and give the text of the file."""
    button = chart(page, metric).get_by_role("button", name=kind, exact=True)
    if not button.is_visible():
        chart(page, metric).get_by_role("button", name=f"Options of {metric}").click()
    with page.expect_download() as download:
        button.click()
    return Path(download.value.path()).read_text(encoding="utf-8")


def choose(page: Page, name: str, value: str) -> None:
    """Choose an option of all charts."""
    page.get_by_role("combobox", name=name, exact=True).select_option(value)


def rows(page: Page, metric: str) -> list[dict[str, str]]:
    """Give the rows of a chart's CSV."""
    return list(csv.DictReader(io.StringIO(saved(page, metric, "CSV"))))
