"""The series of a run as data files: short ones whole, long ones as a pyramid."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import numpy as np

from staticrun.analysis import pyramid
from staticrun.pages.data import script
from staticrun.pages.data.types import (
    CHUNK_ROWS,
    OVERVIEW_BUCKETS,
    WHOLE_POINTS,
    Buckets,
    Chunk,
    Curve,
    Level,
    Points,
    RunSeries,
    Steps,
)
from staticrun.store.series import last_at_steps

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from staticrun.pages.objects import Objects
    from staticrun.store.run import Run
    from staticrun.store.series import Series

    Floats = NDArray[np.float64]

# Levels have the widths 2^0, 2^3, 2^6, …, the same for all runs: a level stays while its series
# grows, and adds up with those of other runs.
LEVEL = 3
# A level of fewer points a bucket than this would be no smaller than the points.
BUCKET_POINTS = 16


def put(run: Run, objects: Objects) -> str:
    """Write the series of a run.

    Returns:
        The URL of its `RunSeries`; empty where it logged neither a metric nor the machine's use.
    """
    if not run.metrics and not run.system_names:
        return ""
    writer = _Writer(objects)
    metrics = {name: writer.curve(run.series(name), run.ghosts(name)) for name in run.metrics}
    system = {name: writer.curve(run.system(name), None) for name in run.system_names}
    return script.put(objects, RunSeries(tuple(writer.steps), metrics, system))


class _Writer:
    """Makes curves; those whose points stand at the same steps and times share these."""

    def __init__(self, objects: Objects) -> None:
        self.steps: list[Steps] = []
        self._places: dict[tuple[bytes, bytes], int] = {}
        self._objects = objects

    def curve(self, series: Series, ghosts: Series | None) -> Curve:
        part = _Part.of(series)
        gone = None
        if ghosts is not None and len(ghosts):
            gone = self._points(_Part.of_ghosts(ghosts))
        if len(part.step) <= WHOLE_POINTS:
            return Curve(len(part.step), points=self._points(part), ghosts=gone)
        levels, overview = self._levels(part)
        return Curve(len(part.step), overview=_spelled(overview), levels=levels, ghosts=gone)

    def _points(self, part: _Part) -> Points:
        key = (part.step.tobytes(), part.time.tobytes())
        place = self._places.setdefault(key, len(self.steps))
        if place == len(self.steps):
            self.steps.append(_steps(part))
        return _points(part, place)

    def _levels(self, part: _Part) -> tuple[tuple[Level, ...], pyramid.Buckets]:
        """Write the levels; give them and the overview."""
        widest = pyramid.narrowest(part.step, OVERVIEW_BUCKETS)
        # One that is half as wide as the overview shows no more than it.
        widths = _widths(part.step, widest - 2)
        levels = [self._points_level(part)]
        buckets = part.buckets(widths[0] if widths else widest)
        for width in widths:
            buckets = pyramid.coarsen(buckets, width)
            levels.append(self._buckets_level(buckets))
        return tuple(reversed(levels)), pyramid.coarsen(buckets, widest)

    def _points_level(self, part: _Part) -> Level:
        pieces = [part.cut(rows) for rows in _files(len(part.step))]
        chunks = [Chunk(steps=_steps(piece), points=_points(piece, 0)) for piece in pieces]
        return self._level(None, [piece.step for piece in pieces], chunks)

    def _buckets_level(self, buckets: pyramid.Buckets) -> Level:
        width = buckets.width
        pieces = [
            pyramid.Buckets(width, *(column[rows] for column in buckets[1:]))
            for rows in _files(len(buckets.at))
        ]
        chunks = [Chunk(buckets=_spelled(piece)) for piece in pieces]
        return self._level(width, [piece.at * 2.0**width for piece in pieces], chunks)

    def _level(self, width: int | None, steps: Sequence[Floats], chunks: Iterable[Chunk]) -> Level:
        return Level(
            width,
            bounds=tuple(float(rows[0]) for rows in steps),
            urls=tuple(script.put(self._objects, chunk) for chunk in chunks),
            rows=tuple(len(rows) for rows in steps),
        )


class _Part:
    """Points of a series, one a step, ascending."""

    def __init__(
        self, step: Floats, time: Floats, value: Floats, low: Floats | None, high: Floats | None
    ) -> None:
        self.step, self.time, self.value, self.low, self.high = step, time, value, low, high

    @classmethod
    def of(cls, series: Series) -> _Part:
        """Take the last point of each step that is not superseded."""
        live = ~series.superseded
        if series.low is not None and series.high is not None:
            return cls(
                series.step[live], series.time[live], series.value[live],
                series.low[live], series.high[live],
            )  # fmt: skip
        step, value = last_at_steps(series.step[live], series.value[live])
        _, time = last_at_steps(series.step[live], series.time[live])
        return cls(step, time, value, None, None)

    @classmethod
    def of_ghosts(cls, ghosts: Series) -> _Part:
        """Take superseded points; of very many as many as are seen, evenly."""
        step, value = last_at_steps(ghosts.step, ghosts.value)
        places = np.unique(np.linspace(0, len(step) - 1, WHOLE_POINTS).astype(int))
        return cls(step[places], np.full(len(places), np.nan), value[places], None, None)

    def cut(self, rows: slice) -> _Part:
        low = None if self.low is None else self.low[rows]
        high = None if self.high is None else self.high[rows]
        return _Part(self.step[rows], self.time[rows], self.value[rows], low, high)

    def buckets(self, width: int) -> pyramid.Buckets:
        return pyramid.bucket(self.step, self.value, self.time, width, self.low, self.high)


def pack(values: Floats) -> str:
    """Spell float64 as base64 of their little-endian bytes: exact, and half of JSON's size."""
    return base64.b64encode(values.astype("<f8").tobytes()).decode()


def _steps(part: _Part) -> Steps:
    n = len(part.step)
    time = "" if np.isnan(part.time).all() else pack(part.time)
    if n == 0:
        return Steps(0)
    start = float(part.step[0])
    by = float(part.step[1] - part.step[0]) if n > 1 else 1.0
    if by > 0 and np.array_equal(start + by * np.arange(n), part.step):
        return Steps(n, start=start, by=by, time=time)
    return Steps(n, step=pack(part.step), time=time)


def _points(part: _Part, steps: int) -> Points:
    low = "" if part.low is None else pack(part.low)
    high = "" if part.high is None else pack(part.high)
    return Points(steps, pack(part.value), low, high)


def _spelled(buckets: pyramid.Buckets) -> Buckets:
    packed = {name: pack(column) for name, column in buckets._asdict().items() if name != "width"}
    if np.isnan(buckets.time).all():
        packed["time"] = ""
    return Buckets(buckets.width, **packed)


def _widths(step: Floats, widest: int) -> range:
    """Choose the widths of levels, ascending."""
    most = len(step) // BUCKET_POINTS
    finest = pyramid.narrowest(step, most)
    return range(-(-finest // LEVEL) * LEVEL, widest + 1, LEVEL)


def _files(n: int) -> list[slice]:
    """Cut rows for files: what is appended changes the last one."""
    return [slice(i, i + CHUNK_ROWS) for i in range(0, n, CHUNK_ROWS)]
