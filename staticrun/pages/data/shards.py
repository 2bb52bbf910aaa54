"""The way to all data, and the facts of runs in shards: made when all pages are.

A shard holds the runs of one experiment in natural order of their keys, at most 1,024 of them: a
run that is added at the end changes the last one alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from staticrun import layout
from staticrun.pages import format as fmt
from staticrun.pages.data import run as run_data
from staticrun.pages.data import script
from staticrun.pages.data.columns import column, numeric, words
from staticrun.pages.data.types import (
    FORMAT,
    SHARD_RUNS,
    SHARD_VALUES,
    AtBest,
    ExperimentLink,
    Index,
    Metric,
    MetricStats,
    Page,
    Shard,
    ShardLink,
    Stats,
)
from staticrun.pages.views import experiment, metric_choice, report, results

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from staticrun.pages.context import Context
    from staticrun.pages.state import RunFiles
    from staticrun.store.run import Run

# Last values in the shard, the others in its statistics.
METRIC_COLUMNS = 1 + len(MetricStats.__struct_fields__)


def make(context: Context, files: Mapping[str, RunFiles]) -> Index:
    """Write the shards of all experiments.

    Args:
        context: The project; its objects take the shards.
        files: Run key → its data files; a run that has none has no page either, since another
            run claims its URL, and is left out.

    Returns:
        What `runs.js` says.
    """
    links = []
    for name in context.store.experiments():
        found = context.store.runs(experiment=name, archived=True)
        runs = [run for run in found if run.key in files]
        links.append(_experiment(name, runs, context, files))
    compared = (
        Page("comparison", declared.title or name, layout.comparison_url(name))
        for name, declared in context.config.comparisons.items()
    )
    reports = (
        Page("report", one.title, one.url, one.description) for one in report.listed(context)
    )
    models = (
        Page("model", name, layout.model_url(name), ", ".join(sorted(model.stages)))
        for name, model in (context.registered.state.models if context.registered else {}).items()
    )
    return Index(FORMAT, context.site.name, tuple(links), (*compared, *models, *reports))


def _experiment(
    name: str, runs: Sequence[Run], context: Context, files: Mapping[str, RunFiles]
) -> ExperimentLink:
    of = context.store.experiment(name)
    shown = [run for run in runs if not run.archived]
    ordered = metric_choice.choose(results.names(shown), experiment.declared_metrics(of, context))
    curves = {name for run in runs for name in run.metrics}
    drawn = [one.name for one in ordered if one.name in curves][: run_data.SPARK_METRICS]
    shards = tuple(_shard(part, drawn, context, files) for part in _cut(runs))
    return ExperimentLink(
        name=name,
        url=layout.experiment_url(name),
        title=of.title or "",
        shards=shards,
        metrics={
            one.name: Metric(
                one.direction or "",
                one.guessed,
                fmt.unit(one.declared),
                (one.declared.format if one.declared else None) or "",
                one.primary,
            )
            for one in ordered
            if one.declared or one.direction
        },
        baseline=tuple(sorted(experiment.baseline_keys(name, of, shown, context))),
        seeds=experiment.seeds(shown),
    )


def _cut(runs: Iterable[Run]) -> Iterator[list[Run]]:
    """Cut runs for shards; where one ends depends on the runs before it alone."""
    part: list[Run] = []
    metrics: set[str] = set()
    facts: set[tuple[str, str]] = set()
    for run in runs:
        own = {("params", name) for name in run.params}
        own |= {("tags", name) for name in run.tags} | {("summary", name) for name in run.summary}
        columns = len(facts | own) + METRIC_COLUMNS * len(metrics | run.metrics.keys())
        if len(part) == SHARD_RUNS or (part and (len(part) + 1) * columns > SHARD_VALUES):
            yield part
            part, metrics, facts = [], set(), set()
        part.append(run)
        metrics |= run.metrics.keys()
        facts |= own
    if part:
        yield part


def _shard(
    runs: Sequence[Run], drawn: Sequence[str], context: Context, files: Mapping[str, RunFiles]
) -> ShardLink:
    def each(get: Callable[[Run], Any]) -> list[Any]:
        return [get(run) for run in runs]

    metrics = _names(run.metrics for run in runs)
    facts = Shard(
        n=len(runs),
        keys=each(lambda run: run.key),
        urls=each(lambda run: layout.run_url(run.key)),
        data=each(lambda run: files[run.key].data),
        ids=each(lambda run: run.id),
        name=words(each(lambda run: run.name)),
        status=words(each(lambda run: run.status)),
        started=numeric(each(lambda run: run.started)),
        ended=numeric(each(lambda run: run.ended)),
        last_record=numeric(each(lambda run: run.last_record)),
        duration=numeric(each(lambda run: run.duration)),
        user=words(each(lambda run: run.user)),
        group=words(each(lambda run: run.group)),
        parent=words(each(lambda run: run.parent)),
        commit=words(each(lambda run: run.git.commit if run.git else None)),
        dirty=words(each(lambda run: run.git.dirty if run.git else None)),
        archived=words(each(lambda run: run.archived)),
        params=_columns([run.params for run in runs]),
        tags=_columns([run.tags for run in runs]),
        summary=_columns([run.summary for run in runs]),
        metrics={name: numeric(run.value(name) for run in runs) for name in metrics},
        sparks={name: [_spark(run, name, files[run.key]) for run in runs] for name in drawn},
        datasets=words(each(lambda run: [one.name for one in run.datasets] or None)),
    )
    stats = Stats(
        {
            name: MetricStats(
                *(
                    numeric(
                        getattr(run.metrics[name], field) if name in run.metrics else None
                        for run in runs
                    )
                    for field in MetricStats.__struct_fields__
                )
            )
            for name in metrics
        },
        _at_best(runs, metrics, context, files),
    )
    return ShardLink(
        len(runs), script.put(context.objects, facts), script.put(context.objects, stats)
    )


def _at_best(
    runs: Sequence[Run],
    metrics: Sequence[str],
    context: Context,
    files: Mapping[str, RunFiles],
) -> dict[str, str]:
    """Write the values at the best step of each metric that has a direction; give the URLs."""
    found: dict[str, dict[str, list[float | None]]] = {}
    for place, run in enumerate(runs):
        for best, values in files[run.key].best.items():
            columns = found.setdefault(best, {name: [None] * len(runs) for name in metrics})
            for name, value in zip(run.metrics, values, strict=True):
                columns[name][place] = value
    return {
        best: script.put(
            context.objects, AtBest({name: numeric(values) for name, values in columns.items()})
        )
        for best, columns in sorted(found.items())
    }


def _spark(run: Run, name: str, files: RunFiles) -> str:
    if name not in run.metrics:
        return ""
    known = files.sparks.get(name)
    # By its own metrics alone the run's page may have drawn others than the experiment's first.
    return run_data.spark(run, name) if known is None else known


def _columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {name: column([row.get(name) for row in rows]) for name in _names(rows)}


def _names(rows: Iterable[Iterable[str]]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def spell(index: Index) -> bytes:
    """Spell `runs.js`."""
    return script.spell("runs.js", index)
