"""Versions of a site as a reader walks through them: every page shows its own version's state."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

import pytest

from staticrun import layout, receipts
from staticrun.pages import links
from staticrun.pages.build import build
from tests.browser import html
from tests.browser.site import hosted, served
from tests.browser.visit import visit

if TYPE_CHECKING:
    from pathlib import Path


def write(project: Path, run: str, accuracy: float) -> None:
    folder = project / "runs/vision" / run
    folder.mkdir(parents=True, exist_ok=True)
    records = [
        {"type": "start", "format": 1, "time": 1770000000, "id": f"id-of-{run}", "name": run},
        {"type": "params", "values": {"lr": accuracy / 10}},
        *({"type": "metrics", "step": i, "values": {"acc": accuracy * i / 9}} for i in range(10)),
        {"type": "end", "time": 1770000100, "status": "finished"},
    ]
    (folder / "run.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in records))


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """Build two versions of a project, which then lost a run, got one, and went on with another."""
    project = tmp_path_factory.mktemp("versions") / "the project"
    (project / "reports").mkdir(parents=True)
    (project / "reports/first.md").write_text("# First\n\nSee [a](run:vision/a).\n")
    for run, accuracy in (("a", 0.5), ("b", 0.625), ("lost", 0.25)):
        write(project, run, accuracy)
    build(project, jobs=1, version="v1")
    write(project, "a", 0.75)
    write(project, "new", 0.875)
    build(project, jobs=1, version="v2")
    (project / "runs/vision/lost/run.jsonl").unlink()
    write(project, "a", 0.9375)
    build(project, jobs=1)  # the newest state
    return project / "site"


def test_every_link_leads_somewhere_and_the_html_is_valid(site):
    pages = [site / "v/v1/index.html", site / receipts.read(site, "v1").runs["vision/a"]]

    assert links.check(site) == []
    assert html.problems([*pages, site / "runs/vision/lost/index.html"]) == []


@pytest.fixture(params=["file", pytest.param("http", marks=pytest.mark.slow)])
def base(request, site):
    """Give the address of the site as a folder, and below a path of a host."""
    if request.param == "file":
        yield f"{site.as_uri()}/"
    else:
        with hosted(site) as address:
            yield address


def accuracy(page) -> str:
    return page.locator("main").inner_text()


def test_a_reader_stays_in_the_version(chromium, base):
    with visit(chromium, f"{base}v/v1/index.html") as seen:
        page = seen.page
        seen.come_alive()
        assert "Version v1 of this site" in page.locator(".of-version").inner_text()
        page.get_by_role("link", name="vision").first.click()
        page.wait_for_url("**/v/v1/experiments/vision/index.html*")
        seen.come_alive()
        # The table that the script made.
        page.get_by_role("link", name="a", exact=True).first.click()
        page.wait_for_url("**/o/*/*.html#v=v1")
        seen.come_alive()
        assert "0.75" not in accuracy(page)
        assert page.get_by_label("Version").input_value() == "v1"
        page.get_by_role("link", name="vision").first.click()
        page.wait_for_url("**/v/v1/experiments/vision/index.html*")
        assert seen.problems == []


def test_the_same_page_of_another_version_is_a_choice_away(chromium, base):
    with visit(chromium, f"{base}runs/vision/a/index.html") as seen:
        page, shown = seen.page, []
        seen.come_alive()
        for name in ("v1", "v2", ""):
            with page.expect_event("load"):
                page.get_by_label("Version").select_option(name)
            seen.come_alive()
            shown.append((page.get_by_label("Version").input_value(), accuracy(page)))

        assert [name for name, _ in shown] == ["v1", "v2", ""]
        texts = [text for _, text in shown]
        for own, value in enumerate(("0.5", "0.75", "0.9375")):
            assert [value in text.split() for text in texts] == [i == own for i in range(3)]
        assert page.url.endswith("/runs/vision/a/index.html")
        assert seen.problems == []


def test_one_page_of_two_versions_leads_on_in_the_chosen_one(chromium, base, site):
    url = receipts.read(site, "v1").runs["vision/b"]
    assert url == receipts.read(site, "v2").runs["vision/b"]
    with visit(chromium, f"{base}{url}#v=v1") as seen:
        page = seen.page
        seen.come_alive()
        with page.expect_event("load"):
            page.get_by_label("Version").select_option("v2")
        assert page.url.endswith("#v=v2")
        seen.come_alive()
        page.get_by_role("link", name="vision").first.click()
        page.wait_for_url("**/v/v2/experiments/vision/index.html*")


def test_a_version_without_the_page_says_so(chromium, base):
    with visit(chromium, f"{base}runs/vision/new/index.html") as seen:
        seen.come_alive()
        seen.page.get_by_label("Version").select_option("v1")
        told = seen.page.get_by_role("status").filter(has_text="v1 has no such page")
        told.get_by_role("link").click()
        seen.page.wait_for_url("**/v/v1/index.html")


def test_a_page_that_is_gone_says_which_versions_have_it(chromium, base):
    with visit(chromium, f"{base}runs/vision/lost/index.html") as seen:
        seen.come_alive()
        assert [one.inner_text() for one in seen.page.locator("main li a").all()] == ["v2", "v1"]
        seen.page.get_by_role("link", name="v1").click()
        seen.page.wait_for_url("**#v=v1")
        assert seen.problems == []


def test_a_page_says_what_changed_from_one_version_to_the_next(chromium, base):
    with visit(chromium, f"{base}v/v1/experiments/vision/index.html") as seen:
        page = seen.page
        seen.come_alive()
        with page.expect_event("load"):
            page.get_by_label("Version").select_option("what changed")
        rows = page.locator("main .row").all()
        assert [row.locator("h2").inner_text() for row in rows] == ["Newest state", "v2", "v1"]
        newest, second, first = (row.inner_text() for row in rows)
        assert "1 run changed and 1 run removed since v2." in newest
        assert "vision/a acc 0.75 → 0.9375, lr 0.075 → 0.09375" in newest
        assert "1 run added and 1 run changed since v1." in second
        assert "since" not in first
        page.get_by_role("link", name="vision/new").click()
        page.wait_for_url("**#v=v2")
        assert seen.problems == []


def test_without_scripts_a_version_leads_through_itself(chromium, base):
    context = chromium.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(f"{base}v/v1/experiments/vision/index.html")
        page.get_by_role("link", name="a", exact=True).first.click()
        assert "#v=v1" in page.url
        assert "Links lead to the newest state" in page.locator("body").inner_text()
        page.goto(f"{base}v/v1/reports/first/index.html")
        page.get_by_role("link", name="Newest state").click()
        assert page.url == f"{base}reports/first/index.html"
    finally:
        context.close()


@pytest.mark.slow
@pytest.mark.parametrize("below", [None, "project", "team/pr/7"])
def test_every_page_of_every_version_leads_to_pages_of_that_version(
    chromium, site, below, tmp_path
):
    with contextlib.ExitStack() as stack:
        base = f"{site.as_uri()}/" if below is None else stack.enter_context(served(tmp_path))
        if below is not None:
            (tmp_path / below).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / below).symlink_to(site)
            base += f"{below}/"
        seen = stack.enter_context(visit(chromium, None))
        for receipt in receipts.every(site):
            entries = [
                f"v/{receipt.name}/{url}" for url in receipt.entries if url.endswith("html")
            ]
            objects = {
                f"{url}#v={receipt.name}": layout.run_url(key) for key, url in receipt.runs.items()
            }
            for url in (*entries, *objects):
                seen.go(base + url)
                seen.come_alive()
                links = seen.page.eval_on_selector_all(
                    "a[href]:not([href^='#'])", "all => all.map(a => a.href)"
                )
                inside = {link.removeprefix(base) for link in links if link.startswith(base)}
                newest = {one for one in inside if one.startswith(("runs/", "experiments/"))}
                pages = {one for one in inside if one.split("#")[0].endswith(".html")} - newest
                assert seen.problems == []
                # Its own place in the newest state alone, by the words that say so.
                own = objects.get(url) or url.removeprefix(f"v/{receipt.name}/")
                assert newest <= {own}
                assert {one for one in pages if one.startswith("o/")} <= objects.keys()
                assert all((site / one.split("#")[0]).is_file() for one in inside)


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_pages_of_versions_are_accessible(chromium, site, scheme):
    for url in ("v/v1/index.html", "runs/vision/lost/index.html", "versions/index.html"):
        with visit(chromium, (site / url).as_uri(), scheme=scheme, width=320) as seen:
            seen.come_alive()
            assert seen.axe() == []
            assert seen.overflow() == 0
