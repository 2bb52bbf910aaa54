"""Pictures as PNG, from what the frameworks hand over, and films as PNG that move.

Nothing is imported to know a type; numpy is used where the training has loaded it, and an image
that is nested lists gives the same bytes without.

Sources: PNG (Portable Network Graphics) Specification, third edition, §5, §11 and, for films,
the chunks acTL, fcTL and fdAT.
"""

from __future__ import annotations

import io
import math
import struct
import sys
import zlib
from itertools import chain
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

from staticrun.log.artifact import ArtifactError
from staticrun.log.values import to_host, to_list

if TYPE_CHECKING:
    from collections.abc import Sequence

_DOTS_PER_INCH = 144
_HEAD = b"\x89PNG\r\n\x1a\n"
_COLOURS = {1: 0, 2: 4, 3: 2, 4: 6}
_DEPTH_OF_BATCH = 4
# A film that never stops cannot be read beside.
_PLAYS = 3


@runtime_checkable
class _Savefig(Protocol):
    def savefig(self, target: io.BytesIO, **options: object) -> object:
        """Draw into an open file."""


@runtime_checkable
class _Save(Protocol):
    def save(self, target: io.BytesIO, **options: object) -> object:
        """Encode into an open file."""


class Pixels(NamedTuple):
    """A picture of 8 bits a channel.

    Attributes:
        width: In pixels.
        height: In pixels.
        channels: 1 grey, 2 grey and alpha, 3 colours, 4 colours and alpha.
        rows: Each row's bytes, `width` times `channels`.
    """

    width: int
    height: int
    channels: int
    rows: Sequence[bytes]


def draw(figure: object) -> tuple[bytes, str]:
    """Draw a figure, without the drawing library's version in it.

    Args:
        figure: matplotlib's Figure, one of its axes, anything else with `savefig`; or plotly's.

    Returns:
        PNG and `png`; what plotly cannot draw here (it needs kaleido) as its JSON and `json`.

    Raises:
        ArtifactError: When it is no figure.
    """
    if not isinstance(figure, _Savefig) and not hasattr(figure, "to_image"):
        figure = getattr(figure, "figure", figure)
    to_image, to_json = getattr(figure, "to_image", None), getattr(figure, "to_json", None)
    if callable(to_image) and callable(to_json):
        try:
            return bytes(to_image(format="png", scale=2)), "png"
        except Exception:  # noqa: BLE001 - whatever keeps it from drawing, the figure is kept
            return str(to_json()).encode(), "json"
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
    return stream.getvalue(), "png"


def split_batch(images: object, count: int | None = None) -> list[object] | None:
    """Take several images apart.

    Args:
        images: A list of arrays, PIL images or paths, or an array of four dimensions.
        count: How many they are, where that is known: then three dimensions are several images,
            too, if they are so many.

    Returns:
        Each image; None when it is one alone.
    """
    if isinstance(images, list | tuple):
        first = images[0] if images else None
        is_image = isinstance(first, _Save | PurePath | str) or len(_shape(first)) > 1
        return list(images) if is_image or _depth(images) >= _DEPTH_OF_BATCH else None
    shape = _shape(images)
    if len(shape) == _DEPTH_OF_BATCH or (len(shape) == 3 and shape[0] == count):
        return list(to_host(images))  # type: ignore[call-overload, no-any-return]
    return None


def encode_png(image: object) -> bytes:
    """Encode an image as PNG.

    Args:
        image: [height, width, 1 | 2 | 3 | 4], [height, width] or channels first: integers 0 to
            255, or floats of which none is over 1; or a PIL image.

    Raises:
        ArtifactError: When it is no image.
    """
    if isinstance(image, _Save):
        stream = io.BytesIO()
        image.save(stream, format="PNG")
        return stream.getvalue()
    return _file(_pixels(image), [])


def encode_film(frames: object, fps: float) -> bytes:
    """Encode images of one size as an animated PNG, which plays three times.

    Args:
        frames: A list of images, or an array of these: [frames, height, width, …].
        fps: Frames a second.

    Raises:
        ArtifactError: When these are no images of one size.
    """
    parts = list(to_host(frames)) if _shape(frames) or isinstance(frames, list | tuple) else []  # type: ignore[call-overload]
    if not parts:
        raise ArtifactError("a film is several images")
    if not 0 < fps <= 1000:
        raise ArtifactError(f"{fps} frames a second cannot be shown")
    pictures = [_pixels(part) for part in parts]
    if len({picture[:3] for picture in pictures}) != 1:
        raise ArtifactError("the images of a film have one size")
    return _file(pictures[0], pictures, round(1000 / fps))


def _file(first: Pixels, film: list[Pixels], milliseconds: int = 0) -> bytes:
    width, height, channels, _ = first
    header = struct.pack(">IIBBBBB", width, height, 8, _COLOURS[channels], 0, 0, 0)
    chunks = [(b"IHDR", header)]
    if film:
        chunks.append((b"acTL", struct.pack(">II", len(film), _PLAYS)))
    number = 0  # fcTL and fdAT are counted together
    for index, picture in enumerate(film or [first]):
        data = zlib.compress(b"".join(b"\0" + row for row in picture.rows), 6)
        if film:
            control = (number, width, height, 0, 0, milliseconds, 1000, 0, 0)
            chunks.append((b"fcTL", struct.pack(">IIIIIHHBB", *control)))
            number += 1
        if index:
            chunks.append((b"fdAT", struct.pack(">I", number) + data))
            number += 1
        else:
            chunks.append((b"IDAT", data))
    chunks.append((b"IEND", b""))
    return _HEAD + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def _pixels(image: object) -> Pixels:
    """Read an array as pixels: by numpy where it is loaded, else number by number."""
    image = to_host(image)
    numpy = sys.modules.get("numpy")
    if numpy is None or not hasattr(image, "__array__"):
        return _pixels_of_lists(to_list(image))
    array = numpy.asarray(image)
    if array.ndim == 2:
        array = array[:, :, None]
    if array.ndim != 3 or not array.size:
        raise ArtifactError("an image has two or three dimensions and no empty one")
    if array.shape[0] in _COLOURS and array.shape[2] not in _COLOURS:
        array = array.transpose(1, 2, 0)
    height, width, channels = array.shape
    _demand_channels(channels)
    if array.dtype.kind == "b":
        array = array * numpy.uint8(255)
    elif array.dtype != numpy.uint8:
        number = array.astype(float)
        is_share = array.dtype.kind not in "iu" and not (number > 1).any()
        scaled = number * 255 if is_share else number
        scaled = numpy.nan_to_num(scaled, nan=0, posinf=255, neginf=0)
        array = numpy.rint(scaled).clip(0, 255).astype(numpy.uint8)
    return Pixels(width, height, channels, [row.tobytes() for row in array])


def _pixels_of_lists(rows: object) -> Pixels:
    first = rows[0] if isinstance(rows, list) and rows else None
    if not isinstance(rows, list) or not isinstance(first, list) or not first:
        raise ArtifactError("an image has two or three dimensions and no empty one")
    if not isinstance(first[0], list):
        rows = [[[value] for value in row] for row in rows]
    elif len(rows) in _COLOURS and len(first[0]) not in _COLOURS:
        rows = [list(map(list, zip(*line, strict=True))) for line in zip(*rows, strict=True)]
    height, width, channels = len(rows), len(rows[0]), len(rows[0][0])
    _demand_channels(channels)
    flat = [list(chain.from_iterable(row)) for row in rows]
    if any(len(row) != width * channels for row in flat):
        raise ArtifactError("the rows of an image have one length")
    values = list(chain.from_iterable(flat))
    is_share = any(isinstance(value, float) for value in values)
    is_share = is_share and not any(value > 1 for value in values)
    encoded = [bytes(_byte(value, is_share) for value in row) for row in flat]
    return Pixels(width, height, channels, encoded)


def _demand_channels(channels: int) -> None:
    if channels not in _COLOURS:
        raise ArtifactError(f"an image has 1 to 4 channels, not {channels}")


def _byte(value: float, is_share: bool) -> int:
    if isinstance(value, bool):
        return 255 * value
    scaled = value * 255 if is_share else value
    return 0 if math.isnan(scaled) else round(min(max(scaled, 0), 255))


def _shape(value: object) -> tuple[int, ...]:
    shape = getattr(value, "shape", None)
    return tuple(shape) if shape is not None else ()


def _depth(value: object) -> int:
    depth = 0
    while isinstance(value, list | tuple) and value:
        value, depth = value[0], depth + 1
    return depth
