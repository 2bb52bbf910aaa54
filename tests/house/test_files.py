"""The tree itself: rooms of a size that can be read, and nothing in git that must not be there."""

from __future__ import annotations

import re
import statistics
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BANNED_NAMES = {"utils", "util", "helpers", "common", "misc", "core", "manager", "base"}
TEXT_LIMIT = 1_000_000
RUNS_LIMIT = 8_000_000
# Spelled in parts, so that this file does not name what it forbids.
INDEX_HOSTS = ("pypi" + ".org", "python" + "hosted.org", "registry.npm" + "js.org")
INDEX_LINES = re.compile(
    r'"resolved"\s*:|^\s*-?-?(?:extra-)?index-url\b|^\s*--find-links\b|registry\s*=\s*"?https?://',
    re.MULTILINE,
)
# People's own folders; `/home/ada` is nobody's and stands in examples.
MACHINE_PATH = re.compile(r"(?<![\w.:/-])/(?:(?:root|work|Users)/|home/(?!ada\b))[A-Za-z]")


def tracked() -> list[Path]:
    """List the files that git keeps and that are there."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True
    ).stdout
    paths = [ROOT / name for name in listed.decode().split("\0") if name]
    return [path for path in paths if path.is_file() and not path.is_symlink()]


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_python_file_is_a_hall():
    long = {
        str(path.relative_to(ROOT)): lines(path)
        for path in python_files("staticrun", "tests", "examples")
        if lines(path) > 500
    }

    assert long == {}


def test_half_of_the_files_have_at_most_150_lines():
    sizes = [lines(path) for path in python_files("staticrun") if lines(path) > 5]

    assert statistics.median(sizes) <= 150


def test_every_file_is_named_by_what_is_in_it():
    named = [
        *python_files("staticrun"),
        *(p for p in (ROOT / "staticrun").iterdir() if p.is_dir()),
    ]

    assert [str(path) for path in named if path.stem in BANNED_NAMES] == []


def test_git_keeps_no_address_of_a_package_index():
    found = []
    for path in tracked():
        text = path.read_text(encoding="utf-8", errors="replace")
        if any(host in text for host in INDEX_HOSTS) or (
            path.suffix != ".md" and path != Path(__file__) and INDEX_LINES.search(text)
        ):
            found.append(str(path.relative_to(ROOT)))

    assert found == []


def test_git_keeps_no_path_of_a_machine():
    found = []
    for path in tracked():
        text = path.read_text(encoding="utf-8", errors="replace")
        match = MACHINE_PATH.search(text)
        if match or f"{ROOT}/" in text:
            found.append(f"{path.relative_to(ROOT)}: {match[0] if match else ROOT}")

    assert found == []


def test_git_keeps_no_file_over_a_megabyte():
    sizes = {str(path.relative_to(ROOT)): path.stat().st_size for path in tracked()}

    assert {name: size for name, size in sizes.items() if size > TEXT_LIMIT} == {}


def test_the_runs_of_the_demo_stay_small():
    runs = [path for path in tracked() if path.is_relative_to(ROOT / "runs")]

    assert sum(path.stat().st_size for path in runs) < RUNS_LIMIT


def test_git_keeps_nothing_built():
    built = re.compile(r"node_modules|\.min\.js$|\.bundle\.js$|__pycache__|^dist/|^\.venv")
    names = [path.relative_to(ROOT).as_posix() for path in tracked()]

    assert [name for name in names if built.search(name)] == []
    assert [name for name in names if name.startswith("site/")] in ([], ["site/.gitignore"])


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-examples.txt"])
def test_a_smaller_lock_agrees_with_the_lock_of_developers(name):
    pins = re.compile(r"^([\w.-]+==\S+)", re.MULTILINE)
    small, large = (
        set(pins.findall((ROOT / ".ci" / file).read_text(encoding="utf-8")))
        for file in (name, "requirements-dev.txt")
    )

    assert small
    assert small - large == set()


@pytest.mark.parametrize(
    "name", ["requirements.txt", "requirements-dev.txt", "requirements-frames.txt"]
)
def test_a_lock_has_a_hash_for_every_package(name):
    text = (ROOT / ".ci" / name).read_text(encoding="utf-8")
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]

    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_lock_of_the_web_checks_has_hashes_and_no_addresses():
    text = (ROOT / "tests/web/package-lock.json").read_text(encoding="utf-8")

    assert text.count('"node_modules/') == text.count('"integrity"') > 0
    assert '"resolved"' not in text
