"""The run that a training writes to.

Every method appends one record and returns; nothing is kept back. None raises: what cannot be
recorded is left out, told once and counted in `dropped`. A method may be called from any thread.
A process made by fork, or one that the run was sent to, writes to a file of its own in the same
run, begun with its first record.
"""

from __future__ import annotations

from collections.abc import Mapping
from time import time
from typing import TYPE_CHECKING, Literal, Self, TypeVar

from staticrun.log import exits
from staticrun.log.values import clean, clean_or_none, show, to_mapping, to_numbers, to_step
from staticrun.log.writer import Writer, never_raises, reason
from staticrun.record import types
from staticrun.record.codec import encode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from types import TracebackType

    from staticrun.log.place import Place
    from staticrun.log.sink import Sink
    from staticrun.record.types import Level, Status

_T = TypeVar("_T")
_Metrics = types.Metrics
_STATUSES = ("finished", "failed", "stopped")
_LEVELS = ("debug", "info", "warning", "error", "critical")


class Run:
    """One trial, open for writing; made by `staticrun.start`.

    As a context manager it ends by the way the block is left: `finished`; `failed` with the
    exception; `stopped` by Ctrl-C or SIGTERM. The exception goes on.
    """

    def __init__(self, place: Place, sink: Sink | None = None) -> None:
        self._place = place
        self._writer = Writer(place, sink)
        self._step: float = -1

    @property
    def id(self) -> str:
        """The permanent id: 26 characters, sortable by time."""
        return self._place.id

    @property
    def key(self) -> str:
        """`EXPERIMENT/RUN`, the run's path below `runs/`."""
        return self._place.key

    @property
    def name(self) -> str:
        """The name as it was given, else the folder's."""
        return self._place.name

    @property
    def experiment(self) -> str:
        """The experiment's name, its path below `runs/`."""
        return self.key.rpartition("/")[0]

    @property
    def folder(self) -> Path:
        """The run's folder, absolute."""
        return self._place.folder

    @property
    def root(self) -> Path:
        """The project's folder, absolute."""
        return self._place.root

    @property
    def ended(self) -> bool:
        """Whether `finish` was called, or the block was left."""
        return self._writer.ended

    @property
    def dropped(self) -> int:
        """How many values and records could not be written."""
        return self._writer.dropped

    def log(self, values: Mapping[str, object], step: float | None = None) -> None:
        """Record numbers at a step.

        Args:
            values: Metric → number: Python's, numpy's, a tensor of one element. NaN and infinity
                are numbers. Names of a nested mapping are joined by `/`.
            step: Where they belong; left out, one more than this writer's last, the first is 0.
        """
        # This is the path that a training takes a million times: everything is taken for plain.
        # What is not, or goes wrong, is done again with care by `_log_any`.
        try:
            is_plain = type(values) is dict and values and (step is None or type(step) is int)
            for value in values.values():
                if type(value) is not float and type(value) is not int:
                    is_plain = False
            if not is_plain:
                self._log_any(values, step)
                return
            writer = self._writer
            with writer.lock:
                at = self._step + 1 if step is None else step
                line = encode(_Metrics(values=values, step=at, time=time()))  # type: ignore[arg-type]
                writer.out.append(line)  # type: ignore[union-attr]
                self._step = at
        except Exception:  # noqa: BLE001 - see above
            self._log_any(values, step)

    @never_raises
    def _log_any(self, values: object, step: object) -> None:
        if not isinstance(values, Mapping):
            what = f"log() takes a mapping of names to numbers, not {show(values)}"
            self._writer.drop("metrics", what)
            return
        read = to_numbers(dict(values), self._refuse)
        at = to_step(step)
        if step is not None and at is None:
            self._writer.drop("step", f"step {show(step)} is no number; the next step is used")
        with self._writer.lock:
            self._step = self._step + 1 if at is None else at
            if read:
                self._writer.write(_Metrics(values=dict(read), step=self._step, time=time()))

    def _refuse(self, name: str, value: object) -> None:
        self._writer.drop("value", f"metric {name!r} is {show(value)}, which is no number")

    @never_raises
    def params(self, values: object) -> None:
        """Record what the run is configured with; later calls add and replace key by key.

        Args:
            values: A nested mapping, a dataclass, an `argparse.Namespace`, a pydantic model.
        """
        self._write_mapping("params", values, types.Params)

    @never_raises
    def summary(self, values: Mapping[str, object]) -> None:
        """Record results of the whole run; per key the last one holds, None deletes."""
        self._write_mapping("summary", values, types.Summary)

    @never_raises
    def tag(self, values: Mapping[str, object] | None = None, /, **more: object) -> None:
        """Record words to find the run by: `run.tag(team="risk")`; None deletes a tag."""
        if values is not None:
            self._write_mapping("tags", values, types.Tags)
        self._write_mapping("tags", more, types.Tags)

    def _write_mapping(
        self,
        what: str,
        values: object,
        kind: type[types.Params | types.Summary | types.Tags],
    ) -> None:
        found = to_mapping(values)
        if found is None:
            expected = "a mapping of names to values"
            self._writer.drop(what, f"{what} takes {expected}, not {show(values)}")
        elif found:
            self._writer.write(kind(values=found, time=time()))

    @never_raises
    def note(self, text: str) -> None:
        """Record what a person has to say about the run, in Markdown."""
        self._writer.write(types.Note(text=clean(text), time=time()))

    @never_raises
    def text(self, text: str, level: Level = "info") -> None:
        """Record a line of text that the training says."""
        known = level if level in _LEVELS else "info"
        self._writer.write(types.Log(text=clean(text), level=known, time=time()))

    @never_raises
    def alert(self, text: str, level: Level = "warning") -> None:
        """Record a line that somebody should see."""
        known = level if level in _LEVELS else "warning"
        self._writer.write(types.Alert(text=clean(text), level=known, time=time()))

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
        found = self._attempt("histogram", what, lambda: media.count_bins(values, bins))
        if found is not None:
            edges, counts = found
            at = to_step(step)
            self._writer.write(
                types.Histogram(name=clean(name), edges=edges, counts=counts, step=at, time=time())
            )

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
        known = self._attempt("dataset", what, lambda: datasets.describe(data))
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

    def _attempt(self, kind: str, what: str, do: Callable[[], _T]) -> _T | None:
        try:
            return do()
        except Exception as error:  # noqa: BLE001 - a training goes on without it
            self._writer.drop(kind, f"{what}: {reason(error)}")
            return None

    def child(
        self,
        name: str | None = None,
        *,
        params: object = None,
        tags: Mapping[str, object] | None = None,
        group: str | None = None,
        seed: object = None,
    ) -> Run:
        """Start a run of the same experiment that belongs to this one.

        Raises:
            UserError: As `staticrun.start`.
        """
        from staticrun.log.start import start

        return start(
            self.experiment,
            name=name,
            params=params,
            tags=tags,
            group=group,
            seed=seed,
            parent=self,
            root=self.root,
            capture=self._place.capture,
        )

    @never_raises
    def finish(self, status: Status = "finished") -> None:
        """End the run; a second time does nothing.

        Args:
            status: `finished`, `failed` or `stopped`.
        """
        if clean(status) in _STATUSES:
            self._writer.end(status, None)
            return
        what = f"{show(status)} is no status; the run is recorded as failed"
        self._writer.drop("status", what)
        self._writer.end("failed", f"finish({show(status)})")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> Literal[False]:
        self._writer.end(*exits.outcome_of(error))
        return False

    def __repr__(self) -> str:
        return f"<staticrun run {self.key}{', ended' if self.ended else ''}>"

    def __copy__(self) -> Run:
        return self

    def __deepcopy__(self, memo: object) -> Run:
        return self

    def __reduce__(self) -> tuple[type[Run], tuple[Place]]:
        """Send the run to another process: there its records go to a file of their own."""
        return Run, (self._place,)
