"""What is known of one record file after the lines that were read: the state of its fold.

A state goes on where it stopped: reading what was appended gives what reading the whole file
gives. Points, log lines and histograms are many and only grow; they are kept apart (`columns`).
"""

from __future__ import annotations

from typing import Literal

import msgspec

from staticrun.record.types import Edit, End, Json, Start
from staticrun.store.entries import (
    ArtifactEntry,
    DatasetEntry,
    LogEntry,
    ModelEntry,
    NoteEntry,
    UseEntry,
    VerdictEntry,
)

# Findings of one kind and file beyond this many are only counted.
PROBLEMS_MAX = 10
Level = Literal["error", "warning", "note"]


class Problem(msgspec.Struct, frozen=True):
    """Something that is wrong with a line; becomes a finding.

    Attributes:
        line: Its number, from 1.
        kind: Problems of one kind are counted together.
        what: As in `Finding`.
        expected: As in `Finding`.
        level: As in `Finding`.
    """

    line: int
    kind: str
    what: str
    expected: str = ""
    level: Level = "error"


class Segment(msgspec.Struct):
    """What one start of a writer opened.

    Attributes:
        line: Its first line.
        start: The record that opened it; None for a file that begins without one.
        end: The record that closed it, if any.
    """

    line: int
    start: Start | None = None
    end: End | None = None


class EditAt(msgspec.Struct, frozen=True):
    """An edit and its line."""

    line: int
    edit: Edit


class FileState(msgspec.Struct):
    """The fold of one record file.

    Attributes:
        lines: Lines read, empty ones included.
        segments: In the order of the file; the first begins at line 1.
        after_end: Number of lines after an end.
        first_after_end: The first of them.
        last_step: Step of the last metrics; counted from 0 while `counting`.
        counting: Whether every step so far was left out, so that all are relative to what the
            writer logged in an earlier segment.
        counted_lines: Lines up to here hold such relative steps.
        first_time: The first time of any record, Unix seconds.
        last_time: The last one, in the order of lines.
        params: Nested, merged key by key.
        summary: Key → value; None is a deletion.
        tags: Key → value; None is a deletion.
        raw: Field of another tool's lines that is no number → its last value.
        metrics: Names in the order in which they appeared.
        system: Names in the order in which they appeared.
        points: Number of metric points.
        unknown: Unknown types and fields → how often.
        bad_lines: Lines from which nothing could be read.
        inexact: Whether an integer beyond 2^53 was reported.
        problems: The first of each kind.
        problem_counts: Kind → how many there were.
    """

    lines: int = 0
    segments: list[Segment] = []
    after_end: int = 0
    first_after_end: int = 0
    last_step: float | None = None
    counting: bool = True
    counted_lines: int = 0
    first_time: float | None = None
    last_time: float | None = None
    params: dict[str, Json] = {}
    summary: dict[str, Json] = {}
    tags: dict[str, Json] = {}
    raw: dict[str, Json] = {}
    metrics: list[str] = []
    system: list[str] = []
    points: int = 0
    artifacts: list[ArtifactEntry] = []
    datasets: list[DatasetEntry] = []
    models: list[ModelEntry] = []
    uses: list[UseEntry] = []
    verdicts: list[VerdictEntry] = []
    notes: list[NoteEntry] = []
    alerts: list[LogEntry] = []
    edits: list[EditAt] = []
    unknown: dict[str, int] = {}
    bad_lines: int = 0
    inexact: bool = False
    problems: list[Problem] = []
    problem_counts: dict[str, int] = {}
