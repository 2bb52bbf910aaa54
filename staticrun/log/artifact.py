"""Bring a file or a folder into a run, with its digest, and never anywhere else.

Bytes are copied, or linked, to a temporary name and appear under their own by one rename. A name
that is taken by other bytes gets a number (`samples-2.png`); the same bytes are stored once.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
import unicodedata
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from staticrun.files import BLOCK_BYTES, inside, sha256_file, tree_digest
from staticrun.layout import ARTIFACTS, record_file

if TYPE_CHECKING:
    from collections.abc import Iterator

_KINDS = {
    "image": "png jpg jpeg gif webp bmp avif svg",
    "table": "csv tsv parquet feather arrow",
    "text": "txt md rst log json jsonl yaml yml toml ini cfg py ipynb sh xml",
    "audio": "wav mp3 flac ogg opus m4a aac",
    "video": "mp4 webm mov mkv avi m4v",
    "html": "html htm",
    "diff": "diff patch",
    "model": "pt pth ckpt safetensors onnx keras tflite gguf joblib pkl",
}
_KIND_OF = {f".{end}": kind for kind, ends in _KINDS.items() for end in ends.split()}
_NAME_BYTES_MAX = 255
_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_OPEN_NO_LINK = _OPEN | getattr(os, "O_NOFOLLOW", 0)


class ArtifactError(Exception):
    """Why something cannot become an artifact; one clause."""


class Stored(NamedTuple):
    """An artifact that lies in the run's folder.

    Attributes:
        path: Relative to the run's folder, with `/`; empty for what stays elsewhere.
        sha256: Digest of a file.
        tree: Tree digest of a folder.
        size: Bytes of the file, or of all files.
        left_out: What a folder holds that was not stored, one clause each.
    """

    path: str
    sha256: str | None
    tree: str | None
    size: int
    left_out: tuple[str, ...] = ()


def kind_of(path: str) -> str:
    """Guess from a file name's extension how it is shown; `file` when nothing fits."""
    return _KIND_OF.get(PurePosixPath(path).suffix.lower(), "file")


def store(
    folder: Path,
    source: Path,
    name: str | None = None,
    *,
    by_link: bool = False,
    known: dict[str, str] | None = None,
) -> Stored:
    """Bring a file or a folder into a run.

    Args:
        folder: The run's folder.
        source: What to copy; what lies in the run's folder already stays where it is.
        name: Where to put it below `artifacts/`; its own name when left out.
        by_link: Make hard links; copy where the file system has none, or is another one.
        known: Digest → path of files that the run holds; the same bytes are not stored again.

    Raises:
        ArtifactError: When it is not there, no file or folder, or the name leads elsewhere.
        OSError: When it cannot be read or written; nothing half is left.
    """
    try:
        status = source.stat()
    except FileNotFoundError:
        raise ArtifactError("there is no such file") from None
    is_folder = stat.S_ISDIR(status.st_mode)
    if not is_folder and not stat.S_ISREG(status.st_mode):
        raise ArtifactError("it is no file and no folder")
    real, home = source.resolve(), folder.resolve()
    if real != home and real.is_relative_to(home):
        return _kept(real, PurePosixPath(real.relative_to(home).as_posix()), is_folder=is_folder)
    if is_folder and home.is_relative_to(real):
        raise ArtifactError("it holds the run itself")
    own = source.name if source.name not in ("", "..") else real.name
    target = _target(folder, clean_name(own if name is None else name))
    if is_folder:
        return _store_folder(folder, real, target, by_link=by_link)
    temporary, digest, size = _bring(real, _OPEN, target.parent, by_link=by_link)
    return _place(folder, temporary, target, Stored("", digest, None, size), known)


def store_bytes(
    folder: Path, data: bytes, name: str, known: dict[str, str] | None = None
) -> Stored:
    """Write bytes as a file of a run; otherwise like `store`."""
    target = _target(folder, clean_name(name))
    descriptor, temporary = tempfile.mkstemp(prefix=".tmp-", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
        Path(temporary).chmod(0o644)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    stored = Stored("", hashlib.sha256(data).hexdigest(), None, len(data))
    return _place(folder, Path(temporary), target, stored, known)


def clean_name(name: str) -> str:
    """Check a name that is to become a path below `artifacts/`.

    Returns:
        The name in NFC, its parts joined by `/`.

    Raises:
        ArtifactError: When it is absolute, climbs, is empty, or holds what a path may not.
    """
    problem = _problem_of(name)
    if problem:
        raise ArtifactError(f"the name {name!r} {problem}")
    return unicodedata.normalize("NFC", name)


def _problem_of(name: str) -> str:
    if not name or name.startswith("/"):
        return "is no relative path"
    if "\\" in name or any(unicodedata.category(char) in ("Cc", "Cs") for char in name):
        return "holds a backslash or a character that cannot be printed"
    parts = name.split("/")
    if any(part in ("", ".", "..") for part in parts):
        return "has an empty part, `.` or `..`"
    if any(len(part.encode()) > _NAME_BYTES_MAX for part in parts):
        return f"has a part of more than {_NAME_BYTES_MAX} bytes"
    return "begins with `.tmp-`" if any(part.startswith(".tmp-") for part in parts) else ""


def _target(folder: Path, name: str) -> Path:
    if not folder.is_dir():
        raise ArtifactError("the run's folder was deleted")
    target = folder / ARTIFACTS / name
    for parent in reversed(target.relative_to(folder).parents[:-1]):
        (folder / parent).mkdir(exist_ok=True)
        if not inside(folder, folder / parent):
            raise ArtifactError(f"{parent.as_posix()} is a link that leads out of the run")
    return target


def _kept(real: Path, path: PurePosixPath, *, is_folder: bool) -> Stored:
    if len(path.parts) == 1 and record_file(path.name):
        raise ArtifactError("it is the record itself")
    problem = _problem_of(str(path))
    if problem:
        raise ArtifactError(f"the name {str(path)!r} {problem}")
    stored = _digested(real, is_folder=is_folder)
    return stored._replace(path=str(path))


def _digested(real: Path, *, is_folder: bool) -> Stored:
    if not is_folder:
        digest, size = sha256_file(real)
        return Stored("", digest, None, size)
    left_out: list[str] = []
    files = {inner: sha256_file(full) for inner, full in _walk(real, left_out)}
    tree = tree_digest({inner: digest for inner, (digest, _) in files.items()})
    total = sum(size for _, size in files.values())
    return Stored("", None, tree, total, tuple(left_out))


def digest_in_place(path: Path) -> Stored:
    """Take the digest and the size of a file or folder without storing it.

    Raises:
        ArtifactError: When it is not there, or neither.
        OSError: When it cannot be read.
    """
    try:
        real = path.resolve(strict=True)
    except FileNotFoundError:
        raise ArtifactError(f"there is no file {path.name!r}") from None
    if not real.is_dir() and not real.is_file():
        raise ArtifactError("it is no file and no folder")
    return _digested(real, is_folder=real.is_dir())


def _store_folder(folder: Path, source: Path, target: Path, *, by_link: bool) -> Stored:
    temporary = Path(tempfile.mkdtemp(prefix=".tmp-", dir=target.parent))
    left_out: list[str] = []
    digests: dict[str, str] = {}
    total = 0
    try:
        for inner, full in _walk(source, left_out):
            parent = (temporary / inner).parent
            parent.mkdir(parents=True, exist_ok=True)
            try:
                part, digests[inner], size = _bring(full, _OPEN_NO_LINK, parent, by_link=by_link)
            except (ArtifactError, PermissionError) as error:
                left_out.append(f"{inner} ({_reason(error)})")
                continue
            part.replace(temporary / inner)
            total += size
        _demand_files(digests, left_out)
        temporary.chmod(0o755)
        stored = Stored("", None, tree_digest(digests), total, tuple(left_out))
        return _place(folder, temporary, target, stored)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def _reason(error: Exception) -> str:
    return (error.strerror or "not readable").lower() if isinstance(error, OSError) else str(error)


def _demand_files(digests: dict[str, str], left_out: list[str]) -> None:
    if not digests:
        why = f" but {', '.join(left_out[:3])}" if left_out else ""
        raise ArtifactError(f"the folder holds no file{why}")


def _walk(folder: Path, left_out: list[str]) -> Iterator[tuple[str, Path]]:
    """Yield the regular files below a folder as (path in it, where to read it).

    A link to a file inside the folder is that file; every other link is left out, as is what is
    no file and what has a name that a tree digest cannot hold.
    """
    seen: set[str] = set()

    def note_error(error: OSError) -> None:
        left_out.append(f"{Path(str(error.filename)).name} ({_reason(error)})")

    for current, folders, names in os.walk(folder, onerror=note_error):
        here = Path(current)
        links = [name for name in folders if (here / name).is_symlink()]
        folders[:] = sorted(set(folders) - set(links))
        left_out.extend(f"{name} (a link to a folder)" for name in links)
        for name in sorted(names):
            path = here / name
            inner = unicodedata.normalize("NFC", path.relative_to(folder).as_posix())
            # realpath ends on a link that leads to itself, where Path.resolve raises.
            real = Path(os.path.realpath(path)) if path.is_symlink() else path
            if _problem_of(inner) or inner in seen:
                left_out.append(f"{inner!r} (its name)")
            elif not real.is_relative_to(folder):
                left_out.append(f"{inner} (a link that leads out)")
            elif not real.is_file():
                left_out.append(f"{inner} (no file)")
            else:
                seen.add(inner)
                yield inner, real


def _bring(source: Path, flags: int, folder: Path, *, by_link: bool) -> tuple[Path, str, int]:
    """Copy a file, or link to it, as a temporary one in a folder: (path, sha256, bytes)."""
    temporary = folder / f".tmp-{os.urandom(8).hex()}"
    try:
        if by_link:
            os.link(source, temporary, follow_symlinks=False)
    except (OSError, NotImplementedError):
        by_link = False  # another file system, or one without links; the copy says what else
    if not by_link:
        return _copy(source, flags, folder)
    try:
        is_file = stat.S_ISREG(temporary.lstat().st_mode)
        digest, size = sha256_file(temporary) if is_file else ("", 0)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    if not is_file:
        temporary.unlink()
        raise ArtifactError("it is no file any more")
    return temporary, digest, size


def _copy(source: Path, flags: int, folder: Path) -> tuple[Path, str, int]:
    """Copy a file to a temporary one in a folder, a block at a time: (path, sha256, bytes)."""
    digest, size = hashlib.sha256(), 0
    with open(os.open(source, flags), "rb", buffering=0) as stream:  # noqa: PTH123 - a descriptor
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise ArtifactError("it is no file any more")
        descriptor, temporary = tempfile.mkstemp(prefix=".tmp-", dir=folder)
        try:
            with os.fdopen(descriptor, "wb") as copy:
                while block := stream.read(BLOCK_BYTES):
                    digest.update(block)
                    copy.write(block)
                    size += len(block)
            Path(temporary).chmod(0o644)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    return Path(temporary), digest.hexdigest(), size


def _place(
    folder: Path,
    temporary: Path,
    target: Path,
    stored: Stored,
    known: dict[str, str] | None = None,
) -> Stored:
    """Rename to the first free name, or find the same bytes under one that is taken."""
    is_folder = stored.tree is not None
    same = (known or {}).get(stored.sha256 or "")
    try:
        if same and _is_same(folder / same, stored):
            return stored._replace(path=same)
        for number in range(1, 1_000_000):
            name = target.name if number == 1 else f"{target.stem}-{number}{target.suffix}"
            path = target.with_name(name)
            if _reserve(path, is_folder=is_folder):
                temporary.replace(path)
            elif not _is_same(path, stored):
                continue
            found = stored._replace(path=path.relative_to(folder).as_posix())
            if known is not None and stored.sha256:
                known[stored.sha256] = found.path
            return found
        raise ArtifactError("too many artifacts have that name")
    finally:
        if not is_folder:
            temporary.unlink(missing_ok=True)
        elif temporary.is_dir():
            shutil.rmtree(temporary, ignore_errors=True)


def _reserve(path: Path, *, is_folder: bool) -> bool:
    """Take a name for this process alone, by an empty file or folder that is then replaced."""
    try:
        if is_folder:
            path.mkdir()
        else:
            path.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _is_same(path: Path, stored: Stored) -> bool:
    try:
        if path.is_symlink() or path.is_dir() != (stored.tree is not None):
            return False
        if stored.tree is None and path.stat().st_size != stored.size:
            return False
        found = _digested(path, is_folder=path.is_dir())
    except OSError:
        return False
    return (found.sha256, found.tree) == (stored.sha256, stored.tree)
