"""Bringing bytes that are not in this checkout from a version's mirrors, file by file.

A mirror's address and everything that comes from it are a stranger's: https alone, or http on this
machine; never more bytes than the manifest says; and no file is put in place before its digest is
that of the manifest.
"""

from __future__ import annotations

import hashlib
import ipaddress
import os
import secrets
from contextlib import contextmanager, suppress
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib import request
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit

from staticrun import files, layout
from staticrun.errors import UserError
from staticrun.registry.evidence import find

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from staticrun.registry.manifests import File, Version
    from staticrun.store.store import Store

TIMEOUT_S = 30.0
_FOLDER = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_DIRECTORY", "O_NOFOLLOW", "O_CLOEXEC")
)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0)


def fetch(
    root: Path,
    runs: Sequence[str],
    store: Store,
    version: Version,
    tell: Callable[[File, str], None] = lambda _file, _mirror: None,
) -> int:
    """Bring what is absent of a version to where it belongs in its run.

    Args:
        root: The project's folder.
        runs: The folders that hold runs, relative to the project.
        store: The project's runs.
        version: What the manifest says.
        tell: Called with each file that was put in place and the mirror that it came from.

    Returns:
        How many files were put in place.

    Raises:
        UserError: When other bytes are there, there is no mirror, no mirror has the right bytes,
            or the place is not among the artifacts of a run.
    """
    where = f"{version.model} {version.version}"
    path, look = find(root, store, version)
    if look.state == "verified":
        return 0
    if look.state == "mismatch":
        raise UserError(where, f"other bytes are here: {look.why[0]}", "the version's, or none")
    if not version.artifact.mirrors:
        try_ = "ask who registered it, or git lfs pull where pointers are here"
        raise UserError(where, f"{look.why[0]}, and it has no mirrors", "mirrors:", try_)
    _demand_place(path, runs)
    above, _, name = path.rpartition("/")
    alone = [file.path for file in version.artifact.files] == [name]
    to = above if alone and not (root / path).is_dir() else path
    with _made(root, above) as folder, _staged(folder) as staged:
        for number, file in enumerate(look.lacking):
            mirror = _bring(file, version.artifact.mirrors, staged, str(number))
            inner, _, last = f"{to}/{file.path}".rpartition("/")
            with _made(root, inner) as target:
                os.rename(str(number), last, src_dir_fd=staged, dst_dir_fd=target)
            tell(file, mirror)
    return len(look.lacking)


def _demand_place(path: str, runs: Sequence[str]) -> None:
    """Refuse a place where what a manifest names could become anything but an artifact."""
    parts = path.split("/")
    home = next((run for run in runs if path.startswith(f"{run}/")), None)
    inner = parts if home is None else parts[home.count("/") + 1 :]
    if home is None or layout.ARTIFACTS not in inner[1:-1] or any(p[:1] == "." for p in inner):
        expected = f"a place such as {runs[0] if runs else 'runs'}/RUN/{layout.ARTIFACTS}/NAME"
        raise UserError(path, "is not among the artifacts of a run", expected)


def _bring(file: File, mirrors: Sequence[str], folder: int, name: str) -> str:
    """Write a file from the first mirror that has the right one, and say which that was."""
    failed = []
    for mirror in mirrors:
        url = f"{mirror.rstrip('/')}/{quote(file.path)}"
        try:
            _download(url, file, folder, name)
        except (OSError, HTTPException, ValueError, UserError) as error:
            what = error.finding.what if isinstance(error, UserError) else _reason(error)
            failed.append(f"{url} {what}")
            with suppress(FileNotFoundError):
                os.unlink(name, dir_fd=folder)
        else:
            return mirror
    raise UserError(
        file.path, "; ".join(failed), f"{file.size:,} bytes of the sha256 {file.sha256}"
    )


def _download(url: str, file: File, folder: int, name: str) -> None:
    if not may_ask(url):
        raise UserError(url, "is not asked", "https, or http on this machine")
    digest, left = hashlib.sha256(), file.size
    with (
        _opener(url).open(url, timeout=TIMEOUT_S) as answer,
        os.fdopen(os.open(name, _NEW, 0o644, dir_fd=folder), "wb") as out,
    ):
        while block := answer.read(min(files.BLOCK_BYTES, left + 1)):
            left -= len(block)
            if left < 0:
                raise UserError(url, f"gives more than {file.size:,} bytes")
            digest.update(block)
            out.write(block)
    if left:
        raise UserError(url, f"gives {left:,} bytes too few")
    if digest.hexdigest() != file.sha256:
        raise UserError(url, f"gives other bytes, of the sha256 {digest.hexdigest()}")


def may_ask(url: str) -> bool:
    """Say whether an address may be asked: https, or http on this machine."""
    parts = urlsplit(url)
    if not parts.hostname or parts.username is not None:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_here(parts.hostname))


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class _Redirects(request.HTTPRedirectHandler):
    """Follows a redirect to the same scheme alone."""

    max_redirections = 5

    def redirect_request(
        self, req: request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> request.Request | None:
        if not may_ask(newurl) or urlsplit(newurl).scheme != urlsplit(req.full_url).scheme:
            raise HTTPError(newurl, code, f"leads to {newurl[:200]}", headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener(url: str) -> request.OpenerDirector:
    """Make what asks: it knows http and https alone, and no proxy for this machine."""
    opener = request.OpenerDirector()
    opener.addheaders = [("User-Agent", "staticrun"), ("Accept-Encoding", "identity")]
    handlers = [
        request.HTTPHandler(),
        request.HTTPSHandler(),
        request.HTTPDefaultErrorHandler(),
        request.HTTPErrorProcessor(),
        _Redirects(),
    ]
    if urlsplit(url).scheme == "https":
        handlers.insert(0, request.ProxyHandler())
    for handler in handlers:
        opener.add_handler(handler)
    return opener


def _reason(error: Exception) -> str:
    if isinstance(error, HTTPError):
        return f"answers {error.code} {error.reason}"
    return f"cannot be read ({getattr(error, 'reason', None) or error})"


@contextmanager
def _made(root: Path, path: str) -> Iterator[int]:
    """Open a folder, and make it where it is not there; no link is followed."""
    descriptor = os.open(root, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    try:
        for part in path.split("/"):
            with suppress(FileExistsError):
                os.mkdir(part, 0o755, dir_fd=descriptor)
            try:
                below = os.open(part, _FOLDER, dir_fd=descriptor)
            except OSError as error:
                raise UserError(path, "leads over a link or no folder", "folders") from error
            os.close(descriptor)
            descriptor = below
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _staged(above: int) -> Iterator[int]:
    """Make a folder for what is not yet known to be right, and remove it again."""
    name = f".fetch-{secrets.token_hex(8)}"
    os.mkdir(name, 0o700, dir_fd=above)
    descriptor = os.open(name, _FOLDER, dir_fd=above)
    try:
        yield descriptor
    finally:
        with os.scandir(descriptor) as entries:
            names = [entry.name for entry in entries]
        for left in names:
            os.unlink(left, dir_fd=descriptor)
        os.close(descriptor)
        os.rmdir(name, dir_fd=above)
