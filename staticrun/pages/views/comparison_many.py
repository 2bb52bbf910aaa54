"""A comparison of several sides: a table for each metric with a row for each side, on one scale.

A table for each side would repeat the baseline in each, and does not say which side leads.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from staticrun.pages import format as fmt
from staticrun.pages.views import comparison_metrics
from staticrun.pages.views.comparison_metrics import MetricRow
from staticrun.pages.views.comparison_sides import COLOURED
from staticrun.pages.views.naming import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from staticrun.pages.views.comparison_metrics import Compared
    from staticrun.pages.views.comparison_sides import Side, Sides
    from staticrun.pages.views.metric_choice import MetricFacts

# Up to so many sides beside the baseline, none of them tested, are columns of one table.
FEW = 6


class SideRow(msgspec.Struct, frozen=True):
    """A side in the table of a metric: its label, its colour, its numbers."""

    label: str
    slot: int
    numbers: MetricRow


class SidesTable(msgspec.Struct, frozen=True):
    """All sides in one metric.

    Attributes:
        name: The metric, short enough for a heading.
        unit: Its unit.
        judged: Whether a direction is declared, so that the best difference comes first.
        baseline: What the baseline came to, `0.971 (4)`: its mean and over how many runs.
        rows: The sides that have a result.
        tested: How many were tested.
        reasons: Why the others were not, each reason once.
    """

    name: str
    unit: str
    judged: bool
    baseline: str
    rows: tuple[SideRow, ...]
    tested: int
    reasons: tuple[str, ...]


def make(
    baseline: Side, others: Sequence[Side], metrics: Sequence[MetricFacts]
) -> tuple[SidesTable, ...]:
    """Make the tables, one for each metric that some side has a result in."""
    made = (_table(baseline, others, metric) for metric in metrics)
    return tuple(table for table in made if table is not None)


def colour(sides: Sides, metrics: Sequence[MetricFacts]) -> None:
    """Colour the best sides in the first metric that has a direction, where these are many."""
    if sides.baseline is None or len(sides.others) <= COLOURED:
        return
    sides.coloured = f"The first {COLOURED}"
    metric = next((metric for metric in metrics if metric.judged), None)
    if metric is None:
        return
    baseline = sides.baseline
    pairs = [
        (place, comparison_metrics.compare(baseline, side, metric))
        for place, side in enumerate(sides.others)
    ]
    best = sorted((pair for pair in pairs if pair[1].value.n), key=lambda pair: _order(pair[1]))
    if len(best) < COLOURED:
        return
    sides.coloured = f"The first {COLOURED} in {shown(metric.name)}"
    slots = {place: slot for slot, place in enumerate(sorted(p for p, _ in best[:COLOURED]), 1)}
    sides.others = tuple(
        replace(side, slot=slots.get(place, 0)) for place, side in enumerate(sides.others)
    )


def _table(baseline: Side, others: Sequence[Side], metric: MetricFacts) -> SidesTable | None:
    pairs = [(side, comparison_metrics.compare(baseline, side, metric)) for side in others]
    pairs = [(side, one) for side, one in pairs if one.value.n]
    if not pairs:
        return None
    if metric.judged:
        pairs.sort(key=lambda pair: _order(pair[1]))
    reach = comparison_metrics.reach([one for _, one in pairs])
    rows = tuple(
        SideRow(side.label, side.slot, comparison_metrics.row(one, reach)) for side, one in pairs
    )
    first = rows[0].numbers
    n = pairs[0][1].baseline.n
    return SidesTable(
        first.name,
        first.unit,
        metric.judged is not None,
        f"{first.baseline} ({fmt.count(n)})" if n else "",
        rows,
        sum(one.difference.p is not None for _, one in pairs),
        tuple(dict.fromkeys(row.numbers.reason for row in rows if row.numbers.reason)),
    )


def _order(one: Compared) -> tuple[bool, float]:
    """Order differences, the best first, those that cannot be given last."""
    delta = one.difference.delta
    if delta is None:
        return True, 0.0
    return False, delta if one.metric.judged == "min" else -delta
