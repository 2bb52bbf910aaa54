"""The page of a run: everything that its record holds, and nothing that it does not.

A leaf page: it says nothing of other runs but how they hang together with this one, and nothing
that would change when a run is added elsewhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from staticrun import layout
from staticrun.pages import format as fmt
from staticrun.pages.data import run as data_files
from staticrun.pages.state import RunFiles
from staticrun.pages.views import (
    run_artifacts,
    run_children,
    run_curves,
    run_facts,
    run_files,
    run_histograms,
    run_lineage,
    run_margin,
    run_record,
    run_values,
    run_verdicts,
)
from staticrun.pages.views.experiment import declared_metrics

if TYPE_CHECKING:
    from staticrun.pages.context import Context, Relations
    from staticrun.record.types import Json
    from staticrun.store.run import Run

TEMPLATE = "run.html"

NAME_MAX = 240
# A longer name is set like prose.
NAME_SHORT = 60


class RunView(msgspec.Struct, frozen=True):
    """What the page of a run shows.

    Attributes:
        key: `EXPERIMENT/RUN`, shortened where it is very long.
        name: As it was given.
        is_long: Whether the name is too long for a title.
        experiment: The experiment's name.
        experiment_url: Its page.
        deck: How the run ended, and how much it logged.
        findings: How much is wrong with its record, in words; empty for nothing.
        failure: Why it failed.
        facts: Where it comes from.
        beside: Whether the facts stand in the margin; else they have a row.
        surroundings: Machine, folder, digests and names.
        children: The runs that name this one as their parent.
        lineage: What it came from and what came of it.
        ledger: The numbers that say most.
        curves: Small drawings of its metrics.
        verdicts: What it found of runs that it repeated.
        notes: What people said of it.
        metrics: All metrics in a table.
        histograms: Drawings of its distributions.
        params: What it was configured with.
        params_url: The same as JSON.
        summary: Results of the whole run.
        raw: Fields of another tool's log that are no numbers.
        machine: Use of the machine.
        artifacts: Files and folders.
        opened: Files whose contents the page shows.
        log: Lines of text, and alerts.
        record: The record itself.
        files: Where the browser finds its data.
    """

    key: str
    name: str
    is_long: bool
    experiment: str
    experiment_url: str
    deck: str
    findings: str
    failure: run_record.Failure | None
    facts: tuple[run_facts.Fact, ...]
    beside: bool
    surroundings: tuple[run_facts.Fact, ...]
    children: run_children.Children | None
    lineage: run_lineage.LineageView | None
    ledger: tuple[run_values.Cell, ...]
    curves: run_curves.Curves | None
    verdicts: run_verdicts.Verdicts | None
    notes: tuple[run_record.Note, ...]
    metrics: run_values.MetricTable | None
    histograms: run_histograms.Histograms | None
    params: run_values.Tree | None
    params_url: str
    summary: run_values.Tree | None
    raw: run_values.Tree | None
    machine: run_curves.Curves | None
    artifacts: run_artifacts.Artifacts | None
    opened: tuple[run_files.File, ...]
    log: run_record.Log | None
    record: run_record.Record
    files: RunFiles


def make(run: Run, context: Context, relations: Relations) -> RunView:
    """Make the view of a run.

    Args:
        run: The run.
        context: Its surroundings; only the configuration, what experiment.yaml says of metrics,
            the objects and the digests of files are used.
        relations: The runs around it.
    """
    declared = declared_metrics(context.store.experiment(run.experiment), context)
    names = run_curves.ordered(run.metrics, declared)
    artifacts, picture = run_artifacts.artifacts(run, context)
    facts = run_facts.facts(run, relations)
    ledger = run_values.ledger(run, names, declared)
    curves = run_curves.curves(run, declared)
    name = re.sub(r"\s+", " ", run.name).strip() or layout.split_key(run.key)[1]
    return RunView(
        key=fmt.short(run.key, NAME_MAX),
        name=fmt.short(name, NAME_MAX),
        is_long=len(name) > NAME_SHORT,
        experiment=fmt.short(run.experiment, NAME_MAX),
        experiment_url=layout.experiment_url(run.experiment),
        deck=run_facts.deck(run),
        findings=_findings(run),
        failure=run_record.failure(run),
        facts=facts,
        beside=run_margin.fits_beside(facts, ledger=bool(ledger), curves=curves),
        surroundings=run_facts.surroundings(run),
        children=run_children.children(run, relations),
        lineage=run_lineage.lineage(relations),
        ledger=ledger,
        curves=curves,
        verdicts=run_verdicts.verdicts(run, declared, relations),
        notes=run_record.notes(run, picture),
        metrics=run_values.table(run, names, declared),
        histograms=run_histograms.histograms(run),
        params=run_values.tree(run.params_tree),
        params_url=_params_url(run.params_tree, context),
        summary=run_values.tree(run.summary, digits=6),
        raw=run_values.tree(run.raw),
        machine=run_curves.machine(run),
        artifacts=artifacts,
        opened=run_files.arrange(artifacts.opened) if artifacts else (),
        log=run_record.log(run),
        record=run_record.record(run, context),
        files=data_files.put(
            run, context.objects, artifacts.objects if artifacts else {}, declared
        ),
    )


def _params_url(params: dict[str, Json], context: Context) -> str:
    if not params:
        return ""
    body = msgspec.json.format(msgspec.json.encode(params), indent=2)
    return context.objects.put(body + b"\n", "json")


def _findings(run: Run) -> str:
    """Count what is wrong; facts that a reader should know are told below, not counted here."""
    wrong = sum(finding.level != "note" for finding in run.findings)
    return fmt.plural(wrong, "finding") if wrong else ""
