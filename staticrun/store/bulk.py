"""Many lines at once: nearly all lines of a run are metrics of a few shapes.

Lines of one shape are decoded straight into a struct made for it; other metrics into records of
`staticrun.record.types`, grouped by shape. Both drop what they do not know and keep the last of
two equal keys without a word, so the quotes are counted: two for each key and each text. When
there are more of them than the records account for, or when a line is anything else, the lines
go one by one to the fold, which says what is wrong.

Measured (tests/bench/bench_read.py), digest and columns included: 0.7 to 0.9 times the cost of
decoding into the record types for lines of one shape, about twice for several.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from itertools import chain, pairwise
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np

from staticrun.record import codec, numbers, types
from staticrun.store.fold import Rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from staticrun.record.types import Record
    from staticrun.store.columns import Names
    from staticrun.store.fold import Fold, Group

    Floats = NDArray[np.float64]

# Below these the arrays cost more than they save.
_LINES_MIN = 16
_RUN_MIN = 64
_SHAPES_MAX = 16
_NAMES_MAX = 1000

_QUOTE, _NEWLINE, _OPEN, _CLOSE = b'"\n{}'
_VALUES, _STEP, _TIME = attrgetter("values"), attrgetter("step"), attrgetter("time")
# `"type"`, `"metrics"` and `"values"`.
_QUOTES = 6


# Types whose order among others in a file does not matter.
_SIMPLE = frozenset({types.Metrics, types.System, types.Log, types.Alert, types.Beat})


class _Shape(NamedTuple):
    """Metrics lines that all hold the same fields.

    Attributes:
        names: The k metrics.
        quotes: Quotation marks in one line.
        stepped: Whether the lines have a step.
        timed: Whether the lines have a time.
        decoder: Reads lines into structs made for the shape; refuses every other line.
    """

    names: Names
    quotes: int
    stepped: bool
    timed: bool
    decoder: msgspec.json.Decoder[Any]


@lru_cache(maxsize=256)
def _shape(names: Names, stepped: bool, timed: bool) -> _Shape | None:
    """Make the decoder of a shape; None for names that no struct's field may have."""
    if len(names) > _NAMES_MAX or not all(map(_is_plain, names)):
        return None
    fields = {f"f{i}": name for i, name in enumerate(names)}
    values = msgspec.defstruct(
        "Values",
        [(field, float) for field in fields],
        rename=fields,
        gc=False,
        forbid_unknown_fields=True,
    )
    given: list[tuple[str, type]] = [("values", values)]
    given += [("step", float)] if stepped else []
    given += [("time", float)] if timed else []
    line = msgspec.defstruct(
        "Line", given, tag_field="type", tag="metrics", gc=False, forbid_unknown_fields=True
    )
    quotes = _QUOTES + 2 * (len(names) + stepped + timed)
    return _Shape(names, quotes, stepped, timed, msgspec.json.Decoder(line))


class Bulk:
    """Feeds a fold with whole lines, fast where it can.

    Args:
        fold: Of a writer's record file.
    """

    def __init__(self, fold: Fold) -> None:
        self._fold = fold
        self._likely: _Shape | None = None

    def feed(self, lines: bytes) -> None:
        """Read whole lines.

        Args:
            lines: Ends with a newline.
        """
        if len(lines) > codec.LINE_BYTES_MAX or lines.count(b"\n", 0, 1 << 16) < _LINES_MIN:
            self._each(lines)
            return
        text = np.frombuffer(lines, np.uint8)
        ends = np.flatnonzero(text == _NEWLINE)
        starts = np.empty_like(ends)
        starts[0], starts[1:] = 0, ends[:-1] + 1
        likely = self._likely or self._guess(lines, starts, ends)
        if (text[starts] != _OPEN).any() or (text[ends - 1] != _CLOSE).any():
            # Not one object a line; what follows relies on that.
            self._each(lines)
        elif likely is None:
            self._mixed(lines, len(ends))
        elif np.count_nonzero(text == _QUOTE) == likely.quotes * len(ends):
            self._uniform(likely, lines, len(ends))
        else:
            self._by_runs(
                likely, lines, starts, np.add.reduceat(text == _QUOTE, starts, dtype=int)
            )

    def _guess(
        self, lines: bytes, starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> _Shape | None:
        """Take a line for one of many; None when those that were looked at are no metrics."""
        for i in (len(starts) // 2, -1, 0):
            record = _decode(lines[starts[i] : ends[i]])
            if isinstance(record, types.Metrics):
                timed, stepped = record.time is not msgspec.UNSET, record.step is not msgspec.UNSET
                return _shape(tuple(record.values), stepped, timed)
        return None

    def _by_runs(
        self, likely: _Shape, lines: bytes, starts: NDArray[np.int64], quotes: NDArray[np.int64]
    ) -> None:
        """Split lines where their number of quotes departs from that of the likely shape."""
        fits = quotes == likely.quotes
        bounds = [0, *(np.flatnonzero(fits[1:] != fits[:-1]) + 1).tolist(), len(starts)]
        if len(starts) < _RUN_MIN * len(bounds) / 2:
            self._mixed(lines, len(starts))
            return
        offsets = [*starts.tolist(), len(lines)]
        for first, after in pairwise(bounds):
            piece = lines[offsets[first] : offsets[after]]
            if fits[first]:
                self._uniform(likely, piece, after - first)
            else:
                self._mixed(piece, after - first)

    def _uniform(self, shape: _Shape, lines: bytes, n: int) -> None:
        """Read lines that have as many quotes as lines of one shape would have."""
        try:
            records = shape.decoder.decode_lines(lines)
        except (msgspec.DecodeError, ValueError, RecursionError):
            records = []
        if len(records) != n:
            self._likely = None
            self._mixed(lines, n)
            return
        self._likely = shape
        # The shape fits whatever the order of its names; the first line's is the one to note.
        self._fold.see_names(tuple(_decode(lines[: lines.index(b"\n")]).values))
        step = _pack(n, map(_STEP, records)) if shape.stepped else None
        time = _pack(n, map(_TIME, records)) if shape.timed else None
        cells = chain.from_iterable(map(msgspec.structs.astuple, map(_VALUES, records)))
        value = _pack(n * len(shape.names), cells)
        if value is None or (not self._fold.state.inexact and _are_huge(value).any()):
            self._mixed(lines, n)
        elif not self._fold.take_rows(Rows(n, None, step, time, [(shape.names, None, value)])):
            self._each(lines)

    def _mixed(self, lines: bytes, n: int) -> None:
        """Read lines of several shapes and types."""
        if n < _LINES_MIN:
            self._each(lines)
            return
        try:
            records = codec.decode_typed_lines(lines)
        except (msgspec.DecodeError, ValueError, RecursionError):
            records = []
        if len(records) != n:
            # A bad line somewhere: halve until it is among few.
            ends = np.flatnonzero(np.frombuffer(lines, np.uint8) == _NEWLINE)
            middle = int(ends[n // 2 - 1]) + 1
            self._mixed(lines[:middle], n // 2)
            self._mixed(lines[middle:], n - n // 2)
            return
        kinds = list(map(type, records))
        if kinds.count(types.Metrics) == n:
            if not self._take(records, lines.count(b'"')):
                self._each(lines, records)
            return
        pieces = lines.split(b"\n")
        first = 0
        for i in [*(i for i in range(n) if kinds[i] not in _SIMPLE), n]:
            self._between(records[first:i], pieces[first:i])
            if i < n:
                self._fold.line(pieces[i])
            first = i + 1

    def _between(self, records: Sequence[Any], lines: Sequence[bytes]) -> None:
        """Read lines of simple types alone."""
        others = [
            (i, record) for i, record in enumerate(records) if type(record) is not types.Metrics
        ]
        if len(lines) - len(others) >= _LINES_MIN and all(
            _is_whole(record, lines[i]) for i, record in others
        ):
            quotes = sum(line.count(b'"') for line in lines)
            quotes -= sum(lines[i].count(b'"') for i, _ in others)
            if self._take(records, quotes, others):
                return
        for line, record in zip(lines, records, strict=True):
            self._one(line, record)

    def _take(
        self, records: Sequence[Any], quotes: int, others: Sequence[tuple[int, Record]] = ()
    ) -> bool:
        """Take records in together when the metrics among them are of a few shapes.

        Args:
            records: Metrics and others.
            quotes: Quotation marks in the lines of the metrics.
            others: Those that are no metrics, each with its number among the records.

        Returns:
            Whether that could be done; if not, nothing was taken in.
        """
        n, at, metrics = len(records), None, records
        if others:
            at = np.delete(np.arange(n), [i for i, _ in others])
            metrics = [records[i] for i in at.tolist()]
        values = list(map(_VALUES, metrics))
        shapes = list(map(tuple, values))
        firsts = dict.fromkeys(shapes)
        stepped = metrics[0].step is not msgspec.UNSET
        timed = metrics[0].time is not msgspec.UNSET
        cells = list(chain.from_iterable(map(dict.values, values)))
        expected = len(metrics) * (_QUOTES + 2 * (stepped + timed)) + 2 * len(cells)
        if len(firsts) > _SHAPES_MAX or quotes != expected:
            return False
        value = _pack(len(cells), cells)
        step = _pack(len(metrics), map(_STEP, metrics)) if stepped else None
        time = _pack(len(metrics), map(_TIME, metrics)) if timed else None
        if value is None or (stepped and step is None) or (timed and time is None):
            return False
        if not self._fold.state.inexact and any(
            numbers.is_inexact(cells[i]) for i in np.flatnonzero(_are_huge(value)).tolist()
        ):
            return False
        if len(firsts) == 1:
            self._likely = _shape(shapes[0], stepped, timed)
        groups = _groups(shapes, list(firsts), value)
        return self._fold.take_rows(Rows(n, at, step, time, groups, others))

    def _each(self, lines: bytes, records: Sequence[Record | None] | None = None) -> None:
        """Read lines one by one.

        Args:
            lines: Ends with a newline.
            records: The lines decoded, where that is known to be one a line.
        """
        pieces = lines.split(b"\n")[:-1]
        for line, record in zip(pieces, records or map(_decode, pieces), strict=True):
            self._one(line, record)

    def _one(self, line: bytes, record: Record | None) -> None:
        if record is not None and _is_whole(record, line):
            self._fold.typed(record)
        else:
            self._fold.line(line)


def _is_plain(name: str) -> bool:
    return name.isprintable() and '"' not in name and "\\" not in name


def _groups(shapes: list[Names], firsts: list[Names], value: Floats) -> list[Group]:
    if len(firsts) == 1:
        return [(firsts[0], None, value)]
    index = {names: i for i, names in enumerate(firsts)}
    kinds = np.fromiter(map(index.__getitem__, shapes), np.int64, len(shapes))
    ends = np.cumsum(np.fromiter(map(len, shapes), np.int64, len(shapes)))
    groups: list[Group] = []
    for names, kind in index.items():
        rows = np.flatnonzero(kinds == kind)
        offsets = ends[rows, None] + np.arange(-len(names), 0)
        groups.append((names, rows, value[offsets].ravel()))
    return groups


def _decode(line: bytes) -> Any:
    if len(line) > codec.LINE_BYTES_MAX:
        return None
    try:
        return codec.decode_typed(line)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None


def _is_whole(record: Record, line: bytes) -> bool:
    """Say whether a decoded record is all that its line holds, by the number of quotes."""
    texts, within = 1, 0  # the type's
    if isinstance(record, types.Metrics | types.System):
        keys = 2 + len(record.values) + (record.time is not msgspec.UNSET)
        keys += isinstance(record, types.Metrics) and record.step is not msgspec.UNSET
        for value in record.values.values():
            if isinstance(value, str):
                if numbers.to_number(value) is None:
                    return False
                texts += 1
    elif isinstance(record, types.Log | types.Alert):
        if b"\\u0022" in line:
            return False
        leveled = b'"level"' in line
        keys = 2 + (record.time is not None) + leveled
        texts += 1 + leveled
        within = record.text.count('"')
    elif isinstance(record, types.Beat):
        keys = 2
    else:
        return False
    return line.count(b'"') == 2 * (keys + texts) + within


def _pack(n: int, items: Iterable[Any]) -> Floats | None:
    """Make an array of n numbers; None when one of the items is no number.

    `struct` is twice as fast here as numpy's and array's own ways.
    """
    try:
        return np.frombuffer(struct.pack(f"{n}d", *items))
    except (struct.error, OverflowError):
        return None


def _are_huge(value: Floats) -> NDArray[np.bool_]:
    return np.abs(value) >= numbers.EXACT_INTEGER
