"""How the processes of one job find the run that one of them began.

Rank 0 makes the run's folder and writes its key into a small file in `.staticrun/jobs/`, whose
name all ranks can work out: the job, what is started, and for the how-manyth time. The others
wait for that file. One that has waited long enough takes the part of rank 0 itself, the lower
ranks first, and rank 0 joins it when it comes: a slow rank 0 costs time, not records.

A file may be left from an earlier launch that looked the same. It is taken for this launch's when
it is of the same start and restart, not old, and this rank has no file in its run yet.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

import msgspec

from staticrun.errors import UsageError
from staticrun.files import write_atomic
from staticrun.layout import CACHE, MAIN
from staticrun.log.call import check_names
from staticrun.log.written import record_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from staticrun.log.call import Call
    from staticrun.log.job import Job

WAIT_VARIABLE = "STATICRUN_WAIT"
_WAIT_S = 60.0
_JOBS = "jobs"
# Ranks come minutes apart where an environment is read from a slow disk.
_APART_S = 600.0
_KEPT_S = 90 * 86_400.0
_T = TypeVar("_T")

_begun = time.time()
_counts: Counter[tuple[str, ...]] = Counter()


class Notice(msgspec.Struct, frozen=True):
    """What the file of a meeting says.

    Attributes:
        key: The run's.
        id: The run's.
        launch: As `Job.launch`.
        restart: As `Job.restart`.
        time: When it was written, Unix seconds.
    """

    key: str
    id: str
    launch: tuple[str, ...]
    restart: int
    time: float


class Meeting:
    """The place where the ranks of a job meet for one start.

    Args:
        root: The project's folder.
        runs: The folder of runs.
        job: This process's place.
        call: What is started; each call counts.
    """

    def __init__(self, root: Path, runs: Path, job: Job, call: Call) -> None:
        what = (call.home, call.name or "", call.parent or "")
        number = _counts[what]
        _counts[what] += 1
        words = (*job.name, "", *what, str(number))
        digest = hashlib.sha256("\0".join(words).encode("utf-8", "replace")).hexdigest()
        self._file = root / CACHE / _JOBS / f"{digest[:32]}.json"
        self._runs = runs
        self._job = job

    def earlier(self) -> Notice | None:
        """Give the run that this job wrote before its launcher started it again."""
        notice = self._read()
        return notice if notice is not None and notice.restart < self._job.restart else None

    def now(self) -> Notice | None:
        """Give the run that this launch began, if this rank may enter it."""
        notice, job = self._read(), self._job
        if notice is None or (notice.launch, notice.restart) != (job.launch, job.restart):
            return None
        if notice.time < _begun - _APART_S:
            return None
        taken = record_files(self._runs / notice.key, writer_of(job)) if not job.restart else []
        return None if taken else notice

    def announce(self, key: str, run_id: str) -> None:
        """Tell the other ranks which run it is.

        Raises:
            OSError: When the file cannot be written.
        """
        notice = Notice(key, run_id, self._job.launch, self._job.restart, time.time())
        write_atomic(self._file, msgspec.json.encode(notice))
        with suppress(OSError):
            for entry in os.scandir(self._file.parent):
                if entry.stat().st_mtime < time.time() - _KEPT_S:
                    os.unlink(entry.path)  # noqa: PTH108 - a path as a text

    def _read(self) -> Notice | None:
        # A listing is asked for anew where the absence of a file is remembered (NFS).
        with suppress(OSError, msgspec.MsgspecError, UsageError):
            if self._file.name in os.listdir(self._file.parent):  # noqa: PTH208 - names alone
                notice = msgspec.json.decode(self._file.read_bytes(), type=Notice)
                check_names("key", notice.key)
                return notice if (self._runs / notice.key).is_dir() else None
        return None


def writer_of(job: Job | None) -> str:
    """Name the writer that a rank is."""
    return f"rank{job.rank}" if job is not None and job.rank else MAIN


def wait_for(look: Callable[[], _T | None], rank: int = 0) -> _T | None:
    """Look again and again until there is something, or the time is up.

    Args:
        look: Gives what is waited for, or None.
        rank: Each rank waits a little longer than the one below it.
    """
    until = time.monotonic() + _patience() + min(rank, 60) / 2
    pause = 0.02
    while (found := look()) is None and time.monotonic() < until:
        time.sleep(pause)
        pause = min(pause * 1.2, 0.5)
    return found


def _patience() -> float:
    try:
        given = float(os.environ.get(WAIT_VARIABLE, ""))
    except ValueError:
        return _WAIT_S
    return given if 0 <= given < float("inf") else _WAIT_S
