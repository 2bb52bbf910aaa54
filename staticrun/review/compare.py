"""Compare the runs of two states of a project: what is new, and whether it is worse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from staticrun import layout
from staticrun.analysis.changes import changes
from staticrun.analysis.groups import group_runs
from staticrun.analysis.statistics import welch
from staticrun.analysis.trials import trials
from staticrun.pages.views import metric_choice, results
from staticrun.pages.views.grouping import without_missing
from staticrun.review.shapes import (
    AddedRun,
    ChangedRun,
    Compared,
    Experiment,
    Review,
    Side,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from staticrun.config import Config, Metric
    from staticrun.pages.views.results import Result
    from staticrun.store.run import Run
    from staticrun.store.store import Store

FORMAT = 1
METRICS_MAX = 6
NEW_PARAMS, ALL_RUNS = "new params", "all runs"
# What a difference may be beyond the tolerance because numbers are float64: 0.9 - 0.88 > 0.02.
_ROUNDING = 1e-9

_Declared = dict[str, "Metric"]


class State:
    """A state of a project.

    Args:
        config: Its configuration.
        store: Its runs.
    """

    def __init__(self, config: Config, store: Store) -> None:
        self.config = config
        self.experiments = store.experiments()
        self.runs: dict[str, Run] = {run.key: run for run in store.runs(archived=True)}

    def members(self, experiment: str) -> list[Run]:
        """Give the runs of an experiment that are not archived."""
        return [
            run for run in self.runs.values() if run.experiment == experiment and not run.archived
        ]

    def declared(self, experiment: str) -> _Declared:
        """Give what is said of metrics there.

        A tolerance of the project holds in an experiment that says none of its own.
        """
        known, general = self.experiments.get(experiment), self.config.metrics
        found = metric_choice.declared(known.metrics if known else {}, general)
        for name, metric in found.items():
            above = general.get(name)
            if above and above.tolerance and not metric.tolerance:
                direction = metric.direction or above.direction
                found[name] = msgspec.structs.replace(
                    metric, tolerance=above.tolerance, direction=direction
                )
        return found


def review(base: State, branch: State, ref: str, commit: str) -> Review:
    """Say what a branch changes.

    Args:
        base: The state that it is compared with.
        branch: The state of the work tree.
        ref: The base, as it was asked for.
        commit: Its full hash.
    """
    found = changes(base.runs.values(), branch.runs.values())
    known = {one.key: one for one in found.changed}
    moved = dict(found.moved)
    same = [(key, key) for key in base.runs if key in branch.runs] + list(found.moved)
    changed = tuple(
        ChangedRun(key, known[key].status, known[key].metrics, known[key].params)
        if key in known
        else ChangedRun(key, (base.runs[old].status, branch.runs[key].status))
        for old, key in same
        if base.runs[old].digest != branch.runs[key].digest
    )
    old_of = {new: old for old, new in moved.items()}
    pairs = [(base.runs[old_of.get(one.key, one.key)], branch.runs[one.key]) for one in changed]
    added = [branch.runs[key] for key in found.added]
    touched = dict.fromkeys(
        [run.experiment for run in added]
        + [run.experiment for _, run in pairs]
        + [layout.split_key(key)[0] for key in (*found.removed, *moved)]
        + [layout.split_key(key)[0] for key in moved.values()]
    )
    experiments = tuple(
        _experiment(
            name,
            base,
            branch,
            [run for run in added if run.experiment == name and not run.archived],
            [pair for pair in pairs if pair[1].experiment == name],
        )
        for name in sorted(touched)
    )
    return Review(
        format=FORMAT,
        base=ref,
        commit=commit,
        added=tuple(_added(run, branch) for run in added),
        removed=found.removed,
        moved=found.moved,
        changed=changed,
        experiments=experiments,
        regressions=sum(
            one.verdict == "regression" for each in experiments for one in each.compared
        ),
        tolerances=any(one.allowed is not None for each in experiments for one in each.compared),
    )


def _added(run: Run, branch: State) -> AddedRun:
    ordered = metric_choice.choose(results.names([run]), branch.declared(run.experiment))
    values = {
        metric.name: value
        for metric in ordered[:METRICS_MAX]
        if (value := results.value(run, metric.name)) is not None
    }
    return AddedRun(run.key, run.name, run.status, values)


def _experiment(
    name: str,
    base: State,
    branch: State,
    added: Sequence[Run],
    changed: Sequence[tuple[Run, Run]],
) -> Experiment:
    before, after = base.members(name), branch.members(name)
    judge = _Judge(base.declared(name), branch.declared(name))
    compared = [
        judge.compare(metric, *sides)
        for metric in judge.metrics(added)
        for sides in _sides(before, added)
    ]
    for old, new in changed:
        tolerated = [metric for metric in judge.metrics([new]) if judge.tolerance(metric)]
        compared += [judge.compare(metric, new.key, [old], [new]) for metric in tolerated]
    status: Literal["new", "changed", "gone"]
    status = "new" if after and not before else "gone" if before and not after else "changed"
    failed = sum(not results.has_ended(run) for run in added)
    known = tuple(one for one in compared if one is not None)
    return Experiment(name, status, len(added), failed, known)


def _sides(before: Sequence[Run], added: Sequence[Run]) -> list[tuple[str, list[Run], list[Run]]]:
    """Choose what is compared: runs with the same params but seeds; the rest with all others."""
    if not (before and added):
        return []
    before, added = trials(before), trials(added)
    runs = [*before, *added]
    grouping = group_runs([run.params for run in runs])
    labels = without_missing([(one.label, one.values) for one in grouping.groups])
    found, rest = [], []
    for label, group in zip(labels, grouping.groups, strict=True):
        old = [runs[at] for at in group.members if at < len(before)]
        new = [runs[at] for at in group.members if at >= len(before)]
        if old and new:
            found.append((label if len(grouping.groups) > 1 else ALL_RUNS, old, new))
        else:
            rest += new
    if rest:
        found.append((NEW_PARAMS, list(before), rest))
    return found


class _Judge:
    """Says what of an experiment's metrics is better, and how much worse may pass.

    The base's word on direction and tolerance holds where it declares a tolerance: a branch does
    not loosen its own check.
    """

    def __init__(self, base: _Declared, branch: _Declared) -> None:
        self._base, self._branch = base, branch

    def metrics(self, runs: Sequence[Run]) -> list[str]:
        """Choose the metrics to compare: the most telling, and all with a tolerance."""
        present = results.names(runs)
        ordered = metric_choice.choose(present, self._branch)
        few = metric_choice.shown(ordered, present, METRICS_MAX)
        more = [one for one in ordered if one not in few and self.tolerance(one.name)]
        return [one.name for one in (*few, *more)]

    def _metric(self, name: str) -> Metric | None:
        first = self._base.get(name)
        return first if first and first.tolerance else self._branch.get(name) or first

    def tolerance(self, name: str) -> str:
        """Give a metric's tolerance as it is declared; empty without one."""
        metric = self._metric(name)
        return (metric.tolerance or "") if metric else ""

    def compare(
        self, name: str, label: str, before: Sequence[Run], after: Sequence[Run]
    ) -> Compared | None:
        """Compare a metric of some runs; None where neither side has it."""
        old, new = results.result(before, name), results.result(after, name)
        if not old.n or not (new.n or new.nonfinite):
            return None
        metric = self._metric(name)
        direction = (metric.direction or "") if metric else ""
        tolerance = self.tolerance(name)
        allowed = _allowed(tolerance, old.mean)
        difference = welch(new.values, old.values)
        verdict: Verdict = ""
        if allowed is not None and direction:
            verdict = "regression" if _is_worse(old, new, direction, allowed) else "within"
        elif direction and difference.delta and difference.holds_zero is False:
            verdict = "better" if (difference.delta > 0) == (direction == "max") else "worse"
        return Compared(
            name,
            label,
            _side(old),
            _side(new),
            difference.delta,
            difference.low,
            difference.high,
            difference.p,
            difference.reason,
            direction,
            tolerance,
            allowed,
            verdict,
        )


def _side(result: Result) -> Side:
    return Side(result.n, result.mean, result.nonfinite, result.failed)


def _allowed(tolerance: str, mean: float | None) -> float | None:
    """Give by how much a mean may be worse than another; None without a tolerance."""
    if not tolerance or mean is None:
        return None
    if tolerance.endswith("%"):
        return abs(mean) * float(tolerance[:-1]) / 100
    return float(tolerance)


def _is_worse(old: Result, new: Result, direction: str, allowed: float) -> bool:
    """Say whether a mean is worse by more than is allowed; one that is no number is."""
    if new.mean is None or old.mean is None:
        return new.mean is None
    worse = old.mean - new.mean if direction == "max" else new.mean - old.mean
    return worse - allowed > _ROUNDING * max(abs(old.mean), abs(new.mean))
