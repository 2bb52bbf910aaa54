"""What is different between two states of a project's runs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from staticrun.store.run import Run

# A value of a param, or its absence.
Json = object


class MetricChange(msgspec.Struct, frozen=True):
    """The last value of a metric in two states of a run; None where it was never logged."""

    name: str
    before: float | None
    after: float | None


class ParamChange(msgspec.Struct, frozen=True):
    """A param in two states of a run; None where it was not set."""

    name: str
    before: Json
    after: Json


class RunChange(msgspec.Struct, frozen=True):
    """A run that both states have, and what differs in it.

    Attributes:
        key: Its key in the second state.
        status: What it was and is.
        metrics: Metrics whose last value differs, by name.
        params: Params that differ, by name.
    """

    key: str
    status: tuple[str, str]
    metrics: tuple[MetricChange, ...]
    params: tuple[ParamChange, ...]


class Changes(msgspec.Struct, frozen=True):
    """What is different between two states.

    Attributes:
        added: Keys of the runs that the second state alone has, in its order.
        removed: Keys of the runs that the first state alone has, in its order.
        moved: Old key and new key of runs with one id.
        changed: Runs of both states that differ in status, last values or params.
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    moved: tuple[tuple[str, str], ...]
    changed: tuple[RunChange, ...]

    def __bool__(self) -> bool:
        """Whether anything is different."""
        return bool(self.added or self.removed or self.moved or self.changed)


def changes(before: Iterable[Run], after: Iterable[Run]) -> Changes:
    """Compare two states of a project's runs.

    A run is known by its key, and one whose key is gone by its id: its folder was moved.

    Args:
        before: The runs of the first state.
        after: The runs of the second one.
    """
    old = {run.key: run for run in before}
    new = {run.key: run for run in after}
    by_id = {run.id: run for run in old.values() if run.key not in new}
    pairs = [(old[key], run) for key, run in new.items() if key in old]
    moved = [
        (by_id[run.id], run) for key, run in new.items() if key not in old and run.id in by_id
    ]
    gone, come = {run.key for run, _ in moved}, {run.key for _, run in moved}
    found = (_change(first, second) for first, second in (*pairs, *moved))
    return Changes(
        added=tuple(key for key in new if key not in old and key not in come),
        removed=tuple(key for key in old if key not in new and key not in gone),
        moved=tuple((first.key, second.key) for first, second in moved),
        changed=tuple(one for one in found if one is not None),
    )


def _change(before: Run, after: Run) -> RunChange | None:
    names = dict.fromkeys((*before.metrics, *after.metrics))
    metrics = tuple(
        MetricChange(name, before.value(name), after.value(name))
        for name in sorted(names)
        if not _same(before.value(name), after.value(name))
    )
    keys = dict.fromkeys((*before.params, *after.params))
    params = tuple(
        ParamChange(name, before.params.get(name), after.params.get(name))
        for name in sorted(keys)
        if before.params.get(name) != after.params.get(name)
    )
    if not (metrics or params) and before.status == after.status:
        return None
    return RunChange(after.key, (before.status, after.status), metrics, params)


def _same(a: float | None, b: float | None) -> bool:
    return a == b or (a is not None and b is not None and math.isnan(a) and math.isnan(b))
