"""What a text in staticrun.yaml must look like where its type alone does not say it.

A form takes the text as written and gives the value, or None when it is not of that form.
"""

from __future__ import annotations

import math
import re
from pathlib import PureWindowsPath
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

_SIZE = re.compile(r"(?P<number>[0-9][0-9_]*(?:\.[0-9]+)?) *(?P<unit>[kKMGT]i?B|B|bytes)?")
_UNITS = {
    "B": 1,
    "bytes": 1,
    **{f"{letter}B": 1000**power for power, letter in enumerate("kMGT", 1)},
    **{f"{letter}iB": 1024**power for power, letter in enumerate("KMGT", 1)},
    "KB": 1000,
    "kiB": 1024,
}
# No width: a format such as `>1000000000` would fill the memory.
_FORMAT = re.compile(r"[+ -]?,?(?:\.[0-9]{1,2})?[eEfFgG%]?")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,30}(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_URL = re.compile(r"https?://[^\s/?#@]+(?:/[^\s?#]*)?")
_SECONDS = re.compile(r"[0-9]{1,5}(?:\.[0-9]{1,3})?")
_TOLERANCE = re.compile(r"([0-9]{1,30}(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,3})?) *(%?)")
_INTERVAL_MAX = 86_400
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\*?")
_BRANCH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+=,-]*")
_FIELD = re.compile(r"(?:\*|params|tags|summary|env)\..+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Form(NamedTuple):
    """A form of text: how it is read, and what a reader is told to expect."""

    read: Callable[[str], str | float | None]
    expected: str


def _path(text: str) -> str | None:
    """Read a path or glob with `/` that stays inside the project, without `./` and empty parts."""
    windows = PureWindowsPath(text)
    if not text or text[0] in "/~" or windows.drive or "\\" in text or _CONTROL.search(text):
        return None
    parts = [part for part in text.split("/") if part not in ("", ".")]
    return None if ".." in parts else "/".join(parts) or "."


def _size(text: str) -> int | None:
    match = _SIZE.fullmatch(text)
    if not match or len(text) > 30:
        return None
    number = match["number"].replace("_", "")
    factor = _UNITS[match["unit"] or "B"]
    size = float(number) * factor if "." in number else int(number) * factor
    return int(size) if size == int(size) else None


def _number(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text) and math.isfinite(float(text)) else None


def _factor(text: str) -> float | None:
    number = _number(text)
    return number if number is not None and number > 1 else None


def _count(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[1-9][0-9]{0,11}", text) else None


def _format(text: str) -> str | None:
    return text if text and _FORMAT.fullmatch(text) else None


def _target(text: str) -> str | None:
    kind, _, name = text.partition(":")
    if kind == "folder":
        return text if name and not _CONTROL.search(name) else None
    # What git takes as the name of a branch, and no shell, option or reflog reads otherwise.
    parts = name.split("/")
    plain = all(_BRANCH.fullmatch(part) and not part.endswith((".", ".lock")) for part in parts)
    return text if kind == "branch" and plain and ".." not in name else None


def _url(text: str) -> str | None:
    return text if _URL.fullmatch(text) else None


def _interval(text: str) -> float | None:
    match = _SECONDS.fullmatch(text)
    return float(text) if match and 0 < float(text) <= _INTERVAL_MAX else None


def _tolerance(text: str) -> str | None:
    match = _TOLERANCE.fullmatch(text)
    return f"{match[1]}{match[2]}" if match and math.isfinite(float(match[1])) else None


def _variable(text: str) -> str | None:
    return text if _VARIABLE.fullmatch(text) else None


def _filled(text: str) -> str | None:
    return text if text.strip() else None


def _field(text: str) -> str | None:
    return text if _FIELD.fullmatch(text) else None


def _name(text: str) -> str | None:
    path = _path(text)
    return None if path is None or "/" in path or path == "." else path


_FOLDER = "a folder inside the project, with / and without `..`"
FORMS: dict[str, Form] = {
    "folder": Form(_path, _FOLDER),
    "folders": Form(_path, _FOLDER),
    "glob": Form(_path, "a pattern of paths inside the project, with / and without `..`"),
    "size": Form(_size, "a size such as 5 MB or a number of bytes"),
    "number": Form(_number, "a finite number such as 0.5"),
    "factor": Form(_factor, "a number greater than 1, such as 3"),
    "count": Form(_count, "a count such as 500"),
    "format": Form(_format, "a format such as .3f, .2e or .1%"),
    "target": Form(_target, "branch:NAME or folder:PATH"),
    "url": Form(_url, "an address such as https://example.org/digits/"),
    "interval": Form(_interval, "true, false or the seconds between two samples"),
    "tolerance": Form(_tolerance, "a number such as 0.01, or a share of the base's mean: 2%"),
    "names": Form(_variable, "the name of a variable, or how names begin, with a * behind it"),
    "filled": Form(_filled, "a text that is not empty"),
    "field": Form(_field, "params.NAME, tags.NAME, summary.NAME, env.NAME or *.NAME"),
    "name": Form(_name, "the name of a folder"),
}
# Forms whose keys may be true or false as well.
SWITCHES = frozenset({"interval", "names"})
