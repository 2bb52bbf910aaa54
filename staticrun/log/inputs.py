"""What a training reads: data, and what other runs wrote."""

from __future__ import annotations

from time import time
from typing import TYPE_CHECKING

from staticrun.log.redact import redact
from staticrun.log.values import clean, clean_or_none, show
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
            data: To take the digest, the rows and the types from: arrays or tensors; a table of
                pandas, polars, Arrow or Hugging Face; mappings, one a row; a file, a folder or
                bytes. A text of 64 hex digits is the digest itself.
            digest: The digest, where it is known: then none is taken.
            role: `train`, `eval`, ….
            rows: How many.
            source: Where it came from.
        """
        from staticrun.log import datasets

        what = f"dataset {clean(name)!r} has no digest"
        taken = data if digest is None else None
        known = attempt(self._writer, "dataset", what, lambda: datasets.describe(taken))
        known = known or datasets.Described(None)
        self._writer.write(
            types.Dataset(
                name=clean(name),
                digest=clean_or_none(digest) or known.digest,
                role=clean_or_none(role),
                rows=rows if isinstance(rows, int) else known.rows,
                source=None if source is None else redact(clean(source)),
                schema=known.schema,
                sampled=known.sampled,
                time=time(),
            )
        )

    @never_raises
    def use(
        self,
        what: object = None,
        /,
        *,
        path: str | None = None,
        uri: str | None = None,
        sha256: str | None = None,
        tree: str | None = None,
        role: str | None = None,
    ) -> None:
        """Record what the run consumes: another run's artifact, a file, or an address.

        The digest is taken where the file is at hand. A file that lies in a run's folder is
        recorded as what that run wrote.

        Args:
            what: A run, its id or its key; a file or folder; or an address.
            path: The artifact, relative to that run's folder.
            uri: An address.
            sha256: Digest of a file, where it is not at hand; else it is compared.
            tree: Tree digest of a folder; likewise.
            role: What it is used for: `init`, `teacher`, ….
        """
        from staticrun.log import consumed

        given = uri if what is None else what
        if given is None:
            self._writer.drop("use", "use() names neither a run nor a uri")
            return
        name = f"use of {show(given)}"
        place = self._writer.place
        found = attempt(
            self._writer, "use", name, lambda: consumed.resolve(given, clean_or_none(path), place)
        )
        if found is None:
            run = getattr(given, "id", None)
            found = consumed.Consumed(clean_or_none(run), clean_or_none(path))
            if run is None:
                return
        file, folder = clean_or_none(sha256), clean_or_none(tree)
        if found.found:
            if (file or folder) not in (None, found.found.sha256, found.found.tree):
                self._writer.drop("use", f"{name} finds another digest than the one given")
            file, folder = found.found.sha256, found.found.tree
        self._writer.write(
            types.Use(
                run=found.run,
                path=found.path,
                uri=found.uri if what is None or uri is None else redact(clean(uri)),
                sha256=file,
                tree=folder,
                role=clean_or_none(role),
                time=time(),
            )
        )
