"""What pages a site has, and what each depends on, without making any of them."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import msgspec

from staticrun import files, git, layout
from staticrun.errors import Finding
from staticrun.pages import gone, total
from staticrun.pages.context import Relations, Repeat, RunLink
from staticrun.pages.generations import Generations
from staticrun.store.lineage import Lineage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from staticrun.pages.context import Context
    from staticrun.pages.gone import GoneView
    from staticrun.pages.registered import Registered
    from staticrun.receipts import Receipt
    from staticrun.registry.manifests import Version
    from staticrun.registry.state import ModelState
    from staticrun.store.run import Run

Kind = Literal[
    "run",
    "experiment",
    "comparison",
    "comparisons",
    "report",
    "reports",
    "project",
    "missing",
    "gone",
    "versions",
    "registry",
    "model",
    "version",
    "against",
    "promotions",
]
VERSIONS = "versions/index.html"
# Entry points come last when a build is put in place: until then the old ones hold.
ORDER: tuple[Kind, ...] = (
    "run",
    "report",
    "reports",
    "against",
    "version",
    "model",
    "promotions",
    "registry",
    "experiment",
    "comparison",
    "comparisons",
    "missing",
    "gone",
    "versions",
    "project",
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page to be.

    Attributes:
        kind: Which view and template make it.
        subject: The run's key, the experiment's name, MODEL/NUMBER, MODEL/NUMBER/CHAMPION, …;
            empty where there is only one.
        url: Where it stands, relative to the site's root.
        inputs: Digest of everything that its view may read. Equal inputs give an equal page;
            different ones may.
        relations: For a run, the runs around it.
        left_out: For a run, the artifacts that `artifacts.total` keeps out of the site.
        gone: For a page that versions alone have, where it is.
    """

    kind: Kind
    subject: str
    url: str
    inputs: str
    relations: Relations | None = None
    left_out: tuple[str, ...] = ()
    gone: GoneView | None = None


def plan(
    context: Context, base: str, versions: Sequence[Receipt] = ()
) -> tuple[list[Page], list[Finding]]:
    """List all pages.

    Args:
        context: The project.
        base: Digest of code, theme, tools and configuration.
        versions: Receipts of the versions that the site has.

    Returns:
        The pages in the order in which they are put in place, and a finding for every two
        subjects that claim one URL (the first keeps it), and for artifacts that stay out.
    """
    runs = list(context.store.runs(archived=True))
    left_out, findings = total.beyond(context, runs)
    pages = [*_run_pages(context, base, runs, left_out), *_group_pages(context, base, runs)]
    pages += _report_pages(context, base)
    if context.registered is not None:
        pages += _registry_pages(context, context.registered, base)
    owners: dict[str, Page] = {}
    for page in pages:
        owner = owners.setdefault(page.url, page)
        if owner is not page:
            findings.append(
                Finding(
                    page.subject,
                    f"claims the page {page.url}, which is that of {owner.subject}",
                    "names that differ",
                    f"rename {page.subject}",
                )
            )
    if versions:
        named = [(one.name, one.root) for one in versions]
        shown = [(run.key, run.digest) for run in runs]
        inputs = _digest(base, named, context.config.versions, shown)
        owners[VERSIONS] = Page("versions", "", VERSIONS, inputs)
    pages = [*owners.values(), *_gone_pages(base, versions, owners.keys())]
    return sorted(pages, key=lambda page: ORDER.index(page.kind)), findings


def _gone_pages(base: str, versions: Sequence[Receipt], present: Iterable[str]) -> Iterator[Page]:
    for url, view in gone.find(versions, {*present}).items():
        yield Page("gone", view.what, url, _digest(base, view), gone=view)


def _run_pages(
    context: Context, base: str, runs: list[Run], left_out: dict[str, tuple[str, ...]]
) -> Iterator[Page]:
    relations = _relations(runs)
    experiments = context.store.experiments()
    for run in runs:
        around, out = relations[run.key], left_out.get(run.key, ())
        # Of experiment.yaml a run's page shows how metrics are read, and nothing else.
        metrics = experiments[run.experiment].metrics
        files_of = _listing(run.folder / layout.ARTIFACTS)
        inputs = _digest(base, run.key, run.digest, files_of, around, out, metrics)
        yield Page("run", run.key, layout.run_url(run.key), inputs, around, out)


def _group_pages(context: Context, base: str, runs: list[Run]) -> Iterator[Page]:
    shown = [run for run in runs if not run.archived]
    experiments = context.store.experiments()
    everything = _digest(
        base,
        [(run.key, run.digest) for run in runs],
        sorted((name, experiment) for name, experiment in experiments.items()),
        context.reports,
        _listing(context.config.root / layout.REPORTS),  # the front page shows their titles
    )
    for name, experiment in experiments.items():
        members = [(run.key, run.digest) for run in runs if run.experiment == name]
        yield Page(
            "experiment",
            name,
            layout.experiment_url(name),
            _digest(base, name, experiment, members),
        )
    # Two commits' code is compared: which of them are here depends on the repository.
    commits = git.head(context.config.root) if any(run.git for run in shown) else None
    for name in context.config.comparisons:
        inputs = _digest(everything, name, commits)
        yield Page("comparison", name, layout.comparison_url(name), inputs)
    yield Page("comparisons", "", "compare/index.html", everything)
    yield Page("missing", "", "404.html", base)
    yield Page("project", "", "index.html", everything)


def _report_pages(context: Context, base: str) -> Iterator[Page]:
    if not context.reports:
        return
    folder = context.config.root / layout.REPORTS
    digests = _listing(folder)
    keys = [*context.store.keys(), *context.store.experiments()]
    for path in context.reports:
        inputs = _digest(base, path, digests, keys)
        yield Page("report", path, layout.report_url(path), inputs)
    if "index.md" not in context.reports:
        inputs = _digest(base, digests)
        yield Page("reports", "", "reports/index.html", inputs)


def _registry_pages(context: Context, registered: Registered, base: str) -> Iterator[Page]:
    """List the pages of the registry: what each shows of a version depends on its run's files."""
    state, history = registered.state, registered.history
    common: tuple[object, ...] = (base, state.settings, state.policies)
    common += (history.truncated, history.commit is None, registered.asked)
    contents: dict[str, list[tuple[str, str]]] = {}
    for path, content in sorted(state.names.items()):
        if (place := layout.registry_file(path)) is not None:
            contents.setdefault(place.model, []).append((path, content))
    keys = []
    for name, model in state.models.items():
        pending = registered.pending(name)
        key = _digest(*common, contents[name], registered.events(name), pending)
        facts = {number: _bytes(context, of) for number, of in model.versions.items()}
        staged: list[object] = [facts.get(one.version) for one in model.stages.values()]
        staged.append(list(_evidence(context, registered, model, facts)))
        for number in model.versions:
            inputs = _digest(key, number, facts[number], staged)
            url = layout.model_version_url(name, number)
            yield Page("version", f"{name}/{number}", url, inputs)
        commits = git.head(context.config.root) if (pairs := registered.pairs(name)) else None
        for one, other in pairs:
            inputs = _digest(key, one, other, facts[one], facts[other], staged, commits)
            url = layout.against_url(name, one, other)
            yield Page("against", f"{name}/{one}/{other}", url, inputs)
        keys.append(_digest(key, sorted(facts.items()), staged))
        yield Page("model", name, layout.model_url(name), keys[-1])
    found = [str(finding) for finding in registered.findings]
    inputs = _digest(*common, keys, registered.events(""), history.pending, found)
    yield Page("promotions", "", layout.TIMELINE_URL, inputs)
    yield Page("registry", "", layout.REGISTRY_URL, inputs)


def _evidence(
    context: Context, registered: Registered, model: ModelState, facts: dict[int, list[str]]
) -> Iterator[object]:
    """Tell the state of all that gates read beyond the files of the version that they judge."""
    from staticrun.registry import kinds

    asked = {type(gate) for gate in registered.state.policies.gates.values()}
    if asked & {kinds.Paired, kinds.Seeds}:
        yield facts
    if kinds.Seeds in asked:
        names = {layout.split_key(version.run.key)[0] for version in model.versions.values()}
        runs = [run for name in sorted(names) for run in context.store.runs(experiment=name)]
        yield [(run.key, run.digest) for run in runs]
    if registered.uses.found:
        cited = {(one.role, one.digest) for of in model.versions.values() for one in of.data}
        yield [one.event for one in registered.uses.found if one.data & cited]


def _bytes(context: Context, version: Version) -> list[str]:
    """Tell the state of the files in which a version's bytes and record may be."""
    root, store = context.config.root, context.store
    found = []
    for key in store.with_id(version.run.id):
        found += [key, store.digest(key), _listing(store.run(key).folder)]
    place = root / version.artifact.path
    found.append(_listing(place))
    with suppress(OSError):
        found.append(files.signature(place.lstat()))
    return found


def _relations(runs: list[Run]) -> dict[str, Relations]:
    lineage = Lineage(runs)
    producers = {run.key: lineage.producers(run) for run in runs}
    links = {run.key: RunLink(run.key, run.name, run.status) for run in runs}
    generations = Generations(runs, links, producers)
    by_id = {run.id: links[run.key] for run in runs}
    children: dict[str, list[RunLink]] = {}
    users: dict[str, list[RunLink]] = {}
    repeats: dict[str, list[Repeat]] = {}
    for run in runs:
        if run.parent in by_id:
            children.setdefault(run.parent or "", []).append(links[run.key])
        for used in {one.key for one in producers[run.key].values()}:
            users.setdefault(used, []).append(links[run.key])
        for verdict in run.verdicts:
            repeats.setdefault(verdict.of, []).append(Repeat(links[run.key], verdict.result))
    return {
        run.key: Relations(
            tuple(children.get(run.id, ())),
            by_id.get(run.parent or ""),
            tuple((name, links[one.key]) for name, one in producers[run.key].items()),
            tuple(users.get(run.key, ())),
            _found({verdict.of for verdict in run.verdicts}, by_id),
            tuple(repeats.get(run.id, ())),
            generations.before(run.key),
            generations.behind(run.key),
        )
        for run in runs
    }


def _found(ids: set[str], by_id: dict[str, RunLink]) -> tuple[tuple[str, RunLink], ...]:
    return tuple((id_, by_id[id_]) for id_ in sorted(ids) if id_ in by_id)


def _listing(folder: Path) -> str:
    """Digest the stat signatures of all files below a folder: cheap, and equal only if equal."""
    lines = []
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(parent, name)  # noqa: PTH118 -- hot: ten thousand runs
            lines.append(f"{path} {files.signature(os.lstat(path))}")
    return files.sha256("\n".join(lines).encode("utf-8", "surrogateescape"))


def _digest(*parts: object) -> str:
    return files.sha256(msgspec.json.encode(parts, enc_hook=str))
