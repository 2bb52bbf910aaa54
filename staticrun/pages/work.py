"""Making pages: view, then bytes; in this process or in several.

A worker opens the project by itself and is sent only which pages to make. What it gives back
does not depend on which worker made it, or on how many there are.
"""

from __future__ import annotations

import os
import signal
import threading
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from staticrun import layout, receipts
from staticrun.pages import gone
from staticrun.pages.context import Context, Relations
from staticrun.pages.figures import Figures
from staticrun.pages.objects import Objects
from staticrun.pages.render import Renderer, view_digest
from staticrun.privacy.store import private

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import msgspec

    from staticrun.config import Config
    from staticrun.errors import Finding
    from staticrun.pages.context import Site
    from staticrun.pages.plan import Page
    from staticrun.pages.registered import Registered
    from staticrun.pages.state import RunFiles
    from staticrun.pages.theme import Theme
    from staticrun.plots.style import Style
    from staticrun.privacy.rules import Rules
    from staticrun.store.store import Store

CHUNK = 8


@dataclass(frozen=True, slots=True)
class Job:
    """A page to make, and the digest of the view that stands in the site, if that is intact."""

    page: Page
    view: str | None


@dataclass(frozen=True, slots=True)
class Made:
    """A page as it came out; `body` is None when the view is the one that stands already."""

    url: str
    inputs: str
    view: str
    body: bytes | None
    objects: tuple[str, ...]
    figures: tuple[str, ...]
    findings: tuple[Finding, ...]
    files: RunFiles | None = None
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """All that a worker needs to know to begin."""

    config: Config
    theme: Theme
    site: Site
    reports: tuple[str, ...]
    out: Path
    render_base: str
    plot_style: Style
    version: str
    rules: Rules
    registered: Registered | None = None


class Maker:
    """Makes pages of one project, one after the other."""

    def __init__(self, setting: Setting, store: Store) -> None:
        self._setting, self._store = setting, store

    @cached_property
    def _renderer(self) -> Renderer:
        return Renderer(self._setting.theme.templates, self._setting.version)

    def make(self, job: Job) -> Made:
        """Make a page, unless its view is the one that stands in the site."""
        setting, page = self._setting, job.page
        context = self.context(page.left_out)
        template, view, findings = _view(page, context)
        share = None
        if context.site.url:
            from staticrun.pages.machine import cards

            share = cards.make(page, view, context)
        digest = view_digest(setting.render_base + template, view, share)
        body = None
        if digest != job.view:
            body = self._renderer.render(template, view, setting.site, page.url, share)
        return Made(
            page.url,
            page.inputs,
            digest,
            body,
            tuple(sorted(context.objects.used)),
            tuple(sorted(context.figures.used)),
            tuple(sorted(set(findings))),
            getattr(view, "files", None),
            getattr(view, "picture", ""),
        )

    def context(self, left_out: tuple[str, ...] = ()) -> Context:
        """Give the surroundings of one page, with nothing used yet.

        Args:
            left_out: As in `Page`.
        """
        setting = self._setting
        objects = Objects(setting.out, frozenset(left_out))
        cache = setting.config.root / layout.CACHE / "figures"
        figures = Figures(cache, setting.plot_style, objects)
        return Context(
            setting.config,
            self._store,
            objects,
            figures,
            setting.site,
            setting.reports,
            setting.rules,
            setting.registered,
        )


def _view(  # noqa: PLR0911 -- a return for each kind
    page: Page, context: Context
) -> tuple[str, msgspec.Struct, Sequence[Finding]]:
    from staticrun.pages.views import comparison, experiment, project, report, run

    match page.kind:
        case "run":
            relations = page.relations or Relations()
            view = run.make(context.store.run(page.subject), context, relations)
            return run.TEMPLATE, view, ()
        case "experiment":
            of = context.store.experiments()[page.subject]
            runs = list(context.store.runs(experiment=page.subject, archived=True))
            made = experiment.make(page.subject, of, runs, context)
            return experiment.TEMPLATE, made, made.findings
        case "comparison":
            declared = context.config.comparisons[page.subject]
            compared = comparison.make(page.subject, declared, context)
            return comparison.TEMPLATE, compared, compared.findings
        case "comparisons":
            return comparison.LIST_TEMPLATE, comparison.make_list(context), ()
        case "report":
            file = context.config.root / layout.REPORTS / page.subject
            text = file.read_text(encoding="utf-8", errors="replace")
            told = report.make(page.subject, text, context)
            return report.TEMPLATE, told, told.findings
        case "reports":
            return report.LIST_TEMPLATE, report.make_list(context), ()
        case "project":
            whole = project.make(context)
            return project.TEMPLATE, whole, whole.findings
        case "missing" | "gone" | "versions":
            return (*_beside(page, context), ())
    return _registered(page, context)


def _beside(page: Page, context: Context) -> tuple[str, msgspec.Struct]:
    """Make the view of a page that no version has."""
    from staticrun.pages.views import missing, versions

    if page.gone is not None:
        return gone.TEMPLATE, page.gone
    if page.kind == "versions":
        site = context.objects.site
        return versions.TEMPLATE, versions.make(context, receipts.every(site), site)
    return missing.TEMPLATE, missing.make(context)


def _registered(page: Page, context: Context) -> tuple[str, msgspec.Struct, Sequence[Finding]]:
    """Make the view of a page of the registry."""
    from staticrun.pages.views import (
        registry,
        registry_against,
        registry_model,
        registry_moves,
        registry_version,
    )

    if context.registered is None:
        raise ValueError(page.kind)
    name, _, number = page.subject.partition("/")
    match page.kind:
        case "model":
            return (
                registry_model.TEMPLATE,
                registry_model.make(name, context.registered, context),
                (),
            )
        case "version":
            of = registry_version.make(name, int(number), context.registered, context)
            return registry_version.TEMPLATE, of, ()
        case "against":
            one, _, other = number.partition("/")
            pair = registry_against.make(name, int(one), int(other), context.registered, context)
            return registry_against.TEMPLATE, pair, ()
        case "promotions":
            return registry_moves.TEMPLATE, registry_moves.make(context.registered, context), ()
        case _:
            overview = registry.make(context.registered, context)
            return registry.TEMPLATE, overview, context.registered.findings


def make_all(setting: Setting, store: Store, jobs: Sequence[Job], workers: int) -> Iterator[Made]:
    """Make pages, in any order.

    Args:
        setting: The project.
        store: The project's store as this process opened it.
        jobs: The pages; heavy ones (with figures) first keeps all workers busy to the end.
        workers: Number of processes; 1 stays in this one.

    Raises:
        KeyboardInterrupt: After all workers have ended.
    """
    if workers == 1 or len(jobs) <= CHUNK:
        maker = Maker(setting, store)
        yield from map(maker.make, jobs)
        return
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor, as_completed

    heavy = [[job] for job in jobs if job.page.kind != "run"]
    light = [job for job in jobs if job.page.kind == "run"]
    chunks = heavy + [light[i : i + CHUNK] for i in range(0, len(light), CHUNK)]
    # forkserver: forking a process that has threads (progress bar, BLAS) may hang the child.
    start = multiprocessing.get_context("forkserver")
    pool = ProcessPoolExecutor(workers, start, initializer=_begin, initargs=(setting,))
    try:
        for future in as_completed([pool.submit(_make_chunk, chunk) for chunk in chunks]):
            yield from future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_maker: Maker | None = None  # in a worker process, set once by `_begin`


def _begin(setting: Setting) -> None:
    global _maker  # noqa: PLW0603 -- a pool's initializer has no other way to leave its work
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    threading.Thread(target=end_with_parent, daemon=True).start()
    _maker = Maker(setting, private(setting.config, setting.rules))


def end_with_parent() -> None:
    """End when the parent was killed: who waits for its next job would wait for ever."""
    import multiprocessing.connection

    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _make_chunk(chunk: Sequence[Job]) -> list[Made]:
    if _maker is None:
        raise RuntimeError("the worker has not begun")
    return [_maker.make(job) for job in chunk]
