"""A site version: the newest state, frozen.

The run pages of a version are objects; its entry pages stand in `v/NAME/`; `manifest.js` maps
each run's key to its page among the objects, and `receipt.json` names every file that the
version needs. What did not change between two versions is shared, so that a version costs its
difference.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec

from staticrun import files, layout
from staticrun.pages.render import place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from staticrun.pages.work import Made

RECEIPT = "receipt.json"


class Receipt(msgspec.Struct, frozen=True):
    """What a version is made of.

    Attributes:
        format: 1.
        name: The version's name.
        pages: Run key → URL of its page among the objects.
        files: Every URL that the version needs, its own entry pages included, sorted.
        root: Digest over the contents of all its pages.
    """

    format: int
    name: str
    pages: dict[str, str]
    files: tuple[str, ...]
    root: str


def freeze(
    site: Path,
    name: str,
    pages: Iterable[tuple[str, str, Made]],
    common: set[str],
    entries: Mapping[str, bytes],
) -> Receipt:
    """Write a version into a site.

    Args:
        site: The site's folder.
        name: The version's name.
        pages: Kind, subject and the page itself, made anew (with its body), for all pages.
        common: URLs of the files that every page needs, and of the objects that entries name.
        entries: Further files that stand beside the entry pages, such as `runs.js`.

    Returns:
        The receipt, as it was written.
    """
    from staticrun.pages.data import script

    folder = layout.version_url(name)
    runs: dict[str, str] = {}
    needed, contents = set(common), []
    for kind, subject, made in pages:
        body = made.body or b""
        needed.update(made.objects)
        contents.append(f"{files.sha256(body)}  {made.url}")
        entry = None
        if kind == "run":
            url = layout.object_url(files.sha256(body), "html")
            runs[subject] = url
        elif kind == "missing":
            continue
        else:
            url = f"{folder}/{made.url}"
            entry = layout.root_prefix(made.url)
        files.write_if_different(site / url, place(body, layout.root_prefix(url), entry))
        needed.add(url)
    for url, data in entries.items():
        files.write_if_different(site / folder / url, data)
        contents.append(f"{files.sha256(data)}  {url}")
        needed.add(f"{folder}/{url}")
    needed |= {f"{folder}/manifest.js", f"{folder}/{RECEIPT}"}
    root = files.sha256("\n".join(sorted(contents)).encode())
    receipt = Receipt(1, name, dict(sorted(runs.items())), tuple(sorted(needed)), root)
    manifest = json.dumps({"version": name, "pages": receipt.pages}, sort_keys=True)
    text = f"staticrun_version({script.parsed(manifest)});\n"
    files.write_if_different(site / folder / "manifest.js", text.encode())
    files.write_if_different(site / folder / RECEIPT, msgspec.json.encode(receipt))
    return receipt


def kept(site: Path) -> set[str]:
    """List every URL that a version of the site needs."""
    found: set[str] = set()
    for path in site.glob(f"v/*/{RECEIPT}"):
        found.update(msgspec.json.decode(path.read_bytes(), type=Receipt).files)
    return found
