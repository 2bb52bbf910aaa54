"""Nothing that a run, a setting or a report says is ever code, markup, a path or a scheme."""

from __future__ import annotations

import json
import subprocess
import sys
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest

from staticrun.pages import links
from tests.browser import html
from tests.browser.hostile import OUTSIDE, folder_names, write_project
from tests.browser.site import ROOT, environment, pages
from tests.browser.visit import visit

if TYPE_CHECKING:
    from pathlib import Path

LINKING = {"href", "src", "data", "poster", "action", "formaction", "srcset", "xlink:href"}
RUNNING = {
    "script",
    "iframe",
    "object",
    "embed",
    "base",
    "form",
    "style",
    "x-evil",
    "foreignobject",
}
INERT = {
    ".avif", ".bin", ".bmp", ".csv", ".flac", ".gif", ".jpeg", ".jpg", ".json", ".m4a", ".mp3",
    ".mp4", ".ogg", ".pdf", ".png", ".svg", ".txt", ".wav", ".webm", ".webp",
}  # fmt: skip


def state(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """Build the project, and see to it that nothing outside of its site was written."""
    base = tmp_path_factory.mktemp("hostile")
    root = write_project(base / "project")
    before = state(base)
    done = subprocess.run(
        [sys.executable, "-m", "staticrun", "build"],
        cwd=root, env=environment(), check=False, capture_output=True, text=True,
    )  # fmt: skip
    after = state(base)
    own = ("project/site/", "project/.staticrun/")
    assert {name: data for name, data in after.items() if not name.startswith(own)} == before
    return root / "site", done


@pytest.fixture(scope="module")
def site(built) -> Path:
    return built[0]


class Elements(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def elements(site: Path) -> list[tuple[str, str, dict[str, str | None]]]:
    found = []
    for url in pages(site):
        parsed = Elements((site / url).read_text(encoding="utf-8"))
        found += [(url, tag, attributes) for tag, attributes in parsed.found]
    return found


def test_the_build_goes_through_and_says_what_is_wrong(built):
    _, done = built

    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert "run.jsonl:" in done.stdout + done.stderr


def test_the_terminal_is_not_steered(built):
    _, done = built
    steering = set(map(chr, [*range(9), *range(11, 32), *range(0x7F, 0xA0)])) | {"\u202e"}

    assert set(done.stdout + done.stderr) & steering == set()


def test_every_run_has_a_page(site):
    assert len(list((site / "runs").rglob("index.html"))) == len(folder_names())


def test_the_bytes_of_a_file_outside_are_nowhere(site):
    assert [name for name, data in state(site).items() if OUTSIDE.encode() in data] == []


def test_no_link_of_the_file_system_is_in_the_site(site):
    assert [path for path in site.rglob("*") if path.is_symlink()] == []


def test_data_makes_no_element_and_no_attribute_that_runs(site):
    found = elements(site)
    [script] = [path.name for path in site.glob("app.*.js")]
    own = {"../" * url.count("/") + script: url for url in pages(site)}
    running = [
        (url, tag)
        for url, tag, attributes in found
        if tag in RUNNING
        and not (tag == "script" and own.get(attributes.get("src") or "") is not None)
    ]
    events = [
        (url, tag, name)
        for url, tag, attributes in found
        for name in attributes
        if name.startswith("on") or name in ("style", "srcdoc")
    ]

    assert running == []
    assert events == []


def test_data_makes_no_scheme(site):
    schemes = set()
    for _, tag, attributes in elements(site):
        for name in LINKING & attributes.keys():
            # As a browser reads it: white space in a scheme counts for nothing.
            parts = urlsplit("".join((attributes[name] or "").split()))
            schemes.add((tag, parts.scheme or ("//" if parts.netloc else "")))

    # An empty icon, so that no host is asked for one.
    schemes.discard(("link", "data"))
    assert {scheme for _, scheme in schemes} <= {"", "https", "http", "mailto"}


def test_objects_are_of_inert_types_and_no_drawing_is_a_stranger_s(site):
    objects = [path for path in (site / "o").rglob("*") if path.is_file()]
    files = [path for path in objects if path.suffix == ".svg"]
    drawings = [ET.parse(path) for path in files]  # noqa: S314 -- written by the build itself  # noqa: S314 -- ours
    parts = [part for drawing in drawings for part in drawing.iter()]
    names = {part.tag.partition("}")[2] for part in parts}
    attributes = {name.rpartition("}")[2] for part in parts for name in part.attrib}

    scripts = [path for path in objects if path.suffix == ".js"]
    # Our own data alone: each names itself, which no artifact's bytes could.
    assert [
        path
        for path in scripts
        if not path.read_text().startswith(
            f'staticrun_data("{path.relative_to(site).as_posix()}",JSON.parse("'
        )
    ] == []
    assert {path.suffix for path in objects} - {".js"} <= INERT
    assert names <= {"svg", "title", "desc", "defs", "clipPath", "pattern", "g", "path", "rect",
                     "circle", "line", "text", "tspan", "style"}  # fmt: skip
    assert {name for name in attributes if name.startswith("on") or name == "href"} == set()


def test_no_page_holds_a_character_that_steers_the_text_around_it(site):
    steering = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A)), "\x00", "\x1b"}
    found = {
        url: sorted(map(hex, map(ord, held)))
        for url in pages(site)
        if (held := set((site / url).read_text(encoding="utf-8")) & steering)
    }

    assert found == {}


def test_templates_in_data_stay_text(site):
    text = "".join((site / url).read_text(encoding="utf-8") for url in pages(site))

    assert "{{ 7 * 7 }}" in text
    assert "&lt;class " not in text


@pytest.mark.slow
def test_the_html_is_valid(site):
    assert html.problems([site / url for url in pages(site)]) == []


def test_every_link_leads_somewhere(site):
    assert [str(finding) for finding in links.check(site)] == []


def test_the_list_of_runs_is_json_that_any_program_reads(site):
    listed = json.loads((site / "runs.json").read_text(encoding="utf-8"))

    assert len(listed["runs"]) == len(folder_names())


@pytest.mark.parametrize(
    "part", [0, *(pytest.param(part, marks=pytest.mark.slow) for part in range(1, 6))]
)
def test_no_dialog_opens_and_no_script_runs(chromium, site, part):
    """Every page in six parts, of which the fast tier opens the first."""
    found = {}
    with visit(chromium, None, width=390) as seen:
        for url in pages(site)[part::6]:
            seen.go((site / url).as_uri())
            seen.page.evaluate(
                "for (const d of document.querySelectorAll('details')) d.open = true"
            )
            seen.page.mouse.move(200, 400)
            evil = seen.page.evaluate(
                "own => [window.evil ?? 0, document.querySelectorAll('x-evil').length,"
                " [...document.scripts].filter(s => s.text || !s.src.match(own)).length]",
                "/site/(app[.][0-9a-f]+|runs|versions|o/[0-9a-f]{2}/[0-9a-f]+)[.]js$",
            )
            if seen.problems or evil != [0, 0, 0] or seen.overflow():
                found[url] = (list(seen.problems), evil, seen.overflow())

    assert found == {}


@pytest.mark.slow
def test_the_check_of_the_project_goes_through(built):
    root = built[0].parent
    done = subprocess.run(
        [sys.executable, "-m", "staticrun", "check"],
        cwd=root, env=environment(), check=False, capture_output=True, text=True,
    )  # fmt: skip

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert str(ROOT) not in done.stdout
