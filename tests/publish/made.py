"""Sites to publish: small ones by hand, and real ones built once for a module."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
from typing import TYPE_CHECKING

import msgspec

from staticrun import config, files, layout, receipts
from staticrun.publish import Order, publish
from staticrun.receipts import Receipt

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from staticrun.publish import Published


def sh(folder: Path, *words: str) -> str:
    """Run git as a person would."""
    done = subprocess.run(
        ["git", *words], cwd=folder, check=False, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, f"{words}\n{done.stderr}"
    return done.stdout.strip()


def bare(path: Path) -> Path:
    """Make a remote."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sh(path.parent, "init", "--quiet", "--bare", "--initial-branch=main", str(path))
    return path


def site(folder: Path, pages: Mapping[str, str]) -> Path:
    """Write a site by hand: URL → text, with an object that each page needs."""
    shutil.rmtree(folder, ignore_errors=True)
    for url, text in {"index.html": "front", ".nojekyll": "", **pages}.items():
        files.write_atomic(folder / url, text.encode())
    return folder


def thing(text: str) -> str:
    """Give the URL of an object with a text."""
    return layout.object_url(files.sha256(text.encode()), "txt")


def version(folder: Path, name: str, text: str, *, time: float = 1.0) -> Receipt:
    """Freeze a version by hand: a page, and an object that it alone needs."""
    page, one = f"<a href='../../{thing(text)}'>{text}</a>".encode(), thing(text)
    files.write_atomic(folder / one, text.encode())
    files.write_atomic(folder / layout.version_url(name) / "index.html", page)
    entries = {"index.html": files.sha256(page)}
    made = Receipt(
        format=1,
        name=name,
        time=time,
        commit=None,
        rebuildable=False,
        tools={},
        inputs={},
        runs={},
        entries=entries,
        objects=(one,),
        root=receipts.root_digest(entries, {one}),
    )
    place = folder / layout.version_url(name) / receipts.NAME
    files.write_atomic(place, msgspec.json.encode(made))
    return made


def send(root: Path, built: Path, **order: object) -> Published:
    """Publish a site of a project."""
    settings, findings = config.load(root)
    assert findings == []
    return publish(built, settings, Order(**order))  # type: ignore[arg-type]


def published(remote: Path, branch: str = "gh-pages") -> dict[str, bytes]:
    """Read what a branch of a remote holds."""
    packed = subprocess.run(
        ["git", "archive", "--format=tar", branch], cwd=remote, check=True, capture_output=True
    ).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        return {one.name: tar.extractfile(one).read() for one in tar if one.isfile()}  # type: ignore[union-attr]


def contents(folder: Path) -> dict[str, bytes]:
    """Read every file of a folder, but for the lock."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".publish.lock"
    }
