"""What a training puts into its run beside numbers: files, pictures, tables, distributions."""

from __future__ import annotations

from time import time
from typing import TYPE_CHECKING

from staticrun.log.values import clean, to_step
from staticrun.log.writer import attempt, never_raises
from staticrun.record import types

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from staticrun.log.writer import Writer


class Outputs:
    """The methods of a run that store something in its folder; part of `Run`."""

    _writer: Writer

    @never_raises
    def artifact(
        self,
        path: str | Path,
        *,
        name: str | None = None,
        kind: str | None = None,
        key: str | None = None,
        step: float | None = None,
        caption: str | None = None,
    ) -> Path | None:
        """Copy a file or a folder into the run's `artifacts/` and record it with its digest.

        What lies in the run's folder already is recorded where it is. Links in a folder are
        followed only inside it. A name that other bytes have gets a number.

        Args:
            path: A file, a folder, or an address (`s3://…`), which is recorded as it is.
            name: Path below `artifacts/`; the file's own name when left out.
            kind: How it is shown (`image`, `table`, …); guessed from the extension.
            key: Artifacts with one key and several steps belong together.
            step: The step that it belongs to.
            caption: A sentence that stands below it.

        Returns:
            Where it lies now; None when it could not be stored or is an address.
        """
        from staticrun.log import keep

        given = keep.describe(kind, key, step, caption)
        if isinstance(path, str) and "://" in path:
            keep.keep_address(self._writer, path, given)
            return None
        return keep.keep_path(self._writer, path, name, given)

    @never_raises
    def figure(
        self, name: str, figure: object, step: float | None = None, *, caption: str | None = None
    ) -> Path | None:
        """Save a figure (matplotlib's, or anything with `savefig`) as a PNG of the run."""
        from staticrun.log import keep, media

        given = keep.describe("figure", name, step, caption)
        return keep.keep_bytes(self._writer, lambda: media.draw_png(figure), "png", given)

    @never_raises
    def image(
        self, name: str, image: object, step: float | None = None, *, caption: str | None = None
    ) -> Path | None:
        """Save an image as a PNG of the run.

        Args:
            name: Names the series of images.
            image: An array of shape (height, width), (height, width, 1 | 3 | 4) or channels
                first; integers 0 to 255, or floats 0 to 1. Or a PIL image. A file on disk is
                for `artifact`.
            step: The step that it belongs to.
            caption: A sentence that stands below it.
        """
        from staticrun.log import keep, media

        given = keep.describe("image", name, step, caption)
        return keep.keep_bytes(self._writer, lambda: media.encode_png(image), "png", given)

    @never_raises
    def table(
        self,
        name: str,
        rows: object,
        step: float | None = None,
        *,
        columns: Sequence[str] | None = None,
        caption: str | None = None,
    ) -> Path | None:
        """Save rows as a CSV file of the run.

        Args:
            name: Names the table.
            rows: Mappings, one a row; sequences, with `columns`; or a data frame.
            step: The step that it belongs to.
            columns: The columns and their order.
            caption: A sentence that stands below it.
        """
        from staticrun.log import keep, media

        given = keep.describe("table", name, step, caption)
        return keep.keep_bytes(self._writer, lambda: media.write_csv(rows, columns), "csv", given)

    @never_raises
    def histogram(
        self, name: str, values: object, step: float | None = None, *, bins: int = 64
    ) -> None:
        """Record the distribution of many numbers at a step, in bins of equal width.

        Args:
            name: Names the series of distributions.
            values: Numbers, or an array of any shape; those that are not finite are left out.
            step: The step that it belongs to.
            bins: How many bins.
        """
        from staticrun.log import media

        what = f"histogram {clean(name)!r} is not recorded"
        found = attempt(self._writer, "histogram", what, lambda: media.count_bins(values, bins))
        if found is not None:
            edges, counts = found
            at = to_step(step)
            self._writer.write(
                types.Histogram(name=clean(name), edges=edges, counts=counts, step=at, time=time())
            )
