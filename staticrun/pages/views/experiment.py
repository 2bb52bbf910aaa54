"""The page of an experiment: what was tried, what came out, how it got there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from markupsafe import Markup

from staticrun import layout
from staticrun.analysis.trials import trials
from staticrun.errors import Finding, UserError
from staticrun.pages import format as fmt
from staticrun.pages import markdown
from staticrun.pages.views import (
    curve_figures,
    experiment_deck,
    group_table,
    metric_choice,
    naming,
    results,
    runs_table,
)
from staticrun.pages.views.curve_figures import CurveSection
from staticrun.pages.views.group_table import GroupTable
from staticrun.pages.views.grouping import cut, group, slots
from staticrun.pages.views.runs_table import RunsTable
from staticrun.pages.views.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from staticrun.config import Experiment, Metric
    from staticrun.pages.context import Context
    from staticrun.pages.views.grouping import Group, Grouping
    from staticrun.pages.views.metric_choice import MetricFacts
    from staticrun.pages.views.results import Result
    from staticrun.store.run import Run

TEMPLATE = "experiment.html"

COLOURED = 6
_SAME_MAX = 16


class Same(msgspec.Struct, frozen=True):
    """A param that all runs share."""

    name: str
    value: str


class ExperimentView(msgspec.Struct, frozen=True):
    """All that an experiment's page shows.

    Attributes:
        name: The experiment's name, its path below the root of runs.
        title: What a person called it; empty where the name is the heading.
        deck: The sentence of facts below the heading.
        description: What a person wrote of it.
        ordered_by: The metric that orders groups and runs; empty where none does.
        superlative: `best`, `lowest` or `highest`.
        guessed: Metrics whose direction comes from their name.
        directed: Whether some metric has a direction; without one nothing is called best.
        groups: Means over seeds; None where no group has more than one run.
        seeds: The seed-like params, as words.
        runs: The runs; None where there is none.
        same: Params that all runs share, at most 16.
        same_more: How many more there are.
        failed: How many runs failed.
        open: How many have no end.
        archived: How many archived runs are left out.
        baseline: What others are compared with, in words; empty without one.
        curves: Figures of the metrics over their steps.
        problems: What is wrong with experiment.yaml, in sentences.
        findings: The same for `check` and the build.
    """

    name: str
    title: str
    deck: Sentence
    description: Markup | None
    ordered_by: str
    superlative: str
    guessed: tuple[str, ...]
    directed: bool
    groups: GroupTable | None
    seeds: str
    runs: RunsTable | None
    same: tuple[Same, ...]
    same_more: int
    failed: int
    open: int
    archived: int
    baseline: str
    curves: CurveSection
    problems: tuple[str, ...]
    findings: tuple[Finding, ...]


def make(
    name: str, experiment: Experiment, runs: Sequence[Run], context: Context
) -> ExperimentView:
    """Make the view.

    Args:
        name: The experiment's name.
        experiment: What its experiment.yaml says.
        runs: All its runs, archived ones too, in natural order.
        context: The project.
    """
    shown = [run for run in runs if not run.archived]
    declared = declared_metrics(experiment, context)
    present = results.names(shown)
    ordered = metric_choice.choose(present, declared)
    ranking = metric_choice.ranking(ordered)
    chosen = metric_choice.shown(ordered, present, runs_table.METRICS_MAX)
    if ranking is not None and ranking not in chosen:
        chosen = [ranking, *chosen][: runs_table.METRICS_MAX]
    grouping = group(trials(shown))
    ranked = group_table.ranked(grouping.groups, ranking)
    baseline, problem = _baseline(name, experiment, shown, context)
    slots_of = colours(shown, grouping, ranked, ranking, baseline)
    counts = results.status_counts(shown)
    return ExperimentView(
        name=name,
        title=experiment.title or "",
        deck=experiment_deck.make(shown, len(runs) - len(shown), grouping, ranked, ranking),
        description=markdown.render(experiment.description, heading=3)
        if experiment.description
        else None,
        ordered_by=ranking.name if ranking else "",
        superlative=ranking.superlative if ranking else "",
        guessed=tuple(metric.name for metric in chosen if metric.guessed),
        directed=ranking is not None,
        groups=group_table.make(grouping, chosen, ranking, slots_of, baseline)
        if grouping.repeats
        else None,
        seeds=fmt.listed([naming.shown(seed, 30) for seed in grouping.seeds]),
        runs=runs_table.make(shown, grouping, chosen, ranking, slots_of, baseline)
        if shown
        else None,
        same=_same(grouping.constant),
        same_more=max(len(grouping.constant) - _SAME_MAX, 0),
        failed=counts["failed"],
        open=counts["open"],
        archived=len(runs) - len(shown),
        baseline=_baseline_words(shown, grouping, baseline),
        curves=curve_figures.make(
            shown,
            grouping,
            ordered,
            [metric.name for metric in chosen],
            slots_of,
            baseline,
            context,
        ),
        problems=(f"{problem.what[:1].upper()}{problem.what[1:]}.",) if problem else (),
        findings=(problem,) if problem else (),
    )


def declared_metrics(experiment: Experiment, context: Context) -> Mapping[str, Metric]:
    """Give what is said of metrics, the experiment's words first and over the project's."""
    return metric_choice.declared(experiment.metrics, context.config.metrics)


def colours(
    runs: Sequence[Run],
    grouping: Grouping,
    ranked: Sequence[tuple[Group, Result | None]],
    ranking: MetricFacts | None,
    baseline: frozenset[str],
) -> dict[str, int]:
    """Colour the first groups, or the first runs where no group repeats.

    Returns:
        Identity of a group and key of a run → colour; members have that of their group.
    """
    if grouping.repeats:
        others = [
            (found, result)
            for found, result in ranked
            if not baseline.intersection(run.key for run in found.runs)
        ]
        # Where all failed, how they did is all that there is to see.
        chosen = [found for found, result in others if result is None or result.n] or [
            found for found, _ in others
        ]
        chosen = chosen[:COLOURED]
        taken = slots([found.identity for found in chosen])
        members = {run.key: taken[found.identity] for found in chosen for run in found.runs}
        return {**taken, **members}
    first = [
        run
        for run, _ in runs_table.arrange(runs, ranking)
        if run.key not in baseline and run.metrics
    ][:COLOURED]
    identities = {key_identity(run.key): run.key for run in first}
    return {identities[name]: slot for name, slot in slots(list(identities)).items()}


def key_identity(key: str) -> str:
    """Digest a run's key, for its colour."""
    from staticrun import files

    return files.sha256(key.encode("utf-8", "surrogatepass"))[:16]


def baseline_keys(
    name: str, experiment: Experiment, runs: Sequence[Run], context: Context
) -> frozenset[str]:
    """Give the keys of the runs that others are compared with; none without a good baseline."""
    return _baseline(name, experiment, runs, context)[0]


def seeds(runs: Sequence[Run]) -> tuple[str, ...]:
    """Name the params that are taken for seeds."""
    return group(trials(runs)).seeds


def _baseline(
    name: str, experiment: Experiment, runs: Sequence[Run], context: Context
) -> tuple[frozenset[str], Finding | None]:
    """Find the runs that others are compared with: a run by its key, or those of a filter."""
    text = experiment.baseline
    if not text:
        return frozenset(), None
    for run in runs:
        if text in (run.key, run.id, layout.split_key(run.key)[1]):
            return frozenset({run.key}), None
    where = f"{_shown(name, context)}: baseline"
    try:
        found = context.store.runs(text, experiment=name)
    except UserError as error:
        what = f"the baseline {text!r} is no run of this experiment and cannot be read as a filter"
        reason = error.finding
        expected = f", expected {reason.expected}" if reason.expected else ""
        return frozenset(), Finding(where, f"{what}: {reason.what}{expected}", try_=reason.try_)
    if not found:
        what = f"no run of this experiment matches the baseline {text!r}"
        return frozenset(), Finding(where, what, "a key or a filter that chooses runs")
    return frozenset(run.key for run in found), None


def _shown(name: str, context: Context) -> str:
    """Name the experiment.yaml below the root of runs that has one."""
    paths = [f"{root}/{name}/{layout.EXPERIMENT_CONFIG}" for root in context.config.runs]
    return next((path for path in paths if (context.config.root / path).is_file()), paths[0])


def _baseline_words(runs: Sequence[Run], grouping: Grouping, baseline: frozenset[str]) -> str:
    if not baseline:
        return ""
    if len(baseline) == 1:
        return next(naming.run_name(run) for run in runs if run.key in baseline)
    groups = [one for one in grouping.groups if baseline.intersection(r.key for r in one.runs)]
    if len(groups) == 1:
        return cut(groups[0].label, 60)
    return fmt.plural(len(baseline), "run")


def _same(constant: Mapping[str, object]) -> tuple[Same, ...]:
    return tuple(
        Same(naming.shown(name), naming.shown(fmt.scalar(value)))
        for name, value in list(constant.items())[:_SAME_MAX]
    )
