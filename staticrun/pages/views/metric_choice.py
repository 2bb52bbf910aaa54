"""Which metrics a table shows, which one ranks, and which way each runs.

What `metrics:` declares holds, and only a declared direction makes anything *best*. Where it is
silent, the last word of a name that the field agrees on (`loss`, `accuracy`) gives the order of a
table, and the page says *highest* or *lowest*, which is so whatever the name means.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from staticrun.analysis.direction import Direction, known_direction
from staticrun.config import Metric

if TYPE_CHECKING:
    from collections.abc import Mapping

_TRAINING = re.compile(r"(^|[^a-z])(train|training|batch)([^a-z]|$)", re.IGNORECASE)


class MetricFacts(msgspec.Struct, frozen=True):
    """What is known of a metric beside its numbers.

    Attributes:
        name: As it was logged.
        direction: Whether lower or higher values come first; None where nobody knows.
        guessed: Whether the direction comes from the name alone, so that first is not best.
        declared: What `metrics:` says of it, or None.
    """

    name: str
    direction: Direction | None = None
    guessed: bool = False
    declared: Metric | None = None

    @property
    def judged(self) -> Direction | None:
        """The direction in which values are better, if the project declares one."""
        return None if self.guessed else self.direction

    @property
    def primary(self) -> bool:
        """Whether `metrics:` calls it primary."""
        return self.declared is not None and self.declared.primary

    @property
    def superlative(self) -> str:
        """The word for the first value of the order: `best`, or what is so without a judgement."""
        if self.judged:
            return "best"
        return "lowest" if self.direction == "min" else "highest"


def facts(name: str, declared: Mapping[str, Metric]) -> MetricFacts:
    """Gather what is declared of a metric and, without a direction, what its name says."""
    metric = declared.get(name)
    direction = metric.direction if metric else None
    guess = None if direction else known_direction(name)
    return MetricFacts(
        name,
        direction or guess,
        guess is not None,
        metric,
    )


def declared(own: Mapping[str, Metric], general: Mapping[str, Metric]) -> dict[str, Metric]:
    """Put an experiment's words on metrics first and over the project's.

    A metric that the experiment calls primary takes the place of the project's primary one.
    """
    if any(metric.primary for metric in own.values()):
        general = {
            name: msgspec.structs.replace(metric, primary=False)
            for name, metric in general.items()
        }
    return {**own, **{name: metric for name, metric in general.items() if name not in own}}


def choose(present: Mapping[str, int], declared: Mapping[str, Metric]) -> list[MetricFacts]:
    """Order the metrics that runs have, the most telling first.

    Args:
        present: Metric → number of runs that have it.
        declared: What the project and the experiment say of metrics.

    Returns:
        The declared primary one, the other declared ones as declared, then those with a known
        direction before those without, those that few runs have later, those of training last,
        by name.
    """
    most = max(present.values(), default=0)
    place = {name: number for number, name in enumerate(declared)}
    return sorted(
        (facts(name, declared) for name in present),
        key=lambda metric: (
            not metric.primary,
            place.get(metric.name, len(place)),
            metric.declared is None and _is_rare(present[metric.name], most),
            metric.direction is None,
            _TRAINING.search(metric.name) is not None,
            metric.name,
        ),
    )


def shown(ordered: list[MetricFacts], present: Mapping[str, int], limit: int) -> list[MetricFacts]:
    """Pick the columns of a table: the declared ones if there is any, else the first few.

    A metric that next to no run has is no column, unless it is declared.
    """
    declared = [metric for metric in ordered if metric.declared is not None]
    most = max(present.values(), default=0)
    usual = [metric for metric in ordered if not _is_rare(present[metric.name], most)]
    return (declared or usual)[:limit]


def _is_rare(runs: int, most: int) -> bool:
    return runs * 5 < most


def ranking(ordered: list[MetricFacts]) -> MetricFacts | None:
    """Pick the metric that decides what comes first.

    Returns:
        The declared primary one, else the first with a direction; None when none has one.
    """
    for metric in ordered:
        if metric.primary and metric.direction:
            return metric
    return next((metric for metric in ordered if metric.direction), None)
