"""The series of a run as data files: short ones whole, long ones as a pyramid."""

from __future__ import annotations

import base64
import math
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
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from staticrun.pages.objects import Objects
    from staticrun.store.run import Run
    from staticrun.store.series import Series

    Floats = NDArray[np.float64]

# From one level to the next, buckets are 2^3 times as narrow.
LEVEL = 3


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
        width = pyramid.overview_width(part.step, OVERVIEW_BUCKETS)
        levels = tuple(self._levels(part, width))
        return Curve(
            len(part.step), overview=_spelled(part.buckets(width)), levels=levels, ghosts=gone
        )

    def _points(self, part: _Part) -> Points:
        key = (part.step.tobytes(), part.time.tobytes())
        place = self._places.setdefault(key, len(self.steps))
        if place == len(self.steps):
            self.steps.append(_steps(part))
        return _points(part, place)

    def _levels(self, part: _Part, overview: int) -> Iterator[Level]:
        width = overview - LEVEL
        n = len(part.step)
        while len(fine := part.buckets(width)) and len(fine.at) * 4 < n:
            # A file holds the same steps whatever comes behind them.
            chunks = _split(fine.at, CHUNK_ROWS)
            files = [
                script.put(
                    self._objects,
                    Chunk(buckets=_spelled(pyramid.Buckets(width, *(c[a:b] for c in fine[1:])))),
                )
                for a, b in chunks
            ]
            bounds = [_bound(fine.at[a], CHUNK_ROWS) * 2.0**width for a, _ in chunks]
            yield Level(width, tuple(bounds), tuple(files), tuple(b - a for a, b in chunks))
            width -= LEVEL
        # As many steps a file as hold about CHUNK_ROWS points on average; it changes when the
        # series has doubled.
        per_bucket = math.ceil(math.log2(n)) - int(math.log2(OVERVIEW_BUCKETS))
        size = 2.0 ** (overview + int(math.log2(CHUNK_ROWS)) - per_bucket)
        chunks = _split(part.step, size)
        files = []
        for a, b in chunks:
            piece = part.cut(a, b)
            files.append(
                script.put(self._objects, Chunk(steps=_steps(piece), points=_points(piece, 0)))
            )
        bounds = [_bound(part.step[a], size) for a, _ in chunks]
        yield Level(None, tuple(bounds), tuple(files), tuple(b - a for a, b in chunks))


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

    def cut(self, a: int, b: int) -> _Part:
        low = None if self.low is None else self.low[a:b]
        high = None if self.high is None else self.high[a:b]
        return _Part(self.step[a:b], self.time[a:b], self.value[a:b], low, high)

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


def _bound(place: float, size: float) -> float:
    return math.floor(place / size) * size


def _split(place: Floats, size: float) -> list[tuple[int, int]]:
    """Cut where a multiple of `size` is passed."""
    number = np.floor(place / size)
    inner = (np.flatnonzero(number[1:] != number[:-1]) + 1).tolist()
    return list(zip([0, *inner], [*inner, len(place)], strict=True))
