"""A project that is served: what is answered, what is told, what stands on the disk."""

from __future__ import annotations

import http.client
import re
from typing import TYPE_CHECKING, NamedTuple

import pytest

from staticrun import layout
from tests.browser.visit import visit
from tests.serve.site import KEY, Events, Serving, append, open_run, point, serving, write_runs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGE = layout.run_url(KEY)


class Served(NamedTuple):
    project: Path
    server: Serving

    @property
    def records(self) -> Path:
        return self.project / "runs" / KEY / "run.jsonl"

    def ask(self, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
        """Ask for a path as it is spelled, and read the answer's body."""
        host, port = re.findall(r"http://(.*):(\d+)/", self.server.url)[0]
        connection = http.client.HTTPConnection(host, int(port), timeout=20)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.putrequest(method, path, skip_host="Host" in given)
        for name, value in given.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        answer.body = answer.read()
        connection.close()
        return answer


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Served]:
    project = tmp_path_factory.mktemp("served") / "the project"
    project.mkdir()
    write_runs(project, 2)
    open_run(project)
    with serving(project) as server:
        yield Served(project, server)


def test_files_come_with_their_type_and_are_asked_for_again(served):
    page = served.ask("/")
    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    data = served.ask("/runs.js")
    assert data.headers["Content-Type"] == "text/javascript; charset=utf-8"
    for answer in (page, data, served.ask("/nothing.js")):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-cache"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    again = served.ask("/runs.js", **{"If-None-Match": data.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")
    assert served.ask("/nothing.js").status == 404
    moved = served.ask("/runs/exp0/open")
    assert (moved.status, moved.headers["Location"]) == (301, "/runs/exp0/open/")
    assert served.ask("/runs/exp0/open/").status == 200


def test_heads_and_parts_are_what_browsers_ask_for(served):
    whole = served.ask("/runs.js")
    head = served.ask("/runs.js", "HEAD")
    assert (head.body, head.headers["Content-Length"]) == (b"", str(len(whole.body)))
    part = served.ask("/runs.js", Range="bytes=3-9")
    assert (part.status, part.body) == (206, whole.body[3:10])
    assert part.headers["Content-Range"] == f"bytes 3-9/{len(whole.body)}"
    assert served.ask("/runs.js", Range="bytes=999999-").status == 416
    assert served.ask("/runs.js", "POST").status == 501


def test_a_served_page_is_its_file_and_what_is_added(served):
    body = served.ask(f"/{PAGE}").body.decode()
    added = re.findall(
        r"<(?:link|script)[^>]*/_live/live\.(?:css|js)\"[^>]*>(?:</script>)?\n", body
    )

    assert len(added) == 2
    for one in (*added, " connect-src 'self';"):
        body = body.replace(one, "", 1)
    assert body == (served.project / "site" / PAGE).read_text(encoding="utf-8")


def test_nobody_else_is_answered(served):
    assert served.ask("/", Host="evil.example").status == 403
    assert served.ask("/_live/events", Origin="http://evil.example").status == 403
    assert served.ask("/runs.js", **{"Sec-Fetch-Site": "cross-site"}).status == 403


def test_nothing_outside_of_the_site_is_sent(served):
    (served.project / "site" / "link.txt").symlink_to(served.project / "staticrun.yaml")
    paths = ("/../runs/exp0/open/run.jsonl", "/%2e%2e/runs/exp0/open/run.jsonl", "/.nojekyll")
    for path in (*paths, "/o/../../runs/exp0/open/run.jsonl", "/link.txt", "//etc/passwd"):
        assert served.ask(path).status == 404, path
    (served.project / "site" / "link.txt").unlink()


def test_a_line_that_is_appended_is_told_at_once_and_without_a_word_on_the_disk(served):
    with Events(served.server.url, PAGE) as events:
        append(served.records, point(20, 0.25))
        grown = served.server.wait(lambda: events.of("grown"))[0]

        assert (grown["key"], grown["url"], grown["status"]) == (KEY, PAGE, "open")
        assert served.ask(f"/{grown['series']}").status == 200
        assert not (served.project / "site" / grown["series"]).exists()


def test_a_curve_grows_in_an_open_page_that_stays_as_it_is(served, chromium):
    with visit(chromium, f"{served.server.url}{PAGE}#zoom=2~30") as seen:
        page = seen.page
        seen.come_alive()
        page.wait_for_selector("aside.live:not(.lost)")
        page.get_by_label("Find").first.fill("lo")
        page.evaluate("window.kept = document.querySelector('.plot-area')")
        page.evaluate("scrollTo(0, 40)")
        picture = "document.querySelector('.plot-area canvas').toDataURL()"
        before = page.evaluate(picture)

        append(served.records, point(27, 0.9))
        page.wait_for_function(f"before => {picture} !== before", arg=before)
        page.wait_for_function("() => document.querySelector('.head').innerText.includes('27')")

        assert page.evaluate("window.kept.isConnected")
        assert "zoom=2~30" in page.url
        assert page.evaluate("document.activeElement.value") == "lo"
        assert page.evaluate("scrollY") == 40
        assert "last record" in page.locator("aside.live").inner_text()
        assert seen.problems == []
