"""What the front page knows of an experiment, and which one's figure it shows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from staticrun.analysis.trials import trials
from staticrun.pages import format as fmt
from staticrun.pages.views import (
    curve_figures,
    experiment_deck,
    group_table,
    metric_choice,
    results,
)
from staticrun.pages.views.experiment import colours, declared_metrics
from staticrun.pages.views.grouping import group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from staticrun.config import Experiment
    from staticrun.pages.context import Context
    from staticrun.pages.views.curve_figures import Headline
    from staticrun.pages.views.grouping import Grouping
    from staticrun.pages.views.metric_choice import MetricFacts
    from staticrun.pages.views.sentence import Sentence
    from staticrun.store.run import Run


@dataclass(frozen=True, slots=True)
class Known:
    """An experiment with what was worked out of it.

    Attributes:
        name: Its name.
        experiment: What its experiment.yaml says.
        runs: Its runs, not archived.
        grouping: The runs, grouped.
        ordered: Its metrics, the most telling first.
        ranking: The metric that orders; None where none has a direction.
        best: The first result, or the first mean of a group; None without one.
        last: When something was last recorded, in Unix seconds.
    """

    name: str
    experiment: Experiment
    runs: tuple[Run, ...]
    grouping: Grouping
    ordered: tuple[MetricFacts, ...]
    ranking: MetricFacts | None
    best: float | None
    last: float | None


def know(name: str, experiment: Experiment, context: Context) -> Known:
    """Work out what the front page says of an experiment."""
    runs = tuple(context.store.runs(experiment=name))
    ordered = metric_choice.choose(results.names(runs), declared_metrics(experiment, context))
    ranking = metric_choice.ranking(ordered)
    grouping = group(trials(runs))
    return Known(
        name,
        experiment,
        runs,
        grouping,
        tuple(ordered),
        ranking,
        _best(runs, grouping, ranking),
        max((time for run in runs if (time := last_record(run)) is not None), default=None),
    )


def last_record(run: Run) -> float | None:
    """Give the time of the last that a run recorded, in Unix seconds."""
    times = [time for time in (run.last_record, run.ended, run.started) if time is not None]
    return max(times, default=None)


def _best(runs: Sequence[Run], grouping: Grouping, ranking: MetricFacts | None) -> float | None:
    if ranking is None:
        return None
    if grouping.repeats:
        values = [found.mean for _, found in group_table.ranked(grouping.groups, ranking) if found]
    else:
        values = [results.value(run, ranking.name) for run in runs if results.has_ended(run)]
    finite = [value for value in values if value is not None and math.isfinite(value)]
    if not finite:
        return None
    return min(finite) if ranking.direction == "min" else max(finite)


def choose(known: Sequence[Known], context: Context) -> tuple[Known | None, str]:
    """Choose the experiment that the front page draws, and say why it is that one."""
    drawable = [
        one
        for one in known
        if any(curve_figures.is_drawable(one.runs, metric.name) for metric in one.ordered)
    ]
    if not drawable:
        return None, ""
    declared = context.config.metrics
    name = next((name for name, one in declared.items() if one.primary and one.direction), "")
    having = [
        one
        for one in known
        if one.ranking is not None and one.ranking.name == name and one.best is not None
    ]
    lower = bool(name) and declared[name].direction == "min"
    top = _extreme([one.best for one in having], lower=lower)
    drawn = [one for one in having if _best_is_drawable(one)]
    if drawn:
        shown_top = _extreme([one.best for one in drawn], lower=lower)
        first = next(one for one in drawn if one.best == shown_top)
        sharing = sum(one.best == top for one in having)
        return first, _why(name, len(known), len(having), sharing, is_top=shown_top == top)
    latest = max(drawable, key=lambda one: -math.inf if one.last is None else one.last)
    return latest, "The experiment with the latest record." if len(known) > 1 else ""


def _extreme(values: Sequence[float | None], *, lower: bool) -> float | None:
    found = [value for value in values if value is not None]
    return (min(found) if lower else max(found)) if found else None


def _best_is_drawable(one: Known) -> bool:
    """Say whether who holds the best result has a curve: no figure without the one it is about."""
    if one.ranking is None:
        return False
    name = one.ranking.name
    if one.grouping.repeats:
        ranked = group_table.ranked(one.grouping.groups, one.ranking)
        runs = [
            run for held, found in ranked if found and found.mean == one.best for run in held.runs
        ]
    else:
        runs = [run for run in one.runs if results.value(run, name) == one.best]
    return curve_figures.is_drawable(runs, name)


def _why(metric: str, experiments: int, having: int, sharing: int, *, is_top: bool) -> str:
    if experiments == 1:
        return ""
    if having == 1:
        return f"The only experiment with a result in {metric}."
    head = f"Of {fmt.count(having)} experiments with {metric},"
    if not is_top:
        return f"{head} this one has the best result that has a curve."
    if sharing > 1:
        return f"{head} {fmt.count(sharing)} share the best result; this is one of them."
    return f"{head} this one has the best result."


def finding(one: Known, figure: Headline) -> Sentence:
    """Say what a figure shows; nothing where nothing is first in its metric."""
    if one.ranking is None or one.ranking.name != figure.of or one.best is None:
        return ()
    ranked = group_table.ranked(one.grouping.groups, one.ranking)
    return experiment_deck.outcome(one.runs, one.grouping, ranked, one.ranking, short=True)


def draw(one: Known, context: Context) -> Headline | None:
    """Draw an experiment for the front page; None where it has no curve."""
    ranked = group_table.ranked(one.grouping.groups, one.ranking)
    slots = colours(one.runs, one.grouping, ranked, one.ranking, frozenset())
    return curve_figures.headline(one.runs, one.grouping, one.ordered, slots, context)
