"""The metrics of a model's versions: which tell most, how they are printed, who is better."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import msgspec

from staticrun.pages import format as fmt
from staticrun.pages.views.naming import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from staticrun.config import Metric
    from staticrun.pages.context import Context
    from staticrun.registry.manifests import Value, Version

COLUMNS = 3
NAME_MAX = 60


class Column(msgspec.Struct, frozen=True):
    """A metric as the head of a column: its name and its unit."""

    name: str
    unit: str


class Row(msgspec.Struct, frozen=True):
    """A metric of a version beside that of another one.

    Attributes:
        name: The metric.
        unit: Its unit.
        value: Of the version.
        other: Of the other one; empty where it has none.
        difference: From the other one to this; empty where there is none.
        verdict: `better` or `worse` where the metric has a direction; else empty.
        rises: Whether the difference is above zero.
    """

    name: str
    unit: str
    value: str
    other: str
    difference: str
    verdict: str
    rises: bool


def choose(versions: Iterable[Version], context: Context) -> list[str]:
    """Name the metrics, the most telling first: declared as primary, with a direction, common."""
    counts: dict[str, int] = {}
    directed = set()
    for version in versions:
        for metric in shown_of(version, context):
            counts[metric.name] = counts.get(metric.name, 0) + 1
            if metric.direction:
                directed.add(metric.name)
    declared = context.config.metrics

    def weight(name: str) -> tuple[bool, bool, bool, int, str]:
        metric = declared.get(name)
        primary = metric is not None and metric.primary
        return not primary, metric is None, name not in directed, -counts[name], name

    return sorted(counts, key=weight)


def shown_of(version: Version, context: Context) -> list[Value]:
    """List the metrics of a version without those whose numbers `privacy.redact` names."""
    hidden = context.rules.named("summary", dict.fromkeys([one.name for one in version.metrics]))
    return [one for one in version.metrics if hidden[one.name] is None]


def columns(names: Iterable[str], context: Context) -> tuple[Column, ...]:
    """Give the heads of columns."""
    declared = context.config.metrics
    return tuple(Column(shown(name, NAME_MAX), fmt.unit(declared.get(name))) for name in names)


def value(version: Version, name: str) -> float | None:
    """Give a metric of a version; None where it has none."""
    return next((one.number for one in version.metrics if one.name == name), None)


def printed(versions: Iterable[Version], name: str, context: Context) -> list[str]:
    """Print the numbers of a column, empty where there is none."""
    values = [value(version, name) for version in versions]
    texts = fmt.column(values, context.config.metrics.get(name))
    return ["" if one is None else text for one, text in zip(values, texts, strict=True)]


def rows(version: Version, other: Version | None, context: Context) -> tuple[Row, ...]:
    """Compare the metrics of a version with those of another one."""
    found = []
    for name in choose([version], context):
        declared = context.config.metrics.get(name)
        of_both = [version] if other is None else [version, other]
        own, *others = printed(of_both, name, context)
        found.append(
            Row(
                shown(name, NAME_MAX),
                fmt.unit(declared),
                own,
                others[0] if others else "",
                *_difference(version, other, name, declared),
            )
        )
    return tuple(found)


def _difference(
    version: Version, other: Version | None, name: str, declared: Metric | None
) -> tuple[str, str, bool]:
    a, b = value(version, name), None if other is None else value(other, name)
    if a is None or b is None or not (math.isfinite(a) and math.isfinite(b)):
        return "", "", False
    delta = (a - b) * fmt.factor(declared)
    stated = next(one.direction for one in version.metrics if one.name == name)
    direction = (declared.direction if declared else None) or stated
    verdict = ""
    if delta and direction in ("min", "max"):
        verdict = "better" if (delta > 0) == (direction == "max") else "worse"
    return fmt.signed(delta), verdict, delta > 0
