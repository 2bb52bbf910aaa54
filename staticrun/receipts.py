"""The receipt of a site version: what it was made of, and every file that it needs.

A version lies in `v/NAME/` beside its receipt; its run pages and data are among the objects that
all versions share. Builder, publisher and readers meet here and nowhere else.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from staticrun import files, layout
from staticrun.errors import Finding, UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

FORMAT = 1
NAME = "receipt.json"
_VERSION_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_OBJECT_OR_COMMON = r"(?:o/[0-9a-f]{2}/[0-9a-f]{32}\.[a-z0-9]{1,8}|app[.-][A-Za-z0-9._-]{1,80})"
_SHARED = re.compile(_OBJECT_OR_COMMON)
_ALL_SHARED = re.compile(rf"(?:{_OBJECT_OR_COMMON}(?:\n{_OBJECT_OR_COMMON})*+)?")


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What a version is made of.

    Attributes:
        format: 1.
        name: The version's name.
        time: When its commit was made, in Unix seconds; without one, its newest record's time;
            None where there is neither.
        commit: Full hash of the commit whose files it shows; None outside of git.
        rebuildable: Whether that commit has every file that it was made from, so that building it
            again gives the same root.
        tools: Name of each tool → its version; `staticrun` is that of the builder.
        inputs: Path in the project → sha256 of a file that it was made from, and key of each run
            → digest of its records.
        runs: Key → URL of the run's page among the objects.
        entries: URL below `v/NAME/` → sha256 of an entry page, or of a file beside them.
        objects: Other files that it needs, relative to the site's root, sorted.
        root: Digest over all pages and objects; equal roots are equal sites.
    """

    format: int
    name: str
    time: float | None
    commit: str | None
    rebuildable: bool
    tools: dict[str, str]
    inputs: dict[str, str]
    runs: dict[str, str]
    entries: dict[str, str]
    objects: tuple[str, ...]
    root: str

    def urls(self) -> set[str]:
        """List every URL that the version needs, its receipt included."""
        folder = layout.version_url(self.name)
        own = {f"{folder}/{url}" for url in (*self.entries, NAME)}
        return own | {*self.objects} | {*self.runs.values()}

    def places(self) -> dict[str, str]:
        """Give where its pages are: URL in the newest state → URL as a part of it.

        Without the front page, which every state has.
        """
        folder = layout.version_url(self.name)
        runs = {layout.run_url(key): f"{url}#v={self.name}" for key, url in self.runs.items()}
        return runs | {
            url: f"{folder}/{url}" for url in self.entries if url.endswith("/index.html")
        }


def root_digest(entries: Mapping[str, str], objects: Iterable[str]) -> str:
    """Digest a version from the digests of its entry files and the names of its objects.

    Objects are named by their content, so that their names stand for their bytes.
    """
    lines = [f"{digest}  {url}\n" for url, digest in entries.items()]
    lines += [f"{url}\n" for url in objects]
    return files.sha256("".join(sorted(lines)).encode())


def read(site: Path, name: str) -> Receipt:
    """Read the receipt of a version.

    Args:
        site: The site's folder.
        name: The version's name.

    Raises:
        UserError: When the site has no such version, or its receipt is not one.
    """
    url = f"{layout.version_url(name)}/{NAME}"
    try:
        return parse((site / url).read_bytes(), name)
    except FileNotFoundError as error:
        have = sorted(path.parent.name for path in site.glob(f"v/*/{NAME}"))
        known = f"one of {', '.join(have)}" if have else "none is there yet"
        raise UserError(
            f"{site.name}/{url}", f"there is no version {name!r}", known, "staticrun versions list"
        ) from error
    except (OSError, ValueError) as error:
        raise UserError(
            f"{site.name}/{url}",
            f"is no receipt: {error}" if isinstance(error, ValueError) else "cannot be read",
            try_=f"staticrun versions verify {name}",
        ) from error


def parse(data: bytes, name: str) -> Receipt:
    """Read a receipt from its bytes, which may come from anywhere.

    Raises:
        ValueError: When they are no receipt of that version, or name a file outside of what a
            version may need: its own folder, objects, and the script and styles of all pages.
    """
    receipt = msgspec.json.decode(data, type=Receipt)
    if receipt.name != name or not _VERSION_NAME.fullmatch(name):
        raise ValueError(f"it names the version {receipt.name!r}, not {name!r}")
    shared = (*receipt.objects, *receipt.runs.values())
    wrong = [url for url in receipt.entries if not _is_below(url)]
    # All at once: a version of a large project has ten thousand.
    if any("\n" in url for url in shared) or not _ALL_SHARED.fullmatch("\n".join(shared)):
        wrong += [url for url in shared if not _SHARED.fullmatch(url)]
    if wrong:
        raise ValueError(f"it names {wrong[0]!r}, which is no file of a version")
    return receipt


def every(site: Path) -> list[Receipt]:
    """Read the receipts of all versions of a site, the oldest first; what is none is left out."""
    return scan(site)[0]


def scan(site: Path) -> tuple[list[Receipt], list[Finding]]:
    """Read the receipts of all versions of a site.

    Returns:
        The receipts, the oldest first, and a finding for each that cannot be read.
    """
    found, bad = [], []
    for path in sorted(site.glob(f"v/*/{NAME}")):
        try:
            found.append(read(site, path.parent.name))
        except UserError as error:
            bad.append(error.finding)
    return sorted(found, key=lambda receipt: (receipt.time or 0, receipt.name)), bad


def refuse_another(site: Path, receipt: Receipt) -> None:
    """Refuse to put a version where another one of its name is.

    Raises:
        UserError: When the site has that version with another root.
    """
    url = f"{layout.version_url(receipt.name)}/{NAME}"
    if (site / url).exists() and read(site, receipt.name).root != receipt.root:
        raise UserError(
            f"{site.name}/{url}",
            f"the version {receipt.name!r} is there already, with another content",
            "a new name: a version never changes",
            f"another name, or first: staticrun versions delete {receipt.name}",
        )


def copy(receipt: Receipt, source: Path, target: Path) -> None:
    """Copy a version from one site into another; its receipt last.

    Args:
        receipt: Of the version, as the source has it.
        source: A site's folder.
        target: Another site's folder; what it has already is not touched.

    Raises:
        OSError: When a file is missing, or cannot be written.
    """
    last = f"{layout.version_url(receipt.name)}/{NAME}"
    for url in (*sorted(receipt.urls() - {last}), last):
        shared = url.startswith("o/")
        if not (shared and (target / url).exists()):
            files.write_if_different(target / url, (source / url).read_bytes())


def verify(site: Path, receipt: Receipt) -> list[Finding]:
    """Compare every file of a version with what its receipt says.

    Args:
        site: The site's folder.
        receipt: Of the version.

    Returns:
        A finding for each file that is missing or changed, and for a root that does not follow
        from the rest of the receipt.
    """
    folder = layout.version_url(receipt.name)
    shared = {*receipt.objects, *receipt.runs.values()}
    expected = {f"{folder}/{url}": digest for url, digest in receipt.entries.items()}
    found = []
    for url in sorted(expected.keys() | shared):
        try:
            data = (site / url).read_bytes()
        except OSError:
            found.append(Finding(f"{site.name}/{url}", "is missing", try_="restore the version"))
            continue
        changed = (
            files.sha256(data) != expected[url] if url in expected else not _fits_name(url, data)
        )
        if changed:
            what = "its bytes are not those that were published"
            found.append(Finding(f"{site.name}/{url}", what, try_="restore the version"))
    if root_digest(receipt.entries, shared) != receipt.root:
        where = f"{site.name}/{folder}/{NAME}"
        found.append(Finding(where, "its root does not follow from its files", receipt.root))
    return found


def _fits_name(url: str, data: bytes) -> bool:
    """Say whether bytes are those that a shared file's name stands for."""
    if not url.startswith("o/"):
        # Script and styles; fonts and licences have names of the tool that bundles them.
        return not url.endswith((".js", ".css")) or files.sha256(data)[:12] in url
    if url.endswith(".js"):
        # `staticrun_data(URL,JSON.parse(TEXT))` is named by the JSON that it hands over.
        text = data.partition(b",JSON.parse(")[2].removesuffix(b"));\n")
        try:
            data = msgspec.json.encode(msgspec.json.decode(msgspec.json.decode(text, type=str)))
        except msgspec.DecodeError:
            return False
    return layout.object_url(files.sha256(data), url.rpartition(".")[2]) == url


def check_name(name: str) -> None:
    """Refuse a name that cannot be a folder's on every host.

    Raises:
        UserError: When it is empty, too long, or has other characters than plain ones.
    """
    if not _VERSION_NAME.fullmatch(name) or layout.url_segment(name) != name:
        raise UserError(
            f"version {name!r}",
            "is no name of a version",
            "at most 64 small letters, digits, dots and dashes, such as paper-v1",
        )


def _is_below(url: str) -> bool:
    parts = url.split("/")
    return all(part not in ("", ".", "..") and "\\" not in part for part in parts)
