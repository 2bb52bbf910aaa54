"""What a run holds beside its series: one entry a record, each with where it stands.

`where` is `runs/a/b/run.jsonl:17`, relative to the project. The other attributes are those of
the record in `staticrun.record.types`.
"""

from __future__ import annotations

import msgspec

from staticrun.record import types


class ArtifactEntry(types.Artifact, frozen=True, kw_only=True, omit_defaults=True):
    """An artifact, and where it was recorded."""

    where: str = ""


class DatasetEntry(types.Dataset, frozen=True, kw_only=True, omit_defaults=True):
    """A dataset, and where it was recorded."""

    where: str = ""


class ModelEntry(types.Model, frozen=True, kw_only=True, omit_defaults=True):
    """A packaged model, and where it was recorded."""

    where: str = ""


class UseEntry(types.Use, frozen=True, kw_only=True, omit_defaults=True):
    """Something that the run consumed, and where that was recorded."""

    where: str = ""


class VerdictEntry(types.Verdict, frozen=True, kw_only=True, omit_defaults=True):
    """What a reproduction found, and where it was recorded."""

    where: str = ""


class HistogramEntry(types.Histogram, frozen=True, kw_only=True, omit_defaults=True):
    """A distribution at a step, and where it was recorded."""

    where: str = ""


class NoteEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A note in Markdown.

    Attributes:
        text: What it says.
        time: Unix seconds, where known.
        edited: Whether it was added after the run, by an edit.
        where: The line that holds it.
    """

    text: str
    time: float | None = None
    edited: bool = False
    where: str = ""


class LogEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A line of text of the training, or an alert.

    Attributes:
        text: What it says.
        level: `debug`, `info`, `warning`, `error` or `critical`.
        time: Unix seconds, where known.
        where: The line that holds it.
    """

    text: str
    level: types.Level = "info"
    time: float | None = None
    where: str = ""
