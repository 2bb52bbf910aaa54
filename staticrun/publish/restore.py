"""Versions that the site's folder lacks come back from where they were published."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from staticrun import files, layout, receipts
from staticrun.git.bare import open_bare
from staticrun.git.remote import remote as find_remote
from staticrun.publish.branch import CACHE, Branch
from staticrun.publish.folder import Folder
from staticrun.publish.place import Nothing, target
from staticrun.publish.plan import Below

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from staticrun.config import Config
    from staticrun.publish.place import Place
    from staticrun.receipts import Receipt

_HOST = ".nojekyll"


class Restored(NamedTuple):
    """What came back.

    Attributes:
        restored: Names of the versions that are in the site's folder now, and were not.
        missing: Name of each that is not → why.
    """

    restored: tuple[str, ...]
    missing: dict[str, str]


def restore(
    site: Path,
    settings: Config,
    *,
    to: str | None = None,
    remote: str = "origin",
    names: Iterable[str] | None = None,
) -> Restored:
    """Bring versions back from where they were published.

    Args:
        site: The site's folder; made when it is not there. Its own files are not touched.
        settings: The project's; `versions` says which roots they have.
        to: Where they are published, as in `publish.target`; None for that.
        remote: Of a branch: the name of a remote, or an address.
        names: Which; None for all that staticrun.yaml lists.

    Returns:
        What came back, and what did not. Nothing is asked for when nothing is missing.

    Raises:
        UserError: When the target cannot be reached.
    """
    have = {one.name for one in receipts.every(site)}
    wanted = sorted({*(settings.versions if names is None else names)} - have)
    if not wanted:
        return Restored((), {})
    missing: dict[str, str] = {}
    where = to or settings.publish.target
    with opened(settings, where, remote) as place:
        theirs = Below(place, "").receipts()
        for name in wanted:
            known = settings.versions.get(name)
            if name not in theirs:
                missing[name] = f"{where} does not have it"
            elif known and known.root and not theirs[name].root.startswith(known.root):
                root = theirs[name].root[:12]
                missing[name] = f"the one at {where} has another root, {root}"
            elif not _bring(site, place, theirs[name]):
                missing[name] = f"the one at {where} is not what its receipt says"
    return Restored(tuple(name for name in wanted if name not in missing), missing)


@contextmanager
def opened(settings: Config, to: str, remote: str) -> Iterator[Place]:
    """Open what is published at a target, to read it.

    Raises:
        UserError: When it cannot be reached.
    """
    at = target(to)
    if at.kind == "folder":
        yield Folder(settings.root / at.name)
        return
    address = find_remote(settings.root, remote)
    with open_bare(settings.root / layout.CACHE / CACHE) as bare:
        tip = bare.tip(address, at.name)
        there = tip is not None and bare.fetch(address, at.name, tip)
        yield Branch(bare, tip) if tip and there else Nothing()


def _bring(site: Path, place: Place, receipt: Receipt) -> bool:
    """Copy a version; its receipt last, so that a version that did not come whole is none."""
    folder = layout.version_url(receipt.name)
    last = f"{folder}/{receipts.NAME}"
    urls = sorted(url for url in receipt.urls() - {last} if not (site / url).exists())
    digests = {f"{folder}/{url}": digest for url, digest in receipt.entries.items()}
    files.write_if_different(site / _HOST, b"")  # by which a build knows the folder as a site
    for url, data in zip([*urls, last], place.read([*urls, last]), strict=True):
        if url in digests and files.sha256(data) != digests[url]:
            return False
        files.write_if_different(site / url, data)
    return True
