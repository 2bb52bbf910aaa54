"""The page of a candidate against a champion: what it says, shows, hides and leaves beside it."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from staticrun import layout
from staticrun.pages import links
from staticrun.pages.build import build
from staticrun.registry import manifests
from tests.registry.made import stage, write
from tests.registry.test_against import CANDIDATE, CHAMPION, PAIRED, table, version

if TYPE_CHECKING:
    from pathlib import Path

PAGE = layout.against_url("churn", 2, 1)
FIGURE = layout.against_figure_url("churn", 2, 1)
POLICIES = manifests.Policies(
    stages={"production": manifests.Policy(gates=("right",))}, gates={"right": PAIRED}
)
HOSTILE = '<img src=x onerror="alert(1)">{{7*7}}'


def project(root: Path, candidate: bytes = b"", champion: bytes = b"") -> Path:
    """Make a project whose production is at version 1, and with a version 2."""
    first = version(root, 1, champion or table(CHAMPION), 50 / 80)
    second = version(root, 2, candidate or table(CANDIDATE), 70 / 80)
    write(root, first, second, POLICIES, stage(1, tree=first.artifact.tree, previous=None))
    (root / "staticrun.yaml").write_text("project: {name: Churn}\n")
    return root


def text(root: Path, url: str = PAGE) -> str:
    page = (root / "site" / url).read_text(encoding="utf-8")
    main = page[page.index("<main") : page.index("</main>")]
    plain = re.sub(r"<svg.*?</svg>|<[^>]*>", " ", main, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(plain)).replace("\u202f", " ")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    root = project(tmp_path_factory.mktemp("against") / "a project")
    build(root, jobs=1)
    return root


def test_the_page_says_who_is_better_and_for_whom_not(whole):
    said = text(whole)
    assert "Better on acc by 0.25 than version 1 . Worse for 1 of 4 slices." in said
    assert "production: one gate passes." in said
    assert re.search(r"acc 0\.8750 0\.6250 \+0\.25 better \+0\.\d+ to \+0\.\d+ <?0\.0", said)
    assert "bootstrap, 80 examples" in said
    assert re.search("light night 20 0\\.500 1\\.000 \u22120\\.5 worse", said)
    assert "4 slices looked at: of so many, hardly one would seem worse by chance alone." in said
    assert "right where the other is wrong for 30 examples" in said
    assert "Only the champion is right" in said
    assert "r30 cat ox cat" in said
    assert "20 more examples not listed." in said
    assert "eval.csv files" in said


def test_every_link_leads_somewhere_and_the_version_leads_to_it(whole):
    assert [str(finding) for finding in links.check(whole / "site")] == []
    of = whole / "site" / layout.model_version_url("churn", 2)
    assert f'href="../../../{PAGE}"' in of.read_text()


def test_the_figure_stands_beside_the_page_as_a_picture(whole):
    data = (whole / "site" / FIGURE).read_bytes()
    assert data.startswith(b"\x89PNG")
    page = (whole / "site" / PAGE).read_text()
    [picture] = set(re.findall(r'href="[./]*(o/\w\w/\w+\.png)"', page))
    assert (whole / "site" / picture).read_bytes() == data
    label = 'aria-label="Gain in acc. all examples: 0.25, '
    assert label in page
    assert "light night: \u22120.5" in page


def test_a_build_of_nothing_new_keeps_page_and_picture(tmp_path):
    root = project(tmp_path / "p")
    build(root, jobs=1)
    before = {path: path.read_bytes() for path in (root / "site").rglob("*") if path.is_file()}
    again = build(root, jobs=1)
    assert (again.made, again.written, again.removed) == (0, (), ())
    # A lost picture comes back, and so does everything without a cache, byte for byte.
    (root / "site" / FIGURE).unlink()
    build(root, jobs=1)
    assert {path: path.read_bytes() for path in before} == before


def test_another_champion_takes_the_page_with_it(tmp_path):
    root = project(tmp_path / "p")
    build(root, jobs=1)
    (root / layout.RegistryFile("stage", "churn", stage="production").path).unlink()
    build(root, jobs=1)
    assert not (root / "site" / PAGE).exists()
    assert not (root / "site" / FIGURE).exists()


def test_texts_of_strangers_are_texts(tmp_path):
    light = [HOSTILE] * 40 + ["b"] * 40
    quoted = ['"' + one.replace('"', '""') + '"' for one in light]
    root = project(tmp_path / "p", table(CANDIDATE, quoted), table(CHAMPION, quoted))
    build(root, jobs=1)
    page = (root / "site" / PAGE).read_text()
    assert "<img" not in page
    assert "&lt;img src=x onerror=" in page
    assert "{{7*7}}" in page


def test_edited_predictions_are_said_and_nothing_is_drawn_of_them(tmp_path):
    root = project(tmp_path / "p")
    (root / "runs/exp/2/artifacts/model/eval.csv").write_bytes(table(CHAMPION))
    build(root, jobs=1)
    said = text(root)
    assert "right: " in said
    assert "has other bytes" in said
    assert "one gate fails" in said
    assert "Slices" not in said
    assert not (root / "site" / FIGURE).exists()


def test_what_privacy_hides_is_hidden(tmp_path):
    root = project(tmp_path / "p")
    with (root / "staticrun.yaml").open("a") as stream:
        stream.write("privacy: {redact: [summary.acc]}\n")
    build(root, jobs=1)
    page = (root / "site" / PAGE).read_text()
    assert "0.8750" not in page
    assert "r30" not in page
    assert not (root / "site" / FIGURE).exists()
