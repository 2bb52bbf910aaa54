"""A site's files compared: what is in them, and whether anybody touched them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def contents(site: Path) -> dict[str, bytes]:
    """Read every file of a folder."""
    return {
        path.relative_to(site).as_posix(): path.read_bytes()
        for path in sorted(site.rglob("*"))
        if path.is_file()
    }


def touched(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Note of everything in a folder what changes when somebody writes it."""
    return {
        str(path): (status.st_ino, status.st_mtime_ns, status.st_ctime_ns)
        for path in sorted(folder.rglob("*"))
        for status in [path.lstat()]
    }


def differences(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    """Name the files that only one site has or that differ, with the first line that does."""
    found = [f"only one has {name}" for name in sorted(one.keys() ^ other.keys())]
    for name in sorted(one.keys() & other.keys()):
        if one[name] != other[name]:
            pairs = zip(one[name].splitlines(), other[name].splitlines(), strict=False)
            first = next((pair for pair in pairs if pair[0] != pair[1]), ("length", "length"))
            found.append(f"{name}: {first[0]!r} is not {first[1]!r}"[:400])
    return found


def start_build(
    root: Path, *options: str, session: bool = False, **environment: str
) -> subprocess.Popen[str]:
    """Start `staticrun build` in a project; the environment is added to this one."""
    return subprocess.Popen(
        [sys.executable, "-m", "staticrun", "build", *options],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=session,
    )


def build(root: Path, *options: str, **environment: str) -> Path:
    """Build a project's site in a process of its own."""
    process = start_build(root, *options, **environment)
    out, err = process.communicate()
    if process.returncode:
        raise AssertionError(out + err)
    return root / "site"
