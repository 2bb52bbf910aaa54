"""The fold of one record file: its lines, one after another, into a state and columns.

Lines are taken in the order of the file and nothing else is looked at: no clock, no other file.
So reading in pieces gives what reading at once gives.
"""

from __future__ import annotations

import math
from array import array
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from staticrun.record import codec, numbers, types
from staticrun.record.codec import Bare
from staticrun.record.nested import merge_params
from staticrun.store import bare, entries
from staticrun.store.columns import Collector, Part
from staticrun.store.params import tame
from staticrun.store.state import (
    PROBLEMS_MAX,
    EditAt,
    FileState,
    Level,
    Problem,
    Segment,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from staticrun.record.types import Record
    from staticrun.store.columns import Names
    from staticrun.store.rows import Rows

    Floats = NDArray[np.float64]

_R = TypeVar("_R", bound=types.Record)
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
        self._announced = {
            _file(one): place
            for place, one in enumerate(self.state.artifacts)
            if one.path is not None and not (one.sha256 or one.tree)
        }
        self._takers: dict[type[Record], Callable[..., None]] = {
            types.Start: self._take_start,
            types.Params: self._take_params,
            types.Metrics: self._take_metrics,
            types.System: self._take_system,
            types.Histogram: self._take_histogram,
            types.Summary: self._take_summary,
            types.Artifact: self._take_artifact,
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

    def line(self, line: bytes) -> None:
        """Read one line, whatever it holds.

        Args:
            line: Without its newline.
        """
        self.state.lines += 1
        if not line.strip(b" \t\r"):
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
            self._take(record)

    def too_long(self, size: int) -> None:
        """Report the next line, which was too long to be read; `size` is in bytes."""
        self.state.lines += 1
        self._open_segment()
        self.state.bad_lines += 1
        self._problem("unread", codec.too_long(size), "one JSON object a line")

    def damaged(self) -> None:
        """Report that a compressed file cannot be read on from here."""
        self.state.lines += 1
        self._problem("damaged", "the compressed data are damaged or cut off after this line")
        self.state.lines -= 1

    def _open_segment(self, n: int = 0) -> None:
        """Note that there is something in the current line, or in the n lines after it."""
        state = self.state
        first = state.lines + (n > 0)
        if not state.segments:
            state.segments.append(Segment(first))
        elif state.segments[-1].end is not None:
            state.after_end += n or 1
            state.first_after_end = state.first_after_end or first

    def typed(self, record: Record) -> None:
        """Take in the record that the next line holds, and nothing else."""
        self.state.lines += 1
        self._open_segment()
        self._take(record)

    def take_rows(self, rows: Rows) -> bool:
        """Take in many lines, nearly all metrics.

        Returns:
            Whether that was done; an absurd step is to be reported line by line.
        """
        import numpy as np

        if (np.abs(rows.step) >= _STEP_MAX).any():
            return False
        state, before = self.state, self.state.lines
        line = np.arange(before + 1, before + rows.n + 1)
        line = line if rows.at is None else line[rows.at]
        if line.size:
            self._open_segment(len(line))
            step, time, first = self._steps(line, rows.step), rows.time, 0
            if rows.order is not None:
                line, step, time = line[rows.order], step[rows.order], time[rows.order]
            for names, n, value in rows.groups:
                if names:
                    self.see_names(names)
                    state.points += len(value)
                    own = slice(first, first + n)
                    self.metrics.extend(names, line[own], step[own], time[own], value)
                first += n
        first_time, last_time = state.first_time, state.last_time
        times = np.full(rows.n, np.nan)
        times[slice(None) if rows.at is None else rows.at] = rows.time
        for number, text, record in rows.others:
            state.lines, state.last_time = before + number, math.nan
            if record is None:
                self.line(text)
            else:
                self.typed(record)
            times[number] = state.last_time
        state.lines, state.first_time, state.last_time = before + rows.n, first_time, last_time
        timed = np.flatnonzero(np.isfinite(times))
        if timed.size:
            self._see_time(times[timed[0]])
            self._see_time(times[timed[-1]])
        return True

    def _steps(self, line: NDArray[np.int64], given: Floats) -> Floats:
        """Give the steps of lines of metrics; those that were left out are counted."""
        import numpy as np

        state, steps = self.state, given.tolist()
        left_out = np.flatnonzero(np.isnan(given)).tolist()
        for i in left_out:
            last = steps[i - 1] if i else state.last_step
            steps[i] = 0.0 if last is None else last + 1
        leading = next((i for i, at in enumerate(left_out) if i != at), len(left_out))
        if state.counting and leading:
            state.counted_lines = int(line[leading - 1])
        state.counting = state.counting and leading == len(steps)
        state.last_step = steps[-1]
        return np.array(steps) if left_out else given

    def _take(self, record: Record) -> None:
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
        self._see_time(_time(getattr(record, "time", math.nan)))
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
        if isinstance(record.format, int) and record.format > types.FORMAT:
            what = f"start.format is {record.format}"
            expected = f"{types.FORMAT}, all that this version of staticrun knows"
            self._problem("format", what, expected, "warning")
        rewind = record.rewind_to
        if rewind is not None and not math.isfinite(rewind):
            self._problem("step", f"start.rewind_to is {rewind}", "a step", "warning")
            record = msgspec.structs.replace(record, rewind_to=None)
            rewind = None
        segment = state.segments[-1]
        if segment.start is None:
            segment.start = _tamed(record)
            return
        if segment.end is None and _is_same_start(segment.start, record):
            segment.start = msgspec.structs.replace(segment.start, **_given(_tamed(record)))
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
        entry = entries.HistogramEntry(**msgspec.structs.asdict(record), where=self._where())
        self._histograms.append((self.state.lines, entry))

    def _take_artifact(self, record: types.Artifact) -> None:
        """Take a file; one that was announced without a digest is known better now."""
        entry = entries.ArtifactEntry(**_fields(record), where=self._where())
        shelf = self.state.artifacts
        if record.path is not None and not (record.sha256 or record.tree):
            self._announced[_file(record)] = len(shelf)
        elif (place := self._announced.pop(_file(record), None)) is not None:
            shelf[place] = entry
            return
        shelf.append(entry)

    def _take_entry(self, record: Record) -> None:
        kind, shelf = _ENTRIES[type(record)]
        getattr(self.state, shelf).append(kind(**_fields(record), where=self._where()))

    def _take_metrics(self, record: types.Metrics) -> None:
        step = self._step(record.step)
        self._take_numbers("metrics.values.", record.values, step, _time(record.time))

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
                    read = numbers.to_number(value)
                    what = f"{where}{name} is {value}, an integer beyond 2^53, read as {read!r}"
                    self._problem("inexact", what, level="warning")
                    break
        names = tuple(values)
        self.see_names(names)
        self.metrics.add(names, state.lines, step, time, _floats(values.values()))
        state.points += len(names)

    def see_names(self, names: Names) -> None:
        """Note metrics in the order in which they appear."""
        for name in names:
            if name not in self._names:
                self._names[name] = None
                self.state.metrics.append(name)

    def _take_system(self, record: types.System) -> None:
        if not record.values:
            return
        names = tuple(record.values)
        for name in names:
            if name not in self._system_names:
                self._system_names[name] = None
                self.state.system.append(name)
        values = _floats(record.values.values())
        self.system.add(names, self.state.lines, math.nan, _time(record.time), values)

    def _take_bare(self, record: Bare) -> None:
        if self._edit:
            self._problem("place", "a bare line in a file of edits", "edits alone", "warning")
            return
        reading = bare.read(record.values, self._rules)
        for name in reading.twice:
            self._problem("partly", f"{name} stands twice, the last holds", level="warning")
        self.state.raw.update(tame(reading.raw))
        time = _time(reading.time)
        self._see_time(time)
        if reading.values:
            self._take_numbers("", reading.values, self._step(reading.step), time)

    def _step(self, given: object) -> float:
        """Give the step of a record and remember it; an absurd one counts as left out."""
        state = self.state
        if isinstance(given, float | int):
            if -_STEP_MAX < given < _STEP_MAX:
                state.counting = False
                state.last_step = float(given)
                return state.last_step
            self._problem(
                "step",
                f"step is {numbers.to_number(given)!r}",
                "a number below 2^53; it counts as left out",
                "warning",
            )
        state.last_step = 0.0 if state.last_step is None else state.last_step + 1
        if state.counting:
            state.counted_lines = state.lines
        return state.last_step

    def _where(self) -> str:
        return f"{self.shown}:{self.state.lines}"


_ENTRIES: dict[type[Record], tuple[type[Record], str]] = {
    types.Dataset: (entries.DatasetEntry, "datasets"),
    types.Model: (entries.ModelEntry, "models"),
    types.Use: (entries.UseEntry, "uses"),
    types.Verdict: (entries.VerdictEntry, "verdicts"),
}


def _fields(record: Record) -> dict[str, Any]:
    fields = msgspec.structs.asdict(record)
    return {name: item if type(item) is str else tame(item) for name, item in fields.items()}


def _file(record: types.Artifact) -> tuple[str | None, str | None, float | None]:
    """Give what one file of a run is known by."""
    return record.path, record.key, record.step


def _is_same_start(first: types.Start, later: types.Start) -> bool:
    """Say whether a start tells more of the one before: it has its id and its time."""
    has_both = later.id is not None and later.time is not None
    return has_both and (first.id, first.time) == (later.id, later.time)


def _given(record: Record) -> dict[str, Any]:
    """Give the fields that do not have their default."""
    fields = msgspec.structs.fields(type(record))
    values = {field.name: (getattr(record, field.name), field.default) for field in fields}
    return {name: value for name, (value, default) in values.items() if value != default}


def _tamed(record: _R) -> _R:
    return type(record)(**_fields(record))


def _time(given: object) -> float:
    number = numbers.to_number(given)
    return number if number is not None and math.isfinite(number) else math.nan


def _floats(values: Iterable[types.Number]) -> array[float]:
    try:
        return array("d", values)  # type: ignore[arg-type]  # words are refused
    except (TypeError, OverflowError):
        read = map(numbers.to_number, values)
        return array("d", (math.nan if number is None else number for number in read))
