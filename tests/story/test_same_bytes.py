"""The same inputs give the same bytes, however, wherever, and whatever was built before."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from staticrun.pages import links
from staticrun.pages.build import build as build_here
from tests.story.project import Project
from tests.story.site_bytes import build, contents, differences, touched

if TYPE_CHECKING:
    from pathlib import Path

# Points of a series of which the browser is given levels, in several files.
LONG = 17_000
THREE_DAYS = 3 * 24 * 3600
ELSEWHERE = {
    "TZ": "Pacific/Chatham",
    "LC_ALL": "C",
    "LANG": "tr_TR.UTF-8",
    "PYTHONHASHSEED": "4711",
    "COLUMNS": "40",
}


def clean_copy(root: Path, to: Path) -> Path:
    """Copy a project without anything built, everything in it three days older."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(root, to, ignore=shutil.ignore_patterns("site", ".staticrun"))
    for path in [*to.rglob("*"), to]:
        old = path.stat().st_mtime - THREE_DAYS
        os.utime(path, (old, old))
    return to


@pytest.fixture
def made(tmp_path, seed) -> Project:
    project = Project(tmp_path / "here" / "project", seed)
    for _ in range(12):
        project.add_run()
    project.append(LONG)
    return project


def test_another_place_time_locale_and_number_of_workers_give_the_same_bytes(made, tmp_path):
    there = clean_copy(made.root, tmp_path / "a much longer path" / "elsewhere" / "project")

    here = contents(build(made.root, "--jobs", "1", TZ="UTC", PYTHONHASHSEED="1"))
    elsewhere = contents(build(there, "--jobs", "2", **ELSEWHERE))

    assert len(here) > 20
    assert any(b'{\\"buckets\\":' in data for name, data in here.items() if name.endswith(".js"))
    assert differences(here, elsewhere) == []


@pytest.mark.slow
def test_a_page_names_no_folder_of_the_machine(made):
    site = contents(build(made.root))
    folder = str(made.root.parent).encode()

    assert [name for name, data in site.items() if folder in data] == []


def test_a_build_with_nothing_changed_writes_nothing(made):
    build(made.root)
    before = touched(made.root)

    build(made.root)

    assert touched(made.root) == before


@pytest.mark.slow
def test_a_touched_but_unchanged_project_keeps_its_site_as_it_is(made):
    site = build(made.root)
    before = touched(site)
    for path in (made.root / "runs").rglob("*"):
        os.utime(path)

    build(made.root)

    assert touched(site) == before


def changes_then_compare(made: Project, tmp_path: Path, steps: int, **environment: str) -> None:
    build_here(made.root, jobs=1)
    for number in range(steps):
        change = made.step()
        build_here(made.root, jobs=1 + number % 2)

        clean = build(
            clean_copy(made.root, tmp_path / "clean"), "--jobs", str(2 - number % 2), **environment
        )
        found = differences(contents(made.root / "site"), contents(clean))
        assert (number, change, found) == (number, change, [])
        assert [str(finding) for finding in links.check(made.root / "site")] == []


def test_after_each_change_the_site_is_the_one_that_a_clean_build_gives(made, tmp_path):
    changes_then_compare(made, tmp_path, 2, **ELSEWHERE)


@pytest.mark.slow
@pytest.mark.parametrize("other_seed", range(8))
def test_after_many_changes_the_site_is_the_one_that_a_clean_build_gives(tmp_path, other_seed):
    project = Project(tmp_path / "here" / "project", other_seed)
    for _ in range(5):
        project.add_run()

    changes_then_compare(project, tmp_path, 12)


@pytest.mark.slow
def test_without_its_cache_the_site_stays_as_it_is(made):
    site = build(made.root)
    before = touched(site)
    shutil.rmtree(made.root / ".staticrun")

    build(made.root)

    assert touched(site) == before


@pytest.mark.slow
def test_a_page_that_somebody_changed_or_took_away_comes_back(made):
    site = build(made.root)
    before = contents(site)
    pages = sorted(site.rglob("index.html"))
    pages[0].write_text("not this")
    pages[-1].unlink()
    next(path for path in sorted((site / "o").rglob("*")) if path.is_file()).unlink()

    build(made.root)

    assert differences(before, contents(site)) == []
