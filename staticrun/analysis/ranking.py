"""Order by a metric."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from staticrun.analysis.direction import Direction


def rank(values: Sequence[float | None], direction: Direction | None) -> tuple[int, ...]:
    """Order places by their value, the best first.

    Args:
        values: One a place, in natural order; None where the metric is missing.
        direction: What is better; without it the natural order stays.

    Returns:
        Places: finite and infinite values in order, ties as they came, then NaN, then missing.
    """
    if direction is None:
        return tuple(range(len(values)))
    sign = 1.0 if direction == "min" else -1.0

    def key(place: int) -> tuple[int, float]:
        value = values[place]
        if value is None:
            return 2, 0.0
        return (1, 0.0) if math.isnan(value) else (0, sign * value)

    return tuple(sorted(range(len(values)), key=key))


def best(values: Sequence[float | None], direction: Direction | None) -> tuple[int, ...]:
    """Find the places that hold the best finite value: several when they tie, none without one."""
    finite = [value for value in values if value is not None and math.isfinite(value)]
    if direction is None or not finite:
        return ()
    top = min(finite) if direction == "min" else max(finite)
    return tuple(place for place, value in enumerate(values) if value == top)
