"""Putting a build in place: lock, stage, commit, sweep.

Objects are written while pages are made; they are named by content and disturb nothing. Pages
wait in a stage and are moved in at the end, leaf pages first, entry points after them, the front
page last. Only then is taken away what nobody refers to. A build that stops before the commit
has changed nothing that the old site shows.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

from staticrun import files
from staticrun.errors import UserError, unwritable

if TYPE_CHECKING:
    from collections.abc import Iterator

# What of a site is the builder's own, and so may be swept.
OWNED = (
    "runs",
    "experiments",
    "compare",
    "registry",
    "reports",
    "badges",
    "versions",
    "o",
    "v",
)
MARK = ".nojekyll"
LOCK = "build.lock"
# Seconds for which a page that is being loaded may still ask for what has been removed.
ASIDE_S = 60.0


@contextlib.contextmanager
def lock(cache: Path) -> Iterator[None]:
    """Keep a second build out while one runs; it ends with the process, however that ends.

    Raises:
        UserError: When another build holds it, or the cache folder cannot be written.
    """
    try:
        cache.mkdir(exist_ok=True)
        ignore = cache / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
        descriptor = os.open(cache / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        try_ = "copy the project to where it can be written, and build there"
        raise unwritable(error, f"{cache.name}/", try_=try_) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise UserError(
                f"{cache.name}/{LOCK}",
                "another build of this project is running",
                try_="wait for it to end, or stop it",
            ) from error
        yield
    finally:
        os.close(descriptor)


def check_folder(site: Path) -> None:
    """Refuse to build into a folder that is not a site of ours.

    Raises:
        UserError: When it holds other things, so that nobody's files are swept.
    """
    if site.exists() and not site.is_dir():
        raise UserError(str(site.name), "is a file", "a folder for the site")
    names = {path.name for path in site.iterdir()} if site.is_dir() else set()
    if names - {".gitignore", ".git", "o"} and MARK not in names:
        raise UserError(
            f"{site.name}/",
            f"holds files that are not a site of staticrun ({min(names)!r})",
            "an empty folder, or one that an earlier build wrote",
            "staticrun build --out OTHER_FOLDER",
        )


class Stage:
    """Pages that wait to be put in place.

    Args:
        folder: A folder in the cache; emptied first.
    """

    def __init__(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        self._folder = folder
        self._waiting: dict[str, Path] = {}

    def add(self, url: str, body: bytes) -> None:
        """Keep a page's bytes."""
        path = self._folder / str(len(self._waiting))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        self._waiting[url] = path

    def commit(self, site: Path, order: list[str]) -> list[str]:
        """Move all pages into the site.

        Args:
            site: The site's folder.
            order: URLs, the first to go first.

        Returns:
            URLs of the pages whose bytes changed; the others were not touched.
        """
        written = []
        for url in order:
            if url not in self._waiting:
                continue
            body = self._waiting[url].read_bytes()
            if files.write_if_different(site / url, body):
                written.append(url)
        self.drop()
        return written

    def drop(self) -> None:
        """Forget everything that waits."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._waiting.clear()


def sweep(site: Path, keep: set[str], aside: Path | None = None) -> list[str]:
    """Remove what is the builder's own and nobody refers to, and the folders left empty.

    Args:
        site: The site's folder.
        keep: URLs of all pages, objects and other files of the newest state and all versions.
        aside: A folder for what is removed, by URL, for pages that are being loaded now; emptied
            of what was put there `ASIDE_S` ago. None removes at once.

    Returns:
        URLs of the files removed.
    """
    removed = []
    if aside is not None:
        _forget(aside)
    # The script, the styles and the fonts of every page, named by their content; what not every
    # site has; and what a build that was killed had begun to write.
    common = [
        path
        for mark in ("app[.-]*", "feed.xml", "registry.json", ".tmp-*")
        for path in site.glob(mark)
    ]
    for path in [path for path in common if path.name not in keep]:
        _remove(path, aside and aside / path.name)
        removed.append(path.name)
    for name in OWNED:
        for parent, _, names in os.walk(site / name, topdown=False):
            above = Path(parent).relative_to(site).as_posix()
            for file in names:
                url = f"{above}/{file}"
                if url not in keep:
                    _remove(site / url, aside and aside / url)
                    removed.append(url)
            with contextlib.suppress(OSError):
                Path(parent).rmdir()  # fails while anything is in it, which is meant
    return sorted(removed)


def _remove(path: Path, aside: Path | None) -> None:
    if aside is not None:
        # A disk that has no room for it must not keep the new site from being the only one.
        with contextlib.suppress(OSError):
            aside.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, aside)
            os.utime(aside)
    path.unlink(missing_ok=True)


def _forget(aside: Path) -> None:
    """Drop what was put aside long ago."""
    long_ago = time.time() - ASIDE_S
    for path in aside.rglob("*"):
        if path.is_file() and path.stat().st_mtime < long_ago:
            path.unlink()


def explain(error: OSError, site: Path) -> UserError:
    """Say what a failed write means."""
    near = site.is_relative_to(Path.cwd())
    where = f"{site.relative_to(Path.cwd()) if near else site}/"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        free = shutil.disk_usage(site if site.exists() else site.parent).free
        what = f"the disk is full ({free:,} bytes are free); the old site is as it was"
        try_ = "make room, or set artifacts.max lower in staticrun.yaml, and build again"
        return UserError(where, what, "room for the new one", try_)
    what = f"the old site is as it was; {error.filename or where} cannot be written"
    return unwritable(error, where, what, "staticrun build --out OTHER_FOLDER")
