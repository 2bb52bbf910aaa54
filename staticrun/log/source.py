"""What a run was made of that git may not have: lock files, the script, a notebook's cells.

The digest of a lock file is always recorded. A file itself becomes an artifact when git cannot
give it back as it is, it is not too large, and nothing in it looks like a secret.
"""

from __future__ import annotations

import fnmatch
import hashlib
import os
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

from staticrun.log.artifact import store_bytes
from staticrun.log.redact import redact
from staticrun.record import types

if TYPE_CHECKING:
    from collections.abc import Iterator

    from staticrun.log.place import Place
    from staticrun.record.types import Record, Start

LOCKS = (
    *("uv.lock", "poetry.lock", "Pipfile.lock", "pdm.lock", "pylock.toml", "pylock.*.toml"),
    *("requirements*.txt", "environment.yml", "environment.yaml", "conda-lock.yml"),
    *("*.conda-lock.yml", "pixi.lock"),
)
# Of a larger file only the beginning could be kept: it is left out.
BYTES_MAX = 2_000_000
_DIGEST_BYTES_MAX = 50_000_000
_LOCKS_MAX = 20
_CELLS = "notebook.py"


def lock_files(head: Start, place: Place) -> Iterator[Record]:
    """Record the lock files that lie in the project's folder."""
    from staticrun import git

    names = sorted(
        name
        for name in os.listdir(place.root)  # noqa: PTH208 - names
        if any(fnmatch.fnmatchcase(name, pattern) for pattern in LOCKS)
    )
    found: list[tuple[Path, bytes]] = []
    for name in names[:_LOCKS_MAX]:
        data = _read(place.root / name, _DIGEST_BYTES_MAX)
        if data is not None:
            found.append((place.root / name, data))
            digest = hashlib.sha256(data).hexdigest()
            yield types.Use(uri=name, sha256=digest, role="lock file", time=head.time)
    if not found:
        return
    kept = git.committed(place.root, [path for path, _ in found])
    for path, data in found:
        if path not in kept:
            yield from _stored(head, place, path.name, data, "A lock file as it was at the start")


def script(head: Start, place: Place) -> Iterator[Record]:
    """Record the script, when git does not have it as it is."""
    from staticrun import git

    path = _script()
    if path is None:
        return
    data = _read(path, BYTES_MAX)
    if data is not None and path not in git.committed(path.parent, [path]):
        yield from _stored(head, place, path.name, data, "The script as it was at the start")


def cells(head: Start, place: Place) -> Iterator[Record]:
    """Record the cells that a notebook has run; nothing where there is none."""
    python = sys.modules.get("IPython")
    shell = python.get_ipython() if python is not None else None
    if shell is None:
        return
    texts = [f"# In [{n}]\n{text}\n" for n, text in enumerate(shell.user_ns.get("In", ())) if text]
    data = "\n".join(texts).encode("utf-8", "replace")
    if data and len(data) <= BYTES_MAX:
        yield from _stored(head, place, _CELLS, data, "The cells that were run, in their order")


def _script() -> Path | None:
    """Find the file that was started; None for a prompt, a notebook, an installed program."""
    name = getattr(sys.modules.get("__main__"), "__file__", None)
    if not isinstance(name, str) or hasattr(sys, "ps1"):
        return None
    path = Path(name).resolve()
    paths = sysconfig.get_paths()
    installed = [paths[key] for key in ("purelib", "platlib", "stdlib", "platstdlib", "scripts")]
    if any(path.is_relative_to(Path(folder).resolve()) for folder in installed):
        return None
    return None if "ipykernel_launcher" in path.name else path


def _read(path: Path, most: int) -> bytes | None:
    try:
        if not path.is_file() or path.stat().st_size > most:
            return None
        return path.read_bytes()
    except OSError:
        return None


def _stored(head: Start, place: Place, name: str, data: bytes, caption: str) -> Iterator[Record]:
    if len(data) > BYTES_MAX:
        return
    text = data.decode("utf-8", "replace")
    if redact(text) != text:
        what = f"{name} is not kept as an artifact: something in it looks like a secret"
        yield types.Log(text=what, level="warning", time=head.time)
        return
    yield put(head, place, f"source/{name}", data, "text", caption)


def put(
    head: Start, place: Place, name: str, data: bytes, kind: str, caption: str
) -> types.Artifact:
    """Write a file of the run that tells of its start, and give the record of it.

    Raises:
        OSError: When it cannot be written.
    """
    stored = store_bytes(place.folder, data, name)
    return types.Artifact(
        path=stored.path,
        sha256=stored.sha256,
        bytes=stored.size,
        kind=kind,
        caption=caption,
        time=head.time,
    )
