"""What a run consumed: which run wrote it, where it is, and what its digest is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from staticrun.files import inside
from staticrun.log.artifact import ArtifactError, Stored, digest_in_place
from staticrun.log.ids import is_id
from staticrun.log.keep import is_address, shown_path
from staticrun.log.redact import redact
from staticrun.log.values import clean, clean_or_none
from staticrun.log.written import read_said

if TYPE_CHECKING:
    from staticrun.log.place import Place

# `doi:10.1000/1`; one letter is a drive.
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")


class Consumed(NamedTuple):
    """What is known of something that a run consumed.

    Attributes:
        run: Id of the run that wrote it.
        path: Relative to that run's folder.
        uri: Where it is when no run wrote it.
        found: Its digest, where it is at hand.
    """

    run: str | None = None
    path: str | None = None
    uri: str | None = None
    found: Stored | None = None


def resolve(what: object, path: str | None, place: Place) -> Consumed:
    """Find out what somebody means.

    Args:
        what: A run, the id or key of one, its folder, a file or folder, or an address.
        path: Of an artifact, relative to the run's folder.
        place: Of the run that consumes it.

    Raises:
        ArtifactError: When it is none of these, or the run has no such file.
        OSError: When it cannot be read.
    """
    own_id, folder = getattr(what, "id", None), getattr(what, "folder", None)
    if isinstance(own_id, str):
        return _of_run(clean(own_id), folder if isinstance(folder, Path) else None, path)
    if is_address(what):
        return Consumed(uri=redact(clean(what)), path=clean_or_none(path))
    if not isinstance(what, str | Path):
        raise ArtifactError(f"a {type(what).__name__} is no run, no file and no address")
    if is_id(str(what)):
        return _of_run(str(what), None, path)
    for start in (place.runs, place.root, Path.cwd()):
        candidate = start / what
        if own_id := _id_of(candidate):
            return _of_run(own_id, candidate, path)
        if candidate.exists():
            return _of_file(candidate / (path or ""), place)
    if _SCHEME.match(str(what)):
        return Consumed(uri=redact(clean(what)), path=clean_or_none(path))
    raise ArtifactError(f"{clean(what)!r} is no run, no file and no address")


def _of_run(own_id: str, folder: Path | None, path: str | None) -> Consumed:
    found = None
    if folder is not None and path is not None:
        if not inside(folder, folder / path):
            raise ArtifactError(f"{clean(path)!r} leads out of that run")
        if folder.is_dir():
            found = digest_in_place(folder / path)
    return Consumed(own_id, clean_or_none(path), None, found)


def _of_file(path: Path, place: Place) -> Consumed:
    """Describe a file; one that lies in a run is what that run wrote."""
    real, found = path.resolve(), digest_in_place(path)
    for folder in real.parents:
        if own_id := _id_of(folder):
            return Consumed(own_id, clean(real.relative_to(folder).as_posix()), None, found)
        if folder == place.root:
            break
    return Consumed(uri=shown_path(place, real), found=found)


def _id_of(folder: Path) -> str | None:
    """Give the id of the run that a folder is of; None where it is no run's, or says none."""
    try:
        said = read_said(folder)
    except OSError:
        return None
    return said.id if said else None
