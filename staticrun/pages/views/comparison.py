"""The page of a declared comparison: what was changed, what it bought, how it got there."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec
from markupsafe import Markup

from staticrun import layout
from staticrun.errors import Finding
from staticrun.pages import format as fmt
from staticrun.pages import markdown
from staticrun.pages.views import (
    comparison_code,
    comparison_facts,
    comparison_many,
    comparison_metrics,
    curve_figures,
    members,
    metric_choice,
    results,
)
from staticrun.pages.views.comparison_code import CodeView
from staticrun.pages.views.comparison_facts import FactTable
from staticrun.pages.views.comparison_many import SidesTable
from staticrun.pages.views.comparison_metrics import MetricTable, PlainTable
from staticrun.pages.views.comparison_sides import resolve
from staticrun.pages.views.curve_figures import CurveSection
from staticrun.pages.views.experiment import declared_metrics
from staticrun.pages.views.grouping import group
from staticrun.pages.views.members import Members
from staticrun.pages.views.sentence import Sentence, Words, joined, sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from staticrun.config import Comparison, Metric
    from staticrun.pages.context import Context
    from staticrun.pages.views.comparison_metrics import Compared
    from staticrun.pages.views.comparison_sides import Side, Sides
    from staticrun.pages.views.metric_choice import MetricFacts

TEMPLATE = "comparison.html"
LIST_TEMPLATE = "comparisons.html"

METRICS_MAX = 40


class SideView(msgspec.Struct, frozen=True):
    """A side as the head of a column.

    Attributes:
        label: Its name.
        slot: Its colour; 0 for the baseline.
        baseline: Whether it is the baseline.
        members: Its runs.
        failed: How many failed, hence take part in no mean.
    """

    label: str
    slot: int
    baseline: bool
    members: Members
    failed: int


class ComparisonView(msgspec.Struct, frozen=True):
    """All that a comparison's page shows.

    Attributes:
        name: As staticrun.yaml calls it.
        title: The heading.
        deck: The sentence of facts below it.
        description: What a person wrote of it.
        sides: Who is compared, the baseline first.
        seeds: Whether their runs are named by seeds.
        against: The baseline's label; empty without one.
        params: Params that differ.
        data: What is known of the data that was read.
        packages: Packages that differ.
        machines: Machines that differ.
        tables: The one of the side beside the baseline; with several, those that `plain` unites.
        plain: All sides in one table, where none can be tested; then it stands for `tables`.
        many: One for each metric with the sides as rows, where several are tested or they are
            many; then there are no `tables`.
        results: Whether some side has a result.
        tested: Number of tests on the page.
        failed: Runs that take part in no mean, since they failed.
        metrics_left_out: Metrics that found no room.
        curves: Overlaid curves.
        code: Commits and what changed between them.
        problems: What is wrong with the declaration, in sentences.
        findings: The same for `check` and the build.
    """

    name: str
    title: str
    deck: Sentence
    description: Markup | None
    sides: tuple[SideView, ...]
    seeds: bool
    against: str
    params: FactTable
    data: FactTable
    packages: FactTable
    machines: FactTable
    tables: tuple[MetricTable, ...]
    plain: PlainTable | None
    many: tuple[SidesTable, ...]
    results: bool
    tested: int
    failed: int
    metrics_left_out: int
    curves: CurveSection
    code: CodeView
    problems: tuple[str, ...]
    findings: tuple[Finding, ...]


class Listed(msgspec.Struct, frozen=True):
    """A comparison in a list: its page, its heading, and what it compares."""

    title: str
    url: str
    deck: Sentence
    sides: tuple[str, ...]
    problems: int


class ComparisonsView(msgspec.Struct, frozen=True):
    """The list of declared comparisons."""

    deck: str
    comparisons: tuple[Listed, ...]


def make(name: str, declared: Comparison, context: Context) -> ComparisonView:
    """Make the view of a comparison.

    Args:
        name: As staticrun.yaml calls it.
        declared: What staticrun.yaml says.
        context: The project.
    """
    sides = resolve(name, declared, context.store)
    chosen = _metrics(name, declared, sides, context)
    placed = chosen[:METRICS_MAX]
    comparison_many.colour(sides, placed)
    tables = _tables(sides, placed) if len(sides.others) <= comparison_many.FEW else ()
    plain = comparison_metrics.plain(tables, sides.baseline.label) if sides.baseline else None
    is_many = len(sides.others) > 1 and plain is None
    tables = () if is_many else tables
    many = (
        comparison_many.make(sides.baseline, sides.others, placed)
        if is_many and sides.baseline
        else ()
    )
    every = sides.all
    grouping = group([run for side in every for run in side.runs])
    seeds = members.by_seed([side.runs for side in every], grouping.seed)
    return ComparisonView(
        name=name,
        title=declared.title or name,
        deck=_deck(sides, placed),
        description=markdown.render(declared.description) if declared.description else None,
        sides=tuple(
            SideView(
                side.label,
                side.slot,
                side is sides.baseline,
                members.of(side.runs, grouping.seed, seeds=seeds),
                sum(not results.has_ended(run) for run in side.runs),
            )
            for side in every
        ),
        seeds=seeds,
        against=sides.baseline.label if sides.baseline else "",
        params=comparison_facts.params(every),
        data=comparison_facts.data(every),
        packages=comparison_facts.packages(every),
        machines=comparison_facts.machines(every),
        tables=tables,
        plain=plain,
        many=many,
        results=bool(many) or any(table.judged or table.unjudged for table in tables),
        tested=sum(one.tested for one in tables) + sum(one.tested for one in many),
        failed=sum(
            not results.has_ended(run) for side in every for run in side.runs if len(side.runs) > 1
        ),
        metrics_left_out=len(chosen) - len(placed),
        curves=curve_figures.of_sides(sides, placed, context),
        code=comparison_code.make(sides, context),
        problems=tuple(sides.problems),
        findings=tuple(sides.findings),
    )


def make_list(context: Context) -> ComparisonsView:
    """Make the view of the list of all comparisons."""
    found = tuple(listed(context))
    deck = f"{fmt.plural(len(found), 'comparison')}, declared in {layout.CONFIG}."
    return ComparisonsView(deck if found else "None is declared yet.", found)


def listed(context: Context) -> list[Listed]:
    """List the declared comparisons in their order."""
    found = []
    for name, declared in context.config.comparisons.items():
        sides = resolve(name, declared, context.store)
        # Findings are told by the comparison's own page.
        chosen = _metrics(name, declared, sides, context)[:METRICS_MAX]
        found.append(
            Listed(
                declared.title or name,
                layout.comparison_url(name),
                _deck(sides, chosen),
                tuple(side.label for side in sides.all),
                len(sides.problems),
            )
        )
    return found


def _metrics(name: str, declared: Comparison, sides: Sides, context: Context) -> list[MetricFacts]:
    runs = [run for side in sides.all for run in side.runs]
    present = results.names(runs)
    of = _declared(sides, context)
    ordered = metric_choice.choose(present, of)
    if declared.metrics is None:
        return ordered
    for metric in declared.metrics:
        if metric not in present and runs:
            sides.tell(
                f"{layout.CONFIG}: comparisons.{name}.metrics",
                f"no run of this comparison has the metric {metric!r}",
                "names of metrics that were logged",
            )
    return [metric_choice.facts(metric, of) for metric in declared.metrics if metric in present]


def _declared(sides: Sides, context: Context) -> Mapping[str, Metric]:
    """Take an experiment's own words on metrics where all runs are of one experiment."""
    names = {run.experiment for side in sides.all for run in side.runs}
    experiments = context.store.experiments()
    if len(names) == 1:
        return declared_metrics(experiments[names.pop()], context)
    return context.config.metrics


def _tables(sides: Sides, metrics: Sequence[MetricFacts]) -> tuple[MetricTable, ...]:
    if sides.baseline is None:
        return ()
    return tuple(comparison_metrics.table(sides.baseline, side, metrics) for side in sides.others)


def _deck(sides: Sides, metrics: Sequence[MetricFacts]) -> Sentence:
    """Write the sentence of facts, of the first metric that both sides of a pair have."""
    baseline, others = sides.baseline, sides.others
    if not others or baseline is None:
        found = len(sides.all)
        if not found:
            return sentence("No run to compare.")
        if baseline is None:
            return sentence("There is no baseline, so no difference is given.")
        return sentence(f"Only {baseline.label} has runs, so there is nothing to compare.")
    pairs = []
    for metric in metrics:
        found_pairs = [comparison_metrics.compare(baseline, side, metric) for side in others]
        if any(one.difference.delta is not None for one in found_pairs):
            pairs = found_pairs
            break
    if not pairs:
        return sentence(_no_result(baseline, others))
    if len(others) == 1:
        return _pair(pairs[0], baseline, others[0])
    return _many(pairs, baseline)


def _no_result(baseline: Side, others: Sequence[Side]) -> str:
    """Say why no number can be given: the first of the reasons that holds."""
    every = [run for side in (baseline, *others) for run in side.runs]
    if not results.names(every):
        return "No metric was logged."
    if not any(results.has_ended(run) for run in every):
        return "All runs failed, so no result is compared."
    shared = set(results.names(baseline.runs))
    if not any(shared.intersection(results.names(side.runs)) for side in others):
        return "The sides have no metric in common."
    return (
        "No metric has a result on both sides."
        if len(others) == 1
        else ("No metric has a result of the baseline and of another side.")
    )


def _many(pairs: Sequence[Compared], baseline: Side) -> Sentence:
    """Count the sides that differ from the baseline, which way, and those that may not."""
    name = pairs[0].metric.name
    head = f"{fmt.count(len(pairs))} sides against {baseline.label}."
    tested = [one for one in pairs if one.difference.p is not None]
    if not tested:
        return sentence(f"{head} No difference in {name} can be tested.")
    words = Counter(_way(one) for one in tested if one.difference.holds_zero is False)
    parts: list[Sentence] = [
        sentence(Words(f"{fmt.count(words[way])} {_are(words[way])} {way}", strong=True))
        for way in ("better", "worse", "higher", "lower")
        if words[way]
    ]
    unsure = len(tested) - words.total()
    if unsure:
        interval = f"the 95{fmt.THIN}% interval of the difference holds zero"
        parts.append(sentence(f"for {fmt.count(unsure)} {interval}"))
    if untested := len(pairs) - len(tested):
        parts.append(sentence(f"{fmt.count(untested)} {_are(untested)} not tested"))
    return sentence(f"{head} In {name} ", joined(parts), ".")


def _way(one: Compared) -> str:
    """Say which way a side differs: judged where a direction is declared."""
    delta = one.difference.delta or 0.0
    return comparison_metrics.verdict(one) or ("higher" if delta > 0 else "lower")


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _pair(one: Compared, baseline: Side, side: Side) -> Sentence:
    difference, name = one.difference, one.metric.name
    means = "mean last value" if max(one.baseline.n, one.value.n) > 1 else "last value"
    head = f"The {means} of {name} is "
    if not difference.delta:
        words = sentence(
            head, Words("the same", strong=True), f" for {side.label} as for {baseline.label}"
        )
    else:
        side_word = "higher" if difference.delta > 0 else "lower"
        words = sentence(
            head,
            Words(f"{comparison_metrics.difference_words(one)} {side_word}", strong=True),
            f" for {side.label} than for {baseline.label}",
        )
    n = f"n{fmt.THIN}={fmt.THIN}{fmt.count(one.value.n)} and {fmt.count(one.baseline.n)}"
    if difference.p is None:
        if one.value.n == one.baseline.n == 1:
            return sentence(words, "; one run each, so no test is possible.")
        return sentence(words, f"; {difference.reason}, so no test is possible ({n}).")
    interval = f", 95{fmt.THIN}% interval {comparison_metrics.interval_words(one)}, {n}"
    if difference.holds_zero:
        return sentence(words, interval, ". The interval holds zero.")
    judged = comparison_metrics.verdict(one)
    return sentence(words, interval, f". That is {judged}." if judged else ".")
