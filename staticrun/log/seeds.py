"""Seeds that a process can be asked for: few, since most generators do not keep theirs.

Nothing is imported: a library that the training did not load has drawn no number yet.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from staticrun.record.types import Json

# What torch's generator says before anybody has seeded it.
_TORCH_UNSEEDED = 67280421310721
_MERSENNE = 624
_WORD = 0xFFFFFFFF


def known() -> dict[str, Json]:
    """List the generators that could have been drawn from, each with its seed.

    Returns:
        Name → the seed; `random` where it is known that none was set; None where it cannot be
        known whether and how it was seeded.
    """
    found: dict[str, Json] = {}
    given = os.environ.get("PYTHONHASHSEED", "random")
    found["PYTHONHASHSEED"] = int(given) if given.isdecimal() else "random"
    if "random" in sys.modules:
        found["random"] = None  # it keeps no seed
    if "numpy.random" in sys.modules:
        found["numpy"] = _attempt(_numpy)
    if "torch" in sys.modules:
        found["torch"] = _attempt(_torch)
    if "tensorflow" in sys.modules:
        found["tensorflow"] = None
    return found


def _attempt(read: Callable[[], Json]) -> Json:
    try:
        return read()
    except Exception:  # noqa: BLE001 - half imported, or another version
        return None


def _torch() -> Json:
    seed = int(sys.modules["torch"].initial_seed())
    return "random" if seed == _TORCH_UNSEEDED else seed


def _numpy() -> Json:
    """Read the seed of the global generator, which its state shows until the first number."""
    _, key, position, *_ = sys.modules["numpy.random"].get_state()
    first, second = int(key[0]), int(key[1])
    # Source: init_genrand of MT19937, which `numpy.random.seed(n)` calls for an integer.
    is_fresh = second == (1812433253 * (first ^ first >> 30) + 1) & _WORD
    return first if position == _MERSENNE and is_fresh else None
