"""Metrics that are watched while a run is written: what nobody wants to find out next morning."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from staticrun.config.keys import Watch


class Watched:
    """One metric, and what is told of it, each thing the first time that it happens.

    Args:
        name: The metric.
        watch: What is told.
        direction: `min` or `max`; None where nothing is called best.
    """

    def __init__(self, name: str, watch: Watch, direction: str | None) -> None:
        self._name = name
        self._watch = watch
        self._sign = {"max": 1, "min": -1}.get(direction or "", 0)
        self._told: set[str] = set()
        self._best: float | None = None
        self._best_step: float = 0
        self._since = 0

    def look(self, value: float, step: float) -> list[str]:
        """Take the next value; give a sentence for each thing that is to be told of it."""
        at = f"{self._name} is {_short(value)} at step {_short(step)}"
        found = []
        for kind, what in self._problems(value):
            if kind not in self._told:
                self._told.add(kind)
                found.append(f"{at}{what}")
        self._take(value, step)
        return found

    def _problems(self, value: float) -> Iterator[tuple[str, str]]:
        watch = self._watch
        if not math.isfinite(value):
            if watch.finite:
                yield "finite", ""
            return
        if watch.min is not None and value < watch.min:
            yield "min", f", below {_short(watch.min)}"
        if watch.max is not None and value > watch.max:
            yield "max", f", above {_short(watch.max)}"
        if self._best is None:
            return
        best = f"its best, {_short(self._best)} at step {_short(self._best_step)}"
        times = self._times_worse(value)
        if watch.diverges is not None and times > watch.diverges:
            yield "diverges", f": it diverges, {times:.3g} times worse than {best}"
        is_better = self._sign * (value - self._best) > 0
        if watch.patience is not None and not is_better and self._since >= watch.patience - 1:
            yield "patience", f": no progress in {watch.patience} values since {best}"

    def _times_worse(self, value: float) -> float:
        best = self._best
        if best is None or best <= 0 or value <= 0:
            return 0
        return value / best if self._sign < 0 else best / value

    def _take(self, value: float, step: float) -> None:
        if not self._sign or not math.isfinite(value):
            return
        if self._best is None or self._sign * (value - self._best) > 0:
            self._best, self._best_step, self._since = value, step, 0
        else:
            self._since += 1


def _short(number: float) -> str:
    if math.isfinite(number):
        return f"{number:.6g}"
    return "NaN" if math.isnan(number) else "infinite" if number > 0 else "minus infinite"
