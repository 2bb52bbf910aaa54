"""Publishing into a folder, which a server, or a tool that copies folders, gives out.

Whoever reads meanwhile finds every page's files: first comes what pages need, then the pages, the
front page last; only then goes what nobody needs. What did not change is not written, so that its
time tells a tool that copies what to copy.
"""

from __future__ import annotations

import fcntl
import os
import re
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from staticrun import files
from staticrun.errors import UserError, unwritable
from staticrun.publish import mark, site
from staticrun.publish.place import Done

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from staticrun.publish.place import Place
    from staticrun.publish.plan import Plan

LOCK = ".publish.lock"
_TEMPORARY = re.compile(r"\.tmp-[^/]*")
_OBJECT = re.compile(r"(?:.*/)?o/[0-9a-f]{2}/[0-9a-f]{32}\.\w+")


class Folder:
    """A folder and what is in it: a place.

    Args:
        path: The folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sizes: dict[str, int] = {}
        left: list[Path] = []
        for parent, folders, names in os.walk(path):
            folders[:] = [name for name in folders if name != ".git"]
            above = Path(parent).relative_to(path).as_posix()
            for name in names:
                file = Path(parent, name)
                if _TEMPORARY.fullmatch(name):  # of a publisher that was killed
                    left.append(file)
                elif name != LOCK:
                    url = name if above == "." else f"{above}/{name}"
                    self.sizes[url] = file.lstat().st_size
        self._left = left

    def tidy(self) -> None:
        """Remove what a publisher that was killed has left; nobody else writes here now."""
        for file in self._left:
            file.unlink(missing_ok=True)

    def read(self, urls: Sequence[str]) -> Iterator[bytes]:
        """Read files, in the order given."""
        return ((self.path / url).read_bytes() for url in urls)

    def put(self, plan: Plan, *, dry_run: bool = False) -> Done:
        """Put a plan in place.

        Raises:
            OSError: When the folder cannot be written. What was published before is whole then.
        """
        todo = [url for url in plan.files if self._differs(url, plan.files[url])]
        gone = self.sizes.keys() - plan.files.keys()
        # What stays for one more publication stays as long as there is no other.
        if all(url.rpartition("/")[2] == mark.NAME for url in todo) and gone <= plan.grace:
            return Done(plan, None, 0, 0)
        if not dry_run:
            for url in sorted(todo, key=_order):
                files.write_atomic(self.path / url, _data(plan.files[url]))
            for url in gone:
                (self.path / url).unlink(missing_ok=True)
            self._drop_empty({Path(url).parent for url in gone})
        return Done(plan, None, len(todo), len(gone))

    def _differs(self, url: str, source: Path | bytes | None) -> bool:
        if source is None:
            return False
        size = source.stat().st_size if isinstance(source, Path) else len(source)
        if self.sizes.get(url) != size:
            return True
        # An object is named by its content: what is there with its name and size is it.
        return not _OBJECT.fullmatch(url) and (self.path / url).read_bytes() != _data(source)

    def _drop_empty(self, folders: set[Path]) -> None:
        for folder in sorted(folders, key=lambda one: len(one.parts), reverse=True):
            for one in (folder, *folder.parents):
                if one != Path():
                    with suppress(OSError):  # fails while anything is in it, which is meant
                        (self.path / one).rmdir()


def copy(path: Path, built: Path, make: Callable[[Place], Plan], *, dry_run: bool) -> Done:
    """Publish what a plan says into a folder.

    Args:
        path: The folder; made when it is not there.
        built: The site's own folder.
        make: Plans, from what is published.
        dry_run: Only plan.

    Raises:
        UserError: When the folder is the site's own, or cannot be written.
    """
    _check(path, built)
    with locked(path) as found:
        try:
            if not dry_run:
                found.tidy()
            return found.put(make(found), dry_run=dry_run)
        except OSError as error:
            what = "cannot be written; what was published before is whole"
            raise unwritable(error, str(path), what) from error


def _data(source: Path | bytes | None) -> bytes:
    return source.read_bytes() if isinstance(source, Path) else source or b""


def _order(url: str) -> tuple[bool, tuple[int, int, str]]:
    return url.rpartition("/")[2] == mark.NAME, site.order(url)


@contextmanager
def locked(path: Path) -> Iterator[Folder]:
    """Open a folder for publishing; made when it is not there. A second publisher waits.

    Raises:
        UserError: When it cannot be written.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise unwritable(error, str(path)) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield Folder(path)
    finally:
        os.close(descriptor)


def _check(path: Path, built: Path) -> None:
    """Refuse a folder that is the built site, lies in it, or holds it.

    Raises:
        UserError: When it is one of them.
    """
    one, other = path.resolve(), built.resolve()
    if one.is_relative_to(other) or other.is_relative_to(one):
        raise UserError(
            f"folder:{path}",
            "is the site's own folder, lies in it or holds it",
            "a folder of its own",
            "staticrun publish --to folder:../public",
        )
