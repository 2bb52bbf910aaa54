"""The scale that opens up towards 1: by the logarithm of the error, of what a share lacks.

For shares of which more is better, as accuracies are: 0.98 and 0.99 stand as far apart as 0.8 and
0.9. The whole itself is infinitely far away. Where it is reached, it stands at the edge of the
scale, one tick beyond the best share below it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

# Closer to the whole than this, as a share of it, is the whole but for rounding.
NEAREST: Final = 1e-6
# A share above this is near enough to 1 that a straight scale hides what tells it from others.
NEAR: Final = 0.9
_LADDER: Final = (5, 2, 1)


def suits(values: Iterable[float], results: Iterable[float]) -> bool:
    """Say whether a metric of which more is better is to be shown on this scale.

    Args:
        values: All finite values to be shown.
        results: Those of them that things came to.

    Returns:
        Whether all are shares of 1 and the best result is near it.
    """
    return all(0 <= value <= 1 for value in values) and max(results, default=0.0) > NEAR


def is_whole(value: float, whole: float = 1.0) -> bool:
    """Say whether a share is the whole, but for rounding."""
    return whole - value <= NEAREST * whole


def bend(value: float, whole: float = 1.0) -> float:
    """Give the place of a share on the scale, in powers of ten; the whole is far beyond any."""
    return -math.log10(max(whole - value, NEAREST**2 * whole))


def straighten(place: float, whole: float = 1.0) -> float:
    """Give the share at a place: the reverse of `bend`."""
    return whole - 10**-place


def edge(best: float, whole: float = 1.0) -> float:
    """Give the share that is one tick beyond another: where the whole is drawn.

    >>> edge(0.93), edge(0.98), edge(97.2, 100)
    (0.95, 0.99, 98.0)
    """
    error = whole - best
    power = math.floor(math.log10(error))
    # As text, so that a tick has no digits of rounding.
    ladder = (float(f"{part}e{down}") for down in (power, power - 1) for part in _LADDER)
    return round(whole - next(step for step in ladder if step < error * (1 - 1e-9)), 15)
