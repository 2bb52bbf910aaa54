"""`llms.txt`: what there is in the site, for language models and those who write for them.

Source: llmstxt.org: a heading, a quoted summary, then lists of links under headings.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from staticrun import layout
from staticrun.pages import format as fmt
from staticrun.pages.machine import badges, feed
from staticrun.pages.views import report
from staticrun.pages.views.naming import shown
from staticrun.published.shapes import LIST
from staticrun.version_list import TWIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from staticrun.pages.context import Context
    from staticrun.pages.views.project_figure import Known
    from staticrun.registry.state import ModelState

NAME = "llms.txt"
_LINE = 300


def spell(context: Context, known: Sequence[Known]) -> bytes:
    """Spell the map; its links are absolute where `project.url` says where the site is."""
    base = context.site.url
    runs = sum(len(one.runs) for one in known)

    def link(title: str, url: str, says: str) -> str:
        to = layout.absolute(base, url) if base else url
        return f"- [{_line(title)}]({to})" + (f": {_line(says)}" if says else "")

    parts = [f"# {_line(context.site.name)}"]
    described = context.config.project.description
    if described:
        parts.append(f"> {_line(described)}")
    parts.append(
        f"{fmt.plural(len(known), 'experiment')} with {fmt.plural(runs, 'run')}: trainings of "
        "models, each with its params, metrics over steps, and artifacts. All numbers are in "
        f"{LIST}; no page needs a script to be read."
    )
    experiments = [
        link(one.experiment.title or one.name, layout.experiment_url(one.name), _said(one))
        for one in known
    ]
    comparisons = [
        link(declared.title or name, layout.comparison_url(name), declared.description or "")
        for name, declared in context.config.comparisons.items()
    ]
    models = [
        link(name, layout.model_url(name), _stages(model))
        for name, model in (context.registered.state.models if context.registered else {}).items()
    ]
    reports = [link(one.title, one.url, one.description) for one in report.listed(context)]
    data = [
        link(LIST, LIST, "every run with params, tags, summary and the statistics of its metrics"),
        link(TWIN, TWIN, "the versions of this site; v/NAME/runs.json lists the runs of one"),
    ]
    if context.registered is not None:
        says = "registered models, their versions and stages, and what happened to them"
        data.append(link("registry.json", "registry.json", says))
    data += [link(feed.NAME, feed.NAME, "the runs that ended last, as Atom")] if base else []
    sections = {
        "Experiments": experiments,
        "Comparisons": comparisons,
        "Registered models": models,
        "Reports": reports,
        "Data": data,
    }
    for head, items in sections.items():
        if items:
            parts.append(f"## {head}\n\n" + "\n".join(items))
    return ("\n\n".join(parts) + "\n").encode("utf-8", "replace")


def _stages(model: ModelState) -> str:
    at = [f"{name} is version {stage.version}" for name, stage in sorted(model.stages.items())]
    return ", ".join([fmt.plural(len(model.versions), "version"), *at])


def _said(one: Known) -> str:
    best = badges.best(one)
    counted = fmt.plural(len(one.runs), "run")
    return f"{counted}; {best[0]} {best[1]}" if best else counted


def _line(text: str) -> str:
    """Put a text on one line that no rule of Markdown reads as a link, code or HTML."""
    return re.sub(r"[\\`*\[\]<>]", r"\\\g<0>", shown(text, _LINE))
