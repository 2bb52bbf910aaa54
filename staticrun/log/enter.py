"""How a process comes to a run: it begins one, writes to one that is open, or goes on with one.

Asked in this order: the arguments `run` and `resume`; the variable STATICRUN_RUN, set by a person
or by the process above; the launcher of a job of several processes; else a run of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from staticrun.errors import UsageError
from staticrun.layout import DEFAULT_EXPERIMENT, MAIN
from staticrun.log.call import AUTO, check_names
from staticrun.log.folder import (
    find_run,
    folder_names,
    is_run,
    make_folder,
    make_this_folder,
    newest_of_name,
)
from staticrun.log.ids import new_id
from staticrun.log.inherit import NEW, VARIABLE, inherited
from staticrun.log.meeting import Meeting, wait_for, writer_of
from staticrun.log.tell import warn
from staticrun.log.written import Said, has_ended, read_said, record_files
from staticrun.record import types
from staticrun.record.codec import encode

if TYPE_CHECKING:
    from staticrun.log.call import Call
    from staticrun.log.job import Job


@dataclass(frozen=True, slots=True)
class Entry:
    """The run that a process writes to, and as whom.

    Attributes:
        root: The project's folder.
        runs: The folder of runs that it lies in.
        folder: The run's folder.
        id: The permanent id; empty for a run that wrote none.
        writers: The names to write under, the first that is free; after them comes `part1`, ….
        name: As the run was called before; None for a new one.
        made: Whether this process made the folder.
        resumed: Whether the first of `writers` goes on, in its next segment.
    """

    root: Path
    runs: Path
    folder: Path
    id: str
    writers: tuple[str, ...] = ()
    name: str | None = None
    made: bool = False
    resumed: bool = False

    @property
    def key(self) -> str:
        """The run's path below the folder of runs."""
        return self.folder.relative_to(self.runs).as_posix()


def enter(call: Call, job: Job | None, root: Path, runs: Path) -> Entry:
    """Find the run that a call of `start` means, or make it.

    Args:
        call: What was asked for.
        job: This process's place among those of a launcher.
        root: The project's folder.
        runs: Where its new runs go.

    Raises:
        UsageError: When a run is asked for that is not there.
        UserError: When a folder cannot be made.
    """
    ways = _Ways(call, job, root, runs)
    if call.run == NEW:
        return ways.begin()
    if call.run is not None:
        return ways.join(find_run(runs, call.run, "run"))
    if call.resume == AUTO and call.name:
        return ways.resume_or_begin(call.name)
    if call.resume is not None:
        return ways.resume(find_run(runs, call.resume, "resume"))
    word = inherited()
    if word == NEW:
        return ways.begin()
    entry = ways.follow(word) if word else None
    if entry is not None:
        return entry
    return ways.begin() if job is None else ways.meet(job)


class _Ways:
    def __init__(self, call: Call, job: Job | None, root: Path, runs: Path) -> None:
        self._call = call
        self._job = job
        self._rank = 0 if job is None else job.rank
        self._root = root
        self._runs = runs

    def begin(self, writer: str = MAIN) -> Entry:
        """Make a run that no other process has."""
        folder = make_folder(self._runs, self._call.home, self._call.name)
        return self._made(folder, writer)

    def _made(self, folder: Path, writer: str) -> Entry:
        return Entry(self._root, self._runs, folder, new_id(), (writer,), made=True)

    def join(self, folder: Path, *writers: str) -> Entry:
        """Write to a run beside others."""
        root, runs = _project_of(folder, self._root, self._runs)
        said = self._identify(folder)
        if not writers and self._job is not None:
            writers = (f"rank{self._rank}",)
        is_again = bool(self._job and self._job.restart and writers)
        resumed = is_again and bool(record_files(folder, writers[0]))
        return Entry(root, runs, folder, said.id, writers, said.name, resumed=resumed)

    def resume(self, folder: Path) -> Entry:
        """Go on as the writer that this process is of a run."""
        root, runs = _project_of(folder, self._root, self._runs)
        said = self._identify(folder)
        return Entry(root, runs, folder, said.id, (writer_of(self._job),), said.name, resumed=True)

    def _identify(self, folder: Path) -> Said:
        def look() -> Said | None:
            said = read_said(folder)
            files = [path for _, path in record_files(folder)]
            # What a shell wrote may have no id.
            is_written = any(path.stat().st_size for path in files)
            return Said("", None, None, {}) if said is None and is_written else said

        return wait_for(look, self._rank) or Said("", None, None, {})

    def resume_or_begin(self, name: str) -> Entry:
        """Go on with the run of a name, or begin it."""
        call = self._call

        def look() -> Path | None:
            return newest_of_name(self._runs, call.home, name)

        folder = wait_for(look, self._rank) if self._rank else look()
        if folder is not None:
            return self.resume(folder)
        for folder_name in folder_names(name):
            made = make_this_folder(self._runs, call.home, folder_name)
            if made is not None:
                return self._made(made, writer_of(self._job))
            # Another run, or one that another process begins at this moment.
            folder = self._runs / call.home / folder_name
            if self._identify(folder).name == name:
                return self.resume(folder)
        raise AssertionError("unreachable: there is always one more name")

    def follow(self, word: str) -> Entry | None:
        """Write to the run that STATICRUN_RUN names, unless the call speaks of another one."""
        call = self._call
        if Path(word).is_absolute():
            folder = Path(word)
            if not is_run(folder) or self._is_other(folder):
                return None
            if has_ended(folder):
                warn(
                    f"{VARIABLE} names {folder.name}, which has ended: a run of its own is begun."
                    " start(run=…) writes to a run whatever the variable says"
                )
                return None
            return self.join(folder)
        key = check_names(VARIABLE, word)
        key = key if "/" in key else f"{DEFAULT_EXPERIMENT}/{key}"
        experiment, _, folder_name = key.rpartition("/")
        if call.parent is not None or call.experiment not in (None, experiment):
            return None
        folder = self._runs / key
        if not is_run(folder):
            if self._rank:
                wait_for(lambda: is_run(folder) or None, self._rank)
            made = (
                None if is_run(folder) else make_this_folder(self._runs, experiment, folder_name)
            )
            if made is not None:
                return self._made(made, writer_of(self._job))
            wait_for(lambda: is_run(folder) or None, self._rank)
        if self._is_other(folder):
            return None
        return self.join(folder, *self._as_rank())

    def _as_rank(self) -> tuple[str, ...]:
        return () if self._job is None else (writer_of(self._job), f"rank{self._rank}")

    def _is_other(self, folder: Path) -> bool:
        call = self._call
        root, runs = _project_of(folder, self._root, self._runs)
        if call.root is not None and call.root.resolve() != root.resolve():
            return True
        said = self._identify(folder)
        # The ranks of a job are one run, though each is given another device or seed.
        params = call.params if self._job is None else {}
        given = msgspec.json.decode(encode(types.Params(values=params)))["values"]
        experiment = folder.relative_to(runs).parent.as_posix()
        return (
            call.parent is not None
            or call.experiment not in (None, experiment)
            or call.name not in (None, said.name)
            or call.group not in (None, said.group)
            or not _holds(said.params, given)
        )

    def meet(self, job: Job) -> Entry:
        """Write to one run with the other processes of a job."""
        meeting = Meeting(self._root, self._runs, job, self._call)
        notice = wait_for(meeting.now, job.rank) if job.rank else meeting.now()
        again = meeting.earlier() if notice is None else None
        if notice is not None:
            folder = self._runs / notice.key
            resumed = bool(job.restart and record_files(folder, writer_of(job)))
            entry = Entry(
                self._root, self._runs, folder, notice.id, (writer_of(job),), resumed=resumed
            )
        elif again is not None:
            folder = self._runs / again.key
            entry = Entry(
                self._root, self._runs, folder, again.id, (writer_of(job),), resumed=True
            )
        else:
            entry = self.begin(writer_of(job))
        if notice is None:
            self._announce(meeting, entry)
        return entry

    def _announce(self, meeting: Meeting, entry: Entry) -> None:
        try:
            meeting.announce(entry.key, entry.id)
        except OSError as error:
            warn(f"{entry.key}: the other ranks cannot be told of this run ({error})")
        if self._rank:
            warn(
                f"{entry.key}: rank 0 has begun no run, so rank {self._rank} has."
                " start(run='new') gives each process a run of its own without waiting"
            )


def _holds(known: object, given: object) -> bool:
    """Say whether everything in a nested mapping is in another one, too."""
    if isinstance(known, dict) and isinstance(given, dict):
        return all(name in known and _holds(known[name], item) for name, item in given.items())
    return known == given


def _project_of(folder: Path, root: Path, runs: Path) -> tuple[Path, Path]:
    """Find the project, and its folder of runs, that a run lies in."""
    if folder.is_relative_to(runs):
        return root, runs
    from staticrun.config import for_writer

    for parent in folder.parents:
        found = parent / for_writer(parent)[0].runs
        if folder.is_relative_to(found):
            return parent, found
    what = f"{str(folder)!r} lies in no project's folder of runs"
    raise UsageError("run", what, "the key of a run", "start(run='EXPERIMENT/RUN')")
