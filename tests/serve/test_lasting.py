"""What a served project survives, and that its disk always comes to what a clean build leaves."""

from __future__ import annotations

import re
import resource
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from staticrun import layout
from staticrun.pages import output
from tests.browser.visit import visit
from tests.serve.site import (
    KEY,
    Events,
    Serving,
    append,
    clean,
    open_run,
    point,
    serving,
    tree,
    write_runs,
)  # fmt: skip

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

BROKEN = '{% extends "base.html" %}\n{% block title %}{{ view.name }}\n{% block rows %}\n'
UNKNOWN = '{% extends "base.html" %}\n{% block title %}t{% endblock %}\n{% block name %}{{ view.nothing }}{% endblock %}\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "the project"
    root.mkdir()
    (root / "staticrun.yaml").write_text("theme: own\ncomparisons: {all: {where: 'loss > 0'}}\n")
    theme(root)
    (root / "reports").mkdir()
    (root / "reports/first.md").write_text("# First\n")
    write_runs(root, 3)
    open_run(root)
    return root


def theme(root: Path, **templates: str) -> None:
    folder = root / "themes/own"
    (folder / "templates").mkdir(parents=True, exist_ok=True)
    (folder / "theme.yaml").write_text("name: own\n")
    for name, text in templates.items():
        (folder / f"templates/{name}.html").write_text(text)


def converges(server: Serving, project: Path) -> None:
    expected = clean(project)

    def is_so() -> bool:
        try:
            return tree(project / "site") == expected
        except FileNotFoundError:  # taken away while it was looked at
            return False

    server.wait(is_so)


def test_after_every_kind_of_change_the_disk_has_what_a_clean_build_leaves(project):
    records = project / "runs" / KEY / "run.jsonl"
    with serving(project) as server, Events(server.url):
        converges(server, project)
        append(records, *(point(20 + n, 0.1) for n in range(5)))
        (project / "runs" / KEY / "artifacts").mkdir()
        (project / "runs" / KEY / "artifacts/a.txt").write_text("hello")
        append(records, {"type": "artifact", "path": "artifacts/a.txt", "kind": "text"})
        converges(server, project)
        (project / "reports/second.md").write_text("# Second\n")
        (project / "reports/first.md").unlink()
        shutil.rmtree(project / "runs/exp0/run-0001")
        append(project / "runs/exp0/run-0002/run.edit-1.jsonl", {"type": "edit", "archived": True})
        converges(server, project)
        (project / "staticrun.yaml").write_text("theme: own\nruns: [runs, more]\n")
        shutil.copytree(project / "runs/exp0/run-0000", project / "more/exp1/run-9")
        converges(server, project)
        append(project / "more/exp1/run-9/run.jsonl", point(99, 0.3))
        converges(server, project)


@pytest.mark.parametrize(
    ("text", "where"),
    [(BROKEN, "themes/own/templates/run.html:"), (UNKNOWN, "themes/own/templates/run.html:3")],
    ids=["half written", "a name that is none"],
)
def test_a_theme_that_is_wrong_is_told_and_the_last_good_site_stays(
    project, chromium, text, where
):
    with serving(project) as server, visit(chromium, server.url + layout.run_url(KEY)) as seen:
        before = tree(project / "site")
        mark = seen.page.locator("aside.live")
        theme(project, run=text)
        mark.locator("pre", has_text=where).wait_for()
        assert where in server.said
        assert "Traceback" not in server.said
        assert tree(project / "site") == before

        # Curves grow meanwhile.
        picture = "document.querySelector('.plot-area canvas').toDataURL()"
        drawn = seen.page.evaluate(picture)
        append(project / "runs" / KEY / "run.jsonl", point(40, 0.9))
        seen.page.wait_for_function(f"before => {picture} !== before", arg=drawn)

        (project / "themes/own/templates/run.html").unlink()
        seen.page.wait_for_selector("aside.live:not(.failed)")
        converges(server, project)


def test_a_style_is_put_on_without_loading_the_page_again(project, chromium):
    with serving(project) as server, visit(chromium, server.url) as seen:
        seen.page.wait_for_selector("aside.live:not(.lost)")
        seen.page.evaluate("window.kept = 1")
        (project / "themes/own/styles").mkdir()
        (project / "themes/own/styles/own.css").write_text(":root { --paper: rgb(1, 2, 3); }\n")
        (project / "themes/own/theme.yaml").write_text("name: own\nstyles: [own.css]\n")
        seen.page.wait_for_function(
            "() => getComputedStyle(document.body).backgroundColor === 'rgb(1, 2, 3)'"
        )
        assert seen.page.evaluate("window.kept") == 1


def test_a_folder_that_is_deleted_and_comes_back_is_followed(project):
    with serving(project) as server:
        shutil.move(project / "runs", project.parent / "away")
        converges(server, project)
        shutil.move(project.parent / "away", project / "runs")
        converges(server, project)
        with Events(server.url) as events:
            append(project / "runs" / KEY / "run.jsonl", point(50, 0.5))
            server.wait(lambda: events.of("grown"))
        converges(server, project)


def test_a_disk_that_takes_no_more_keeps_the_site_and_curves_grow(project):
    with serving(project) as server, Events(server.url) as events:
        before = tree(project / "site")
        builders = server.children()
        for pid in builders:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
        append(project / "runs" / KEY / "run.jsonl", point(50, 0.5))
        server.wait(lambda: events.of("grown"))
        failed = server.wait(lambda: events.of("failed"))[0]["failed"]
        assert "the old site is as it was" in failed[0]
        assert "Traceback" not in server.said
        kept = {url: data for url, data in tree(project / "site").items() if url in before}
        assert kept == before

        infinity = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        for pid in builders:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, infinity)
        append(project / "runs" / KEY / "run.jsonl", point(51, 0.5))
        converges(server, project)


def test_a_build_of_another_process_is_waited_for(project):
    with serving(project) as server:
        with output.lock(project / layout.CACHE):
            append(project / "runs" / KEY / "run.jsonl", point(51, 0.5))
            time.sleep(2.5)
        converges(server, project)
        assert "failed" not in server.said


def test_a_builder_that_is_killed_is_started_again(project):
    with serving(project) as server:
        for pid in server.children():
            subprocess.run(["kill", "-9", str(pid)], check=True)
        server.wait(lambda: "ended from outside" in server.said)
        append(project / "runs" / KEY / "run.jsonl", point(51, 0.5))
        converges(server, project)


def test_a_server_that_is_killed_leaves_no_process(project):
    with serving(project) as server:
        children = server.children()
        server.process.kill()
        server.wait_ended(children)


def test_a_port_that_is_taken_is_said(project):
    with serving(project) as server:
        port = re.findall(r":(\d+)/", server.url)[0]
        done = subprocess.run(
            [sys.executable, "-m", "staticrun", "serve", "--no-open", "--port", port],
            cwd=project,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert f"127.0.0.1:{port}: cannot be listened on (address already in use)" in done.stderr
    assert "--port 0" in done.stderr


def test_a_first_build_that_fails_is_told_and_its_page_comes_by_itself(project, chromium):
    theme(project, run=BROKEN)
    with serving(project) as server, visit(chromium, server.url) as seen:
        seen.page.locator("aside.live pre", has_text="themes/own/templates/run.html").wait_for()
        (project / "themes/own/templates/run.html").unlink()
        seen.page.wait_for_selector("h1 >> text=Experiments")


def test_the_pages_of_many_grow_too(project, chromium):
    urls = (
        "experiments/exp0/index.html",
        "compare/all/index.html",
        f"compare/index.html#r={KEY},exp0/run-0000",
    )
    with serving(project) as server:
        for number, url in enumerate(urls):
            with visit(chromium, server.url + url) as seen:
                seen.page.wait_for_selector("aside.live:not(.lost)")
                canvas = seen.page.wait_for_selector(".plot-area canvas")
                canvas.scroll_into_view_if_needed()
                seen.page.wait_for_timeout(500)
                picture = "document.querySelector('.plot-area canvas').toDataURL()"
                before = seen.page.evaluate(picture)
                append(project / "runs" / KEY / "run.jsonl", point(60 + number, 0.01 * number))
                seen.page.wait_for_function(f"before => {picture} !== before", arg=before)
                assert seen.problems == []


def test_a_page_that_is_loaded_while_a_build_ends_misses_nothing(project, chromium):
    urls = ("experiments/exp0/index.html", "compare/all/index.html", layout.run_url(KEY))
    with serving(project) as server, Events(server.url) as events, visit(chromium, None) as seen:

        def late(route) -> None:
            if waiting:
                before = len(events.of("built"))
                append(project / "runs" / KEY / "run.jsonl", point(60 + waiting.pop(), 0.5))
                server.wait(lambda: len(events.of("built")) > before)
            route.continue_()

        seen.page.route("**/o/**", late)
        for number, url in enumerate(urls):
            waiting = [number]
            seen.go(server.url + url)
            seen.page.wait_for_selector("aside.live:not(.lost)")
            assert not waiting
            assert seen.problems == []


def test_a_connection_that_is_lost_is_told_and_taken_up_again(project, chromium):
    with serving(project) as server:
        port = re.findall(r":(\d+)/", server.url)[0]
        with visit(chromium, server.url + layout.run_url(KEY)) as seen:
            seen.page.wait_for_selector("aside.live:not(.lost)")
            seen.page.evaluate("window.kept = 1")
            server.stop()
            seen.page.locator("aside.live", has_text="connection lost").wait_for()
            append(project / "runs" / KEY / "run.jsonl", point(70, 0.7))
            with serving(project, "--port", port):
                seen.page.wait_for_selector("aside.live:not(.lost)")
                seen.page.wait_for_function(
                    "() => document.querySelector('.head').innerText.includes('step 70')"
                )
                assert seen.page.evaluate("window.kept") == 1
