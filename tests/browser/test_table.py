"""The table of runs as its readers use it: with a pointer, with keys alone, by a link."""

from __future__ import annotations

import csv
import gzip
import io
import json
import statistics
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.site import ROOT, served
from tests.browser.table import EXPERIMENT, GRID, PAGE, cell, head, names, opened, write
from tests.browser.visit import visit

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module", params=["file", pytest.param("http", marks=pytest.mark.slow)])
def address(request, demo) -> Iterator[str]:
    """Give the address of the demo, which ends with a slash: as a folder, and served."""
    if request.param == "file":
        yield f"{demo.as_uri()}/"
    else:
        with served(demo) as url:
            yield url


@pytest.fixture(scope="module")
def page(demo) -> str:
    return (demo / PAGE).as_uri()


def shown(page) -> dict[str, Any]:
    """Give all that a reader sees of the table."""
    return {
        "rows": page.locator(f"{GRID} .gb [role=row]").all_inner_texts(),
        "heads": page.locator(f"{GRID} .gh [role=columnheader]").all_inner_texts(),
        "widths": page.locator(f"{GRID} .gh .gc").evaluate_all(
            "all => all.map(x => x.offsetWidth)"
        ),
        "selected": page.locator(f"{GRID} [aria-selected=true]").all_inner_texts(),
        "marks": page.locator(f"{GRID} .gr").evaluate_all("all => all.map(x => x.className)"),
        "filter": page.locator("#table-filter").input_value(),
        "count": page.locator(".count [role=status]").inner_text(),
    }


def records() -> dict[str, dict[str, Any]]:
    """Read the demo's runs as plain lines: name → params, last values, status."""
    found = {}
    for folder in sorted((ROOT / "runs" / EXPERIMENT).iterdir()):
        run: dict[str, Any] = {"params": {}, "last": {}, "status": "open", "archived": False}
        for path in sorted(folder.glob("run*.jsonl*")):
            read = gzip.open if path.suffix == ".gz" else open
            with read(path, "rt", encoding="utf-8") as lines:
                for line in lines:
                    _take(json.loads(line), run)
        if folder.is_dir() and run.get("name"):
            found[run["name"]] = run
    return found


def _take(record: dict[str, Any], run: dict[str, Any]) -> None:
    kind = record["type"]
    if kind == "start":
        run["name"] = record["name"]
    elif kind == "params":
        run["params"].update(record["values"])
    elif kind == "metrics":
        run["last"].update(record["values"])
    elif kind == "end":
        run["status"] = record["status"]
    elif kind == "edit" and "archived" in record:
        run["archived"] = record["archived"]


def test_the_table_says_what_the_server_wrote(chromium, demo):
    context = chromium.new_context(java_script_enabled=False)
    written = {}
    try:
        plain = context.new_page()
        plain.goto((demo / PAGE).as_uri())
        plain.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        heads = plain.locator("table.runs thead th > span").all_inner_texts()
        for row in plain.locator("table.runs tbody tr").all():
            key = row.locator("a[data-run]").get_attribute("data-run")
            cells = row.locator("td:not(.st):not(.noprint)").all_inner_texts()
            written[key] = dict(zip(heads, cells, strict=False))
    finally:
        context.close()

    with visit(chromium, (demo / PAGE).as_uri(), width=2400) as seen:
        page = opened(seen)
        both = [
            head
            for head in heads
            if page.get_by_role("columnheader", name=head, exact=True).count()
        ]
        for place, row in enumerate(page.locator(f"{GRID} .gb [role=row]").all()[:20], 1):
            url = row.get_by_role("link").get_attribute("href")
            key = url.split("runs/", 1)[1].removesuffix("/index.html")
            alive = {name: cell(page, place, name).inner_text() for name in both}
            assert alive == {name: written[key][name] for name in both}, key

    assert {"lr", "val/acc", "val/loss"} <= set(both)


@pytest.mark.slow
def test_a_slip_is_told_under_its_place_and_completion_mends_it(chromium, address):
    with visit(chromium, address + PAGE) as seen:
        page = opened(seen)
        box = page.get_by_role("combobox", name="Filter")
        box.click()
        page.keyboard.type("val/acc > 0.9 and params.optimiser")
        problem = page.locator("#table-problem")
        page.keyboard.press("Escape")
        page.keyboard.type(" = 'adam'")
        page.keyboard.press("Escape")

        assert "No run has the param optimiser. Did you mean optimizer?" in problem.inner_text()
        assert box.get_attribute("aria-invalid") == "true"
        mark = problem.locator(".mark").bounding_box()["x"]
        letter = box.bounding_box()["x"] + 18 * _letter(page)
        assert abs(mark - letter) < 2, "the mark stands under the letter where the slip begins"

        for _ in range(len(" = 'adam'")):
            page.keyboard.press("ArrowLeft")
        page.locator("#table-offers [role=option]").first.wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_function("document.querySelector('#table-problem').textContent === ''")

        assert box.input_value() == "val/acc > 0.9 and params.optimizer = 'adam'"
        assert all(name.startswith("adam") for name in names(page))
        assert "f=val/acc+%3E+0.9+and+params.optimizer" in page.url
        assert seen.problems == []


def _letter(page) -> float:
    return page.evaluate(
        """() => {
          const at = document.createElement('span');
          const box = document.querySelector('#table-filter');
          const {fontFamily, fontSize} = getComputedStyle(box);
          Object.assign(at.style, {fontFamily, fontSize});
          at.textContent = '0'.repeat(100);
          document.body.append(at);
          const width = at.getBoundingClientRect().width / 100;
          at.remove();
          return width;
        }"""
    )


def test_means_over_seeds_are_those_of_the_records(chromium, address):
    groups: dict[str, list[float]] = {}
    for run in records().values():
        params = {name: value for name, value in run["params"].items() if name != "seed"}
        if params and not run["archived"] and run["status"] == "finished":
            groups.setdefault(json.dumps(params, sort_keys=True), []).append(
                run["last"]["val/acc"]
            )
    expected = sorted(f"{statistics.fmean(values):.3f}" for values in groups.values())
    with visit(chromium, address + PAGE) as seen:
        page = opened(seen)
        page.get_by_role("button", name="Group", exact=True).click()
        page.get_by_label("All params but seed").check()
        rows = page.locator(f"{GRID} [role=row].group")
        page.wait_for_function("document.querySelector('.grid-runs .group') !== null")
        finished = [n for n in range(1, rows.count() + 1) if "open" not in _status(page, n)]
        texts = [cell(page, n, "val/acc").inner_text() for n in finished]
        means = sorted(text.split()[0] for text in texts if text[0].isdigit())
        spreads = [text.split("±")[1].split()[0] for text in texts if "±" in text]

        assert means == expected
        deviations = [f"{statistics.stdev(v):.3f}" for v in groups.values() if len(v) > 1]
        assert sorted(spreads) == sorted(deviations)
        assert seen.problems == []


def _status(page, row: int) -> str:
    return cell(page, row, "Status").inner_text()


def test_the_keyboard_alone_does_it_all(chromium, address):
    with visit(chromium, address + PAGE) as seen:
        page = opened(seen)
        page.locator("#table-filter").focus()
        for _ in range(30):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.getAttribute('role')") == "columnheader":
                break
        at = "document.activeElement"
        assert page.evaluate(f"{at}.getAttribute('role')") == "columnheader"

        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Space")
        selected = page.locator(f"{GRID} [aria-selected=true] .name").all_inner_texts()
        assert selected == [page.evaluate(f"{at}.querySelector('.name').innerText")]

        page.keyboard.press("Control+End")
        assert page.evaluate(f"{at}.closest('[role=row]').getAttribute('aria-rowindex')") == (
            page.locator(GRID).get_attribute("aria-rowcount")
        )
        page.keyboard.press("Control+Home")
        for _ in range(3):
            page.keyboard.press("ArrowRight")
        lr = head(page, "lr")
        width = lr.evaluate("x => x.offsetWidth")
        page.keyboard.press("s")
        page.keyboard.press("+")
        assert lr.get_attribute("aria-sort") == "ascending"
        assert lr.evaluate("x => x.offsetWidth") >= width
        page.keyboard.press("Shift+ArrowLeft")
        assert page.locator(".gh .gc").all_inner_texts()[2] == "lr"

        page.keyboard.press("Home")
        name = page.evaluate(f"{at}.querySelector('.name').innerText")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/runs/{EXPERIMENT}/**")
        assert page.locator("h1").inner_text().endswith(name)
        assert seen.problems == []


@pytest.mark.slow
def test_a_link_shows_the_same_in_a_window_that_has_never_been_here(chromium, address):
    with visit(chromium, address + PAGE, width=1600) as seen:
        page = opened(seen)
        write(page, "params.optimizer = 'sgd' or status = 'open'")
        head(page, "train/loss").click()
        head(page, "width").click(modifiers=["Shift"])
        page.get_by_label("Metrics show").select_option("best")
        for row in (1, 3):
            cell(page, row, "Run").locator("input").click()
        cell(page, 2, "Run").click(position={"x": 4, "y": 10})
        page.get_by_role("button", name="Differences to it").click()
        cell(page, 4, "Run").click(position={"x": 4, "y": 10})
        page.get_by_role("group", name="The cell").get_by_role("button", name="Hide").click()
        head(page, "epochs").focus()
        page.keyboard.press("+")
        page.get_by_role("button", name="Columns").click()
        page.get_by_role("button", name="decay: hide").click()
        page.get_by_role("button", name="lr: keep in sight").click()
        page.get_by_role("button", name="Columns").click()
        before, link = shown(page), page.url
        assert seen.problems == []

    with visit(chromium, link, width=1600) as seen:
        page = opened(seen)
        page.wait_for_function("document.querySelector('.grid-runs .delta') !== null")
        assert shown(page) == before
        assert seen.problems == []


def test_a_value_filters_by_click(chromium, page):
    with visit(chromium, page) as seen:
        page = opened(seen)
        value = cell(page, 2, "optimizer").inner_text()
        cell(page, 2, "optimizer").click()
        page.get_by_role("button", name="All but these").click()

        assert page.locator("#table-filter").input_value() == f"not params.optimizer = '{value}'"
        head(page, "width").click()
        page.get_by_role("button", name="Values …").click()
        page.get_by_role("button", name="Only 32").click()
        assert set(page.locator(f"{GRID} .gb [aria-colindex='5']").all_inner_texts()) == {"32"}


def test_what_is_shown_is_saved(chromium, page):
    with visit(chromium, page) as seen:
        page = opened(seen)
        write(page, "params.optimizer = 'adam'")
        page.get_by_role("button", name="Save and copy").click()
        with page.expect_download() as download:
            page.get_by_role("button", name="Save as CSV").click()
        text = Path(download.value.path()).read_text(encoding="utf-8")
        rows = list(csv.DictReader(io.StringIO(text)))
        with page.expect_download() as download:
            page.get_by_role("button", name="Save as JSON").click()
        objects = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
        known = records()

        assert [row["run"] for row in rows] == names(page)
        assert [row["run"] for row in objects] == names(page)
        assert download.value.suggested_filename == "vision-numpy-network.json"
        for row, one in zip(rows, objects, strict=True):
            assert float(row["val/acc"]) == one["val/acc"] == known[row["run"]]["last"]["val/acc"]
        page.get_by_role("button", name="Copy as Markdown").click()
        assert page.get_by_text("Markdown copied.").count() == 1


def test_rows_are_copied_as_a_table(chromium, page):
    with visit(chromium, page) as seen:
        page = opened(seen)
        write(page, "params.optimizer = 'adam'")
        head(page, "lr").focus()
        copied = page.evaluate(
            """() => {
              const event = new ClipboardEvent('copy', {
                clipboardData: new DataTransfer(), bubbles: true, cancelable: true});
              document.activeElement.dispatchEvent(event);
              return [event.clipboardData.getData('text/plain'),
                event.clipboardData.getData('text/html')];
            }"""
        )

        rows = [line.split("\t") for line in copied[0].split("\n")]
        assert [row[0] for row in rows] == ["Run", *names(page)]
        assert {len(row) for row in rows} == {len(rows[0])}
        assert copied[1].count("<tr>") == len(rows)


@pytest.mark.slow
def test_the_margin_says_what_the_table_shows(chromium, page):
    with visit(chromium, page) as seen:
        page = opened(seen)
        margin = page.locator("section.row:has(#runs) > .m")
        before = margin.inner_text()
        page.get_by_label("Metrics show").select_option("max")
        margin.get_by_text("The value of a metric is its largest one").wait_for()
        page.get_by_label("Metrics show").select_option("last")
        margin.get_by_text("The value of a metric is its last one").wait_for()
        assert margin.inner_text() == before


def test_the_list_of_keys_has_those_of_the_table(chromium, page):
    with visit(chromium, page) as seen:
        page = opened(seen)
        page.keyboard.press("?")
        rows = page.locator("dialog.keys dl > div")
        listed = {
            key: row.locator("dd").inner_text()
            for row in rows.all()
            for key in row.locator("kbd").all_inner_texts()
        }

        assert {"/", "?", "=", "!", "+", "-", "s", "Shift+s", "Space", "Escape"} <= listed.keys()
        assert listed["="] == "keep only the runs with the value of the cell"
        page.keyboard.press("Escape")
        cell(page, 2, "optimizer").click()
        page.keyboard.press("=")
        assert page.locator("#table-filter").input_value().startswith("params.optimizer = ")
        assert seen.problems == []
