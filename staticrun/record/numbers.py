"""How numbers are spelled in JSON, and what each spelling means.

JSON has no word for NaN and the infinities, and every tool invented its own. All that were seen
in the field are read as what they say; staticrun writes the strings `NaN`, `Infinity` and
`-Infinity`.
"""

from __future__ import annotations

import math

# Beyond this an integer may not be the float64 that it is read as.
EXACT_INTEGER = 2**53

_SPELLED = {
    None: math.nan,
    "NaN": math.nan,
    "nan": math.nan,
    "Infinity": math.inf,
    "inf": math.inf,
    "-Infinity": -math.inf,
    "-inf": -math.inf,
}
# The texts that are numbers; null is one, too.
WORDS = tuple(word for word in _SPELLED if word is not None)


def to_number(value: object) -> float | None:
    """Read a decoded JSON value as a number.

    Returns:
        A float64, which may be NaN or infinite; an integer too large for one is infinite. None
        for true, false and everything else that is no number.
    """
    if isinstance(value, float):
        return value
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        try:
            return float(value)
        except OverflowError:
            return math.inf if value > 0 else -math.inf
    if value is None or isinstance(value, str):
        return _SPELLED.get(value)
    return None


def spell(value: float) -> float | str:
    """Write a number as a JSON value: itself when finite, else the string that says it."""
    if math.isfinite(value):
        return value
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def is_inexact(value: object) -> bool:
    """Say whether an integer lies beyond 2^53, where float64 has gaps, and is no overflow."""
    if not isinstance(value, int) or -EXACT_INTEGER <= value <= EXACT_INTEGER:
        return False
    number = to_number(value)
    return number is not None and math.isfinite(number)
