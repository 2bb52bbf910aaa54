"""Points as columns: the many numbers of a record file, without an object for each.

Records with the same names in the same order share a *shape*; a shape is four arrays. The line
number of each row keeps the order of one metric's points that came in several shapes.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import msgspec

from staticrun.store.entries import HistogramEntry, LogEntry

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Names = tuple[str, ...]


class Block(msgspec.Struct, frozen=True):
    """The rows of one shape, as bytes of arrays.

    Attributes:
        names: The k metrics of every row.
        line: int64[n].
        step: float64[n].
        time: float64[n], Unix seconds, NaN where none was logged.
        value: float64[n, k].
    """

    names: Names
    line: bytes
    step: bytes
    time: bytes
    value: bytes


class Part(msgspec.Struct):
    """What was read from a record file in one go, beside its state.

    Attributes:
        metrics: The metric points.
        system: Use of the machine; `step` is the number of the row within its name.
        logs: Lines of text with the number of their line.
        histograms: Distributions with the number of their line.
    """

    metrics: list[Block] = []
    system: list[Block] = []
    logs: list[tuple[int, LogEntry]] = []
    histograms: list[tuple[int, HistogramEntry]] = []

    def is_empty(self) -> bool:
        """Say whether nothing was read."""
        return not (self.metrics or self.system or self.logs or self.histograms)


class Column:
    """The points of one name in one file, in the order of lines.

    Attributes:
        line: int64[n], ascending.
        step: float64[n].
        time: float64[n].
        value: float64[n].
    """

    __slots__ = ("line", "step", "time", "value")

    def __init__(self, line: NDArray[np.int64], step: Floats, time: Floats, value: Floats) -> None:
        self.line, self.step, self.time, self.value = line, step, time, value


class _Rows:
    __slots__ = ("line", "step", "time", "value")

    def __init__(self) -> None:
        self.line = array("q")
        self.step, self.time, self.value = array("d"), array("d"), array("d")


class Collector:
    """Rows by shape while a file is read."""

    def __init__(self) -> None:
        self._shapes: dict[Names, _Rows] = {}

    def __len__(self) -> int:
        return sum(len(rows.line) for rows in self._shapes.values())

    def add(
        self, names: Names, line: int, step: float, time: float, values: Iterable[float]
    ) -> None:
        """Add one row."""
        rows = self._rows(names)
        rows.line.append(line)
        rows.step.append(step)
        rows.time.append(time)
        rows.value.extend(values)

    def extend(
        self, names: Names, line: NDArray[np.int64], step: Floats, time: Floats, value: Floats
    ) -> None:
        """Add many rows of one shape.

        Args:
            names: The k metrics of every row.
            line: int64[n].
            step: float64[n].
            time: float64[n].
            value: float64[n * k], row by row.
        """
        rows = self._rows(names)
        rows.line.frombytes(line.tobytes())
        rows.step.frombytes(step.tobytes())
        rows.time.frombytes(time.tobytes())
        rows.value.frombytes(value.tobytes())

    def _rows(self, names: Names) -> _Rows:
        rows = self._shapes.get(names)
        if rows is None:
            rows = self._shapes[names] = _Rows()
        return rows

    def blocks(self) -> list[Block]:
        """Give what was collected."""
        return [
            Block(names, r.line.tobytes(), r.step.tobytes(), r.time.tobytes(), r.value.tobytes())
            for names, r in self._shapes.items()
        ]


def joined(parts: Sequence[Part]) -> Part:
    """Put the parts of a file together, in the order in which they were read."""
    return Part(
        _joined([block for part in parts for block in part.metrics]),
        _joined([block for part in parts for block in part.system]),
        [entry for part in parts for entry in part.logs],
        [entry for part in parts for entry in part.histograms],
    )


def _joined(blocks: list[Block]) -> list[Block]:
    by_names: dict[Names, list[Block]] = {}
    for block in blocks:
        by_names.setdefault(block.names, []).append(block)
    return [
        Block(
            names,
            b"".join(block.line for block in same),
            b"".join(block.step for block in same),
            b"".join(block.time for block in same),
            b"".join(block.value for block in same),
        )
        for names, same in by_names.items()
    ]


def find(blocks: Sequence[Block], name: str) -> Column:
    """Take the points of one name out of all shapes that hold it.

    Args:
        blocks: Of one file, in any order.
        name: A name that may be in none.
    """
    import numpy as np

    lines, steps, times, values = [], [], [], []
    for block in blocks:
        if name not in block.names:
            continue
        width = len(block.names)
        lines.append(np.frombuffer(block.line, np.int64))
        steps.append(np.frombuffer(block.step))
        times.append(np.frombuffer(block.time))
        values.append(np.frombuffer(block.value)[block.names.index(name) :: width])
    if not lines:
        nothing = np.empty(0)
        return Column(np.empty(0, np.int64), nothing, nothing, nothing)
    if len(lines) == 1:
        return Column(lines[0], steps[0], times[0], np.ascontiguousarray(values[0]))
    line = np.concatenate(lines)
    order = np.argsort(line, kind="stable")
    return Column(
        line[order],
        np.concatenate(steps)[order],
        np.concatenate(times)[order],
        np.concatenate(values)[order],
    )
