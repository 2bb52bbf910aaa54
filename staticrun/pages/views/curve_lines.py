"""The lines that a figure of curves has of one thing: a run, a group, a side of a comparison.

A group is its mean with a band from its lowest to its highest run, drawn as far as all its runs
go; runs that share no steps are drawn one by one. Failed runs, and open ones beside runs that
ended, take no part in a mean: their own thin line ends in a cross or a circle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import msgspec

from staticrun.analysis.curves import mean_curve, thin_places
from staticrun.pages.views import results

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from staticrun.plots import Line
    from staticrun.store.run import Run

    Floats = NDArray[np.float64]

_POINTS = 240
_CONTEXT_POINTS = 60


@dataclass(frozen=True, slots=True)
class Subject:
    """What is drawn as one thing.

    Attributes:
        label: Stands at the line's end.
        runs: One run, or those of a group.
        slot: Colour 1 to 10; 0 for the baseline and for context.
        role: What it is.
    """

    label: str
    runs: tuple[Run, ...]
    slot: int
    role: Literal["chosen", "baseline", "context"]


def lines(one: Subject, metric: str) -> tuple[list[Line], int]:
    """Draw a subject.

    Returns:
        Its lines, the one that bears the name last; and over how many runs that one is, 0 where
        runs are drawn one by one.
    """
    having = [run for run in one.runs if metric in run.metrics and run.metrics[metric].n > 1]
    if not having:
        return [], 0
    if len(one.runs) == 1:
        return [_line(one, having[0], metric, one.label, member=False)], 1
    counted = results.counted(having)
    apart = [
        _line(one, run, metric, "", member=True)
        for run in having
        if run not in counted and one.role != "context"
    ]
    if not counted:
        # All failed: each is drawn for itself, and the last bears the name.
        if apart:
            apart[-1] = msgspec.structs.replace(apart[-1], label=one.label)
        return apart, 0
    mean = _mean(one, counted, metric)
    if mean is not None:
        return [*apart, mean], len(counted)
    alone = [_line(one, run, metric, "", member=True) for run in counted[:-1]]
    last = _line(one, counted[-1], metric, one.label, member=one.role == "context")
    return [*apart, *alone, last], 0


def _mean(one: Subject, runs: Sequence[Run], metric: str) -> Line | None:
    """Draw the mean of runs, with a band where there are several; None without shared steps."""
    found = mean_curve([run.series(metric).at_steps() for run in runs], least=len(runs))
    if len(found.step) < 2:
        return None
    is_context = one.role == "context"
    places = thin_places(found.mean, _CONTEXT_POINTS if is_context else _POINTS)
    band = len(runs) > 1 and not is_context
    return _make_line(
        one,
        one.label,
        found.step[places],
        found.mean[places],
        found.low[places] if band else None,
        found.high[places] if band else None,
        "mean",
        "open" if all(run.status == "open" for run in runs) else "finished",
    )


def _line(one: Subject, run: Run, metric: str, label: str, *, member: bool) -> Line:
    step, value = run.series(metric).at_steps()
    places = thin_places(value, _CONTEXT_POINTS if one.role == "context" else _POINTS)
    kind: Literal["member", "mean"] = "member" if member else "mean"
    return _make_line(one, label, step[places], value[places], None, None, kind, run.status)


def _make_line(
    one: Subject,
    label: str,
    step: Floats,
    value: Floats,
    low: Floats | None,
    high: Floats | None,
    kind: Literal["member", "mean"],
    ended: str,
) -> Line:
    from staticrun.plots import Line

    drawn: Literal["member", "mean", "baseline", "context"] = kind
    if one.role == "context" or (one.role == "baseline" and kind == "mean"):
        drawn = one.role
    return Line(
        label if one.role != "context" else "",
        tuple(step.tolist()),
        tuple(value.tolist()),
        None if low is None else tuple(low.tolist()),
        None if high is None else tuple(high.tolist()),
        one.slot or None,
        drawn,
        ended,
    )


def scaled(line: Line, factor: float) -> Line:
    """Multiply the values of a line: shares into per cent."""

    def times(values: tuple[float, ...] | None) -> tuple[float, ...] | None:
        return None if values is None else tuple(factor * value for value in values)

    return msgspec.structs.replace(
        line, value=times(line.value), low=times(line.low), high=times(line.high)
    )
