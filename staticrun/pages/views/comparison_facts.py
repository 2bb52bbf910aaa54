"""What else differs between the sides of a comparison: params, data, packages, machines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from staticrun import files
from staticrun.analysis.groups import MISSING, group_runs, short_value
from staticrun.pages import format as fmt
from staticrun.pages.views.grouping import spell
from staticrun.pages.views.naming import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from staticrun.pages.views.comparison_sides import Side
    from staticrun.store.run import Run

ROWS_MAX = 60
_VALUES_MAX = 4
_TEXT = 40


class FactCell(msgspec.Struct, frozen=True):
    """What one side has of a fact; `changed` where it is not what the first side has."""

    text: str
    changed: bool


class FactRow(msgspec.Struct, frozen=True):
    """A param, package or other fact that differs: its name, and a cell for each side."""

    name: str
    cells: tuple[FactCell, ...]


class FactTable(msgspec.Struct, frozen=True):
    """Facts that differ between sides.

    Attributes:
        labels: The sides, the baseline first.
        rows: The facts that differ, at most `ROWS_MAX`.
        left_out: How many more differ.
        same: How many are the same in all.
        unknown: Labels of the sides that recorded none of them.
    """

    labels: tuple[str, ...]
    rows: tuple[FactRow, ...]
    left_out: int
    same: int
    unknown: tuple[str, ...]


def params(sides: Sequence[Side]) -> FactTable:
    """Compare the params of the sides; those of one side may differ among its runs."""
    return _table(sides, lambda run: run.params, _in_order(sides))


def packages(sides: Sequence[Side]) -> FactTable:
    """Compare the installed packages, and Python itself."""

    def of(run: Run) -> dict[str, object]:
        start = run.start
        if start is None:
            return {}
        python: dict[str, object] = {"python": start.python} if start.python else {}
        return {**python, **(start.packages or {})}

    return _table(sides, of)


def machines(sides: Sequence[Side]) -> FactTable:
    """Compare what the runs ran on."""

    def of(run: Run) -> dict[str, object]:
        start = run.start
        if start is None:
            return {}
        found: dict[str, object] = {}
        if start.host:
            found["host"] = start.host
        if start.platform:
            found["platform"] = start.platform
        return {**found, **(start.hardware or {})}

    return _table(sides, of)


def data(sides: Sequence[Side]) -> FactTable:
    """Compare the data that the runs read, by digest; data without one say nothing."""

    def of(run: Run) -> dict[str, object]:
        found: dict[str, object] = {}
        for entry in run.datasets:
            name = f"{entry.name} ({entry.role})" if entry.role else entry.name
            if entry.digest:
                found[name] = entry.digest
        return found

    return _table(sides, of)


def _in_order(sides: Sequence[Side]) -> list[str]:
    """List params in their author's order, those that tell runs apart first."""
    grouping = group_runs([run.params for side in sides for run in side.runs], ignore=())
    return [*grouping.varying, *grouping.constant]


def _table(
    sides: Sequence[Side],
    facts: Callable[[Run], dict[str, object]],
    order: Sequence[str] | None = None,
) -> FactTable:
    known = [[facts(run) for run in side.runs] for side in sides]
    names = {name for side in known for run in side for name in run}
    ordered = order or sorted(names, key=lambda name: (files.natural_order(name), name))
    rows, same = [], 0
    for name in ordered:
        held = [_held(run.get(name, MISSING) for run in side) for side in known]
        if all(set(one) == set(held[0]) for one in held):
            same += 1
            continue
        cells = tuple(FactCell(_spelled(one), set(one) != set(held[0])) for one in held)
        rows.append(FactRow(shown(name, 60), cells))
    unknown = tuple(
        side.label for side, runs in zip(sides, known, strict=True) if not any(runs) and names
    )
    return FactTable(
        tuple(side.label for side in sides),
        tuple(rows[:ROWS_MAX]),
        max(len(rows) - ROWS_MAX, 0),
        same,
        unknown,
    )


def _held(values: Iterable[object]) -> dict[str, object]:
    """Gather the distinct values of a side, by a spelling that only equal values share."""
    found: dict[str, object] = {}
    for value in values:
        found.setdefault("" if value is MISSING else spell(value), value)
    return found


def _spelled(held: dict[str, object]) -> str:
    texts = [
        fmt.MISSING if value is MISSING else shown(short_value(value), _TEXT)
        for value in held.values()
    ]
    return ", ".join(texts[:_VALUES_MAX]) + (
        f" and {len(texts) - _VALUES_MAX} more" if len(texts) > _VALUES_MAX else ""
    )
