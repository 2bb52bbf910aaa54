"""What a review says: the shape of `staticrun report --format json`."""

from __future__ import annotations

from typing import Literal

import msgspec

from staticrun.analysis.changes import MetricChange, ParamChange
from staticrun.review.promotions import Promotions

Verdict = Literal["regression", "within", "better", "worse", ""]


class Side(msgspec.Struct, frozen=True):
    """One side of a comparison of a metric.

    Attributes:
        n: How many finite results there are.
        mean: Their mean; None without one.
        nonfinite: How many results are NaN or infinite.
        failed: How many runs failed, hence are in no mean.
    """

    n: int
    mean: float | None
    nonfinite: int = 0
    failed: int = 0


class Compared(msgspec.Struct, frozen=True):
    """A metric of runs that the branch adds or changes, against runs of the base.

    Attributes:
        metric: Its name.
        runs: Which runs: params that they share, `new params`, `all runs`, or a run's key.
        base: The runs of the base.
        branch: Those of the branch.
        delta: Mean of the branch less mean of the base; None where one has none.
        low: Lower end of the 95 % interval of the difference; None where there is none.
        high: Its upper end.
        p: Of Welch's test; None where there is none.
        reason: Why there is none; empty where there is one.
        direction: What is better; empty where nobody declares it.
        tolerance: As it is declared; empty where it is not.
        allowed: By how much the mean may be worse, in the metric's unit; None without tolerance.
        verdict: `regression` or `within` where there is a tolerance; else `better` or `worse`
            where a direction is declared and the interval does not hold zero.
    """

    metric: str
    runs: str
    base: Side
    branch: Side
    delta: float | None
    low: float | None
    high: float | None
    p: float | None
    reason: str
    direction: str
    tolerance: str
    allowed: float | None
    verdict: Verdict


class Experiment(msgspec.Struct, frozen=True):
    """What a branch changes in an experiment.

    Attributes:
        name: Its name.
        status: `new`, `changed`, or `gone` when it has no run any more.
        added: How many runs are added.
        failed: How many of them failed.
        compared: Metrics of added and changed runs; empty where the base has none to compare.
    """

    name: str
    status: Literal["new", "changed", "gone"]
    added: int
    failed: int
    compared: tuple[Compared, ...]


class AddedRun(msgspec.Struct, frozen=True):
    """A run that the branch adds.

    Attributes:
        key: Its key.
        name: What it is called.
        status: `finished`, `failed`, `stopped` or `open`.
        metrics: The most telling metrics of its experiment → its results.
    """

    key: str
    name: str
    status: str
    metrics: dict[str, float]


class ChangedRun(msgspec.Struct, frozen=True):
    """A run of both sides whose records differ.

    Attributes:
        key: Its key.
        status: What it was and is.
        metrics: Metrics whose last value differs.
        params: Params that differ.
    """

    key: str
    status: tuple[str, str]
    metrics: tuple[MetricChange, ...] = ()
    params: tuple[ParamChange, ...] = ()


class Review(msgspec.Struct, frozen=True):
    """What a branch changes against a base.

    Attributes:
        format: 1.
        base: The ref, as it was asked for.
        commit: Its full hash.
        added: Runs that the branch adds, in natural order.
        removed: Keys of runs that it takes away.
        moved: Old and new key of runs whose folder was moved.
        changed: Runs whose records differ.
        experiments: Those with a run that is added, changed or removed.
        regressions: How many comparisons are a regression.
        tolerances: Whether some comparison is of a metric that declares a tolerance.
        promotions: What it changes in the registry; None for nothing.
    """

    format: int
    base: str
    commit: str
    added: tuple[AddedRun, ...]
    removed: tuple[str, ...]
    moved: tuple[tuple[str, str], ...]
    changed: tuple[ChangedRun, ...]
    experiments: tuple[Experiment, ...]
    regressions: int
    tolerances: bool
    promotions: Promotions | None = None
