"""What a training reads: data, and what other runs wrote."""

from __future__ import annotations

from time import time
from typing import TYPE_CHECKING

from staticrun.log.values import clean, clean_or_none
from staticrun.log.writer import attempt, never_raises
from staticrun.record import types

if TYPE_CHECKING:
    from staticrun.log.writer import Writer


class Inputs:
    """The methods of a run that record what it consumes; part of `Run`."""

    _writer: Writer

    @never_raises
    def dataset(
        self,
        name: str,
        data: object = None,
        *,
        digest: str | None = None,
        role: str | None = None,
        rows: int | None = None,
        source: str | None = None,
    ) -> None:
        """Record data that the run reads, by a digest of its content; nothing is copied.

        Args:
            name: What people call it.
            data: A file, a folder, bytes, or arrays, to take the digest and the rows from. A
                text of 64 hex digits is the digest itself.
            digest: The digest, where it is known.
            role: `train`, `eval`, ….
            rows: How many.
            source: Where it came from.
        """
        from staticrun.log import datasets

        what = f"dataset {clean(name)!r} has no digest"
        known = attempt(self._writer, "dataset", what, lambda: datasets.describe(data))
        self._writer.write(
            types.Dataset(
                name=clean(name),
                digest=clean_or_none(digest) or (known.digest if known else None),
                role=clean_or_none(role),
                rows=rows if isinstance(rows, int) else (known.rows if known else None),
                source=clean_or_none(source),
                time=time(),
            )
        )

    @never_raises
    def use(
        self,
        run: object = None,
        *,
        path: str | None = None,
        uri: str | None = None,
        sha256: str | None = None,
        tree: str | None = None,
        role: str | None = None,
    ) -> None:
        """Record what the run consumes: another run's artifact, or an address.

        Args:
            run: A run, or the id of one.
            path: The artifact, relative to that run's folder.
            uri: Where it is, when it is no run's.
            sha256: Digest of a file; taken from the run's folder when that is at hand.
            tree: Tree digest of a folder; likewise.
            role: What it is used for: `init`, `teacher`, ….
        """
        from staticrun.log import datasets

        if run is None and uri is None:
            self._writer.drop("use", "use() names neither a run nor a uri")
            return
        file, folder = (sha256, tree) if sha256 or tree else datasets.digest_of(run, path)
        self._writer.write(
            types.Use(
                run=clean_or_none(getattr(run, "id", run)),
                path=clean_or_none(path),
                uri=clean_or_none(uri),
                sha256=file,
                tree=folder,
                role=clean_or_none(role),
                time=time(),
            )
        )
