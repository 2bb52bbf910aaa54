"""All runs of a project: found, read, kept in an index, asked for."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from staticrun import files, layout
from staticrun.config import Experiment, load_experiment
from staticrun.errors import Finding, UserError, nearest
from staticrun.store.fold import Fold
from staticrun.store.merge import FoldedFile, merge
from staticrun.store.run import Run, Runs
from staticrun.store.scan import Place, Scan, scan

if TYPE_CHECKING:
    from pathlib import Path

    from staticrun.config import Config
    from staticrun.store.columns import Part
    from staticrun.store.merge import FilePlan
    from staticrun.store.points import RunPoints


class Store:
    """The runs of a project.

    Args:
        config: The project.
        cache: Whether what was read is kept in the project's cache folder.
    """

    def __init__(self, config: Config, *, cache: bool = True) -> None:
        self._config = config
        self._cache = cache
        self._scan = Scan({}, {}, [])
        self._runs: dict[str, Run] = {}
        self._experiments: dict[str, Experiment] = {}
        self._findings: list[Finding] = []

    @classmethod
    def open(cls, config: Config, *, cache: bool = True) -> Store:
        """Open the runs of a project and read what is new.

        Args:
            config: The project.
            cache: Whether to keep what was read in `.staticrun/`; without it nothing is written.
        """
        store = cls(config, cache=cache)
        store.refresh()
        return store

    def refresh(self) -> None:
        """Look for new runs and read what was added to the known ones."""
        self._scan = scan(self._config)
        self._runs = {key: self._read(place) for key, place in self._scan.places.items()}
        self._experiments = {}
        self._findings = list(self._scan.findings)
        for name, path in self._scan.experiments.items():
            shown = path.relative_to(self._config.root).as_posix()
            self._experiments[name], found = load_experiment(path, shown)
            self._findings += found
        for run in self._runs.values():
            self._experiments.setdefault(run.experiment, Experiment())
            self._findings += run.findings

    def keys(self) -> list[str]:
        """List the keys of all runs in natural order, archived ones included."""
        return list(self._scan.places)

    def run(self, key: str) -> Run:
        """Give a run.

        Raises:
            UserError: When there is none with this key.
        """
        try:
            return self._runs[key]
        except KeyError:
            raise UserError(
                key, "is no run", "the key of a run", nearest(key, self._runs)
            ) from None

    def runs(
        self, where: str | None = None, experiment: str | None = None, *, archived: bool = False
    ) -> Runs:
        """Choose runs, in the natural order of their keys.

        Args:
            where: A filter, such as `val/acc > 0.9 and params.lr < 0.01`.
            experiment: Only runs of this experiment; those of nested ones are not among them.
            archived: Whether archived runs are among them.

        Raises:
            UserError: When the filter is wrong.
        """
        if where is not None:
            raise UserError(where, "cannot be read yet", "no filter")
        chosen = [
            run
            for run in self._runs.values()
            if (archived or not run.archived)
            and (experiment is None or run.experiment == experiment)
        ]
        return Runs(chosen)

    def experiments(self) -> dict[str, Experiment]:
        """Give every experiment that has a run or an experiment.yaml, in natural order."""
        names = sorted(self._experiments, key=lambda name: (files.natural_order(name), name))
        return {name: self._experiments[name] for name in names}

    @property
    def findings(self) -> list[Finding]:
        """What is wrong with the project's runs, run by run."""
        return list(self._findings)

    def digest(self, key: str) -> str:
        """Give the sha256 over the names and bytes of a run's record files.

        Raises:
            UserError: When there is no run with this key.
        """
        return self.run(key).digest

    def file_digest(self, path: Path) -> tuple[str, int]:
        """Give the sha256 of a file and its size in bytes.

        Raises:
            OSError: When the file cannot be read.
        """
        return files.sha256_file(path)

    def find(self, text: str) -> Run:
        """Find a run by what a person would type.

        Args:
            text: Its key, its id, or a beginning or end of either that no other run has.

        Raises:
            UserError: When no run or more than one is meant; names the nearest.
        """
        if text in self._runs:
            return self._runs[text]
        found = [run for run in self._runs.values() if run.id == text]
        if not found and text:
            found = [
                run
                for run in self._runs.values()
                if any(word.startswith(text) or word.endswith(text) for word in (run.key, run.id))
            ]
        if len(found) == 1:
            return found[0]
        if found:
            keys = [run.key for run in found]
            raise UserError(
                text,
                f"may be any of {len(found)} runs",
                "one run",
                f"one of {', '.join(keys[:8])}",
            )
        raise UserError(text, "is no run", "a key or an id", nearest(text, self._runs))

    def _read(self, place: Place) -> Run:
        folded: list[FoldedFile] = []
        parts: dict[str, list[Part]] = {}
        findings: list[Finding] = []
        for path in place.files:
            shown = path.relative_to(self._config.root).as_posix()
            named = layout.record_file(path.name) if place.rules is None else None
            named = named or layout.RecordFile(layout.MAIN, 0, edit=False)
            fold = Fold(shown, edit=named.edit, rules=place.rules)
            data = path.read_bytes()
            fold.feed(data[: data.rfind(b"\n") + 1])
            parts[shown] = [fold.part()]
            folded.append(
                FoldedFile(shown, named, fold.state, hashlib.sha256(data).hexdigest(), len(data))
            )
            findings += [
                Finding(f"{shown}:{p.line}", p.what, p.expected, level=p.level)
                for p in fold.state.problems
            ]

        def points(plans: tuple[FilePlan, ...]) -> RunPoints:
            from staticrun.store.points import RunPoints

            return RunPoints([(plan, parts[plan.path]) for plan in plans])

        facts = merge(place.key, folded, points)
        return Run(facts, place.folder, place.files, tuple(findings), lambda: points(facts.plans))
