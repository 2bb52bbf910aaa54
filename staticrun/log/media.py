"""Figures, images, tables and histograms, from what the frameworks hand over to plain bytes.

Nothing is imported to know a type; numpy is used where the training has loaded it.
"""

from __future__ import annotations

import csv
import io
import math
import struct
import sys
import zlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Protocol, runtime_checkable

from staticrun.layout import slug, url_segment
from staticrun.log.artifact import ArtifactError
from staticrun.log.values import clean, to_number

_DOTS_PER_INCH = 144
_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
_PNG_COLOURS = {1: 0, 2: 4, 3: 2, 4: 6}


@runtime_checkable
class _Savefig(Protocol):
    def savefig(self, target: io.BytesIO, **options: object) -> object:
        """Draw into an open file."""


@runtime_checkable
class _Save(Protocol):
    def save(self, target: io.BytesIO, **options: object) -> object:
        """Encode into an open file."""


def file_name(folder: str, name: str, step: float | None, extension: str) -> str:
    """Name the file of a figure, an image or a table below `artifacts/`.

    >>> file_name("figures", "val/roc", 10, "png")
    'figures/val/roc-step10.png'
    """
    parts = [url_segment(part) if slug(part) != part else part for part in name.split("/") if part]
    at = ""
    if step is not None:
        at = f"-step{int(step) if step == int(step) else step}"
    return "/".join([folder, *(parts or ["x"])]) + f"{at}.{extension}"


def draw_png(figure: object) -> bytes:
    """Draw a figure as PNG, without the drawing library's version in it.

    Args:
        figure: matplotlib's Figure, one of its axes, or anything else with `savefig`.
    """
    if not isinstance(figure, _Savefig):
        figure = getattr(figure, "figure", figure)
    if not isinstance(figure, _Savefig):
        raise ArtifactError(f"a {type(figure).__name__} has no savefig()")
    stream = io.BytesIO()
    figure.savefig(
        stream,
        format="png",
        dpi=_DOTS_PER_INCH,
        bbox_inches="tight",
        metadata={"Software": None},
    )
    return stream.getvalue()


def encode_png(image: object) -> bytes:
    """Encode an image as PNG.

    Args:
        image: [height, width, 1 | 3 | 4], [height, width] or channels first: integers 0 to 255,
            or floats of which none is over 1; or a PIL image.

    Source: PNG (Portable Network Graphics) Specification, second edition, §5, §11.
    """
    if isinstance(image, _Save):
        stream = io.BytesIO()
        image.save(stream, format="PNG")
        return stream.getvalue()
    rows = _nested(image)
    _demand_pixels(rows)
    if not isinstance(rows[0][0], list):
        rows = [[[value] for value in row] for row in rows]
    elif len(rows) in _PNG_COLOURS and len(rows[0][0]) not in _PNG_COLOURS:
        rows = [list(map(list, zip(*line, strict=True))) for line in zip(*rows, strict=True)]
    height, width, channels = len(rows), len(rows[0]), len(rows[0][0])
    flat = [list(chain.from_iterable(row)) for row in rows]
    if channels not in _PNG_COLOURS or any(len(row) != width * channels for row in flat):
        raise ArtifactError(f"an image has 1, 3 or 4 channels, not {channels}")
    values = list(chain.from_iterable(flat))
    is_share = any(isinstance(value, float) for value in values)
    is_share = is_share and not any(value > 1 for value in values)
    data = b"".join(b"\0" + bytes(_byte(value, is_share) for value in row) for row in flat)
    header = struct.pack(">IIBBBBB", width, height, 8, _PNG_COLOURS[channels], 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(data, 6)), (b"IEND", b"")]
    return _PNG_HEAD + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def _demand_pixels(rows: object) -> None:
    first = rows[0] if isinstance(rows, list) and rows else None
    if not isinstance(first, list) or not first:
        raise ArtifactError("an image has two or three dimensions and no empty one")


def _byte(value: float, is_share: bool) -> int:
    if isinstance(value, bool):
        return 255 * value
    scaled = value * 255 if is_share else value
    return 0 if math.isnan(scaled) else round(min(max(scaled, 0), 255))


def _nested(values: object) -> list[list[list[float]]]:
    for step in ("detach", "cpu"):  # a tensor that is part of a graph, or on a device
        method = getattr(values, step, None)
        values = method() if callable(method) else values
    tolist = getattr(values, "tolist", None)
    found = tolist() if callable(tolist) else values
    if not isinstance(found, list):
        raise ArtifactError(f"a {type(values).__name__} is no array")
    return found


def write_csv(rows: object, columns: Sequence[str] | None = None) -> bytes:
    """Write rows as CSV: UTF-8, a header where columns have names, lines end with a newline.

    Args:
        rows: Mappings, sequences, a mapping of column → values, or a data frame.
        columns: The columns and their order.
    """
    for method, options in (("to_csv", {"index": False}), ("write_csv", {})):  # pandas, polars
        write = getattr(rows, method, None)
        if callable(write):
            stream = io.BytesIO() if method == "write_csv" else io.StringIO()
            write(stream, **options)
            found = stream.getvalue()
            return found.encode() if isinstance(found, str) else found
    if isinstance(rows, Mapping):
        columns = list(rows) if columns is None else columns
        rows = list(zip(*(rows[name] for name in columns), strict=True))
    if not isinstance(rows, Iterable) or isinstance(rows, str | bytes):
        raise ArtifactError(f"a {type(rows).__name__} is no rows")
    listed = list(rows)
    if columns is None and any(isinstance(row, Mapping) for row in listed):
        columns = list(dict.fromkeys(key for row in listed for key in row))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if columns is not None:
        writer.writerow([clean(name) for name in columns])
    for row in listed:
        cells = [row.get(name) for name in columns or ()] if isinstance(row, Mapping) else row
        if not isinstance(cells, Iterable) or isinstance(cells, str | bytes):
            raise ArtifactError(f"the row {cells!r} is no mapping and no sequence")
        writer.writerow(["" if cell is None else clean(cell) for cell in cells])
    return text.getvalue().encode()


def count_bins(values: object, bins: int) -> tuple[list[float], list[float]]:
    """Count numbers in bins of equal width from the least to the greatest.

    Args:
        values: Numbers, or an array or tensor of any shape; not finite = left out.
        bins: How many; each holds its lower edge, the last one both.

    Returns:
        float64[bins + 1] edges and float64[bins] counts; no bins when nothing is finite.
    """
    if bins < 1:
        raise ArtifactError(f"{bins} bins cannot hold anything")
    for step in ("detach", "cpu"):
        method = getattr(values, step, None)
        values = method() if callable(method) else values
    numpy = sys.modules.get("numpy")
    if numpy is not None and hasattr(values, "__array__"):
        flat = numpy.asarray(values, dtype=float).ravel()
        flat = flat[numpy.isfinite(flat)]
        if not flat.size:
            return [], []
        counts, edges = numpy.histogram(flat, bins=bins)
        return edges.tolist(), counts.astype(float).tolist()
    return _count_plain([number for number in _flat(values) if math.isfinite(number)], bins)


def _count_plain(numbers: list[float], bins: int) -> tuple[list[float], list[float]]:
    if not numbers:
        return [], []
    low, high = min(numbers), max(numbers)
    if low == high:
        low, high = low - 0.5, high + 0.5
    width = (high - low) / bins
    edges = [low + index * width for index in range(bins)] + [float(high)]
    counts = [0.0] * bins
    for number in numbers:
        index = min(int((number - low) / width), bins - 1)
        # Division rounds; the edges, which the reader sees, decide.
        index -= number < edges[index]
        index += index < bins - 1 and number >= edges[index + 1]
        counts[index] += 1
    return edges, counts


def _flat(values: object) -> Iterable[float]:
    tolist = getattr(values, "tolist", None)
    values = tolist() if callable(tolist) else values
    if isinstance(values, Iterable) and not isinstance(values, str | bytes | Mapping):
        for value in values:
            yield from _flat(value)
        return
    number = to_number(values)
    if number is None:
        raise ArtifactError(f"a {type(values).__name__} is no number")
    yield number
