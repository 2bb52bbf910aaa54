"""The one sentence below an experiment's name: how many runs, how they ended, what came out.

Every claim is one that the table below it shows. Words chosen with care: a run's *last value* is
no claim about the values before it; *best* needs a declared direction, *highest* and *lowest* are
so whatever the metric means; what several share is not given to one of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun.analysis.ranking import best
from staticrun.pages import format as fmt
from staticrun.pages.views import results
from staticrun.pages.views.grouping import cut
from staticrun.pages.views.naming import run_name
from staticrun.pages.views.sentence import (
    Sentence,
    Words,
    capital,
    joined,
    listing,
    run_words,
    sentence,
    small,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from staticrun.pages.views.grouping import Group, Grouping
    from staticrun.pages.views.metric_choice import MetricFacts
    from staticrun.pages.views.results import Result
    from staticrun.store.run import Run

_NAMED = 3
_LABEL = 80


def make(
    runs: Sequence[Run],
    archived: int,
    grouping: Grouping,
    ordered: Sequence[tuple[Group, Result | None]],
    ranking: MetricFacts | None,
) -> Sentence:
    """Write the deck of an experiment.

    Args:
        runs: Its runs that are not archived.
        archived: How many others there are.
        grouping: The runs, grouped.
        ordered: The groups, best first.
        ranking: The metric that orders; None where no metric has a direction.
    """
    if not runs:
        if archived:
            return sentence(
                f"{capital(fmt.plural(archived, 'run'))}, archived."
                if archived == 1
                else f"All {fmt.count(archived)} runs are archived."
            )
        return sentence("No runs yet.")
    parts: list[str | Sentence] = [_counts(runs, grouping)]
    if ranking is not None:
        parts += [" ", outcome(runs, grouping, ordered, ranking)]
    elif not results.names(runs):
        parts.append(" No metric was logged.")
    return sentence(*parts)


def outcome(
    runs: Sequence[Run],
    grouping: Grouping,
    ordered: Sequence[tuple[Group, Result | None]],
    ranking: MetricFacts,
    *,
    short: bool = False,
) -> Sentence:
    """Say what came out: who is best, or what a single run or group came to.

    Args:
        runs: At least one.
        grouping: The runs, grouped.
        ordered: The groups, best first.
        ranking: The metric that orders.
        short: Whether to leave out what a mean rests on.
    """
    if len(runs) == 1:
        return _single(runs[0], ranking)
    if grouping.repeats:
        return best_group(ordered, ranking, short=short)
    return best_run(runs, ranking)


def status_clause(runs: Sequence[Run]) -> str:
    """Say how runs ended: `all finished`, `2 failed and 1 is open`.

    With one run: `finished`, `failed`, `stopped`, `open`.
    """
    counts = results.status_counts(runs)
    if len(runs) == 1:
        return runs[0].status
    for status, number in counts.items():
        if number == len(runs):
            words = {"stopped": "all stopped", "open": "all open"}
            return words.get(status, f"all {status}")
    parts = []
    if counts["failed"]:
        parts.append(f"{fmt.count(counts['failed'])} failed")
    if counts["stopped"]:
        be = "was" if counts["stopped"] == 1 else "were"
        parts.append(f"{fmt.count(counts['stopped'])} {be} stopped")
    if counts["open"]:
        be = "is" if counts["open"] == 1 else "are"
        parts.append(f"{fmt.count(counts['open'])} {be} open")
    return listing(parts)


def _counts(runs: Sequence[Run], grouping: Grouping) -> str:
    status = status_clause(runs)
    if len(runs) == 1:
        return f"One run, {status}."
    join = ", " if status.startswith("all") else "; "
    trials = grouping.runs
    groups = _groups(grouping)
    of_them = ""
    if groups and len(trials) < len(runs):
        of_them = f", {fmt.count(len(trials))} of them"
        groups = groups.replace(" that differ", " differing")
    return f"{fmt.plural(len(runs), 'run')}{of_them}{groups}{join}{status}."


def _groups(grouping: Grouping) -> str:
    if not grouping.repeats:
        return ""
    sizes = {len(group.runs) for group in grouping.groups}
    seeds = all(
        len({grouping.seed(run) for run in group.runs} - {""}) == len(group.runs)
        for group in grouping.groups
    )
    if len(grouping.groups) == 1:
        return " that differ only in their seed" if seeds else " with the same params"
    groups = fmt.plural(len(grouping.groups), "group")
    if len(sizes) == 1:
        word = "seeds" if seeds else "runs"
        return f" in {groups} of {small(sizes.pop())} {word}"
    return f" in {groups} of {min(sizes)} to {max(sizes)} runs"


def _single(run: Run, ranking: MetricFacts) -> Sentence:
    number = results.value(run, ranking.name)
    if number is None:
        return sentence(f"It has no {ranking.name}.")
    text = fmt.metric_value(number, ranking.declared)
    return sentence(f"The last value of {ranking.name} is ", Words(text, strong=True), ".")


def best_run(runs: Sequence[Run], ranking: MetricFacts) -> Sentence:
    """Say which run has the best last value."""
    values = [results.value(run, ranking.name) if results.has_ended(run) else None for run in runs]
    top = best(values, ranking.direction)
    if not top:
        return sentence(_none(runs, ranking))
    value = Words(fmt.metric_value(values[top[0]], ranking.declared), strong=True)
    head = f"{ranking.superlative} last value of {ranking.name}, "
    if len(top) > _NAMED:
        return sentence(f"{capital(small(len(top)))} runs share the {head}", value, ".")
    holders = [(run_words(runs[place].key, run_name(runs[place])),) for place in top]
    if len(top) == 1:
        state = _state(runs[top[0]])
        return sentence(f"The {head}", value, ", is that of ", holders[0], f"{state}.")
    return sentence(
        f"{capital(small(len(top)))} runs share the {head}", value, ": ", joined(holders), "."
    )


def best_group(
    ordered: Sequence[tuple[Group, Result | None]], ranking: MetricFacts, *, short: bool = False
) -> Sentence:
    """Say which group has the best mean and over how many runs; unless short, how sure that is."""
    means = [found.mean if found else None for _, found in ordered]
    top = best(means, ranking.direction)
    if not top:
        return sentence(_none([run for group, _ in ordered for run in group.runs], ranking))
    result = ordered[top[0]][1]
    if result is None:
        return ()
    value = Words(fmt.metric_value(result.mean, ranking.declared), strong=True)
    of = "open runs" if result.half_done else "n"
    n = f"{of}{fmt.THIN}={fmt.THIN}{fmt.count(result.n)}"
    rests = f" ({n if short else trust(result, ranking)})"
    if len(ordered) == 1:
        return sentence(f"The mean last value of {ranking.name} is ", value, f"{rests}.")
    head = f"{ranking.superlative} mean last value of {ranking.name}, "
    labels = [cut(ordered[place][0].label, _LABEL) for place in top]
    if len(top) == 1:
        return sentence(f"The {head}", value, f"{rests}, is that of {labels[0]}.")
    share = sentence(f"{capital(small(len(top)))} groups share the {head}", value)
    if len(top) > _NAMED:
        return sentence(share, ".")
    return sentence(share, f": {'; '.join(labels)}.")


def trust(result: Result, metric: MetricFacts) -> str:
    """Say what a mean rests on: `95 % interval 0.91 to 0.95, n = 3`."""
    interval = result.interval
    if interval is None or result.n == 1:
        words = "one open run, so no interval" if result.half_done else "one run, so no interval"
    elif interval.low is None or interval.high is None:
        words = f"{interval.reason}, so no interval, n{fmt.THIN}={fmt.THIN}{fmt.count(result.n)}"
    else:
        low, high, _ = fmt.column([interval.low, interval.high, interval.mean], metric.declared)
        of = "open runs" if result.half_done else "n"
        n = f"{of}{fmt.THIN}={fmt.THIN}{fmt.count(result.n)}"
        words = f"95{fmt.THIN}% interval {low} to {high}, {n}"
    left_out = [
        f"{fmt.count(number)} {word}"
        for number, word in ((result.failed, "failed"), (result.open, "open"))
        if number
    ]
    return f"{words}, without {listing(left_out)}" if left_out else words


def _none(runs: Sequence[Run], ranking: MetricFacts) -> str:
    if not any(results.has_ended(run) for run in runs):
        return "So no result is compared."
    if all(results.has_ended(run) for run in runs):
        return f"No run has a finite {ranking.name}."
    return f"No run that did not fail has a finite {ranking.name}."


def _state(run: Run) -> str:
    words = {"open": ", which is open", "stopped": ", which was stopped"}
    return words.get(run.status, "")
