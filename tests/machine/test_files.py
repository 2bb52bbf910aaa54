"""What the site has for programs: a feed, badges, a map for language models, cards."""

from __future__ import annotations

import dataclasses
import json
import re
import struct
from xml.etree import ElementTree as ET

import msgspec
import pytest

from staticrun import layout
from staticrun.pages import links
from staticrun.pages.build import build
from staticrun.pages.machine import badges
from staticrun.pages.machine.feed import spell
from staticrun.pages.views.project_figure import know
from staticrun.plots import card
from staticrun.plots.style import load_style
from tests.machine.conftest import CONFIG, URL
from tests.pages.projects import TIME, open_context, write_config, write_run

ATOM = "{http://www.w3.org/2005/Atom}"
SVG = "{http://www.w3.org/2000/svg}"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def feed(root):
    return ET.fromstring((root / "site/feed.xml").read_bytes())  # noqa: S314 -- ours


def ids(root):
    return {
        entry.findtext(f"{ATOM}title"): entry.findtext(f"{ATOM}id")
        for entry in feed(root).iter(f"{ATOM}entry")
    }


def test_the_feed_is_what_atom_asks_for(lab):
    root = feed(lab)
    entries = root.findall(f"{ATOM}entry")

    assert root.tag == f"{ATOM}feed"
    assert root.find(f"{ATOM}author/{ATOM}name").text == "Lab & <Co>"
    assert root.find(f"{ATOM}link[@rel='self']").get("href") == f"{URL}/feed.xml"
    for thing in (root, *entries):
        for name in ("id", "title", "updated"):
            [found] = thing.findall(f"{ATOM}{name}")
            assert found.text
        assert RFC_3339.fullmatch(thing.findtext(f"{ATOM}updated"))
        assert re.match(r"https://|urn:uuid:", thing.findtext(f"{ATOM}id"))
        assert all(link.get("href").startswith(f"{URL}/") for link in thing.findall(f"{ATOM}link"))
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries)
    assert root.findtext(f"{ATOM}updated") == entries[0].findtext(f"{ATOM}updated")


def test_the_feed_has_ended_runs_the_latest_first_as_text(lab):
    titles = list(ids(lab))
    summaries = [entry.findtext(f"{ATOM}summary") for entry in feed(lab).iter(f"{ATOM}entry")]

    assert titles[0] == "digits: b"
    assert "digits: open" not in titles
    assert any(title.startswith("runs: <b>&␀") for title in titles)
    assert "finished, val/acc 90.0\u202f%, 1\u202fmin\xa040\u202fs" in summaries


@pytest.mark.slow
def test_an_id_stays_when_the_folder_and_the_address_change(project):
    write_config(project, CONFIG)
    write_run(project, "digits/a", {"val/acc": [0.5]}, name="one")
    build(project, jobs=1)
    before = ids(project)

    (project / "runs/digits").rename(project / "runs/moved")
    write_config(project, CONFIG.replace(URL, "https://example.com"))
    build(project, jobs=1)

    assert set(ids(project).values()) == set(before.values())
    assert len(before) == 1


def test_a_feed_has_fifty_entries_and_an_empty_one_is_still_one(project):
    def spelled():
        context = open_context(project)
        site = msgspec.structs.replace(context.site, url=URL)
        context = dataclasses.replace(context, site=site)
        known = [know(name, one, context) for name, one in context.store.experiments().items()]
        return ET.fromstring(spell(context, known)["feed.xml"])  # noqa: S314 -- ours

    assert spelled().findtext(f"{ATOM}updated") == "1970-01-01T00:00:00Z"

    for number in range(53):
        write_run(project, f"digits/{number}", began=TIME + number)
    titles = [entry.findtext(f"{ATOM}title") for entry in spelled().iter(f"{ATOM}entry")]

    assert titles[:2] == ["digits: 52", "digits: 51"]
    assert len(titles) == 50


def test_without_an_address_nothing_absolute_is_written_and_what_was_there_goes(project):
    write_config(project, CONFIG)
    write_run(project, "digits/a", {"val/acc": [0.5]})
    write_run(project, "other/a")
    build(project, jobs=1)
    assert (project / "site/badges/other.svg").exists()
    assert [*(project / "site").rglob("o/*/*.png")]

    write_config(project, "")
    (project / "runs/other/a/run.jsonl").unlink()
    removed = build(project, jobs=1).removed

    assert {"feed.xml", "badges/other.svg"} <= set(removed)
    page = (project / "site/index.html").read_text(encoding="utf-8")
    assert "og:" not in page
    assert 'rel="alternate" type="application/json"' in page
    assert "](experiments/digits/index.html)" in (project / "site/llms.txt").read_text()
    assert not [*(project / "site").rglob("o/*/*.png")]


def test_a_build_with_nothing_changed_writes_and_draws_nothing_and_mends_what_was_broken(project):
    write_config(project, CONFIG)
    write_run(project, "digits/a", {"val/acc": [0.5]})
    build(project, jobs=1)
    before = (project / "site/feed.xml").read_bytes()
    cards = {path: path.stat().st_mtime_ns for path in project.rglob(".staticrun/figures/*/*.png")}
    assert build(project, jobs=1).written == ()

    (project / "site/feed.xml").write_text("torn")
    (project / "site/badges/runs.svg").unlink()

    assert {"feed.xml", "badges/runs.svg"} <= set(build(project, jobs=1).written)
    assert (project / "site/feed.xml").read_bytes() == before
    assert {path: path.stat().st_mtime_ns for path in cards} == cards != {}


def test_the_pages_lead_to_what_is_there(lab):
    site = lab / "site"
    page = (site / "index.html").read_text(encoding="utf-8")
    listed = (site / "llms.txt").read_text(encoding="utf-8")
    urls = re.findall(rf"]\({URL}/([^)]*)\)", listed)

    assert links.check(site) == []
    assert (
        f'type="application/atom+xml" title="Lab &amp; &lt;Co&gt;" href="{URL}/feed.xml"' in page
    )
    assert all((site / url).is_file() for url in urls)
    assert {"experiments/digits/index.html", "reports/first/index.html", "runs.json"} <= set(urls)
    assert listed.startswith("# Lab & \\<Co\\>\n\n> All of \\*ours\\*.\n\n")
    assert re.findall(r"^## (.*)", listed, re.MULTILINE) == [
        "Experiments", "Comparisons", "Reports", "Data",
    ]  # fmt: skip
    assert "6 runs; best val/acc 90.0" in listed
    assert json.loads((site / "runs.json").read_bytes())["format"] == 1
    assert json.loads((site / "versions.json").read_bytes())["format"] == 1


def test_badges_say_what_is_best_and_how_many_runs_there_are(lab):
    folder = lab / "site/badges"
    said = {
        path.relative_to(folder).as_posix(): ET.parse(path).findtext(f"{SVG}title")  # noqa: S314 -- ours
        for path in folder.rglob("*.svg")
    }

    # The experiment that is called `runs` does not take the project's place.
    assert said == {
        "runs.svg": "runs: 7",
        "runs~experiment.svg": "runs: 1 run",
        "digits.svg": "best val/acc: 90.0 %",
    }


@pytest.mark.parametrize("text", ["<script>", 'a"b', "\x00\u202e", "x" * 500, "", "\udc80"])
def test_a_badge_is_a_picture_whatever_the_text(text):
    root = ET.fromstring(badges.draw(text, text))  # noqa: S314 -- ours

    assert float(root.get("width")) < 520
    assert not [*root.iter(f"{SVG}script")]


@pytest.mark.parametrize(
    ("url", "title"),
    [("", "Lab &amp; &lt;Co&gt;"), ("experiments/digits/", "digits"), ("compare/both/", "Both"),
     ("reports/first/", "What [we] found")],
)  # fmt: skip
def test_a_link_to_a_page_shows_its_heading_and_a_card(lab, url, title):
    page = (lab / f"site/{url}index.html").read_text(encoding="utf-8")
    said = dict(re.findall(r'<meta property="og:([\w:]+)" content="([^"]*)">', page))

    assert said["title"] == title
    assert said["url"].startswith(f"{URL}/{url}")
    card = lab / "site" / said["image"].removeprefix(f"{URL}/")
    head = card.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", head[16:]) == (1200, 630)


def test_a_page_of_a_run_has_no_card(lab):
    assert "og:" not in (lab / "site/runs/digits/a/index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "text", ["$\\frac{1}{2}$ 日本 \U0001f600", "W" * 700, "\x00\u202e\udc80\n", ""]
)
def test_a_card_takes_any_text_and_is_the_same_for_the_same(text):
    style = load_style(layout.bundled_themes() / "default/plots.mplstyle")
    spec = card.Card(text, text, text, text)

    drawn = card.draw(spec, style)

    assert struct.unpack(">II", drawn[16:24]) == (card.WIDTH, card.HEIGHT)
    assert drawn == card.draw(spec, style)
