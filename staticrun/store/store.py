"""All runs of a project: found, read, kept in an index, asked for."""

from __future__ import annotations

import os
from collections import OrderedDict
from contextlib import suppress
from typing import TYPE_CHECKING

from staticrun import files, layout
from staticrun.config import Experiment, load_experiment
from staticrun.errors import Finding, UserError, nearest
from staticrun.store.index import CacheError, FileDigest, Index, Kept, remove
from staticrun.store.run import Run, Runs
from staticrun.store.scan import Place, Scan, scan
from staticrun.store.update import advance, sources, update

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import BinaryIO

    from staticrun.config import Config
    from staticrun.store.columns import Part
    from staticrun.store.facts import Facts, FilePlan
    from staticrun.store.near import Near
    from staticrun.store.points import RunPoints

# The points of so many runs are held after they were asked for.
_POINTS_HELD = 16


class Store:
    """The runs of a project.

    Nothing is read before something is asked for. What was read is kept in `.staticrun/`; a
    cache that is lost, locked, read-only or damaged costs time and changes no result.

    Args:
        config: The project.
        cache: Whether to keep what was read; without it nothing is written.
    """

    def __init__(self, config: Config, *, cache: bool = True) -> None:
        self._config = config
        self._cache = config.root / layout.CACHE if cache else None
        self._index: Index | None = None
        self._scan: Scan | None = None
        self._near: Near | None = None
        self._files: dict[Path, str] | None = None
        self._stamps: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        self._by_id: dict[str, list[str]] | None = None
        self._kept: dict[str, tuple[str, Kept]] = {}
        self._experiments: dict[Path, tuple[str, Experiment, list[Finding]]] = {}
        self._points: OrderedDict[tuple[str, str], RunPoints] = OrderedDict()

    @classmethod
    def open(cls, config: Config, *, cache: bool = True) -> Store:
        """Open the runs of a project.

        Args:
            config: The project.
            cache: As for the class.
        """
        return cls(config, cache=cache)

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle as the project alone: a worker process opens the index anew."""
        return _opened, (self._config, self._cache is not None)

    def as_recorded(self) -> Store:
        """Give the runs as their records have them, whatever this store changes in them."""
        return self

    def close(self) -> None:
        """Let go of the cache; the store opens it again when it is needed."""
        if self._near is not None:
            self._near.close()
            self._near = None
        if self._index is not None:
            self._index.close()
            self._index = None

    def refresh(self) -> None:
        """Look for new runs and read what was added to the known ones."""
        found = scan(self._config)
        try:
            updated = update(self._opened(), found.places, self._config.root)
        except CacheError as error:
            self._replaced(error)
            try:
                updated = update(self._opened(), found.places, self._config.root)
            except CacheError as again:
                self._replaced(CacheError(str(again), damaged=False))
                updated = update(self._opened(), found.places, self._config.root)
        self._scan, (self._stamps, self._ids) = found, updated
        self._files = self._by_id = None
        self._kept = {key: held for key, held in self._kept.items() if key in found.places}

    def advance(self, key: str) -> bool:
        """Read what was added to one known run; whatever else has changed is left alone.

        Returns:
            Whether anything was added; False also for a key that is not known.
        """
        place = self._found().places.get(key)
        if place is None:
            return False
        try:
            stamp, id_ = advance(self._opened(), place, self._config.root)
        except CacheError as error:
            self._replaced(error)
            self.refresh()
            return True
        if not stamp or self._stamps.get(key) == stamp:
            return False
        self._stamps[key], self._ids[key] = stamp, id_
        self._by_id = None
        return True

    def alone(self, key: str) -> Store | None:
        """Open a run by its key, without a look at the others where none was taken yet.

        Returns:
            A store that knows the run, and perhaps others; None where it is not at its own place.
        """
        if self._scan is not None:
            return self if key in self._scan.places else None
        if self._near is None:
            from staticrun.store.near import Near

            self._near = Near(self._config, cache=self._cache is not None)
        return self._near if self._near.take(key) else None

    def place(self, path: Path) -> str | None:
        """Give the key of the run that a known record file belongs to; None for other files."""
        if self._files is None:
            places = self._found().places.values()
            self._files = {file: place.key for place in places for file in place.files}
        return self._files.get(path)

    def keys(self) -> list[str]:
        """List the keys of all runs in natural order, archived ones included."""
        return list(self._found().places)

    def with_id(self, id_: str) -> list[str]:
        """List the keys of the runs that have an id: one, none, or those of copies."""
        places = self._found().places
        if self._by_id is None:
            self._by_id = {}
            for key in places:
                self._by_id.setdefault(self._ids[key], []).append(key)
        return self._by_id.get(id_, [])

    def folder(self, key: str) -> str | None:
        """Give a run's folder, or another tool's file, below the project; None for no run."""
        place = self._found().places.get(key)
        return None if place is None else place.shown

    def run(self, key: str) -> Run:
        """Give a run.

        Raises:
            UserError: When there is none with this key.
        """
        place = self._found().places.get(key)
        if place is None:
            raise UserError(key, "is no run", "the key of a run", nearest(key, self.keys()))
        kept = self._kept_of(key)
        facts = kept.facts
        return Run(
            facts,
            place.folder,
            place.files,
            tuple(kept.findings),
            lambda: self._points_of(place, facts),
        )

    def runs(
        self,
        where: str | None = None,
        experiment: str | None = None,
        *,
        archived: bool = False,
        clock: float | None = None,
    ) -> Runs:
        """Choose runs, in the natural order of their keys.

        Args:
            where: A filter, such as `val/acc > 0.9 and params.lr < 0.01`.
            experiment: Only runs of this experiment; those of nested ones are not among them.
            archived: Whether archived runs are among them.
            clock: Now, in Unix seconds, for relative dates in the filter.

        Raises:
            FilterError: When the filter is wrong.
        """
        keys = (
            key
            for key in self._found().places
            if experiment is None or layout.split_key(key)[0] == experiment
        )
        chosen = (run for run in map(self.run, keys) if archived or not run.archived)
        return Runs(chosen if where is None else self._where(where, clock, chosen))

    def _where(self, where: str, clock: float | None, runs: Iterable[Run]) -> Iterator[Run]:
        from staticrun.store.filter import RunFields, parse

        holds = parse(where, clock=clock)
        experiments = self.experiments()
        own, metrics = self._config.metrics, {}
        for run in runs:
            if run.experiment not in metrics:
                metrics[run.experiment] = {**own, **experiments[run.experiment].metrics}
            if holds(RunFields(run, metrics[run.experiment])):
                yield run

    def find(self, text: str) -> Run:
        """Find a run by what a person would type.

        Args:
            text: Its key, its id, or the beginning or end of either if no other run has it.

        Raises:
            UserError: When no run or more than one is meant; names the nearest.
        """
        keys = self.keys()
        tries: list[list[str]] = [
            [key for key in keys if key == text],
            [key for key in keys if self._ids[key] == text],
            [key for key in keys if key.endswith(f"/{text}")],
            [
                key
                for key in keys
                for word in [(key, self._ids[key])]
                if any(w.startswith(text) or w.endswith(text) for w in word)
            ],
        ]
        found = next((some for some in tries if some), []) if text else []
        if len(found) == 1:
            return self.run(found[0])
        if found:
            more = f" and {len(found) - 8} more" if len(found) > 8 else ""
            raise UserError(
                text,
                f"may be any of {len(found)} runs",
                "one run",
                f"one of {', '.join(found[:8])}{more}",
            )
        try_ = nearest(text, keys) or "train first: there are no runs yet"
        raise UserError(text, "is no run", "the key or the id of one", try_)

    def experiments(self) -> dict[str, Experiment]:
        """Give every experiment that has a run or an experiment.yaml, in natural order."""
        found = self._found()
        names = {layout.split_key(key)[0] for key in found.places} | set(found.experiments)
        return {
            name: self._experiment(found.experiments[name])[1]
            if name in found.experiments
            else Experiment()
            for name in sorted(names, key=lambda name: (files.natural_order(name), name))
        }

    def experiment(self, name: str) -> Experiment:
        """Give what an experiment's experiment.yaml says; nothing where there is none."""
        path = self._found().experiments.get(name)
        return Experiment() if path is None else self._experiment(path)[1]

    @property
    def findings(self) -> list[Finding]:
        """What is wrong with the project's runs: of the whole first, then run by run."""
        found = self._found()
        collected = [*found.findings, *self._twins(found.places)]
        for path in found.experiments.values():
            collected += self._experiment(path)[2]
        for key in found.places:
            collected += self._kept_of(key).findings
        return collected

    def digest(self, key: str) -> str:
        """Give the sha256 over the names and bytes of a run's record files.

        Raises:
            UserError: When there is no run with this key.
        """
        return self.run(key).digest

    def file_digest(self, path: Path, stream: BinaryIO | None = None) -> tuple[str, int]:
        """Give the sha256 of a file and its size in bytes; not read again while untouched.

        Args:
            path: The file.
            stream: The same, open, where what the path leads to by now must not matter.

        Raises:
            OSError: When the file cannot be read.
        """
        status = path.stat() if stream is None else os.fstat(stream.fileno())
        signature = files.signature(status)
        shown = os.fsencode(path.absolute()).hex()  # a name need not be text
        try:
            known = self._opened().digest(shown)
            if known is not None and known.signature == signature:
                return known.sha256, known.size
        except CacheError as error:
            self._replaced(error)
        digest, size = files.sha256_stream(stream) if stream else files.sha256_file(path)
        try:
            self._opened().put_digest(shown, FileDigest(signature, digest, size))
        except CacheError as error:
            self._replaced(error)
        return digest, size

    # What follows reads and keeps.

    def _found(self) -> Scan:
        if self._scan is None:
            self.refresh()
        if self._scan is None:
            raise AssertionError("a refresh scans")
        return self._scan

    def _opened(self) -> Index:
        if self._index is None:
            try:
                self._index = Index(self._cache)
            except CacheError as error:
                return self._replaced(error)
        return self._index

    def _replaced(self, error: CacheError) -> Index:
        """Go on with another index: a new one for a damaged one, else a temporary one."""
        self.close()
        if error.damaged and self._cache is not None:
            remove(self._cache)
            with suppress(CacheError):
                self._index = Index(self._cache)
        if self._index is None:
            self._cache = None
            self._index = Index(None)
        return self._index

    def _kept_of(self, key: str) -> Kept:
        """Give what is kept of a run, and read anew when another process has gone on."""
        for attempt in range(3):
            held = self._kept.get(key)
            if held is not None and held[0] == self._stamps.get(key):
                return held[1]
            try:
                kept = self._opened().kept(key, self._stamps[key])
            except CacheError as error:
                if error.damaged or attempt:
                    self._replaced(error)
                self.refresh()
                if key not in self._stamps:
                    break
            else:
                self._kept[key] = (self._stamps[key], kept)
        raise UserError(key, "was removed while it was read")

    def _points_of(self, place: Place, facts: Facts) -> RunPoints:
        from staticrun.store.points import RunPoints

        at = (facts.key, facts.digest)
        if at in self._points:
            self._points.move_to_end(at)
            return self._points[at]
        found = RunPoints([(plan, self._parts_of(place, plan)) for plan in facts.plans])
        self._points[at] = found
        if len(self._points) > _POINTS_HELD:
            self._points.popitem(last=False)
        return found

    def _parts_of(self, place: Place, plan: FilePlan) -> list[Part]:
        try:
            return self._opened().parts(plan.path)
        except CacheError:
            from staticrun.store.read import read

            source = next(s for s in sources(place, self._config.root) if s.shown == plan.path)
            try:
                reading = read(source)
            except OSError as error:
                reason = error.strerror or str(error)
                raise UserError(plan.path, f"cannot be read any more ({reason})") from error
            return [reading.part] if reading.half is None else [reading.part, reading.half.part]

    def _experiment(self, path: Path) -> tuple[str, Experiment, list[Finding]]:
        try:
            signature = files.signature(path.stat())
        except OSError:
            signature = ""
        known = self._experiments.get(path)
        if known is None or known[0] != signature:
            shown = path.relative_to(self._config.root).as_posix()
            known = (signature, *load_experiment(path, shown))
            self._experiments[path] = known
        return known

    def _twins(self, places: dict[str, Place]) -> list[Finding]:
        """Find runs with one id."""
        firsts: dict[str, str] = {}
        found = []
        for key, place in places.items():
            first = firsts.setdefault(self._ids[key], key)
            if first != key:
                found.append(
                    Finding(
                        place.shown,
                        f"has the id {self._ids[key]}, as {places[first].shown} has",
                        "one run an id",
                        "delete the one that is a copy",
                    )
                )
        return found


def _opened(config: Config, cache: bool) -> Store:
    return Store.open(config, cache=cache)
