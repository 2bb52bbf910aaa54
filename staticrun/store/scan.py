"""Which runs there are: a walk over the folders that hold them, and the files of other tools.

A folder with record files is a run, and the walk stops there. The order of what the disk lists
does not matter; links out of the project are not followed.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from staticrun import files, layout
from staticrun.errors import Finding
from staticrun.store.bare import Rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from staticrun.config import Config, Logs

_WILD = re.compile(r"[*?\[]")


class Place(NamedTuple):
    """Where a run is.

    Attributes:
        key: `EXPERIMENT/RUN`.
        folder: The run's folder; for another tool's file the folder that it is in.
        files: Its record files, by name.
        rules: How to read another tool's file; None for record files.
        shown: The folder or the foreign file, relative to the project.
    """

    key: str
    folder: Path
    files: tuple[Path, ...]
    rules: Rules | None
    shown: str


class Scan(NamedTuple):
    """What a walk found.

    Attributes:
        places: By key, in natural order.
        experiments: Name → its experiment.yaml.
        findings: What could not be read, and keys that stand twice.
    """

    places: dict[str, Place]
    experiments: dict[str, Path]
    findings: list[Finding]


def scan(config: Config) -> Scan:
    """Find the runs of a project."""
    walk = _Walk(config.root)
    for name in config.runs:
        root = config.root / name
        if root.is_dir():
            walk.runs(root, "")
    for logs in config.logs:
        walk.logs(logs)
    return walk.result()


class _Walk:
    def __init__(self, project: Path) -> None:
        self._project = project
        self._real = project.resolve()
        self._places: list[Place] = []
        self._experiments: dict[str, Path] = {}
        self._findings: list[Finding] = []

    def runs(self, folder: Path, key: str) -> None:
        """Walk a folder of runs; `key` is its path below its root."""
        entries = self._list(folder)
        if not entries:
            return
        records = [e for e in entries if layout.record_file(e.name) and self._is_file(e)]
        if records and key:
            names = self._once(folder, {e.name for e in records})
            paths = tuple(folder / name for name in names)
            self._places.append(Place(key, folder, paths, None, self._shown(folder)))
            return
        if records:
            self._findings.append(
                Finding(
                    self._shown(folder / records[0].name),
                    "is a record file, but not in a folder of its own",
                    "a folder for each run",
                    f"move it to {self._shown(folder)}/first/{records[0].name}",
                )
            )
        for entry in entries:
            if entry.name == layout.EXPERIMENT_CONFIG and self._is_file(entry):
                name = key or layout.DEFAULT_EXPERIMENT
                self._experiments.setdefault(name, folder / entry.name)
            elif not entry.name.startswith(".") and self._is_folder(entry):
                self.runs(folder / entry.name, f"{key}/{entry.name}" if key else entry.name)

    def logs(self, logs: Logs) -> None:
        """Find the files that a pattern names."""
        parts = logs.glob.split("/")
        fixed = next((i for i, part in enumerate(parts) if _WILD.search(part)), len(parts) - 1)
        taken = {path for place in self._places for path in place.files}
        for path in self._glob(self._project, parts):
            if path in taken:
                continue
            relative = path.relative_to(self._project).parts
            key = _foreign_key(relative, parts, fixed, logs.experiment)
            rules = Rules(logs.step, logs.time)
            self._places.append(Place(key, path.parent, (path,), rules, self._shown(path)))

    def result(self) -> Scan:
        places: dict[str, Place] = {}
        for place in sorted(self._places, key=lambda p: (files.natural_order(p.key), p.key)):
            first = places.setdefault(place.key, place)
            if first is not place:
                self._findings.append(
                    Finding(
                        place.shown,
                        f"has the key {place.key!r}, as {first.shown} has; it is left out",
                        "one run a key",
                        "rename one of the two",
                    )
                )
        return Scan(places, self._experiments, sorted(self._findings))

    def _once(self, folder: Path, names: set[str]) -> list[str]:
        """Leave out compressed files that stand beside what they were made from."""
        for name in sorted(names):
            packed = f"{name}.gz"
            if packed in names:
                names.remove(packed)
                self._findings.append(
                    Finding(
                        self._shown(folder / packed),
                        f"is not read, because {name} is there too",
                        "one of the two",
                        "delete one of the two",
                        "warning",
                    )
                )
        return sorted(names, key=lambda name: (files.natural_order(name), name))

    def _glob(self, folder: Path, parts: list[str]) -> Iterator[Path]:
        for path in sorted(folder.glob("/".join(parts))):
            if path.is_file() and files.inside(self._project, path):
                yield path

    def _list(self, folder: Path) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as found:
                return sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            reason = error.strerror or str(error)
            self._findings.append(Finding(self._shown(folder), f"cannot be read ({reason})"))
            return []

    def _is_file(self, entry: os.DirEntry[str]) -> bool:
        return entry.is_file() and self._inside(entry)

    def _is_folder(self, entry: os.DirEntry[str]) -> bool:
        return entry.is_dir() and self._inside(entry)

    def _inside(self, entry: os.DirEntry[str]) -> bool:
        return not entry.is_symlink() or files.inside(self._real, Path(entry.path))

    def _shown(self, path: Path) -> str:
        return path.relative_to(self._project).as_posix()


def _foreign_key(
    relative: tuple[str, ...], pattern: list[str], fixed: int, experiment: str | None
) -> str:
    """Name another tool's run by its folders and what differs in its file's name."""
    *folders, name = relative
    last = pattern[-1]
    if not _WILD.search(last):
        parts = folders or [name]
    else:
        tail = re.split(r"[*?\]]", last)[-1]
        parts = [*folders, name.removesuffix(tail) or name]
    if experiment is not None:
        parts = [experiment, *(parts[fixed:] or parts[-1:])]
    return "/".join(parts)
