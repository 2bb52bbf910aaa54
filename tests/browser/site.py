"""A built site as a reader meets it: which pages it has, and over which address they come."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
# What of this repository is a project; the rest is the program, which must not be found there.
PROJECT = ("staticrun.yaml", "runs", "registry", "reports")
KINDS = {
    "project": ("index.html",),
    "experiment": ("experiments/**/index.html",),
    "run": ("runs/**/index.html",),
    "comparison": ("compare/*/index.html",),
    "comparisons": ("compare/index.html",),
    "report": ("reports/*/index.html", "reports/*/*/index.html"),
    "reports": ("reports/index.html",),
    "registry": ("registry/index.html",),
    "model": ("registry/[!t]*/index.html",),
    "version": ("registry/*/*/index.html",),
    "against": ("registry/*/*/against-*/index.html",),
    "promotions": ("registry/timeline/index.html",),
    "missing": ("404.html",),
}


def copy_project(folder: Path) -> Path:
    """Copy this repository's own project, its history with it, into a folder that is not there."""
    folder.mkdir(parents=True)
    for name in PROJECT:
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, folder / name, symlinks=True, ignore=ignored)
        elif source.exists():
            shutil.copy2(source, folder / name)
    if (ROOT / ".git").is_dir():
        shutil.copytree(ROOT / ".git", folder / ".git", symlinks=True)
    return folder


def build(project: Path) -> Path:
    """Build a project's site by the command that people use, and give its folder."""
    done = subprocess.run(
        [sys.executable, "-m", "staticrun", "build"],
        cwd=project,
        env=environment(),
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise AssertionError(done.stdout + done.stderr)
    return project / "site"


def environment() -> dict[str, str]:
    """Give this environment, in which a child finds staticrun as this process did."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def pages(site: Path) -> list[str]:
    """List the URLs of all pages."""
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))


def one_of_each(site: Path) -> dict[str, str]:
    """Give one page of each kind that the site has: the largest, which shows the most."""
    found = {}
    for kind, patterns in KINDS.items():
        paths = [path for pattern in patterns for path in site.glob(pattern)]
        if paths:
            largest = max(paths, key=lambda path: (path.stat().st_size, str(path)))
            found[kind] = largest.relative_to(site).as_posix()
    return found


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on loopback; give the address, which ends with a slash."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextlib.contextmanager
def hosted(site: Path) -> Iterator[str]:
    """Serve a site below a path, as a host of project pages does; give its address."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "team").mkdir()
        Path(folder, "team", "project").symlink_to(site)
        with served(Path(folder)) as address:
            yield f"{address}team/project/"
