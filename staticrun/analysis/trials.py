"""Runs that stand beside each other, without those that hold them together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from staticrun.store.run import Run


def trials(runs: Sequence[Run]) -> list[Run]:
    """Leave out the parents of runs that logged something: a sweep is no trial beside its own."""
    parents = {run.parent for run in runs if run.parent and (run.metrics or run.summary)}
    by_id = {run.id: run for run in runs}
    inside = {name for name in parents if name in by_id and by_id[name].parent not in parents}
    found = [run for run in runs if run.id not in inside]
    return found or list(runs)
