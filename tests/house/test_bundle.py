"""The browser's bundle: its size, its licences, and that the same sources give the same bytes."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
from pathlib import Path

import pytest

from staticrun import layout
from staticrun.pages import bundle
from tests.browser.html import node

ROOT = Path(__file__).parents[2]
WEB = ROOT / "staticrun/web"
SCRIPT_LIMIT = 80_000
FONTS_LIMIT = 200_000


@pytest.fixture(scope="module")
def made() -> bundle.Bundle:
    return bundle.load()


def test_the_script_stays_small(made):
    assert len(gzip.compress(made.script, 9)) < SCRIPT_LIMIT


def test_the_fonts_stay_small_and_the_styles_name_each(made):
    assert made.fonts
    assert sum(map(len, made.fonts.values())) < FONTS_LIMIT
    assert [name for name in made.fonts if name.encode() not in made.css] == []


def test_the_licence_of_everything_bundled_travels(made):
    text = made.licences.decode()
    declared = json.loads((WEB / "package.json").read_text(encoding="utf-8"))["dependencies"]
    sources = "".join(path.read_text(encoding="utf-8") for path in (WEB / "src").rglob("*.*"))
    used = [name for name in declared if re.search(rf'"{name}[/"]', sources)]

    assert used
    assert [name for name in used if f"{name} " not in text] == []


def test_the_script_asks_for_nothing_that_a_local_page_cannot_have(made):
    forbidden = [b"fetch(", b"XMLHttpRequest", b"eval(", b"new Function", b"import("]

    assert [word for word in forbidden if word in made.script] == []


def test_the_sources_make_no_markup_of_data():
    found = {
        path.name: word
        for path in (WEB / "src").rglob("*.ts*")
        for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "dangerouslySet")
        if word in path.read_text(encoding="utf-8")
    }

    assert found == {}


@pytest.mark.slow
def test_the_same_sources_give_the_same_bytes(tmp_path):
    subprocess.run([node(), "build.mjs", tmp_path / "again"], cwd=WEB, check=True)

    again = {path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()}
    built = {
        path.name: path.read_bytes() for path in layout.bundle().iterdir() if path.name != "stamp"
    }
    assert again.keys() == built.keys()
    assert [name for name in again if again[name] != built[name]] == []
