"""A publication that is killed leaves a whole site, the old one or the new one."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from random import Random

import pytest

from tests.publish.made import bare, contents, published, send, sh, site, thing

ROOT = Path(__file__).parents[2]
PAGES = 60
# Says when it begins, and does what `staticrun publish --no-build` does.
PUBLISH = """\
import json, sys
from pathlib import Path
from staticrun import config
from staticrun.publish import Order, publish
root, built, order = Path(sys.argv[1]), Path(sys.argv[2]), Order(**json.loads(sys.argv[3]))
settings = config.load(root)[0]
print("begins", flush=True)
publish(built, settings, order)
"""


class Links(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, _tag, attrs):
        self.found += [value for name, value in attrs if name == "href"]


def state(folder: Path, number: int) -> Path:
    """Write a site of which every file is another one in each state, and some are of one only."""
    pages = {}
    for page in range(number % 7, PAGES):
        text = f"page {page} of state {number}"
        pages[thing(text)] = text
        pages[f"runs/r{page}/index.html"] = f"<a href='../../{thing(text)}'>{text}</a>"
    leads = "".join(f"<a href='{url}'>r</a>" for url in pages if url.startswith("runs/"))
    return site(folder, {**pages, "index.html": f"state {number}: {leads}"})


def assert_whole(held: dict[str, bytes], states: list[dict[str, bytes]]) -> None:
    """Assert that from the front page on every page is one of a state, and all links lead on."""
    waiting, seen = ["index.html"], set()
    while waiting:
        url = waiting.pop()
        if url in seen:
            continue
        seen.add(url)
        assert url in held, f"{url} is not there"
        assert held[url] in [one.get(url) for one in states], f"{url} is torn"
        if url.endswith(".html"):
            folder = PurePosixPath(url).parent
            for link in Links(held[url].decode()).found:
                parts: list[str] = []
                for part in (folder / link).parts:
                    parts = parts[:-1] if part == ".." else [*parts, part]
                waiting.append("/".join(parts))
    assert len(seen) > PAGES


def wait_until_alone(folder: Path) -> None:
    """Come back when no process works in a folder any more: git ends what it has begun."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        lines = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                lines.append(path.read_bytes())
            except OSError:
                continue
        if not any(str(folder).encode() in line for line in lines):
            return
        time.sleep(0.01)
    raise AssertionError("a process is left")


def kill(project: Path, built: Path, order: dict[str, str], seconds: float) -> None:
    words = [str(project), str(built), json.dumps(order)]
    with subprocess.Popen(
        [sys.executable, "-c", PUBLISH, *words], cwd=ROOT, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begins\n"
        time.sleep(seconds)
        process.kill()


def kill_at_moments(project: Path, kind: str, times: int, seed: int) -> set[bytes]:
    """Kill a publication at random moments, each of one state after another.

    Returns:
        The front pages that were there after a kill.
    """
    remote = bare(project.parent / "remote.git")
    target = {"branch": "branch:pages", "folder": "folder:../public"}[kind]
    order = {"to": target, "remote": str(remote)}
    made = [state(project.parent / f"site {number}", number) for number in (0, 1)]
    states = [contents(one) for one in made]
    began = time.perf_counter()
    send(project, made[0], **order)
    lasts = time.perf_counter() - began
    random, ended = Random(seed), set[bytes]()
    for number in range(1, times + 1):
        kill(project, made[number % 2], order, random.uniform(0, 1.5 * lasts))
        wait_until_alone(project.parent)
        folder = project.parent / "public"
        held = published(remote, "pages") if kind == "branch" else contents(folder)
        assert_whole(held, states)
        ended.add(held["index.html"])

    send(project, made[0], **order)
    held = published(remote, "pages") if kind == "branch" else contents(folder)
    assert states[0].items() <= held.items()
    assert_whole(held, states[:1])
    if kind == "branch":
        sh(remote, "fsck", "--strict")
    else:
        assert not list(folder.rglob(".tmp-*"))
    return ended


@pytest.mark.parametrize("kind", [pytest.param("branch", marks=pytest.mark.slow), "folder"])
def test_a_killed_publication_leaves_a_whole_site(project, kind, seed):
    kill_at_moments(project, kind, 5, seed)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["branch", "folder"])
def test_a_publication_killed_at_any_of_many_moments_leaves_a_whole_site(project, kind, seed):
    assert len(kill_at_moments(project, kind, 50, seed + 1)) == 2
