"""The files of a built site that go out."""

from __future__ import annotations

import os
import re
from pathlib import Path
from stat import S_ISREG

from staticrun.errors import UserError
from staticrun.publish import mark

# Git's own, and what a build that was killed may have left.
_NOT_OURS = re.compile(r"\.git|\.gitignore|\.tmp-.*", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def listed(site: Path) -> dict[str, Path]:
    """List the files of a site: URL → path.

    Regular files alone: a link could lead to anything on this machine.

    Raises:
        UserError: When it is no built site, or a file's name could not stand in a URL.
    """
    if not (site / "index.html").is_file():
        raise UserError(
            f"{site.name}/", "is no built site: it has no index.html", try_="staticrun build"
        )
    found = {}
    for parent, folders, names in os.walk(site):
        folders[:] = [name for name in folders if not _NOT_OURS.fullmatch(name)]
        above = Path(parent).relative_to(site).as_posix()
        for name in names:
            if _NOT_OURS.fullmatch(name) or name == mark.NAME:
                continue
            url = name if above == "." else f"{above}/{name}"
            path = Path(parent, name)
            if not S_ISREG(path.lstat().st_mode):
                continue
            if _CONTROL.search(url) or not url.isprintable() or "\\" in url:
                what = f"the name {url!r} cannot be published"
                raise UserError(f"{site.name}/", what, "plain characters", "staticrun build")
            found[url] = path
    return found


def order(url: str) -> tuple[int, int, str]:
    """Give a sort key by which files are written: what is referred to before what refers to it.

    Objects, versions, each version's receipt after its pages, run pages, other pages, entry
    points, and the front page last.
    """
    top = url.partition("/")[0]
    if top == "o" or top.startswith("app"):
        return 0, 0, url
    if top == "v":
        return 1, url.endswith("/receipt.json"), url
    if "/" not in url:
        return 4, url == "index.html", url
    return (2 if top == "runs" else 3), 0, url
