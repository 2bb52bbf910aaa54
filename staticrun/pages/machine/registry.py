"""`registry.json`: models, versions, stages and what happened to them; and a badge for each stage.

It says what `staticrun registry show --json` prints, as pages may show it, without the cards; of
people it gives names alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from staticrun import layout
from staticrun.pages.machine import badges
from staticrun.pages.views.registry_metrics import shown_of
from staticrun.pages.views.registry_moves import person

if TYPE_CHECKING:
    from staticrun.pages.context import Context
    from staticrun.pages.registered import Registered
    from staticrun.registry.events import Event
    from staticrun.registry.manifests import Version
    from staticrun.registry.state import ModelState

NAME = "registry.json"
FORMAT = 1
_PEOPLE = frozenset({"created_by", "requested_by", "by", "author", "committer", "signer"})


def spell(registered: Registered, context: Context) -> dict[str, bytes]:
    """Spell the registry and its badges: URL → bytes."""
    state, history = registered.state, registered.history
    said = {
        "format": FORMAT,
        "order": state.settings.order,
        "history": "unknown"
        if history.commit is None
        else "truncated"
        if history.truncated
        else "whole",
        "pending": history.pending,
        "models": [_model(model, registered, context) for model in state.models.values()],
        "events": [_event(event) for event in history.events],
    }
    shown = msgspec.json.encode(_shown(said, context))
    found = {NAME: msgspec.json.format(shown, indent=1) + b"\n"}
    for model in state.models.values():
        for stage, at in model.stages.items():
            url = layout.stage_badge_url(model.name, stage)
            found[url] = badges.draw(f"{model.name} {stage}", f"version {at.version}")
    return found


def _model(model: ModelState, registered: Registered, context: Context) -> dict[str, Any]:
    about = {} if model.about is None else msgspec.to_builtins(model.about)
    stages = {}
    for name in registered.state.order(model.name):
        event = registered.arrival(model.name, name)
        known = event is not None and not registered.is_first(event)
        stages[name] = {
            **msgspec.to_builtins(model.stages[name]),
            "since": event.origin.time if event is not None and known else None,
            "commit": event.origin.commit if event is not None and known else None,
        }
    return {
        "name": model.name,
        "url": layout.model_url(model.name),
        **{key: about.get(key) for key in ("description", "owners", "task", "license", "tags")},
        "stages": stages,
        "versions": [_version(model, one, context) for _, one in sorted(model.versions.items())],
    }


def _version(model: ModelState, version: Version, context: Context) -> dict[str, Any]:
    withdrawn = model.withdrawn.get(version.version)
    return {
        **msgspec.to_builtins(version),
        "metrics": msgspec.to_builtins(shown_of(version, context)),
        "url": layout.model_version_url(model.name, version.version),
        "stages": model.stages_of(version.version),
        "withdrawn": None if withdrawn is None else msgspec.to_builtins(withdrawn),
    }


def _event(event: Event) -> dict[str, Any]:
    said: dict[str, Any] = msgspec.to_builtins(event)
    # Trailers hold addresses, and anything else that somebody wrote.
    said["origin"].pop("trailers", None)
    return said


def _shown(value: Any, context: Context) -> Any:
    """Give what pages may show of a value: of people their names, without the addresses."""
    if isinstance(value, str):
        return context.rules.text(value)
    if isinstance(value, list | tuple):
        return [_shown(item, context) for item in value]
    if not isinstance(value, dict):
        return value
    found: dict[str, Any] = {}
    for key, item in value.items():
        if key in _PEOPLE and isinstance(item, str):
            found[key] = person(item, context)
        elif key == "owners" and item:
            found[key] = [person(one, context) for one in item]
        else:
            found[key] = _shown(item, context)
    return found
