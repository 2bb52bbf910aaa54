"""What the browser reads of one run beside its row among the others."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import numpy as np

from staticrun import layout
from staticrun.pages import format as fmt
from staticrun.pages.data import script, series
from staticrun.pages.data.types import Artifact, RunData
from staticrun.pages.state import RunFiles
from staticrun.pages.views import metric_choice, run_artifacts
from staticrun.store.params import spelled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from staticrun.config import Metric
    from staticrun.pages.objects import Objects
    from staticrun.store.run import Run

SPARK_METRICS = 2
SPARK_POINTS = 24
_HEIGHTS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_TEXT_MAX = 2000


def put(
    run: Run, objects: Objects, urls: Mapping[str, str], declared: Mapping[str, Metric]
) -> RunFiles:
    """Write the data files of a run.

    Args:
        run: The run.
        objects: Where they go.
        urls: Recorded path of an artifact → its object; those that are not in the site are
            absent or empty.
        declared: What the project and the experiment say of metrics.
    """
    of_series = series.put(run, objects)
    data = script.put(objects, _data(run, urls, of_series))
    ordered = metric_choice.choose(dict.fromkeys(run.metrics, 1), declared)
    sparks = {metric.name: spark(run, metric.name) for metric in ordered[:SPARK_METRICS]}
    return RunFiles(data, of_series, sparks, _at_best(run, declared))


def _data(run: Run, urls: Mapping[str, str], of_series: str) -> RunData:
    start, end, git = run.start, run.end, run.git
    error = end.error if end is not None else None
    command = start.command if start is not None else None
    diff = git.diff if git is not None else None
    listed = {id(entry) for entry in run_artifacts.listed(run)}
    return RunData(
        key=run.key,
        id=run.id,
        name=run.name,
        url=layout.run_url(run.key),
        status=run.status,
        started=run.started,
        params=spelled(run.params_tree),
        tags=spelled(run.tags),
        summary=spelled(run.summary),
        series=of_series,
        artifacts=tuple(
            Artifact(
                path=entry.path or entry.uri or "",
                kind=entry.kind or "",
                url=urls.get(entry.path or "", ""),
                key=entry.key or "",
                step=spelled(entry.step),
                caption=fmt.short(entry.caption or "", _TEXT_MAX),
                bytes=entry.bytes,
                digest=entry.sha256 or entry.tree or "",
            )
            for entry in run.artifacts
            if id(entry) in listed
        ),
        packages=dict((start.packages if start else None) or {}),
        commit=(git.commit if git else None) or "",
        branch=(git.branch if git else None) or "",
        dirty=git.dirty if git else None,
        diff=urls.get(diff or "", ""),
        command=fmt.short(shlex.join(command or ()), _TEXT_MAX),
        python=fmt.scalar((start.python if start else None) or ""),
        platform=fmt.scalar((start.platform if start else None) or ""),
        hardware=spelled(start.hardware) if start else None,
        datasets=tuple(
            (one.name, one.role or "", one.digest or "", one.rows) for one in run.datasets
        ),
        error=fmt.short(f"{error.type}: {error.message or ''}", _TEXT_MAX) if error else "",
    )


def _at_best(run: Run, declared: Mapping[str, Metric]) -> dict[str, list[float | None]]:
    """Look up every metric at the best step of each that has a direction."""
    steps = {
        name: getattr(run.metrics[name], f"{metric.direction}_step")
        for name, metric in declared.items()
        if metric.direction and name in run.metrics
    }
    if not steps:
        return {}
    every = [run.series(name) for name in run.metrics]
    return {
        best: [None if step is None else series.value_at(step) for series in every]
        for best, step in steps.items()
    }


def spark(run: Run, name: str) -> str:
    """Draw a metric in at most 24 characters; empty where it has fewer than two finite points."""
    step, value = run.series(name).at_steps()
    finite = np.isfinite(value)
    if np.count_nonzero(finite) < 2:
        return ""
    low, high = float(value[finite].min()), float(value[finite].max())
    if len(step) > SPARK_POINTS:
        # The last value before each of so many places at equal distance.
        places = np.linspace(step[0], step[-1], SPARK_POINTS)
        value = value[np.searchsorted(step, places, side="right") - 1]
    span = high / 2 - low / 2
    share = (value / 2 - low / 2) / span if span > 0 else np.full(len(value), 0.5)
    top = len(_HEIGHTS) - 1
    return "".join(
        _HEIGHTS[round(float(part) * top)] if np.isfinite(part) else "." for part in share
    )
