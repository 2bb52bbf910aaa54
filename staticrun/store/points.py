"""The points of a run: those of its files put together by writer and segment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from staticrun import layout
from staticrun.store.columns import Column, Part, find
from staticrun.store.series import Series, last_at_steps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from staticrun.store.entries import HistogramEntry, LogEntry
    from staticrun.store.facts import FilePlan

    Floats = NDArray[np.float64]


class RunPoints:
    """Points, use of the machine, log lines and histograms of a run.

    Args:
        files: Each file's plan and what was read from it, in the order of writers and segments.
    """

    def __init__(self, files: Sequence[tuple[FilePlan, Sequence[Part]]]) -> None:
        self._files = files
        self._writers = list(dict.fromkeys(plan.writer for plan, _ in files))

    def series(self, name: str, writer: str | None = None) -> Series:
        """Give a metric's points.

        Args:
            name: The metric.
            writer: Whose; None for main's where main logged it, else the mean over writers.
        """
        if writer is not None:
            return self._of_writer(name, writer)
        found = [self._of_writer(name, each) for each in self._writers]
        found = [each for each in found if len(each)]
        if not found:
            return self._of_writer(name, layout.MAIN)
        if len(found) == 1 or found[0].writer == layout.MAIN:
            return found[0]
        return _mean(name, found)

    def ghosts(self, name: str) -> Series:
        """Give the superseded points of a metric, of all writers."""
        found = [self._of_writer(name, each) for each in self._writers]
        parts = [
            Series(
                name,
                each.writer,
                each.step[gone],
                each.time[gone],
                each.value[gone],
                each.superseded[gone],
            )
            for each in found
            for gone in [each.superseded]
        ]
        return _joined(name, layout.MAIN, parts)

    def superseded(self, name: str) -> int:
        """Count the superseded points of a metric, of all writers."""
        return sum(
            int(np.count_nonzero(self._of_writer(name, each).superseded)) for each in self._writers
        )

    def system(self, name: str, writer: str | None = None) -> Series:
        """Give the samples of one use of the machine, in order.

        Args:
            name: Such as `cpu.percent`.
            writer: Whose; None for main's where main has it, else the first writer's.
        """
        for each in self._writers if writer is None else [writer]:
            found = [
                _until(find([b for part in parts for b in part.system], name), plan.lines)
                for plan, parts in self._files
                if plan.writer == each
            ]
            time = np.concatenate([column.time for column in found] or [np.empty(0)])
            if len(time):
                value = np.concatenate([column.value for column in found])
                step = np.arange(len(time), dtype=np.float64)
                return Series(name, each, step, time, value, np.zeros(len(time), bool))
        return _joined(name, writer or layout.MAIN, [])

    def logs(self) -> list[LogEntry]:
        """Give the lines of text, by writer and segment, in the order of lines."""
        return [
            entry
            for plan, parts in self._files
            for part in parts
            for line, entry in part.logs
            if line <= plan.lines
        ]

    def histograms(self) -> list[HistogramEntry]:
        """Give the histograms, by writer and segment, in the order of lines."""
        return [
            entry
            for plan, parts in self._files
            for part in parts
            for line, entry in part.histograms
            if line <= plan.lines
        ]

    def _of_writer(self, name: str, writer: str) -> Series:
        return _joined(
            name,
            writer,
            [
                _planned(name, plan, find([b for part in parts for b in part.metrics], name))
                for plan, parts in self._files
                if plan.writer == writer
            ],
        )


def _until(column: Column, lines: int) -> Column:
    n = int(np.searchsorted(column.line, lines, side="right"))
    return Column(column.line[:n], column.step[:n], column.time[:n], column.value[:n])


def _planned(name: str, plan: FilePlan, column: Column) -> Series:
    column = _until(column, plan.lines)
    step = column.step
    if plan.shift and plan.counted_lines:
        step = step + np.where(column.line <= plan.counted_lines, plan.shift, 0.0)
    if min(plan.cutoffs, default=np.inf) < np.inf:
        segment = np.searchsorted(np.array(plan.first_lines), column.line, side="right") - 1
        superseded = step >= np.array(plan.cutoffs)[segment]
    else:
        superseded = np.zeros(len(step), bool)
    return Series(name, plan.writer, step, column.time, column.value, superseded)


def _joined(name: str, writer: str, parts: list[Series]) -> Series:
    if len(parts) == 1:
        return parts[0]
    nothing = np.empty(0)
    return Series(
        name,
        writer,
        np.concatenate([part.step for part in parts] or [nothing]),
        np.concatenate([part.time for part in parts] or [nothing]),
        np.concatenate([part.value for part in parts] or [nothing]),
        np.concatenate([part.superseded for part in parts] or [np.empty(0, bool)]),
    )


def _mean(name: str, writers: list[Series]) -> Series:
    """Average writers step by step, over those that logged the step; NaN where one logged NaN."""
    steps, values, times = [], [], []
    for each in writers:
        live = ~each.superseded
        step, value = last_at_steps(each.step[live], each.value[live])
        _, time = last_at_steps(each.step[live], each.time[live])
        steps.append(step)
        values.append(value)
        times.append(time)
    union, where = np.unique(np.concatenate(steps), return_inverse=True)
    value, time = np.concatenate(values), np.concatenate(times)
    n = len(union)
    count = np.bincount(where, minlength=n)
    timed = ~np.isnan(time)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        mean = np.bincount(where, value, n) / count
        mean_time = np.bincount(where[timed], time[timed], n) / np.bincount(
            where[timed], minlength=n
        )
    low, high = np.full(n, np.nan), np.full(n, np.nan)
    np.fmin.at(low, where, value)
    np.fmax.at(high, where, value)
    return Series(name, "", union, mean_time, mean, np.zeros(n, bool), low, high, count)
