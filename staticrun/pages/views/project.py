"""The front page: how much there is, what is best, what came last."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import msgspec
from markupsafe import Markup

from staticrun import layout
from staticrun.errors import Finding
from staticrun.pages import format as fmt
from staticrun.pages import markdown
from staticrun.pages.views import (
    comparison,
    experiment_deck,
    group_table,
    one_day,
    project_figure,
    report,
    results,
)
from staticrun.pages.views.curve_figures import Headline
from staticrun.pages.views.grouping import cut
from staticrun.pages.views.naming import run_name, shown
from staticrun.pages.views.project_figure import Known, last_record
from staticrun.pages.views.sentence import (
    Sentence,
    Words,
    capital,
    listing,
    run_words,
    sentence,
)
from staticrun.pages.views.short_names import mentions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from staticrun.pages.context import Context
    from staticrun.pages.views.metric_choice import MetricFacts
    from staticrun.store.run import Run

TEMPLATE = "project.html"

LATEST = 10
_SUPERLATIVES = ("best", "highest", "lowest")
_LABEL = 60


class ExperimentRow(msgspec.Struct, frozen=True):
    """An experiment in the table.

    Attributes:
        name: Its name.
        title: What a person called it; empty without one.
        url: Its page.
        runs: How many runs are shown there.
        failed: How many of them failed.
        open: How many have no end.
        groups: How many groups over seeds; empty where no group has more than one run.
        metric: The metric that ranks; empty without one.
        superlative: `best`, `lowest` or `highest`.
        value: The first result, or the first mean; empty without one.
        unit: Its unit.
        n: How many runs the mean rests on; empty for a single run's result.
        held_by: The group or run that has it, or how many share it.
        last: When something was last recorded, in UTC; the hour alone where the day stands in the
            head.
        last_iso: The same for programs.
    """

    name: str
    title: str
    url: str
    runs: str
    failed: str
    open: str
    groups: str
    metric: str
    superlative: str
    value: str
    unit: str
    n: str
    held_by: Sentence
    last: str
    last_iso: str


class LatestRow(msgspec.Struct, frozen=True):
    """A run among the latest.

    Attributes:
        key: Its key, for the link.
        url: Its page.
        name: As its author called it.
        experiment: Its experiment's name, short enough for a table.
        experiment_url: The page of that.
        status: `finished`, `failed`, `stopped` or `open`.
        params: Those that vary in its experiment and are not in its name.
        said: Whether its name has some of them.
        metric: The metric that ranks in its experiment; empty where it has none.
        value: Its result.
        started: When it began, in UTC; the hour alone where the day stands in the head.
        started_iso: The same for programs.
        duration: How long it took.
    """

    key: str
    url: str
    name: str
    experiment: str
    experiment_url: str
    status: str
    params: str
    said: bool
    metric: str
    value: str
    started: str
    started_iso: str
    duration: str


class ProjectView(msgspec.Struct, frozen=True):
    """All that the front page shows.

    Attributes:
        name: The project's name.
        deck: The sentence of facts below it.
        description: What staticrun.yaml says of it.
        experiments: The experiments, in natural order.
        any_groups: Whether some experiment has groups.
        any_n: Whether some first result rests on several runs.
        best_head: What the first results are, as the head of their column: `Best`, `Best or
            lowest`; empty where no experiment has one.
        best_kind: What they are taken from: `mean`, `last value` or `mean or last`.
        headline: The figure; None where there is nothing to draw.
        finding: What it shows, in a sentence; empty where nothing is first in its metric.
        figure_of: The experiment that it shows.
        figure_url: Its page.
        figure_why: Why this experiment, in a sentence.
        last_day: The day of all last records; empty where they are of several.
        latest: The runs that began last.
        latest_day: The day on which all of these began; empty where they began on several.
        total: How many runs there are.
        comparisons: The declared ones.
        reports: The reports.
        archived: Archived experiments that are left out.
        findings: None of its own so far.
    """

    name: str
    deck: Sentence
    description: Markup | None
    experiments: tuple[ExperimentRow, ...]
    any_groups: bool
    any_n: bool
    best_head: str
    best_kind: str
    headline: Headline | None
    finding: Sentence
    figure_of: str
    figure_url: str
    figure_why: str
    last_day: str
    latest: tuple[LatestRow, ...]
    latest_day: str
    total: int
    comparisons: tuple[comparison.Listed, ...]
    reports: tuple[report.Listed, ...]
    archived: int
    findings: tuple[Finding, ...] = ()


def make(context: Context) -> ProjectView:
    """Make the view of the front page."""
    experiments = context.store.experiments()
    known = [
        project_figure.know(name, experiment, context)
        for name, experiment in experiments.items()
        if not experiment.archived
    ]
    runs = [run for one in known for run in one.runs]
    described = context.config.project.description
    chosen, why = project_figure.choose(known, context)
    figure = project_figure.draw(chosen, context) if chosen else None
    times = one_day.column([one.last for one in known])
    rows = tuple(_row(one, time) for one, time in zip(known, times.texts, strict=True))
    latest, latest_day = _latest(known)
    return ProjectView(
        name=context.site.name,
        deck=_deck(runs, len(known)),
        description=markdown.render(described) if described else None,
        experiments=rows,
        any_groups=any(row.groups for row in rows),
        any_n=any(row.n for row in rows),
        best_head=_best_head(rows),
        best_kind=_best_kind(rows),
        headline=figure,
        finding=project_figure.finding(chosen, figure) if chosen and figure else (),
        figure_of=(chosen.experiment.title or chosen.name) if chosen and figure else "",
        figure_url=layout.experiment_url(chosen.name) if chosen and figure else "",
        figure_why=why if figure else "",
        last_day=times.day,
        latest=latest,
        latest_day=latest_day,
        total=len(runs),
        comparisons=tuple(comparison.listed(context)),
        reports=tuple(report.listed(context)),
        archived=len(experiments) - len(known),
    )


def _deck(runs: Sequence[Run], experiments: int) -> Sentence:
    if not runs:
        return sentence("No runs yet.")
    status = experiment_deck.status_clause(runs)
    where = f" in {fmt.plural(experiments, 'experiment')}"
    if len(runs) == 1:
        head = sentence(Words("One run", strong=True), f"{where}, {status}.")
    else:
        join = ", " if status.startswith("all") else "; "
        total = Words(fmt.plural(len(runs), "run"), strong=True)
        head = sentence(total, f"{where}{join}{status}.")
    last = max((time for run in runs if (time := last_record(run)) is not None), default=None)
    return head if last is None else sentence(head, f" The last record is of {fmt.date(last)}.")


def _row(one: Known, last: str) -> ExperimentRow:
    counts = results.status_counts(one.runs)
    ranking = one.ranking
    held_by: Sentence = ()
    n = ""
    if ranking is not None and one.best is not None:
        held_by, n = _held_by(one, ranking)
    return ExperimentRow(
        one.name,
        one.experiment.title or "",
        layout.experiment_url(one.name),
        fmt.count(len(one.runs)),
        fmt.count(counts["failed"]),
        fmt.count(counts["open"]),
        fmt.count(len(one.grouping.groups)) if one.grouping.repeats else "",
        ranking.name if ranking and one.best is not None else "",
        ranking.superlative if ranking else "",
        fmt.quantity(one.best, ranking.declared).number if ranking and held_by else "",
        fmt.unit(ranking.declared) if ranking else "",
        n,
        held_by,
        last,
        fmt.iso(one.last),
    )


def _held_by(one: Known, ranking: MetricFacts) -> tuple[Sentence, str]:
    """Say who has the first result, and over how many runs."""
    if one.grouping.repeats:
        ranked = group_table.ranked(one.grouping.groups, ranking)
        holders = [(held, found) for held, found in ranked if found and found.mean == one.best]
        if len(holders) > 1:
            return sentence(f"{fmt.count(len(holders))} groups"), ""
        held, found = holders[0]
        return sentence(cut(held.label, _LABEL)), fmt.count(found.n)
    found_runs = [
        run
        for run in one.runs
        if results.has_ended(run) and results.value(run, ranking.name) == one.best
    ]
    if len(found_runs) > 1:
        return sentence(f"{fmt.count(len(found_runs))} runs"), ""
    return sentence(run_words(found_runs[0].key, run_name(found_runs[0]))), ""


def _best_head(rows: Sequence[ExperimentRow]) -> str:
    """Head the column of first results by all that they are, and nothing else."""
    present = {row.superlative for row in rows if row.value}
    return capital(listing([word for word in _SUPERLATIVES if word in present], "or"))


def _best_kind(rows: Sequence[ExperimentRow]) -> str:
    """Say what they are of: a group's mean of last values where some group has two runs."""
    grouped = {bool(row.groups) for row in rows if row.value}
    kinds = {True: "mean", False: "last value"}
    return "mean or last" if len(grouped) == 2 else "".join(kinds[one] for one in grouped)


def _latest(known: Sequence[Known]) -> tuple[tuple[LatestRow, ...], str]:
    pairs = [(run, one) for one in known for run in one.runs]
    pairs.sort(key=lambda pair: -math.inf if pair[0].started is None else pair[0].started)
    chosen = pairs[: -LATEST - 1 : -1]
    times = one_day.column([run.started for run, _ in chosen])
    rows = zip(chosen, times.texts, strict=True)
    return tuple(_latest_row(run, one, started) for (run, one), started in rows), times.day


def _latest_row(run: Run, one: Known, started: str) -> LatestRow:
    ranking = one.ranking
    number = results.value(run, ranking.name) if ranking else None
    label = next((held.label for held in one.grouping.groups if run in held.runs), "")
    seed = one.grouping.seed(run)
    parts = [cut(label, _LABEL)] if one.grouping.varying and label else []
    parts += [f"seed {shown(seed, 20)}"] if seed and one.grouping.repeats else []
    words = [word for part in parts for word in part.split(", ")]
    unsaid = [word for word in words if not mentions(run.name, word)]
    return LatestRow(
        run.key,
        layout.run_url(run.key),
        run_name(run),
        shown(one.name),
        layout.experiment_url(one.name),
        run.status,
        ", ".join(unsaid),
        len(unsaid) < len(words),
        ranking.name if ranking and number is not None else "",
        fmt.metric_value(number, ranking.declared) if ranking and number is not None else "",
        started,
        fmt.iso(run.started),
        fmt.duration(run.duration),
    )
