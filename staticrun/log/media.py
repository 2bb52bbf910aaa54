"""Tables, texts and histograms, from what the frameworks hand over to plain bytes.

Nothing is imported to know a type; numpy is used where the training has loaded it.
"""

from __future__ import annotations

import csv
import io
import math
import re
import sys
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from staticrun.layout import slug, url_segment
from staticrun.log.artifact import ArtifactError
from staticrun.log.values import clean, to_host, to_json, to_list, to_number
from staticrun.record.numbers import spell


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


def write_csv(rows: object, columns: Sequence[str] | None = None) -> bytes:
    """Write rows as CSV: UTF-8, a header where columns have names, lines end with a newline.

    Args:
        rows: Mappings, sequences, a mapping of column → values, or a data frame.
        columns: The columns and their order.
    """
    for method, options in (("to_csv", {"index": False}), ("write_csv", {})):  # pandas, polars
        write = getattr(rows, method, None)
        if callable(write):
            if columns is not None:
                write = getattr(rows[list(columns)], method)  # type: ignore[index]
            stream = io.BytesIO() if method == "write_csv" else io.StringIO()
            write(stream, **options)
            found = stream.getvalue()
            return found.encode() if isinstance(found, str) else found
    to_columns = getattr(rows, "to_pydict", None)  # Arrow
    if callable(to_columns):
        rows = to_columns()
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


def write_json(value: object) -> bytes:
    """Write a value as indented JSON; NaN and infinity as the strings that records have."""
    plain = _spelled(to_json(value))
    return msgspec.json.format(msgspec.json.encode(plain), indent=1) + b"\n"


def _spelled(value: object) -> object:
    if isinstance(value, float):
        return spell(value)
    if isinstance(value, dict):
        return {key: _spelled(item) for key, item in value.items()}
    return [_spelled(item) for item in value] if isinstance(value, list) else value


def write_html(page: object) -> bytes:
    """Give a page's HTML: its text, or what `to_html()` or `_repr_html_()` makes."""
    for name in ("to_html", "_repr_html_"):
        method = getattr(page, name, None)
        if callable(method):
            page = method()
            break
    if not isinstance(page, str):
        raise ArtifactError(f"a {type(page).__name__} is no text and has no to_html()")
    return clean(page).encode()


def split_name(name: str, *, is_text: bool) -> tuple[str, str]:
    """Split a file's name into what names it and its ending.

    >>> split_name("samples.md", is_text=True), split_name("epoch 0.5", is_text=True)
    (('samples', 'md'), ('epoch 0.5', 'txt'))
    """
    stem, dot, end = name.rpartition(".")
    if dot and stem and re.fullmatch("[A-Za-z][A-Za-z0-9]{0,9}", end):
        return stem, end.lower()
    return name, "txt" if is_text else "bin"


def to_bytes(content: object) -> bytes:
    """Give text as UTF-8, and bytes as they are."""
    if isinstance(content, bytes | bytearray | memoryview):
        return bytes(content)
    if not isinstance(content, str):
        raise ArtifactError(f"a {type(content).__name__} is neither text nor bytes")
    return clean(content).encode()


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
    values = to_host(values)
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
    values = to_list(values)
    if isinstance(values, Iterable) and not isinstance(values, str | bytes | Mapping):
        for value in values:
            yield from _flat(value)
        return
    number = to_number(values)
    if number is None:
        raise ArtifactError(f"a {type(values).__name__} is no number")
    yield number
