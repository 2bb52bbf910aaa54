"""Push labels apart so that none covers another."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> tuple[float, ...]:
    """Move positions as little as can be, so that neighbours keep a distance.

    Args:
        wanted: Where each label would like to stand, in px, in any order.
        gap: Least distance of two labels.
        low: No label stands above this.
        high: No label stands below this, as far as the room suffices.

    Returns:
        A position for each, in the given order; their order by position is kept, ties as they
        came. The sum of squared moves is the least possible before the ends are held.

    Source: isotonic regression by pooling adjacent violators (Ayer et al., 1955), of the
    positions less their rank times the gap.
    """
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    pools: list[tuple[float, int]] = []  # mean, size
    for rank, place in enumerate(order):
        mean, size = wanted[place] - rank * gap, 1
        while pools and pools[-1][0] > mean:
            before, count = pools.pop()
            mean, size = (before * count + mean * size) / (count + size), size + count
        pools.append((mean, size))
    ceiling = high - (len(order) - 1) * gap
    moved = [max(min(mean, ceiling), low) for mean, size in pools for _ in range(size)]
    positions = [0.0] * len(order)
    for rank, place in enumerate(order):
        positions[place] = moved[rank] + rank * gap
    return tuple(positions)
