"""The page of a registered model: its stages, its versions, and what happened to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from markupsafe import Markup

from staticrun import layout
from staticrun.pages import format as fmt
from staticrun.pages import markdown
from staticrun.pages.views import (
    registry_figures,
    registry_gates,
    registry_lineage,
    registry_metrics,
    registry_moves,
    registry_stages,
    registry_version,
)
from staticrun.pages.views.naming import shown
from staticrun.pages.views.run_facts import DIGEST_DIGITS
from staticrun.pages.views.sentence import Sentence, Words, count, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from staticrun.pages.context import Context
    from staticrun.pages.registered import Registered
    from staticrun.registry.manifests import Version
    from staticrun.registry.state import ModelState

TEMPLATE = "registered_model.html"
VERSIONS_MAX = 500
MOVES_MAX = 100


class VersionRow(msgspec.Struct, frozen=True):
    """A version in the table.

    Attributes:
        number: Its number.
        url: Its page.
        stages: The stages that are at it.
        withdrawn: Whether it was withdrawn.
        values: A number for each column.
        run: Key of the run that wrote it.
        run_url: Its page; empty where the run is not in the project.
        tree: Tree digest, short.
        tree_whole: The same whole.
        by: Who registered it.
        created: When.
    """

    number: str
    url: str
    stages: tuple[registry_stages.StageName, ...]
    withdrawn: bool
    values: tuple[str, ...]
    run: str
    run_url: str
    tree: str
    tree_whole: str
    by: str
    created: str


class ModelView(msgspec.Struct, frozen=True):
    """What the page of a model shows.

    Attributes:
        name: The model.
        deck: Where its stages are, in a sentence.
        description: What it is for.
        facts: Owners, task, license and tags, name and text.
        notes: What is unknown of its history.
        pending: Files that are not as the commit has them.
        stages: Where its stages are.
        gates: What the gates of each stage say of the version that is at it, by stage.
        columns: The metrics of the table.
        versions: Its versions, the newest first.
        left_out: How many more there are, in words; empty for none.
        figure: A metric over versions.
        withdrawn: Versions that must not be used.
        card_of: The version whose card is shown, and where it is; empty for none.
        card: That card.
        lanes: Stages over time.
        moves: What happened, the newest first.
        moves_left_out: How much more happened, in words; empty for none.
    """

    name: str
    deck: Sentence
    description: Markup | None
    facts: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    pending: tuple[str, ...]
    stages: tuple[registry_stages.StageView, ...]
    gates: dict[str, registry_gates.Gates]
    columns: tuple[registry_metrics.Column, ...]
    versions: tuple[VersionRow, ...]
    left_out: str
    figure: registry_figures.Drawn | None
    withdrawn: tuple[registry_version.Withdrawn, ...]
    card_of: str
    card: Markup | None
    lanes: registry_figures.Drawn | None
    moves: tuple[registry_moves.Move, ...]
    moves_left_out: str


def make(name: str, registered: Registered, context: Context) -> ModelView:
    """Make the view of a model."""
    model = registered.model(name)
    metrics = registry_metrics.choose(model.versions.values(), context)
    columns = metrics[: registry_metrics.COLUMNS]
    # When versions were registered stands in their table.
    events = [one for one in registered.events(name) if one.type not in registry_moves.QUIET]
    newest = sorted(model.versions.values(), key=lambda one: -one.version)[:VERSIONS_MAX]
    more, more_moves = len(model.versions) - len(newest), len(events) - MOVES_MAX
    card_of = _with_card(model, registered)
    description = model.about.description if model.about else None
    return ModelView(
        name=name,
        deck=deck(model, registered),
        description=markdown.render(context.rules.text(description)) if description else None,
        facts=tuple(_facts(model, context)),
        notes=tuple(registry_moves.notes(registered)),
        pending=tuple(registered.pending(name)[:20]),
        stages=registry_stages.of_model(model, registered, context),
        gates=gates(model, registered, context),
        columns=registry_metrics.columns(columns, context),
        versions=tuple(_rows(model, newest, columns, registered, context)),
        left_out=f"{fmt.plural(more, 'older version')} not listed." if more > 0 else "",
        figure=registry_figures.metric(model, columns[0], registered, context)
        if columns
        else None,
        withdrawn=tuple(
            registry_version.withdrawn(model, number, context)
            for number in sorted(model.withdrawn, reverse=True)
        ),
        card_of="" if card_of is None else str(card_of),
        card=registry_version.card(model.cards.get(card_of or 0), context),
        lanes=registry_figures.stages(model, registered, context),
        moves=tuple(registry_moves.listed(reversed(events[-MOVES_MAX:]), registered, context)),
        moves_left_out=f"{fmt.plural(more_moves, 'older event')} not listed."
        if more_moves > 0
        else "",
    )


def deck(model: ModelState, registered: Registered) -> Sentence:
    """Say where the stages of a model are."""
    parts: list[str | Words] = []
    for stage in registered.state.order(model.name):
        at = model.stages[stage]
        words = (
            f"Version {at.version} is in {stage}" if not parts else f", {at.version} in {stage}"
        )
        parts.append(Words(words, strong=not parts))
        if at.hold:
            parts.append(" (on hold)")
    versions = count(len(model.versions), "version")
    parts.append(f". {versions.capitalize()} in all." if parts else f"{versions.capitalize()}.")
    newest = max(model.versions, default=0)
    if parts and newest and not model.stages_of(newest) and newest not in model.withdrawn:
        parts.append(f" The newest, {newest}, is at no stage.")
    return sentence(*parts)


def gates(
    model: ModelState, registered: Registered, context: Context
) -> dict[str, registry_gates.Gates]:
    """Ask the gates of each stage about the version that is at it: stage → what they say."""
    found = {}
    for stage, at in model.stages.items():
        version = model.versions.get(at.version)
        if version is None:
            continue
        evidence = registry_stages.examined(version, context)
        for one in registry_gates.of_version(model, version, evidence, registered, context):
            if one.stage.name == stage:
                found[stage] = one
    return found


def _facts(model: ModelState, context: Context) -> Iterator[tuple[str, str]]:
    about = model.about
    if about is None:
        return
    if about.owners:
        yield "Owners", fmt.listed([registry_moves.person(one, context) for one in about.owners])
    for term, text in (("Task", about.task), ("License", about.license), *about.tags.items()):
        if text:
            yield shown(term), registry_moves.said(text, context, 200)


def _with_card(model: ModelState, registered: Registered) -> int | None:
    """Choose the version whose card stands for the model: that of the first stage that has one."""
    staged = (model.stages[stage].version for stage in registered.state.order(model.name))
    return next((number for number in staged if number in model.cards), None)


def _rows(
    model: ModelState,
    versions: list[Version],
    columns: list[str],
    registered: Registered,
    context: Context,
) -> Iterator[VersionRow]:
    printed = [registry_metrics.printed(versions, name, context) for name in columns]
    order = registered.state.order(model.name)
    for place, version in enumerate(versions):
        number, tree = version.version, version.artifact.tree
        keys = context.store.with_id(version.run.id)
        key = version.run.key if version.run.key in keys or not keys else keys[0]
        yield VersionRow(
            str(number),
            layout.model_version_url(model.name, number),
            tuple(
                registry_stages.name(stage, registered)
                for stage in order
                if model.stages[stage].version == number
            ),
            number in model.withdrawn,
            tuple(column[place] for column in printed),
            shown(key, 80),
            layout.run_url(key) if keys else "",
            tree.removeprefix("sha256:")[:DIGEST_DIGITS],
            tree,
            registry_moves.person(version.created_by, context) if version.created_by else "",
            registry_lineage.created(version).partition(",")[0],
        )
