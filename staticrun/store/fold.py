"""The fold of one record file: its lines, one after another, into a state and columns.

Lines are taken in the order of the file and nothing else is looked at: no clock, no other file.
So reading in pieces gives what reading at once gives.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from staticrun.record import codec, numbers, types
from staticrun.record.codec import Bare
from staticrun.store import bare, entries
from staticrun.store.columns import Collector, Part
from staticrun.store.params import merge_params, tame
from staticrun.store.state import EditAt, FileState, Level, Problem, Segment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from staticrun.record.types import Record

_R = TypeVar("_R", bound=types.Record)
# Findings of one kind and file beyond this many are only counted.
PROBLEMS_MAX = 10
_STEP_MAX = float(numbers.EXACT_INTEGER)


class Fold:
    """Reads lines of one file.

    Args:
        shown: Path of the file relative to the project, for `where`.
        state: Where an earlier reading stopped; changed in place.
        edit: Whether the file is one of edits.
        rules: For a file of another tool, where its step and time stand.
    """

    def __init__(
        self,
        shown: str,
        state: FileState | None = None,
        *,
        edit: bool = False,
        rules: bare.Rules | None = None,
    ) -> None:
        self.shown = shown
        self.state = state or FileState()
        self.metrics, self.system = Collector(), Collector()
        self._edit = edit
        self._foreign = rules is not None
        self._rules = rules or bare.Rules()
        self._logs: list[tuple[int, entries.LogEntry]] = []
        self._histograms: list[tuple[int, entries.HistogramEntry]] = []
        self._names = dict.fromkeys(self.state.metrics)
        self._system_names = dict.fromkeys(self.state.system)
        self._takers: dict[type[Record], Callable[..., None]] = {
            types.Start: self._take_start,
            types.Params: self._take_params,
            types.Metrics: self._take_metrics,
            types.System: self._take_system,
            types.Histogram: self._take_histogram,
            types.Summary: self._take_summary,
            types.Tags: self._take_tags,
            types.Note: self._take_note,
            types.Log: self._take_log,
            types.Alert: self._take_alert,
            types.Edit: self._take_edit,
            types.Beat: self._take_nothing,
            types.End: self._take_end,
        }

    def part(self) -> Part:
        """Give the points, log lines and histograms that were read so far."""
        return Part(self.metrics.blocks(), self.system.blocks(), self._logs, self._histograms)

    def feed(self, lines: bytes) -> None:
        """Read whole lines.

        Args:
            lines: Any number of lines; what follows the last newline is a line, too.
        """
        pieces = lines.split(b"\n")
        if not pieces[-1]:
            pieces.pop()
        for line in pieces:
            self.line(line)

    def line(self, line: bytes) -> None:
        """Read one line, whatever it holds.

        Args:
            line: Without its newline.
        """
        self.state.lines += 1
        if not line.strip():
            return
        self._open_segment()
        decoded = codec.decode_bare(line) if self._foreign else codec.decode_loose(line)
        for name in decoded.unknown:
            self.state.unknown[name] = self.state.unknown.get(name, 0) + 1
        record = decoded.record
        if record is None:
            if decoded.problems:
                self.state.bad_lines += 1
                what = ", ".join(decoded.problems)
                self._problem("unread", what, "one JSON object a line")
            return
        for problem in decoded.problems:
            self._problem("partly", problem, level="warning")
        if isinstance(record, Bare):
            self._take_bare(record)
        else:
            self.take(record)

    def _open_segment(self) -> None:
        state = self.state
        if not state.segments:
            state.segments.append(Segment(state.lines))
        elif state.segments[-1].end is not None:
            state.after_end += 1
            state.first_after_end = state.first_after_end or state.lines

    def take(self, record: Record) -> None:
        """Take a record in, as that of the current line."""
        kind = type(record)
        if self._edit != (kind is types.Edit) and kind not in (
            types.Start,
            types.Beat,
            types.End,
        ):
            tag = kind.__struct_config__.tag
            place = "a file of edits" if self._edit else "a writer's file"
            expected = "edits alone" if self._edit else "edits in files run.edit-ID.jsonl"
            self._problem("place", f"{tag} in {place}", expected, "warning")
            return
        time = getattr(record, "time", None)
        if isinstance(time, float | int):
            self._see_time(time)
        self._takers.get(kind, self._take_entry)(record)

    def _see_time(self, time: float) -> None:
        if math.isfinite(time):
            if self.state.first_time is None:
                self.state.first_time = float(time)
            self.state.last_time = float(time)

    def _problem(self, kind: str, what: str, expected: str = "", level: Level = "error") -> None:
        count = self.state.problem_counts.get(kind, 0)
        self.state.problem_counts[kind] = count + 1
        if count < PROBLEMS_MAX:
            self.state.problems.append(Problem(self.state.lines, kind, what, expected, level))

    # One method a type of record.

    def _take_nothing(self, _: Record) -> None:
        pass

    def _take_start(self, record: types.Start) -> None:
        state = self.state
        rewind = record.rewind_to
        if rewind is not None and not math.isfinite(rewind):
            self._problem("step", f"start.rewind_to is {rewind}", "a step", "warning")
            record = msgspec.structs.replace(record, rewind_to=None)
            rewind = None
        if state.segments[-1].start is None:
            state.segments[-1].start = _tamed(record)
            return
        state.segments.append(Segment(state.lines, _tamed(record)))
        if rewind is not None and (
            state.counting or (state.last_step is not None and rewind <= state.last_step)
        ):
            state.counting, state.last_step = False, rewind - 1

    def _take_end(self, record: types.End) -> None:
        self.state.segments[-1].end = record

    def _take_params(self, record: types.Params) -> None:
        merge_params(self.state.params, tame(record.values))

    def _take_summary(self, record: types.Summary) -> None:
        self.state.summary.update(tame(record.values))

    def _take_tags(self, record: types.Tags) -> None:
        self.state.tags.update(tame(record.values))

    def _take_note(self, record: types.Note) -> None:
        self.state.notes.append(
            entries.NoteEntry(text=record.text, time=record.time, where=self._where())
        )

    def _take_log(self, record: types.Log) -> None:
        entry = entries.LogEntry(
            text=record.text, level=record.level, time=record.time, where=self._where()
        )
        self._logs.append((self.state.lines, entry))

    def _take_alert(self, record: types.Alert) -> None:
        self.state.alerts.append(
            entries.LogEntry(
                text=record.text, level=record.level, time=record.time, where=self._where()
            )
        )

    def _take_edit(self, record: types.Edit) -> None:
        self.state.edits.append(EditAt(self.state.lines, _tamed(record)))

    def _take_histogram(self, record: types.Histogram) -> None:
        if len(record.edges) != len(record.counts) + 1:
            self._problem(
                "partly",
                f"histogram {record.name!r} has {len(record.edges)} edges"
                f" and {len(record.counts)} counts",
                "one edge more than counts",
                "warning",
            )
            return
        entry = entries.HistogramEntry(**_fields(record), where=self._where())
        self._histograms.append((self.state.lines, entry))

    def _take_entry(self, record: Record) -> None:
        kind, shelf = _ENTRIES[type(record)]
        getattr(self.state, shelf).append(kind(**_fields(_tamed(record)), where=self._where()))

    def _take_metrics(self, record: types.Metrics) -> None:
        time = record.time if isinstance(record.time, float | int) else math.nan
        self._take_numbers("metrics.values.", record.values, self._step(record.step), time)

    def _take_numbers(
        self, where: str, values: Mapping[str, types.Number], step: float, time: float
    ) -> None:
        if not values:
            return
        state = self.state
        if not state.inexact:
            for name, value in values.items():
                if numbers.is_inexact(value):
                    state.inexact = True
                    self._problem(
                        "inexact",
                        f"{where}{name} is {value}, an integer beyond 2^53; it is read as"
                        f" {numbers.to_number(value)!r}",
                        level="warning",
                    )
                    break
        names = tuple(values)
        for name in names:
            if name not in self._names:
                self._names[name] = None
                state.metrics.append(name)
        self.metrics.add(names, state.lines, step, time, map(_number, values.values()))
        state.points += len(names)

    def _take_system(self, record: types.System) -> None:
        if not record.values:
            return
        time = record.time if isinstance(record.time, float | int) else math.nan
        names = tuple(record.values)
        for name in names:
            if name not in self._system_names:
                self._system_names[name] = None
                self.state.system.append(name)
        values = map(_number, record.values.values())
        self.system.add(names, self.state.lines, math.nan, time, values)

    def _take_bare(self, record: Bare) -> None:
        reading = bare.read(record.values, self._rules)
        for name in reading.twice:
            self._problem("partly", f"{name} stands twice, the last holds", level="warning")
        self.state.raw.update(tame(reading.raw))
        time = math.nan
        if reading.time is not None:
            time = reading.time
            self._see_time(time)
        if reading.values:
            self._take_numbers("", reading.values, self._step(reading.step), time)

    def _step(self, given: object) -> float:
        """Give the step of a record and remember it; an absurd one counts as left out."""
        state = self.state
        if isinstance(given, float | int):
            if -_STEP_MAX <= given <= _STEP_MAX:
                state.counting = False
                state.last_step = float(given)
                return state.last_step
            self._problem(
                "step",
                f"step is {numbers.to_number(given)!r}",
                "a number up to 2^53; it counts as left out",
                "warning",
            )
        state.last_step = 0.0 if state.last_step is None else state.last_step + 1
        if state.counting:
            state.counted_lines = state.lines
        return state.last_step

    def _where(self) -> str:
        return f"{self.shown}:{self.state.lines}"


_ENTRIES: dict[type[Record], tuple[type[Record], str]] = {
    types.Artifact: (entries.ArtifactEntry, "artifacts"),
    types.Dataset: (entries.DatasetEntry, "datasets"),
    types.Model: (entries.ModelEntry, "models"),
    types.Use: (entries.UseEntry, "uses"),
    types.Verdict: (entries.VerdictEntry, "verdicts"),
}


def _fields(record: Record) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__struct_fields__}


def _tamed(record: _R) -> _R:
    return type(record)(**{name: tame(item) for name, item in _fields(record).items()})


def _number(value: types.Number) -> float:
    number = numbers.to_number(value)
    return math.nan if number is None else number
