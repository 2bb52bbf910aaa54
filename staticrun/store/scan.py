"""Which runs there are: a walk over the folders that hold them, and the files of other tools.

A folder with record files is a run, and the walk stops there. What the disk lists in which order
does not matter; links out of the project are not followed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from staticrun import files, layout
from staticrun.errors import Finding
from staticrun.store.bare import Rules
from staticrun.store.folders import Folders

if TYPE_CHECKING:
    from pathlib import Path

    from staticrun.config import Config, Logs
    from staticrun.store.folders import Item
    from staticrun.store.state import Level

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
    walk = _Walk(config)
    for root in config.runs:
        walk.root(root)
    for logs in config.logs:
        walk.logs(logs)
    return walk.result()


def place_of(config: Config, key: str) -> Place | None:
    """Find a run at its own place, without a walk over the others.

    Returns:
        None where no folder of that key has record files; where it, or a folder above it, is a
        link or cannot be listed; and for another tool's file: a whole scan knows more.
    """
    parts = key.split("/")
    if any(part in ("", layout.ARTIFACTS) or part.startswith(".") for part in parts):
        return None
    for root in config.runs:
        folder = config.root / root
        for part in parts:
            folder /= part
            if folder.is_symlink():
                return None
        walk = _Walk(config)
        walk.one(folder, key)
        places = walk.result().places
        if places and not folder.parent.joinpath(layout.record_file_name()).exists():
            return places[key]
    return None


class _Walk:
    def __init__(self, config: Config) -> None:
        self._project = config.root
        self._folders = Folders(config.root, config.runs)
        self._places: list[Place] = []
        self._taken: set[Path] = set()
        self._experiments: dict[str, Path] = {}
        self._findings: list[Finding] = []

    def root(self, root: str) -> None:
        """Walk a folder that holds runs; one that is not there holds none."""
        folder = self._project / root
        if not folder.is_dir():
            return
        if not files.inside(self._project, folder):
            self._find(folder, "is a link that leads out of the project", "warning")
            return
        todo = [(folder, "")]
        while todo:
            folder, key = todo.pop()
            items = self._folders.items(folder)
            records = [item for item in items if layout.record_file(item.name)]
            if key and any(item.kind == "file" for item in records):
                self._run(folder, key, records)
                continue
            for item in items:
                path = folder / item.name
                if item.name == layout.EXPERIMENT_CONFIG and item.kind == "file":
                    self._experiment(path, key or layout.DEFAULT_EXPERIMENT)
                elif self._is_entered(path, item):
                    todo.append((path, f"{key}/{item.name}" if key else item.name))
                elif layout.record_file(item.name):
                    self._stray(path, item, in_root=not key)

    def one(self, folder: Path, key: str) -> None:
        """Look into one folder; one that is not there is no run."""
        if folder.is_dir():
            items = self._folders.items(folder)
            records = [item for item in items if layout.record_file(item.name)]
            if any(item.kind == "file" for item in records):
                self._run(folder, key, records)

    def logs(self, logs: Logs) -> None:
        """Find the files that a pattern names; the first pattern that names a file counts."""
        pattern = logs.glob.split("/")
        for relative in self._folders.glob(logs.glob):
            path = self._project.joinpath(*relative)
            if path not in self._taken:
                self._taken.add(path)
                key = foreign_key(relative, pattern, logs.experiment)
                rules = Rules(logs.step, logs.time)
                shown = self._folders.shown(path)
                self._places.append(Place(key, path.parent, (path,), rules, shown))

    def result(self) -> Scan:
        """Give what was found; of two runs with one key the first counts."""
        places: dict[str, Place] = {}
        for place in sorted(self._places, key=lambda p: (files.natural_order(p.key), p.key)):
            first = places.setdefault(place.key, place)
            if first is not place:
                what = f"has the key {place.key!r}, as {first.shown} has; it is left out"
                try_ = "rename one of the two"
                self._findings.append(Finding(place.shown, what, "one run a key", try_))
        return Scan(places, self._experiments, sorted([*self._findings, *self._folders.findings]))

    def _is_entered(self, path: Path, item: Item) -> bool:
        if item.kind != "folder" or item.name.startswith(".") or item.name == layout.ARTIFACTS:
            return False
        return not item.link or self._folders.may_follow(path)

    def _run(self, folder: Path, key: str, records: list[Item]) -> None:
        names = {item.name for item in records if item.kind == "file"}
        for item in records:
            if item.kind == "none":
                self._stray(folder / item.name, item, in_root=False)
        for name in sorted(names):
            # What was packed while the packer was stopped stands there twice.
            if f"{name}.gz" in names:
                names.remove(f"{name}.gz")
                what = f"is not read, because {name} is there, too"
                packed = folder / f"{name}.gz"
                self._find(packed, what, "warning", "one of the two", "delete one of the two")
        ordered = sorted(names, key=lambda name: (files.natural_order(name), name))
        paths = tuple(folder / name for name in ordered)
        self._taken.update(paths)
        self._places.append(Place(key, folder, paths, None, self._folders.shown(folder)))

    def _experiment(self, path: Path, name: str) -> None:
        first = self._experiments.setdefault(name, path)
        if first != path:
            shown = self._folders.shown(first)
            self._find(path, f"is left out: {name} has {shown}", expected="one an experiment")

    def _stray(self, path: Path, item: Item, *, in_root: bool) -> None:
        """Report what has the name of a record file but is none."""
        if item.kind == "none" and item.link:
            self._find(path, "is a link to nothing that can be read", expected="a record file")
        elif item.kind == "file" and in_root:
            first = self._folders.shown(path.parent / "first" / path.name)
            what, expected = "is in no folder of its own and is left out", "a folder for each run"
            self._find(path, what, expected=expected, try_=f"move it to {first}")

    def _find(
        self, path: Path, what: str, level: Level = "error", expected: str = "", try_: str = ""
    ) -> None:
        self._findings.append(Finding(self._folders.shown(path), what, expected, try_, level))


def foreign_key(relative: tuple[str, ...], pattern: list[str], experiment: str | None) -> str:
    """Name another tool's run by its path.

    The name of the file stands for the run where the pattern leaves it open (`logs/*.jsonl`), else
    its folder does (`outputs/*/log.txt`). With an experiment only the parts that the pattern
    leaves open follow it.

    >>> foreign_key(("out", "a", "log.txt"), ["out", "*", "log.txt"], None)
    'out/a'
    >>> foreign_key(("out", "a", "log.txt"), ["out", "*", "log.txt"], "vision")
    'vision/a'
    >>> foreign_key(("logs", "first.jsonl"), ["logs", "*.jsonl"], None)
    'logs/first'
    """
    *folders, name = relative
    last = pattern[-1]
    if _WILD.search(last):
        parts = [*folders, name.removesuffix(re.split(r"[*?\]]", last)[-1]) or name]
    else:
        parts = folders or [name]
    if experiment is not None:
        fixed = next((i for i, part in enumerate(pattern) if _WILD.search(part)), len(parts) - 1)
        parts = [experiment, *(parts[fixed:] or parts[-1:])]
    return "/".join(parts)
