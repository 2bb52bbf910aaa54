"""A run as it is read: the object that Python code, pages and the command line work with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun import layout
from staticrun.store.params import dotted, spelled

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from staticrun.errors import Finding
    from staticrun.record.types import End, Git, Json, Start
    from staticrun.store.entries import (
        ArtifactEntry,
        DatasetEntry,
        HistogramEntry,
        LogEntry,
        ModelEntry,
        NoteEntry,
        UseEntry,
        VerdictEntry,
    )
    from staticrun.store.facts import Facts, Resume
    from staticrun.store.points import RunPoints
    from staticrun.store.series import Series, Stats


class Run:
    """One run, as its record files tell it.

    Facts are there at once; points, log lines and histograms are read when they are asked for.
    Times are Unix seconds.

    Attributes:
        id: 26 characters, permanent.
        key: `EXPERIMENT/RUN`, its path.
        experiment: The folder of runs that it is in.
        name: Any text; shown.
        status: `finished`, `failed`, `stopped`, or `open` while no end was recorded.
        started: When it started.
        ended: When it ended.
        last_record: The time of the last record.
        duration: Seconds from the start to the end, else to the last record.
        group: A text by which runs are grouped.
        parent: The id of the run that this one belongs to.
        user: Login name.
        users: Login names of all its starts.
        hosts: Machines of all its starts.
        git: State of the git work tree at the start.
        archived: Whether an edit hid it from lists and pages.
        params: Dotted name → JSON scalar or list.
        params_tree: The same, nested.
        tags: Name → JSON value.
        summary: Name → JSON value.
        raw: Fields of another tool's lines that are no numbers → their last value.
        metrics: Name → statistics, in the order in which the names appeared.
        superseded: Number of points that a later segment went back before.
        bad_lines: Number of lines from which nothing could be read.
        segments: How often the writer with most starts started.
        resumes: When it went on after the first start, and the steps that it went back to.
        writers: Their names, `main` first.
        start: The first start record.
        end: The end record, if there is one.
        artifacts: Files and folders that were logged.
        datasets: Data that was read.
        models: Packaged models that were written.
        uses: What was consumed of other runs.
        verdicts: What reproductions found.
        notes: In the order of records, then those of edits.
        alerts: Lines that somebody should see.
        system_names: Names of the uses of the machine that were sampled.
        unknown: Types and fields that this version does not know → how often.
        findings: What is wrong with its files.
        digest: sha256 over the names and bytes of its record files.
        folder: Where it is.
        files: Its record files.
    """

    def __init__(
        self,
        facts: Facts,
        folder: Path,
        files: tuple[Path, ...],
        findings: tuple[Finding, ...],
        points: Callable[[], RunPoints],
    ) -> None:
        self.id: str = facts.id
        self.key: str = facts.key
        self.experiment: str = layout.split_key(facts.key)[0]
        self.name: str = facts.name
        self.status: str = facts.status
        self.started: float | None = facts.started
        self.ended: float | None = facts.ended
        self.last_record: float | None = facts.last_record
        self.group: str | None = facts.group
        self.parent: str | None = facts.parent
        self.user: str | None = facts.user
        self.users: tuple[str, ...] = facts.users
        self.hosts: tuple[str, ...] = facts.hosts
        self.git: Git | None = facts.git
        self.archived: bool = facts.archived
        self.params_tree: dict[str, Json] = facts.params_tree
        self.params: dict[str, Json] = dotted(facts.params_tree)
        self.tags: dict[str, Json] = facts.tags
        self.summary: dict[str, Json] = facts.summary
        self.raw: dict[str, Json] = facts.raw
        self.metrics: dict[str, Stats] = facts.metrics
        self.superseded: int = facts.superseded
        self.bad_lines: int = facts.bad_lines
        self.segments: int = facts.segments
        self.resumes: tuple[Resume, ...] = facts.resumes
        self.writers: tuple[str, ...] = facts.writers
        self.start: Start | None = facts.start
        self.end: End | None = facts.end
        self.artifacts: list[ArtifactEntry] = facts.artifacts
        self.datasets: list[DatasetEntry] = facts.datasets
        self.models: list[ModelEntry] = facts.models
        self.uses: list[UseEntry] = facts.uses
        self.verdicts: list[VerdictEntry] = facts.verdicts
        self.notes: list[NoteEntry] = facts.notes
        self.alerts: list[LogEntry] = facts.alerts
        self.system_names: tuple[str, ...] = facts.system_names
        self.unknown: dict[str, int] = facts.unknown
        self.findings: tuple[Finding, ...] = findings
        self.digest: str = facts.digest
        self.folder: Path = folder
        self.files: tuple[Path, ...] = files
        self._points = points

    def __repr__(self) -> str:
        return f"<Run {self.key} {self.status}>"

    @property
    def duration(self) -> float | None:
        """Seconds from the start to the end, or to the last record while there is no end."""
        until = self.last_record if self.ended is None else self.ended
        return None if self.started is None or until is None else until - self.started

    def series(self, name: str, writer: str | None = None) -> Series:
        """Give the points of a metric.

        Args:
            name: The metric; one that was never logged has no points.
            writer: Whose points; None for those of main where main logged the metric, else the
                mean over the other writers with their smallest and largest value at each step.
        """
        return self._points().series(name, writer)

    def ghosts(self, name: str) -> Series:
        """Give the superseded points of a metric, of all writers."""
        return self._points().ghosts(name)

    def system(self, name: str, writer: str | None = None) -> Series:
        """Give the samples of one use of the machine.

        Args:
            name: One of `system_names`.
            writer: Whose; None for main's, or the first writer's that has it.
        """
        return self._points().system(name, writer)

    @property
    def logs(self) -> list[LogEntry]:
        """Lines of text that the training wrote."""
        return self._points().logs()

    @property
    def histograms(self) -> list[HistogramEntry]:
        """Distributions that were logged."""
        return self._points().histograms()

    def value(self, metric: str) -> float | None:
        """Give the last value of a metric; None when it was never logged."""
        stats = self.metrics.get(metric)
        return None if stats is None else stats.last

    def to_dict(self) -> dict[str, Json]:
        """Give the run as `runs list --json` prints it, safe for JSON.

        NaN and the infinities are the texts `NaN`, `Infinity` and `-Infinity`.
        """
        git = self.git
        shown: dict[str, Json] = {
            "id": self.id,
            "run": self.key,
            "experiment": self.experiment,
            "name": self.name,
            "status": self.status,
            "started": self.started,
            "ended": self.ended,
            "duration": self.duration,
            "last_record": self.last_record,
            "group": self.group,
            "parent": self.parent,
            "user": self.user,
            "git": None if git is None else {"commit": git.commit, "dirty": git.dirty},
            "archived": self.archived,
            "params": self.params,
            "tags": self.tags,
            "summary": self.summary,
            "superseded": self.superseded,
            "bad_lines": self.bad_lines,
            "metrics": {
                name: {field: getattr(stats, field) for field in stats.__struct_fields__}
                for name, stats in self.metrics.items()
            },
        }
        return {name: spelled(item) for name, item in shown.items()}


class Runs(list[Run]):
    """Several runs, in the natural order of their keys."""

    def to_pandas(self) -> pd.DataFrame:
        """Give a data frame with one row a run.

        Columns: key, id, experiment, name, status, started, ended, duration, last_record (times
        in Unix seconds), group, parent, user, archived, then `params.NAME`, `metrics.NAME` (the
        last value), `summary.NAME` and `tags.NAME`.

        Raises:
            UserError: When pandas is not installed.
        """
        from staticrun.store import frames

        return frames.to_pandas(self)

    def to_polars(self) -> pl.DataFrame:
        """Give a data frame with one row a run; the columns are those of `to_pandas`.

        Raises:
            UserError: When polars is not installed.
        """
        from staticrun.store import frames

        return frames.to_polars(self)

    def to_arrow(self) -> pa.Table:
        """Give an Arrow table with one row a run; the columns are those of `to_pandas`.

        Raises:
            UserError: When pyarrow is not installed.
        """
        from staticrun.store import frames

        return frames.to_arrow(self)
