"""What a text means as a number, a moment, a length of time, or a run's status."""

from __future__ import annotations

import math
import re
from datetime import datetime
from functools import reduce
from operator import add

# No digit may be read in two ways: a long text of digits would take for ever.
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_WORDS = {"inf": math.inf, "infinity": math.inf, "nan": math.nan}
_DATE = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?P<clock>[T ](?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)"
    r" ?(?P<zone>Z|(?P<sign>[+-])(?P<hours>[0-9]{2}):?(?P<minutes>[0-9]{2}))?)?",
    re.IGNORECASE,
)
_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|min|m|h|d|w)")
_LENGTH = re.compile(rf"(?:{_PART.pattern})+")
_UNITS = {"ms": 0.001, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400, "w": 604_800}
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  (offsets are taken off as seconds)
# Unix times beyond this are milliseconds: as seconds they would be after the year 5138.
_MILLISECONDS = 1e11

STATUSES = ("finished", "failed", "stopped", "open")
# MLflow's words; a run that is scheduled has no record yet.
_OTHER_STATUSES = {"killed": "stopped", "running": "open", "scheduled": "scheduled"}


def number(text: str) -> float | None:
    """Read a number as filters and texts of runs spell it; None for any other text.

    >>> number("1e-3"), number("-inf"), number("1_000"), number("0x1")
    (0.001, -inf, None, None)
    """
    if _NUMBER.fullmatch(text):
        return float(text)
    found = _WORDS.get(text.lstrip("+-").lower()) if len(text) < 10 else None
    if found is None or text[1:2] in ("+", "-"):
        return None
    return -found if text.startswith("-") else found


def length(text: str) -> float | None:
    """Read a length of time, `90s`, `1h30m` or a number of seconds; None for any other text."""
    plain = number(text)
    if plain is not None:
        return plain
    if not _LENGTH.fullmatch(text):
        return None
    # One after another, as a browser adds; `fsum` raises where the sum is infinite.
    return reduce(add, (float(count) * _UNITS[unit] for count, unit in _PART.findall(text)))


def moment(text: str) -> tuple[float, bool] | None:
    """Read a date, a date with a time, or Unix seconds or milliseconds.

    A time without a zone is UTC.

    Returns:
        Unix seconds and whether it is a date alone; None for any other text.
    """
    plain = number(text)
    if plain is not None:
        # `started > 2026` means the year, not half an hour after 1970.
        year = text.isdecimal() and len(text) == 4
        return None if year else (plain / 1000 if plain > _MILLISECONDS else plain, False)
    match = _DATE.fullmatch(text)
    if not match:
        return None
    try:
        local = datetime.fromisoformat(f"{match['day']}T{match['time'] or '00:00'}")
    except ValueError:
        return None
    offset = 0
    if match["sign"]:
        offset = int(match["hours"]) * 3600 + int(match["minutes"]) * 60
        offset = -offset if match["sign"] == "-" else offset
    return (local - _EPOCH).total_seconds() - offset, match["clock"] is None


def status(text: str) -> str | None:
    """Read a run's status, in staticrun's words or MLflow's, in any case."""
    word = text.lower()
    return word if word in STATUSES else _OTHER_STATUSES.get(word)
