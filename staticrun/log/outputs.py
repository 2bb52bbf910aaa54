"""What a training puts into its run beside numbers: files, pictures, tables, distributions."""

from __future__ import annotations

from time import time
from typing import TYPE_CHECKING, Literal

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
        how: Literal["copy", "link", "reference"] = "copy",
    ) -> Path | None:
        """Store a file or a folder in the run's `artifacts/` and record it with its digest.

        What lies in the run's folder already is recorded where it is. Links in a folder are
        followed only inside it. A name that other bytes have gets a number.

        Args:
            path: A file, a folder, or an address (`s3://…`), which is recorded as it is.
            name: Path below `artifacts/`; the file's own name when left out.
            kind: How it is shown (`image`, `table`, …); guessed from the extension.
            key: Artifacts with one key and several steps belong together.
            step: The step that it belongs to.
            caption: A sentence that stands below it.
            how: `copy`; `link`, a hard link, which takes no space, or a copy where that cannot
                be; `reference`, which stores nothing and records where it lies.

        Returns:
            Where it lies in the run; None when it could not be stored or lies elsewhere.
        """
        from staticrun.log import keep

        given = keep.describe(kind, key, step, caption)
        if keep.is_address(path):
            keep.keep_address(self._writer, str(path), given)
            return None
        return keep.keep_path(self._writer, path, name, how, given)

    @never_raises
    def figure(
        self, name: str, figure: object, step: float | None = None, *, caption: str | None = None
    ) -> Path | None:
        """Save a figure as a PNG of the run.

        Args:
            name: Names the series of figures.
            figure: matplotlib's, or anything with `savefig`; or plotly's, which stays JSON where
                plotly cannot draw it.
            step: The step that it belongs to.
            caption: A sentence that stands below it.
        """
        from staticrun.log import images, keep

        given = keep.describe("figure", name, step, caption)
        return keep.keep_bytes(self._writer, lambda: images.draw(figure), "figures", given)

    @never_raises
    def image(
        self,
        name: str,
        image: object,
        step: float | None = None,
        *,
        caption: str | Sequence[str] | None = None,
    ) -> Path | None:
        """Save an image, or several of one step, as PNG of the run.

        Args:
            name: Names the series of images.
            image: An array of shape (height, width), (height, width, 1 to 4) or channels first;
                integers 0 to 255, or floats 0 to 1. Or a PIL image, or a file's path, which is
                copied as it is. Several: a list, or an array with one axis more in front; one of
                three axes is several where there are as many captions.
            step: The step that it belongs to.
            caption: A sentence that stands below it; for several, one each.

        Returns:
            Where it lies; of several, the last.
        """
        from staticrun.log import images, keep

        captions = caption if isinstance(caption, list | tuple) else None
        several = images.split_batch(image, None if captions is None else len(captions))
        stored = None
        for number, one in enumerate([image] if several is None else several):
            words = caption
            if captions is not None:
                words = captions[number] if number < len(captions) else None
            stored = keep.keep_media(
                self._writer,
                one,
                lambda one=one: (images.encode_png(one), "png"),  # type: ignore[misc]
                "images",
                keep.describe("image", name, step, words),
            )
        return stored

    @never_raises
    def audio(
        self,
        name: str,
        audio: object,
        step: float | None = None,
        *,
        sample_rate: int | None = None,
        caption: str | None = None,
    ) -> Path | None:
        """Save sound as a WAV file of the run.

        Args:
            name: Names the series of sounds.
            audio: An array of shape (samples,), (samples, channels) or (channels, samples):
                floats -1 to 1, or integers of 16 bits. Or a file's path, which is copied.
            step: The step that it belongs to.
            sample_rate: Samples a second; needed for an array.
            caption: A sentence that stands below it.
        """
        from staticrun.log import keep, sound

        return keep.keep_media(
            self._writer,
            audio,
            lambda: (sound.encode_wav(audio, sample_rate), "wav"),
            "audio",
            keep.describe("audio", name, step, caption),
        )

    @never_raises
    def video(
        self,
        name: str,
        video: object,
        step: float | None = None,
        *,
        fps: float = 4,
        caption: str | None = None,
    ) -> Path | None:
        """Save a film of the run: a file as it is, frames as an animated PNG.

        Args:
            name: Names the series of films.
            video: The path of a file, which is copied. Or frames of one size: a list of images
                or an array of these.
            step: The step that it belongs to.
            fps: Frames a second, for frames.
            caption: A sentence that stands below it.
        """
        from staticrun.log import images, keep

        return keep.keep_media(
            self._writer,
            video,
            lambda: (images.encode_film(video, fps), "png"),
            "videos",
            keep.describe("video", name, step, caption),
        )

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
            rows: Mappings, one a row; sequences, with `columns`; a data frame of pandas or
                polars; or a table of Arrow.
            step: The step that it belongs to.
            columns: The columns and their order.
            caption: A sentence that stands below it.
        """
        from staticrun.log import keep, media

        given = keep.describe("table", name, step, caption)
        return keep.keep_bytes(
            self._writer, lambda: (media.write_csv(rows, columns), "csv"), "tables", given
        )

    @never_raises
    def json(
        self, name: str, value: object, step: float | None = None, *, caption: str | None = None
    ) -> Path | None:
        """Save any value as a JSON file of the run; what JSON has no word for becomes text."""
        from staticrun.log import keep, media

        given = keep.describe("text", name, step, caption)
        return keep.keep_bytes(
            self._writer, lambda: (media.write_json(value), "json"), "json", given
        )

    @never_raises
    def html(
        self, name: str, page: object, step: float | None = None, *, caption: str | None = None
    ) -> Path | None:
        """Save a page of HTML in the run. A site shows its source, and never runs it.

        Args:
            name: Names the series of pages.
            page: Text, or anything with `to_html()` (plotly, pandas, altair) or `_repr_html_()`.
            step: The step that it belongs to.
            caption: A sentence that stands below it.
        """
        from staticrun.log import keep, media

        given = keep.describe("html", name, step, caption)
        return keep.keep_bytes(
            self._writer, lambda: (media.write_html(page), "html"), "html", given
        )

    @never_raises
    def file(
        self,
        name: str,
        content: str | bytes,
        step: float | None = None,
        *,
        caption: str | None = None,
    ) -> Path | None:
        """Save text or bytes as a file of the run.

        Args:
            name: Names the series of files; its ending says what it is: `"samples.md"`. A text
                without one becomes `.txt`.
            content: What stands in it; text as UTF-8.
            step: The step that it belongs to.
            caption: A sentence that stands below it.
        """
        from staticrun.log import keep, media
        from staticrun.log.artifact import kind_of

        stem, end = media.split_name(clean(name), is_text=isinstance(content, str))
        given = keep.describe(kind_of(f"x.{end}"), stem, step, caption)
        return keep.keep_bytes(
            self._writer, lambda: (media.to_bytes(content), end), "files", given
        )

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
