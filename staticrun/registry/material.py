"""What gates read beyond manifests: files of a version, results of its seeds, uses of its data.

A file counts by the bytes that the manifest pins, never by its place: an artifact's files by their
digests, and other artifacts of the run by those in its record, whose digest the manifest pins.
"""

from __future__ import annotations

import math
import shutil
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import msgspec

from staticrun import files, git, layout
from staticrun.analysis.groups import group_runs
from staticrun.analysis.trials import trials
from staticrun.errors import UserError
from staticrun.git import Objects
from staticrun.registry import artifacts, uses
from staticrun.registry.artifacts import MissingError
from staticrun.registry.events import Uses
from staticrun.registry.evidence import folders, places
from staticrun.registry.known import Known
from staticrun.registry.predictions import BYTES_MAX

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from staticrun.registry.manifests import Version
    from staticrun.store.run import Run
    from staticrun.store.store import Store

T = TypeVar("T")
# Of what was reckoned so much is kept; then it begins anew.
KEPT_MAX = 5000


class _Pinned(NamedTuple):
    """Where a file may be, and what it must be: 64 hex digits."""

    path: str
    sha256: str


class Material:
    """The evidence of a project.

    Args:
        root: The project's folder.
        store: Its runs, as their records have them.
        before: The commit up to which decisions count; None for all on the branch checked out.
        decided: What is known of decisions already; else it is read from git when asked for.
        cache: Whether what was reckoned from the same evidence before is taken from the cache.
    """

    def __init__(
        self,
        root: Path,
        store: Store,
        *,
        before: str | None = None,
        decided: Uses | None = None,
        cache: bool = False,
    ) -> None:
        self._root, self._store = root, store
        # What came with the repository may be a stranger's.
        self._cache = cache and not git.tracked(root, layout.CACHE)
        self._before, self._decided = before, decided

    def file(self, version: Version, path: str) -> bytes:
        """Read a file that a version's manifest pins.

        Args:
            version: The version.
            path: In its artifact; else an artifact of its run, with or without `artifacts/`.

        Returns:
            The bytes, which have the digest.

        Raises:
            MissingError: When it is not here, or the version has no such file.
            UserError: When other bytes are here, or it is too large to be read.
        """
        wrong: UserError | None = None
        lacking: UserError | None = None
        for one in self._pinned(version, path):
            try:
                return self._read(one)
            except MissingError as error:
                lacking = lacking or error
            except UserError as error:
                wrong = wrong or error
        if found := wrong or lacking:
            raise found
        what = f"is no file of version {version.version}, nor an artifact of its run"
        raise MissingError(path, what, "a file that was logged before it was registered")

    def seeds(self, version: Version, metric: str, role: str = "eval") -> tuple[float, ...]:
        """List what runs came to that share everything with a version's run but the seed.

        Args:
            version: The version.
            metric: A metric, or a number of the summary.
            role: They have to cite the same data with this role, by digest.

        Returns:
            A result a run, that of the version's own first, of the runs of the experiment that
            finished and are not archived, in natural order of their keys; NaN where one has none.

        Raises:
            MissingError: When the version's run is not here.
            UserError: When its record is not the one that the manifest pins.
        """
        key, own = self._run(version)
        found = self._store.runs(experiment=own.experiment)
        others = [run for run in trials(found) if run.status == "finished" and run.key != key]
        every = [own, *others]
        [members] = [
            group.members
            for group in group_runs([run.params for run in every]).groups
            if 0 in group.members
        ]
        alike = [every[row] for row in members if _data(every[row], role) == _data(own, role)]
        return tuple(_result(run, metric) for run in alike)

    def once(self, key: tuple[object, ...], make: Callable[[], T], kind: type[T]) -> T:
        """Reckon something, or take it from the cache.

        Args:
            key: All that it is reckoned from, the code included.
            make: Reckons it.
            kind: What it is: msgspec writes and reads it.
        """
        if not self._cache:
            return make()
        name = files.sha256(msgspec.json.encode(key))
        folder = self._root / layout.CACHE / "reckoned"
        with suppress(OSError, msgspec.MsgspecError):
            return msgspec.msgpack.decode((folder / name).read_bytes(), type=kind)
        made = make()
        with suppress(OSError):
            if folder.is_dir() and len(list(folder.iterdir())) >= KEPT_MAX:
                shutil.rmtree(folder)
            files.write_atomic(folder / name, msgspec.msgpack.encode(made))
        return made

    def uses(self, digest: str, role: str = "eval") -> int:
        """Count the promotions that data decided.

        Args:
            digest: Of the data.
            role: With which versions cite it.

        Returns:
            How many are known; see `uses_known`.
        """
        return self._uses.count(digest, role)

    @property
    def uses_known(self) -> bool:
        """Whether all promotions are known: there is a history, and it is not cut off."""
        return self._uses.known

    @cached_property
    def _uses(self) -> Uses:
        if self._decided is not None:
            return self._decided
        try:
            known = Objects(self._root).find("HEAD") is not None
        except OSError:  # there is no git
            known = False
        if not known:
            return Uses()
        return uses.until(self._root, self._before or "HEAD", Known(self._root))

    def _pinned(self, version: Version, path: str) -> Iterator[_Pinned]:
        """List where a file may be, the likeliest place first."""
        artifact = version.artifact
        for file in artifact.files:
            if file.path == path:
                for place in places(self._store, version):
                    single = len(artifact.files) == 1 and place.endswith(f"/{path}")
                    yield _Pinned(place if single else f"{place}/{path}", file.sha256)
                return
        try:
            key, run = self._run(version)
        except MissingError:
            return
        for entry in run.artifacts:
            if entry.sha256 and entry.path in (path, f"artifacts/{path}"):
                yield _Pinned(f"{self._store.folder(key)}/{entry.path}", entry.sha256)

    def _read(self, pinned: _Pinned) -> bytes:
        data = b""
        for inner, stream in artifacts.streams(self._root, pinned.path):
            if inner:
                raise UserError(pinned.path, "is a folder", "a file")
            data = stream.read(BYTES_MAX + 1)
        if len(data) > BYTES_MAX:
            raise UserError(pinned.path, f"has more than {BYTES_MAX:,} bytes", "a smaller file")
        digest = files.sha256(data)
        if digest == pinned.sha256:
            return data
        pointer = artifacts.stands_for("", data)
        if pointer is not None and pointer.sha256 == pinned.sha256:
            raise MissingError(pinned.path, "is a pointer of Git LFS", "its bytes", "git lfs pull")
        what = f"has other bytes, of the sha256 {digest}"
        raise UserError(pinned.path, what, f"those of {pinned.sha256}, which were registered")

    def _run(self, version: Version) -> tuple[str, Run]:
        """Give the run of a version, whose record is the one that the manifest pins."""
        wrong: UserError | None = None
        for key, folder in folders(self._store, version).items():
            try:
                found = artifacts.record(self._root, folder, version.run.files, self._store)
            except UserError as error:
                wrong = wrong or error
                continue
            run = self._store.run(key)
            names = {path.name.removesuffix(".gz") for path in run.files}
            later = sorted(name for name in names - {*version.run.files} if _is_record(name))
            if found.digest == version.run.record and not later:
                return key, run
            what = "has another record than when the version was registered"
            wrong = UserError(folder, what, f"the digest {version.run.record}")
        if wrong is not None:
            raise wrong
        what = "is not in this checkout"
        raise MissingError(f"run {version.run.id}", what, "the run of the version", "git pull")


def _data(run: Run, role: str) -> frozenset[str | None]:
    return frozenset(one.digest for one in run.datasets if one.role == role)


def _result(run: Run, metric: str) -> float:
    value = run.value(metric)
    number = run.summary.get(metric) if value is None else value
    if isinstance(number, int | float) and not isinstance(number, bool):
        return float(number)
    return math.nan


def _is_record(name: str) -> bool:
    named = layout.record_file(name)
    return named is not None and not named.edit
