"""Put something into a run: its bytes into the folder, then the record that names them."""

from __future__ import annotations

from pathlib import Path
from time import time
from typing import TYPE_CHECKING

import msgspec

from staticrun.log.artifact import kind_of, store, store_bytes
from staticrun.log.media import file_name
from staticrun.log.values import clean, clean_or_none, to_step
from staticrun.log.writer import reason
from staticrun.record.types import Artifact

if TYPE_CHECKING:
    from collections.abc import Callable

    from staticrun.log.artifact import Stored
    from staticrun.log.writer import Writer


def describe(
    kind: str | None, key: str | None, step: float | None, caption: str | None
) -> Artifact:
    """Make an artifact's record as far as the training knows it."""
    return Artifact(
        kind="" if kind is None else clean(kind),
        key=clean_or_none(key),
        step=to_step(step),
        caption=clean_or_none(caption),
    )


def keep_address(writer: Writer, address: str, given: Artifact) -> None:
    """Record what lies elsewhere; nothing is fetched."""
    kind = given.kind or kind_of(address)
    writer.write(msgspec.structs.replace(given, uri=clean(address), kind=kind, time=time()))


def keep_path(writer: Writer, path: str | Path, name: str | None, given: Artifact) -> Path | None:
    """Copy a file or a folder into the run; None when that cannot be."""
    what = f"artifact {clean(path)!r}"
    return _keep(writer, what, lambda: store(writer.place.folder, Path(path), name), given)


def keep_bytes(
    writer: Writer, make: Callable[[], bytes], end: str, given: Artifact
) -> Path | None:
    """Write what `make` gives as a file of the run, named by the record's key and step.

    Args:
        writer: Of the run.
        make: Draws, encodes; may raise anything.
        end: The file's extension.
        given: The record so far, with a key.
    """
    what = f"{given.kind} {given.key!r}"
    name = file_name(f"{given.kind}s", given.key or "", given.step, end)
    return _keep(writer, what, lambda: store_bytes(writer.place.folder, make(), name), given)


def _keep(writer: Writer, what: str, put: Callable[[], Stored], given: Artifact) -> Path | None:
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
    writer.write(
        msgspec.structs.replace(
            given,
            path=stored.path,
            sha256=stored.sha256,
            tree=stored.tree,
            bytes=stored.size,
            kind=given.kind or ("folder" if stored.tree else kind_of(stored.path)),
            time=time(),
        )
    )
    return writer.place.folder / stored.path
