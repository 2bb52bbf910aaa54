"""Artifacts: where their bytes are, whether they are what was logged, what can be shown of them.

A record names a path; the path is a claim. It is read only when it lies in the run's folder with
every link followed, and only when it is a regular file. What enters the site is an object of an
inert type (`media`), at most `artifacts.max` bytes, unless `total` has left it out.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec
from markupsafe import Markup

from staticrun import files
from staticrun.pages import difference, excerpts, media, score_curves
from staticrun.pages import format as fmt

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from staticrun.pages.objects import Objects
    from staticrun.privacy.rules import Rules
    from staticrun.store.entries import ArtifactEntry

    Digest = Callable[[Path], tuple[str, int]]

State = Literal["verified", "present", "absent", "changed", "refused", "elsewhere", "unread"]

FOLDER_FILES_MAX = 10_000
_POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\n(?:ext-.*\n)*"
    rb"oid sha256:([0-9a-f]{64})\nsize (\d{1,18})\n"
)
_POINTER_BYTES = 1024
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\\]")


class Found(NamedTuple):
    """What stands where a record says that an artifact is.

    Attributes:
        path: The file or folder; None where nothing may or can be read.
        state: `verified`: the bytes are those that were logged. `present`: they are there and
            no digest was recorded. `absent`: they are not here. `changed`: they are others.
            `refused`: the path leads out of the run. `elsewhere`: never was in the run's folder.
            `unread`: the operating system or their number forbids.
        words: The state as a clause.
        size: Bytes found, or recorded; None where nobody knows.
        digest: The digest found, or recorded; empty where there is none.
    """

    path: Path | None
    state: State
    words: str
    size: int | None
    digest: str


class Shown(msgspec.Struct, frozen=True):
    """What a page shows of an artifact.

    Attributes:
        kind: Which part of the template shows it; `none` for a line in the table alone.
        url: The object that holds the bytes; empty where they did not enter the site.
        left_out: Why they did not; empty where they did.
        width: Of a picture, in pixels, as text; empty where unknown.
        height: The same.
        text: First and last lines.
        table: First rows.
        difference: Changed lines.
        drawing: Curves, as an `svg` element.
    """

    kind: Literal["none", "image", "audio", "video", "pdf", "text", "table", "diff", "drawing"] = (
        "none"
    )
    url: str = ""
    left_out: str = ""
    width: str = ""
    height: str = ""
    text: excerpts.Excerpt | None = None
    table: excerpts.Table | None = None
    difference: difference.Difference | None = None
    drawing: Markup | None = None


def locate(folder: Path, path: str) -> Path | str:
    """Find the file or folder that a record names.

    Args:
        folder: The run's folder.
        path: As recorded, with `/`.

    Returns:
        The real path, every link followed; it may not exist. Or why it is refused: a clause.
    """
    if not path or _UNSAFE.search(path):
        return "the path holds characters that no path of a run has"
    if path.startswith("/") or ".." in path.split("/"):
        return "the path leads out of the run's folder"
    try:
        real, home = (folder / path).resolve(), folder.resolve()
        if real == home or not real.is_relative_to(home):
            return "the path leads out of the run's folder"
    except (OSError, RuntimeError, ValueError) as error:
        # A name that is too long, a ring of links, a byte that no name has.
        return f"the path cannot be followed ({_reason(error)})"
    return real


def find(folder: Path, entry: ArtifactEntry, digest_of: Digest) -> Found:
    """Look whether an artifact is there, and whether it is what was logged.

    Args:
        folder: The run's folder.
        entry: The record.
        digest_of: Gives (sha256, bytes) of a file; cached by the caller.
    """
    recorded = entry.sha256 or entry.tree or ""
    if entry.path is None:
        words = "kept elsewhere" if entry.uri else "the record names no place"
        return Found(None, "elsewhere", words, entry.bytes, recorded)
    real = locate(folder, entry.path)
    if isinstance(real, str):
        return Found(None, "refused", f"not read: {real}", entry.bytes, recorded)
    try:
        mode = real.stat().st_mode
        if stat.S_ISDIR(mode):
            return _found_folder(real, entry, digest_of)
        if not stat.S_ISREG(mode):
            return Found(None, "refused", "not read: it is no file", entry.bytes, recorded)
        return _found_file(real, entry, digest_of)
    except FileNotFoundError:
        return Found(None, "absent", "not in this checkout", entry.bytes, recorded)
    except OSError as error:
        words = f"cannot be read ({_reason(error)})"
        return Found(None, "unread", words, entry.bytes, recorded)


def show(
    found: Found, entry: ArtifactEntry, objects: Objects, size_max: int, rules: Rules
) -> Shown:
    """Bring an artifact onto the site, as far as it may and can be.

    Args:
        found: What `find` gave.
        entry: The record.
        objects: Where objects are put.
        size_max: `artifacts.max`, bytes.
        rules: What is done to texts.

    Returns:
        What a template needs; `none` with the reason where there is nothing to show.
    """
    path = found.path
    if path is None or path.is_dir():
        return Shown()
    try:
        with path.open("rb") as stream:
            head = stream.read(media.HEAD_BYTES)
        kind = media.recognise(head, path.name)
        left_out = ""
        if found.size is not None and found.size > size_max:
            left_out = f"larger than {fmt.size(size_max)}"
        elif entry.path in objects.left_out:
            left_out = "beyond what all artifacts together may have (artifacts.total)"
        if left_out:
            if kind.kind != "text":
                return Shown(left_out=left_out)
            return Shown("text", left_out=left_out, text=excerpts.read_text(path, rules.data))
        data = path.read_bytes()
        if kind.kind in ("text", "table"):
            data = rules.data(data)
    except OSError as error:
        return Shown(left_out=f"cannot be read ({_reason(error)})")
    return _shown(data, kind, entry, objects.put(data, kind.extension))


def _shown(data: bytes, kind: media.Media, entry: ArtifactEntry, url: str) -> Shown:
    shown = Shown(url=url)
    if kind.kind == "image":
        shown = _shown_image(data, url)
    elif kind.kind in ("audio", "video"):
        shown = Shown("audio" if kind.kind == "audio" else "video", url)
    elif kind.kind == "pdf":
        shown = Shown("pdf", url)
    elif entry.kind in score_curves.KINDS and (curves := score_curves.draw(data, entry.kind)):
        shown = Shown("drawing", url, drawing=curves)
    elif kind.kind == "table":
        delimiter = "\t" if kind.extension == "txt" else ","
        table = excerpts.of_table(data, delimiter)
        shown = Shown("table" if table else "none", url, table=table)
    elif kind.kind == "text":
        is_diff = entry.kind == "diff" or (entry.path or "").endswith((".diff", ".patch"))
        changes = difference.parse(data.decode("utf-8", "replace")) if is_diff else None
        if changes and changes.files:
            shown = Shown("diff", url, difference=changes)
        else:
            shown = Shown("text", url, text=excerpts.of_text(data))
    return shown


def _shown_image(data: bytes, url: str) -> Shown:
    size = media.image_size(data)
    if size is None:
        return Shown("image", url)
    width, height = size
    if not 0 < width * height <= media.PIXELS_MAX:
        return Shown(url=url, left_out=f"{fmt.count(width)} by {fmt.count(height)} pixels")
    return Shown("image", url, width=str(width), height=str(height))


def _found_file(path: Path, entry: ArtifactEntry, digest_of: Digest) -> Found:
    recorded = entry.sha256 or ""
    pointer = _pointer(path)
    if pointer:
        digest, size = pointer
        if recorded and digest != recorded:
            words = "changed since it was logged, and kept in Git LFS"
            return Found(None, "changed", words, size, digest)
        return Found(None, "absent", "kept in Git LFS, not in this checkout", size, digest)
    digest, size = digest_of(path)
    if entry.tree and not recorded:
        recorded = files.tree_digest({path.name: digest})
        same = entry.tree in (recorded, digest)
        return _compared(path, same, size, digest)
    if not recorded:
        return Found(path, "present", "no digest was recorded", size, digest)
    return _compared(path, digest == recorded, size, digest)


def _compared(path: Path, same: bool, size: int, digest: str) -> Found:
    if same:
        return Found(path, "verified", "as logged", size, digest)
    return Found(path, "changed", "changed since it was logged", size, digest)


def _found_folder(path: Path, entry: ArtifactEntry, digest_of: Digest) -> Found:
    recorded = entry.tree or entry.sha256 or ""
    digests: dict[str, str] = {}
    total = 0
    for current, folders, names in os.walk(path):
        here = path.__class__(current)
        folders[:] = sorted(name for name in folders if not (here / name).is_symlink())
        for name in sorted(names):
            real = (here / name).resolve()
            if not real.is_relative_to(path) or not real.is_file():
                continue
            if len(digests) == FOLDER_FILES_MAX:
                words = f"not checked: more than {fmt.count(FOLDER_FILES_MAX)} files"
                return Found(path, "unread", words, entry.bytes, recorded)
            inner = (here / name).relative_to(path).as_posix()
            digest, size = digest_of(real)
            digests[unicodedata.normalize("NFC", inner)] = digest
            total += size
    if not recorded:
        return Found(path, "present", "no digest was recorded", total, "")
    digest = files.tree_digest(digests)
    return _compared(path, digest == recorded, total, digest)


def _pointer(path: Path) -> tuple[str, int] | None:
    """Read a Git LFS pointer: the digest and size of what it stands for."""
    if path.stat().st_size > _POINTER_BYTES:
        return None
    match = _POINTER.match(path.read_bytes())
    return (match[1].decode(), int(match[2])) if match else None


def _reason(error: Exception) -> str:
    words = error.strerror if isinstance(error, OSError) else None
    return (words or str(error)).lower()
