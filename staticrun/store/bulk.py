"""Many lines at once: nearly all lines of a run are metrics of a few shapes.

What the first lines teach, the others are read by (`rows`). Records of other types come along
with the number of their line.

msgspec drops what it does not know and keeps the last of two equal keys without a word, so the
quotes are counted: two for each key and each text. When there are more of them than the records
account for, or anything else is not as expected, the lines are halved until the odd one is among
few; these go one by one to the fold, which says what is wrong.

Measured (tests/bench/bench_read.py), digest and columns included, against decoding into the record
types and nothing else: 1.0 to 1.3 times as fast for metrics of a few shapes, 0.75 with a log line
or a NaN every 10th step, 0.6 to 0.7 with a system record, a histogram or an image there, or with
each of 40 metrics in a record of its own. Against a decoder that lets go of its records at once,
which spares the garbage collector: 0.45 to 0.7, 0.35 and 0.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from staticrun.record import codec, types
from staticrun.store.rows import Other, Reader, likely, reader, rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from staticrun.record.types import Record
    from staticrun.store.columns import Names
    from staticrun.store.fold import Fold

# Below this the arrays cost more than they save.
_LINES_MIN = 16
_NEWLINE, _OPEN, _CLOSE = b"\n{}"
_REFUSED = (msgspec.DecodeError, ValueError, RecursionError)


class Bulk:
    """Feeds a fold with whole lines, fast where it can.

    Args:
        fold: Of a writer's record file.
    """

    def __init__(self, fold: Fold) -> None:
        self._fold = fold
        # All of them are known to the fold: a struct does not tell the order of a line's names.
        self._likely: Names | None = None

    def feed(self, lines: bytes) -> None:
        """Read whole lines.

        Args:
            lines: Ends with a newline.
        """
        head = 0
        if self._likely is None:
            head = lines.index(b"\n", len(lines) // 8) + 1
            self._read(lines[:head])
        if head < len(lines):
            self._read(lines[head:])

    def _read(self, lines: bytes) -> None:
        starts = _starts(lines)
        if len(starts) < _LINES_MIN or len(lines) > codec.LINE_BYTES_MAX:
            self._each(lines)
            return
        for names in dict.fromkeys((self._likely, None)):
            way = reader(names)
            try:
                records = way.decode(lines)
            except _REFUSED:
                continue
            if len(records) == len(starts) and _are_objects(lines, starts):
                self._split(way, records, lines, starts)
                return
        self._halve(lines)

    def _halve(self, lines: bytes) -> None:
        middle = lines.index(b"\n", len(lines) // 2) + 1
        if middle == len(lines):
            middle = lines.rindex(b"\n", 0, -1) + 1
        self._read(lines[:middle])
        self._read(lines[middle:])

    def _split(
        self, way: Reader, records: Sequence[Any], lines: bytes, starts: NDArray[np.int64]
    ) -> None:
        """Split at the lines whose place among metrics matters."""
        first, bounds = 0, [*starts.tolist(), len(lines)]
        others: list[Other] = []
        for i in [i for i, record in enumerate(records) if type(record) is not way.kind]:
            record, line = records[i], lines[bounds[i] : bounds[i + 1] - 1]
            whole = codec.is_whole(record, line)
            if _may_be_anywhere(record, line, whole=whole):
                others.append((i - first, line, record if whole else None))
                continue
            self._take(way, records[first:i], others, lines[bounds[first] : bounds[i]])
            self._fold.line(line)
            first, others = i + 1, []
        self._take(way, records[first:], others, lines[bounds[first] :])

    def _take(
        self, way: Reader, records: Sequence[Any], others: Sequence[Other], lines: bytes
    ) -> None:
        """Take in the records of some lines at once, or else the lines."""
        if len(records) < _LINES_MIN:
            self._each(lines)
            return
        found = rows(way.names, records, others, lines, inexact=self._fold.state.inexact)
        if found is None or not self._fold.take_rows(found):
            self._likely = None
            self._halve(lines)
        elif way.names is None:
            self._likely = likely(found)

    def _each(self, lines: bytes) -> None:
        for line in lines.split(b"\n")[:-1]:
            record = _decode(line)
            if record is not None and codec.is_whole(record, line):
                self._fold.typed(record)
            else:
                self._fold.line(line)


def _decode(line: bytes) -> Record | None:
    if len(line) > codec.LINE_BYTES_MAX:
        return None
    try:
        return codec.decode_typed(line)
    except _REFUSED:
        return None


def _may_be_anywhere(record: Record, line: bytes, *, whole: bool) -> bool:
    """Say whether a line may be taken in before the metrics around it, or after them.

    A start and an end bound a segment. Of a line that is not told whole by its record not even
    the type is sure, unless it is said once.
    """
    if whole:
        return True
    bound = isinstance(record, types.Start | types.End)
    return not bound and line.count(b'"type"') == 1 and b"\\u" not in line


def _starts(lines: bytes) -> NDArray[np.int64]:
    """Find where each line begins."""
    ends = np.flatnonzero(np.frombuffer(lines, np.uint8) == _NEWLINE)
    return np.append(0, ends[:-1] + 1)


def _are_objects(lines: bytes, starts: NDArray[np.int64]) -> bool:
    """Say whether each line begins with a brace and ends with one.

    If so, and if there are as many records as lines, then each line holds one.
    """
    text = np.frombuffer(lines, np.uint8)
    lasts = np.append(starts[1:], len(lines)) - 2
    return bool((text[starts] == _OPEN).all() and (text[lasts] == _CLOSE).all())
