"""A build that is killed or stopped leaves a whole site, and the next one makes it right."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from staticrun.pages import links
from tests.story.project import Project
from tests.story.site_bytes import build, contents, differences, start_build, touched

if TYPE_CHECKING:
    import subprocess

PATIENCE = 60.0


@pytest.fixture
def made(tmp_path, seed) -> Project:
    """Make a project whose site is built, and which has changed a lot since."""
    project = Project(tmp_path / "project", seed)
    for _ in range(12):
        project.add_run(ended=False)
    build(project.root)
    return project


def change_everything(project: Project) -> None:
    for _ in range(8):
        project.append()
    project.add_run()
    project.delete_run()
    project.write_report()
    project.describe()


def wait_for_first_write(process: subprocess.Popen[str], site: Path) -> None:
    """Come back when the first page of the old site is replaced: the middle of the commit."""
    pages = {path: path.stat().st_ino for path in site.rglob("*.html")}
    end = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < end:
        for path, inode in pages.items():
            try:
                if path.stat().st_ino != inode:
                    return
            except FileNotFoundError:
                return


def assert_whole(site: Path, old: dict[str, bytes], new: dict[str, bytes]) -> None:
    """Assert that each page is the old or the new one, and that everything they need is there."""
    now = contents(site)
    pages = {name: data for name, data in now.items() if name.endswith(".html")}
    torn = [name for name, data in pages.items() if data not in (old.get(name), new.get(name))]
    assert torn == []
    assert "index.html" in pages
    assert [str(finding) for finding in links.check(site)] == []


def left_over(session: int) -> list[str]:
    """List the processes of a session that still run, as the kernel knows them."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text()
            fields = stat.rpartition(")")[2].split()
            if int(fields[3]) == session and fields[0] not in "ZX":
                found.append((folder / "cmdline").read_text().replace("\0", " "))
        except (OSError, ValueError):
            continue
    return found


def wait_until_gone(session: int) -> list[str]:
    end = time.monotonic() + PATIENCE
    while (running := left_over(session)) and time.monotonic() < end:
        time.sleep(0.05)
    return running


def kill_and_check(made: Project, tmp_path: Path, moments: list[float | None]) -> None:
    """Kill a build at each moment (seconds after its start; None: as it begins to write)."""
    for moment in moments:
        site = made.root / "site"
        old = contents(site)
        change_everything(made)
        build(made.root, "--out", str(tmp_path / "expected"))
        new = contents(tmp_path / "expected")
        process = start_build(made.root, "--jobs", "2", session=True)
        if moment is None:
            wait_for_first_write(process, site)
        else:
            time.sleep(moment)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()

        assert_whole(site, old, new)
        assert wait_until_gone(process.pid) == []
        build(made.root)
        assert differences(new, contents(site)) == []


def test_a_killed_build_leaves_a_whole_site_and_the_next_one_is_right(made, tmp_path):
    kill_and_check(made, tmp_path, [None])


@pytest.mark.slow
def test_a_build_killed_at_any_moment_leaves_a_whole_site(made, tmp_path, seed):
    random = Random(seed + 1)
    moments = [None if number % 3 == 0 else random.uniform(0.0, 5.0) for number in range(24)]

    kill_and_check(made, tmp_path, moments)


def test_a_build_stopped_by_hand_says_so_and_changes_nothing(made):
    site = made.root / "site"
    before = touched(site)
    change_everything(made)
    process = start_build(made.root, "--jobs", "2", session=True)
    lock = made.root / ".staticrun" / "stage"
    end = time.monotonic() + PATIENCE
    while not lock.exists() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.002)
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate()

    pages = [path for path in before if path.endswith(".html")]
    after = touched(site)
    assert process.returncode == 130, told
    assert "Traceback" not in told
    assert [path for path in pages if after.get(path) != before[path]] == []
    assert wait_until_gone(process.pid) == []


def test_two_builds_of_one_project_do_not_meet(made):
    made.reconfigure()
    first = start_build(made.root, "--jobs", "1", session=True)
    lock = made.root / ".staticrun" / "stage"
    end = time.monotonic() + PATIENCE
    while not lock.exists() and first.poll() is None and time.monotonic() < end:
        time.sleep(0.002)
    os.kill(first.pid, signal.SIGSTOP)
    second = start_build(made.root)
    _, told = second.communicate()
    os.kill(first.pid, signal.SIGCONT)
    first.communicate()

    assert second.returncode == 1
    assert told == (
        "staticrun: .staticrun/build.lock: another build of this project is running.\n"
        "  Try: wait for it to end, or stop it\n"
    )
    assert first.returncode == 0
