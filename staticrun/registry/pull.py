"""Copying a version's bytes to where they are used, and only if they are those of the version."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from staticrun import files
from staticrun.errors import UserError
from staticrun.registry import artifacts

if TYPE_CHECKING:
    from collections.abc import Collection

    from staticrun.registry.manifests import Artifact


def pull(root: Path, source: str, artifact: Artifact, out: Path, ours: Collection[str]) -> bool:
    """Copy the files of an artifact into a folder, which is there whole or not at all.

    What is copied is digested on the way, so that nothing that is put there meanwhile gets out.

    Args:
        root: The project's folder.
        source: Where the bytes are, below it.
        artifact: What they have to be.
        out: The folder. An empty one is taken, one that holds a version is replaced.
        ours: Tree digests of the versions that may be replaced.

    Returns:
        Whether anything was written; not where the folder holds these bytes already.

    Raises:
        UserError: When the bytes are not those, or the folder holds anything else.
        OSError: When the folder cannot be written; it is as it was before.
    """
    held = _held(out)
    if held == artifact.tree:
        return False
    if held is not None and held not in ours:
        expected = "an empty or new folder, or one that holds a version of the model"
        raise UserError(str(out), "holds other files", expected, "take another folder")
    out.parent.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        _copy(root, source, artifact, staged / "new")
        if held is not None:
            out.rename(staged / "old")
        try:
            (staged / "new").rename(out)
        except OSError:
            if held is not None:
                (staged / "old").rename(out)
            raise
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return True


def _held(out: Path) -> str | None:
    """Give the tree digest of what a folder holds; None where there is nothing.

    Raises:
        UserError: When it is no folder, or what it holds cannot be a version.
    """
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise UserError(str(out), "is a link or no folder", "a folder, or nothing yet")
    if not out.exists() or not any(out.iterdir()):
        return None
    try:
        return artifacts.tree(out.parent, out.name).digest
    except UserError:
        return "other"


def _copy(root: Path, source: str, artifact: Artifact, to: Path) -> None:
    wanted = {file.path: file for file in artifact.files}
    to.mkdir()
    for inner, stream in artifacts.streams(root, source):
        name = inner or source.rpartition("/")[2]
        file = wanted.pop(name, None)
        if file is None:
            raise UserError(f"{source}/{name}", "is no file of the version")
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        with (to / name).open("xb") as copy:
            while size <= file.size and (block := stream.read(files.BLOCK_BYTES)):
                copy.write(block)
                digest.update(block)
                size += len(block)
        if (digest.hexdigest(), size) != (file.sha256, file.size):
            raise UserError(f"{source}/{name}", "has other bytes", f"the sha256 {file.sha256}")
    if wanted:
        raise UserError(f"{source}/{next(iter(wanted))}", "is not here any more")
