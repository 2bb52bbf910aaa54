"""Numbers, times and sizes as text, the same on every machine.

Everything that a page prints goes through here: views hold texts, templates only place them. No
locale, no time zone of the machine, no clock. Spaces between a number and its unit are narrow and
do not break (U+202F); minus is U+2212, which is as wide as a digit.
"""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from staticrun.config import Metric

THIN = "\u202f"
MINUS = "\u2212"
MISSING = "\u2013"
DIGITS = 4
DECIMALS_MAX = 6
ITEMS_MAX = 100
DEPTH_MAX = 12

# The format specs that a metric may ask for. Widths and fills are not among them: `.1%` shows a
# value, `1000000000f` fills the memory.
_SPEC = re.compile(r"[+ -]?,?(?:\.\d{1,2})?[eEfFgG%]?")
# Unit, the unit below it, the lower one's seconds, and how many of the upper one fit.
_CLOCK_UNITS = (
    ("min", "s", 1, 60),
    ("h", "min", 60, 24),
    ("d", "h", 3600, math.inf),
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


_JSON_WORDS = {True: "true", False: "false", None: "null"}


class Quantity(NamedTuple):
    """A number as text and its unit, so that the unit can be set smaller.

    Attributes:
        number: `98.06`, `NaN`; never empty.
        unit: `%`, `s`; empty where there is none.
    """

    number: str
    unit: str

    def __str__(self) -> str:
        return f"{self.number}{THIN}{self.unit}" if self.unit else self.number


def number(value: float | None, digits: int = DIGITS) -> str:
    """Print a number with at most so many significant digits.

    Digits before the decimal point are never rounded away below 10^7; integers stay whole up to
    2^53 and are grouped from 10,000 on.

    >>> number(0.98055555), number(19210), number(2.5e12), number(float("nan"))
    ('0.9806', '19,210', '2,500,000,000,000', 'NaN')
    """
    if value is None:
        return MISSING
    if not math.isfinite(value):
        return _word(value)
    if value == 0:
        return "0"
    size = abs(value)
    if float(value).is_integer() and size < 2**53:
        return _minus(_grouped(f"{int(value)}"))
    if 1e-4 <= size < 1e7:
        decimals = max(0, digits - 1 - math.floor(math.log10(size)))
        text = f"{value:.{decimals}f}"
        return _minus(_grouped(text.rstrip("0").rstrip(".") if "." in text else text))
    return _minus(_exponent(f"{value:.{digits - 1}e}"))


def exact(value: float) -> str:
    """Print a float64 with every digit that tells it from its neighbours.

    >>> exact(0.1), exact(1e22), exact(3.0)
    ('0.1', '1e22', '3')
    """
    if not math.isfinite(value):
        return _word(value)
    text = repr(float(value))
    return _minus(_exponent(text) if "e" in text else text.removesuffix(".0"))


def step(value: float | None) -> str:
    """Print a step: an integer where it is one, grouped from 10,000 on."""
    return number(value, 6)


def signed(value: float | None, digits: int = 3) -> str:
    """Print a difference with its sign; zero has none.

    >>> signed(0.0123), signed(0.0)
    ('+0.0123', '0')
    """
    text = number(value, digits)
    return f"+{text}" if value is not None and value > 0 else text


def quantity(value: float | None, metric: Metric | None = None) -> Quantity:
    """Print a metric's value as its `format` and `unit` in the configuration ask."""
    spec = _spec(metric)
    unit = (metric.unit or "") if metric else ""
    if value is None:
        return Quantity(MISSING, "")
    if spec and math.isfinite(value):
        text = _minus(format(float(value), spec))
        if text.endswith("%"):
            return Quantity(text[:-1], "%")
        return Quantity(text, unit)
    return Quantity(number(value), unit if math.isfinite(value) else "")


def metric_value(value: float | None, metric: Metric | None = None) -> str:
    """Print a metric's value with its unit on one line: `98.06 %`."""
    return str(quantity(value, metric))


def factor(metric: Metric | None) -> float:
    """Give by how much values are multiplied before they are shown or drawn.

    A `format` that ends with `%` shows shares as per cent; a `unit` of `%` says that values are
    per cent already.

    >>> from staticrun.config import Metric
    >>> factor(Metric(format=".1%")), factor(Metric(unit="%"))
    (100.0, 1.0)
    """
    return 100.0 if (_spec(metric) or "").endswith("%") else 1.0


def unit(metric: Metric | None) -> str:
    """Give the unit for the head of a column whose cells are `column(..., metric)`."""
    if factor(metric) != 1:
        return "%"
    return (metric.unit or "") if metric else ""


def column(values: Sequence[float | None], metric: Metric | None = None) -> list[str]:
    """Print the numbers of a column with equal decimals, without their unit.

    As many decimals as show four digits of the largest and two of the smallest; where that would
    be more than six, or the largest has five digits without, each number is printed for itself.
    """
    if _spec(metric):
        return [quantity(value, metric).number for value in values]
    sizes = [abs(v) for v in values if v is not None and math.isfinite(v) and v != 0]
    if not sizes or all(float(size).is_integer() for size in sizes):
        return [number(value) for value in values]
    decimals = max(0, DIGITS - 1 - math.floor(math.log10(max(sizes))))
    decimals = max(decimals, 1 - math.floor(math.log10(min(sizes))))
    # Decimals of a small number make a large one unreadable.
    wide = max(sizes) >= 1e4 and decimals > 0
    if decimals > DECIMALS_MAX or wide or max(sizes) >= 1e9:
        return [number(value) for value in values]
    return [
        number(value)
        if value is None or not math.isfinite(value)
        else _minus(_grouped(f"{value:.{decimals}f}"))
        for value in values
    ]


def count(value: int) -> str:
    """Print a count, grouped from 10,000 on."""
    return _minus(_grouped(str(value)))


def plural(value: int, one: str, many: str | None = None) -> str:
    """Print a count and its word.

    >>> plural(1, "run"), plural(3, "run"), plural(2, "entry", "entries")
    ('1 run', '3 runs', '2 entries')
    """
    return f"{count(value)} {one if value == 1 else many or one + 's'}"


def listed(words: Sequence[str], most: int = 5) -> str:
    """Join words as a sentence does.

    >>> listed(["a"]), listed(["a", "b", "c"]), listed(["a", "b", "c", "d"], most=2)
    ('a', 'a, b and c', 'a, b and 2 more')
    """
    shown = list(words[:most])
    if len(words) > most:
        shown.append(f"{count(len(words) - most)} more")
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} and {shown[-1]}"


def size(size_bytes: int) -> str:
    """Print a size in decimal units: `999 B`, `153.7 kB`, `5 MB`."""
    value = float(size_bytes)
    for name in ("B", "kB", "MB", "GB", "TB", "PB"):
        if abs(value) < 999.95 or name == "PB":
            break
        value /= 1000
    text = f"{value:.1f}".removesuffix(".0")
    return f"{_minus(text)}{THIN}{name}"


def duration(duration_s: float | None) -> str:
    """Print a duration with its two largest units: `0.51 s`, `1 min 04 s`, `2 d 08 h`."""
    if duration_s is None:
        return MISSING
    sign, value = (MINUS if duration_s < 0 else ""), abs(duration_s)
    if not value <= 1e12:
        return f"{number(duration_s)}{THIN}s"
    if value < 59.95:
        return sign + _seconds(value)
    for large, lower, lower_s, most in _CLOCK_UNITS:
        many, rest = divmod(round(value / lower_s), 24 if large == "d" else 60)
        if many < most:
            return f"{sign}{count(many)}{THIN}{large}\u00a0{rest:02d}{THIN}{lower}"
    return f"{number(duration_s)}{THIN}s"


def _seconds(value: float) -> str:
    if value == 0:
        return f"0{THIN}s"
    if value < 0.000995:
        return f"{number(value * 1e6, 2)}{THIN}µs"
    if value < 0.0995:
        return f"{number(value * 1000, 2)}{THIN}ms"
    if value < 0.995:
        return f"{value:.2f}{THIN}s"
    return f"{value:.1f}".removesuffix(".0") + f"{THIN}s"


def date(time_unix_s: float | None) -> str:
    """Print a time, or a number that is no time of the calendar as it is.

    >>> date(1795110180), date(1e300)
    ('19 Nov 2026, 17:43 UTC', 'Unix time 1e300')
    """
    if time_unix_s is None:
        return MISSING
    at = _calendar(time_unix_s)
    if at is None:
        return f"Unix time {number(time_unix_s)}"
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}, {at:%H:%M} UTC"


def clock(time_unix_s: float | None) -> str:
    """Print a time to the second, for lines of a log: `2026-11-19 17:43:00`."""
    at = _calendar(time_unix_s) if time_unix_s is not None else None
    return MISSING if at is None else f"{at.year:04d}-{at:%m-%d %H:%M:%S}"


def iso(time_unix_s: float | None) -> str:
    """Print a time for a `datetime` attribute; empty when it is no time of the calendar."""
    at = _calendar(time_unix_s) if time_unix_s is not None else None
    return "" if at is None else f"{at.year:04d}-{at:%m-%dT%H:%M:%S}Z"


def short(text: str, most: int = 80) -> str:
    """Cut a text in its middle, so that its begin and its end are both seen.

    >>> short("abcdefghij", 5)
    'ab…ij'
    """
    if len(text) <= most:
        return text
    head = most // 2
    return f"{text[:head]}…{text[len(text) - (most - 1 - head) :]}"


def label(name: str, most: int = 160) -> str:
    r"""Print a name, or its code points where nothing of it would be seen.

    >>> label("loss"), label("\u200b "), label("")
    ('loss', 'U+200B U+0020', '(empty)')
    """
    if any(unicodedata.category(char)[0] not in "ZC" for char in name[:most]):
        return short(name, most)
    return " ".join(f"U+{ord(char):04X}" for char in name[:8]) or "(empty)"


def scalar(value: object) -> str:
    """Print a JSON value of params, tags or a summary as its author wrote it.

    Texts stay as they are, lists are joined by commas, an object is spelled much as JSON would.
    Only the first `ITEMS_MAX` items and `DEPTH_MAX` levels are spelled; `…` stands for the rest.

    >>> scalar(True), scalar(None), scalar(1e-4), scalar([0.9, 0.999]), scalar("a")
    ('true', 'null', '0.0001', '0.9, 0.999', 'a')
    """
    if isinstance(value, list | tuple):
        return _items(value, 1)
    return _nested(value, 1)


def _nested(value: object, depth: int) -> str:
    if value is None or isinstance(value, bool):
        return _JSON_WORDS[value]
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return _parameter(value)
    if not isinstance(value, list | tuple | dict):
        return str(value)
    if depth > DEPTH_MAX:
        return "…"
    if isinstance(value, dict):
        pairs = [f"{key}: {_nested(value[key], depth + 1)}" for key in [*value][:ITEMS_MAX]]
        return "{" + ", ".join(pairs + ["…"] * (len(value) > ITEMS_MAX)) + "}"
    return f"[{_items(value, depth + 1)}]"


def _items(values: Sequence[object], depth: int) -> str:
    shown = [_nested(item, depth) for item in values[:ITEMS_MAX]]
    return ", ".join(shown + ["…"] * (len(values) > ITEMS_MAX))


def _parameter(value: float) -> str:
    """Spell a param as one would type it: ASCII, so that it can be pasted."""
    if not math.isfinite(value):
        return _word(value).replace(MINUS, "-")
    text = repr(value)
    return _exponent(text) if "e" in text else text.removesuffix(".0") or "0"


def _spec(metric: Metric | None) -> str | None:
    if metric is None or not metric.format or not _SPEC.fullmatch(metric.format):
        return None
    return metric.format


def _calendar(time_unix_s: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(math.floor(time_unix_s), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _word(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    return "infinity" if value > 0 else f"{MINUS}infinity"


def _grouped(text: str) -> str:
    whole, point, rest = text.partition(".")
    sign = "-" if whole.startswith("-") else ""
    digits = whole.removeprefix("-")
    if len(digits) > 4:
        digits = f"{int(digits):,}"
    return f"{sign}{digits}{point}{rest}"


def _exponent(text: str) -> str:
    mantissa, _, power = text.partition("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}e{int(power)}"


def _minus(text: str) -> str:
    return text.replace("-", MINUS)
