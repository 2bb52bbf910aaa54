"""Put something into a run: its bytes into the folder, then the record that names them."""

from __future__ import annotations

from pathlib import Path, PurePath
from time import time
from typing import TYPE_CHECKING

import msgspec

from staticrun.log.artifact import ArtifactError, digest_in_place, kind_of, store, store_bytes
from staticrun.log.hide import host_names, make_hide, places_of, user_names
from staticrun.log.media import file_name
from staticrun.log.redact import redact
from staticrun.log.values import clean, clean_or_none, to_step
from staticrun.log.writer import reason
from staticrun.record.types import Artifact

if TYPE_CHECKING:
    from collections.abc import Callable

    from staticrun.log.artifact import Stored
    from staticrun.log.place import Place
    from staticrun.log.writer import Writer

HOW = ("copy", "link", "reference")


def describe(kind: str | None, key: str | None, step: float | None, caption: object) -> Artifact:
    """Make an artifact's record as far as the training knows it."""
    return Artifact(
        kind="" if kind is None else clean(kind),
        key=clean_or_none(key),
        step=to_step(step),
        caption=clean_or_none(caption),
    )


def is_address(path: object) -> bool:
    """Say whether a text is an address (`s3://…`) and no path."""
    return isinstance(path, str) and "://" in path


def keep_address(writer: Writer, address: str, given: Artifact) -> None:
    """Record what lies elsewhere; nothing is fetched."""
    kind = given.kind or kind_of(address.partition("?")[0])
    uri = redact(clean(address))
    writer.write(msgspec.structs.replace(given, uri=uri, kind=kind, time=time()))


def keep_path(
    writer: Writer, path: str | Path, name: str | None, how: str, given: Artifact
) -> Path | None:
    """Bring a file or a folder into the run, or refer to it; None when that cannot be.

    Args:
        writer: Of the run.
        path: The file or folder.
        name: Path below `artifacts/`.
        how: One of `HOW`.
        given: The record so far.
    """
    what = f"artifact {clean(path)!r}"
    source, folder = Path(path), writer.place.folder

    def put() -> Stored:
        if how not in HOW:
            raise ArtifactError(f"{clean(how)!r} is none of {', '.join(HOW)}")
        if how != "reference" or source.resolve().is_relative_to(folder.resolve()):
            return store(folder, source, name, by_link=how == "link")
        return digest_in_place(source)._replace(path="")

    return _keep(writer, what, put, given, source)


def keep_media(
    writer: Writer,
    value: object,
    make: Callable[[], tuple[bytes, str]],
    folder: str,
    given: Artifact,
) -> Path | None:
    """Copy a picture, a sound or a film from a file; what is no path goes through `keep_bytes`."""
    if not isinstance(value, str | PurePath):
        return keep_bytes(writer, make, folder, given)
    source = Path(value)
    what = f"{given.kind} {given.key!r}"
    name = file_name(folder, given.key or "", given.step, source.suffix.lstrip(".") or "bin")
    known = writer.media
    return _keep(
        writer, what, lambda: store(writer.place.folder, source, name, known=known), given
    )


def keep_bytes(
    writer: Writer, make: Callable[[], tuple[bytes, str]], folder: str, given: Artifact
) -> Path | None:
    """Write what `make` gives as a file of the run, named by the record's key and step.

    Args:
        writer: Of the run.
        make: Draws, encodes: gives bytes and the file's extension; may raise anything.
        folder: Below `artifacts/`.
        given: The record so far, with a key.
    """
    what = f"{given.kind} {given.key!r}"

    def put() -> Stored:
        data, end = make()
        name = file_name(folder, given.key or "", given.step, end)
        return store_bytes(writer.place.folder, data, name, writer.media)

    return _keep(writer, what, put, given)


def shown_path(place: Place, path: Path) -> str:
    """Spell a path so that it says nothing of whose it is: relative to the project, else `~/…`."""
    return make_hide(places_of(place.root), user_names(), host_names())(clean(path))


def _keep(
    writer: Writer,
    what: str,
    put: Callable[[], Stored],
    given: Artifact,
    source: Path | None = None,
) -> Path | None:
    if writer.ended:
        writer.drop("ended", f"the run has ended, and {what} came after it")
        return None
    try:
        stored = put()
    except Exception as error:  # noqa: BLE001 - a training goes on without an artifact
        writer.drop("artifact", f"{what} is not stored: {reason(error)}")
        return None
    for left_out in stored.left_out:
        writer.drop("artifact", f"{what} is stored without {left_out}")
    uri = None
    if source is not None and not stored.path:
        uri = shown_path(writer.place, source.resolve())
    writer.write(
        msgspec.structs.replace(
            given,
            path=stored.path or None,
            uri=uri,
            sha256=stored.sha256,
            tree=stored.tree,
            bytes=stored.size,
            kind=given.kind or ("folder" if stored.tree else kind_of(stored.path or str(source))),
            time=time(),
        )
    )
    return writer.place.folder / stored.path if stored.path else None
