"""What is known of a run: of each of its files, how they fit together, and of the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from staticrun.record.types import End, Git, Json, Start
from staticrun.store.entries import (
    ArtifactEntry,
    DatasetEntry,
    LogEntry,
    ModelEntry,
    NoteEntry,
    UseEntry,
    VerdictEntry,
)
from staticrun.store.series import Stats

if TYPE_CHECKING:
    from staticrun import layout
    from staticrun.store.state import FileState


class FoldedFile(NamedTuple):
    """A record file of a run, read.

    Attributes:
        path: Relative to the project, with `/`.
        named: What its name says.
        state: The fold of its lines.
        digest: What `read.Blocks.digest` gives for its bytes.
        size: Its size in bytes.
        waiting: Bytes after its last whole line that were not read.
    """

    path: str
    named: layout.RecordFile
    state: FileState
    digest: str
    size: int
    waiting: int = 0


class FilePlan(msgspec.Struct, frozen=True):
    """How the points of one file become those of its writer.

    Attributes:
        path: Relative to the project.
        writer: Whose points they are.
        lines: Lines that were read; points of later lines came after the run was put together.
        counted_lines: The steps of lines up to here are raised by `shift`.
        shift: See there.
        first_lines: First line of each segment in the file, ascending.
        cutoffs: Points of the segment at or after this step are superseded; infinity for none.
    """

    path: str
    writer: str
    lines: int
    counted_lines: int
    shift: float
    first_lines: tuple[int, ...]
    cutoffs: tuple[float, ...]


class Resume(msgspec.Struct, frozen=True):
    """One time that a run went on after it had stopped.

    Attributes:
        time: When, Unix seconds.
        rewind_to: The step that it went back to; None when it went on where it had stopped.
    """

    time: float | None
    rewind_to: float | None


class Facts(msgspec.Struct, kw_only=True):
    """All that is known of a run but its points; the attributes are those of `Run`.

    `users` and `hosts` are those of all its starts, `plans` tell how its points fit together.
    """

    id: str
    key: str
    name: str
    status: str
    started: float | None = None
    ended: float | None = None
    last_record: float | None = None
    group: str | None = None
    parent: str | None = None
    user: str | None = None
    git: Git | None = None
    archived: bool = False
    params_tree: dict[str, Json] = {}
    tags: dict[str, Json] = {}
    summary: dict[str, Json] = {}
    raw: dict[str, Json] = {}
    metrics: dict[str, Stats] = {}
    superseded: int = 0
    bad_lines: int = 0
    segments: int = 0
    resumes: tuple[Resume, ...] = ()
    writers: tuple[str, ...] = ()
    start: Start | None = None
    end: End | None = None
    artifacts: list[ArtifactEntry] = []
    datasets: list[DatasetEntry] = []
    models: list[ModelEntry] = []
    uses: list[UseEntry] = []
    verdicts: list[VerdictEntry] = []
    notes: list[NoteEntry] = []
    alerts: list[LogEntry] = []
    system_names: tuple[str, ...] = ()
    unknown: dict[str, int] = {}
    digest: str = ""
    plans: tuple[FilePlan, ...] = ()
    users: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
