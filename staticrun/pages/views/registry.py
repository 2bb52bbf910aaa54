"""The overview of the registry: where each stage of each model is, and on what evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from markupsafe import Markup

from staticrun import layout
from staticrun.pages import format as fmt
from staticrun.pages import markdown
from staticrun.pages.views import (
    registry_gates,
    registry_metrics,
    registry_model,
    registry_moves,
    registry_stages,
)
from staticrun.pages.views.sentence import capital, count

if TYPE_CHECKING:
    from staticrun.pages.context import Context
    from staticrun.pages.registered import Registered
    from staticrun.registry.state import ModelState

TEMPLATE = "registry.html"
LATEST = 5
PENDING_MAX = 20
PROBLEMS_MAX = 20


class ModelRow(msgspec.Struct, frozen=True):
    """A model.

    Attributes:
        name: Its name.
        url: Its page.
        about: What it is for, the first part of it; None where nothing says so.
        versions: How many there are, in words.
        metric: The metric that tells most; empty without one.
        unit: Its unit.
        stages: Where its stages are.
        values: That metric of the version at each stage.
        gates: What gates say of the version at each stage, by stage.
    """

    name: str
    url: str
    about: Markup | None
    versions: str
    metric: str
    unit: str
    stages: tuple[registry_stages.StageView, ...]
    values: tuple[str, ...]
    gates: dict[str, registry_gates.Gates]


class RegistryView(msgspec.Struct, frozen=True):
    """What the overview shows.

    Attributes:
        deck: How much there is.
        notes: What is unknown of the history.
        models: The models, by name.
        pending: Files that are not as the commit has them.
        pending_left_out: How many more, in words; empty for none.
        problems: What is wrong with the files, where and what.
        problems_left_out: How many more, in words; empty for none.
        latest: What happened last.
        timeline_url: The page of all that happened.
    """

    deck: str
    notes: tuple[str, ...]
    models: tuple[ModelRow, ...]
    pending: tuple[str, ...]
    pending_left_out: str
    problems: tuple[tuple[str, str], ...]
    problems_left_out: str
    latest: tuple[registry_moves.Move, ...]
    timeline_url: str


def make(registered: Registered, context: Context) -> RegistryView:
    """Make the view of the overview."""
    state, pending = registered.state, registered.history.pending
    versions = sum(len(model.versions) for model in state.models.values())
    moves = registry_moves.make(registered, context).moves
    problems = [
        (registry_moves.said(one.where, context), registry_moves.said(one.what, context))
        for one in registered.findings
        if one.level == "error"
    ]
    models = capital(count(len(state.models), "registered model"))
    return RegistryView(
        f"{models}, {count(versions, 'version')}.",
        tuple(registry_moves.notes(registered)),
        tuple(_row(model, registered, context) for model in state.models.values()),
        tuple(pending[:PENDING_MAX]),
        _more(len(pending) - PENDING_MAX, "file"),
        tuple(problems[:PROBLEMS_MAX]),
        _more(len(problems) - PROBLEMS_MAX, "problem"),
        moves[:LATEST],
        layout.TIMELINE_URL,
    )


def _more(number: int, what: str) -> str:
    return f"{fmt.plural(number, f'more {what}')}." if number > 0 else ""


def _row(model: ModelState, registered: Registered, context: Context) -> ModelRow:
    names = registry_metrics.choose(model.versions.values(), context)[:1]
    heads = registry_metrics.columns(names, context)
    stages = registry_stages.of_model(model, registered, context)
    at = [model.versions.get(int(stage.version)) for stage in stages]
    values = {}
    for name in names:
        known = [version for version in at if version is not None]
        printed = registry_metrics.printed(known, name, context)
        values = {v.version: text for v, text in zip(known, printed, strict=True)}
    description = (model.about.description or "") if model.about else ""
    about = description.strip().partition("\n\n")[0]
    return ModelRow(
        model.name,
        layout.model_url(model.name),
        markdown.render(context.rules.text(about)) if about else None,
        count(len(model.versions), "version"),
        heads[0].name if heads else "",
        heads[0].unit if heads else "",
        stages,
        tuple(values.get(int(stage.version), "") for stage in stages),
        registry_model.gates(model, registered, context),
    )
