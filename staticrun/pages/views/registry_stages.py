"""Where stages are, since when, and how a version stands with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from staticrun import layout
from staticrun.pages import format as fmt
from staticrun.pages.views.registry_moves import Mark, marks, overridden, person, said

if TYPE_CHECKING:
    from staticrun.pages.context import Context
    from staticrun.pages.registered import Registered
    from staticrun.registry.manifests import Version
    from staticrun.registry.promotion import Evidence
    from staticrun.registry.state import ModelState

_MARKS = {"verified": "ok", "absent": "ne", "mismatch": "fail"}


class StageName(msgspec.Struct, frozen=True):
    """A stage as a boxed word.

    Attributes:
        name: Its name.
        kind: Class of the box: `prod` for the last stage of the order, `alias` for what is not in
            it, empty for the others.
    """

    name: str
    kind: str


class StageView(msgspec.Struct, frozen=True):
    """Where a stage is.

    Attributes:
        name: The stage.
        version: Number of the version.
        url: Its page; empty where its manifest is missing or cannot be read.
        since: Since when, as its commit claims; or what is unknown about it.
        iso: The same for programs; empty where it is unknown.
        by: Who asked for it, as claimed; empty where nobody is named.
        reason: Why.
        hold: Whether it is held.
        withdrawn: Whether the version was withdrawn.
        overrides: Gates that the move was made in spite of.
        marks: How the facts of the move are known.
        evidence: How the bytes and the record compare with the manifest.
    """

    name: StageName
    version: str
    url: str
    since: str
    iso: str
    by: str
    reason: str
    hold: bool
    withdrawn: bool
    overrides: tuple[str, ...]
    marks: tuple[Mark, ...]
    evidence: tuple[Mark, ...]


def name(stage: str, registered: Registered) -> StageName:
    """Name a stage."""
    order = registered.state.settings.order
    kind = "alias" if stage not in order else "prod" if stage == order[-1] else ""
    return StageName(stage, kind)


def of_model(model: ModelState, registered: Registered, context: Context) -> tuple[StageView, ...]:
    """Tell the stages of a model, the last of the order first."""
    return tuple(
        _stage(model, stage, registered, context) for stage in registered.state.order(model.name)
    )


def _stage(model: ModelState, stage: str, registered: Registered, context: Context) -> StageView:
    at = model.stages[stage]
    version = model.versions.get(at.version)
    path = layout.RegistryFile("stage", model.name, stage=stage).path
    event = registered.arrival(model.name, stage)
    iso, known = "", marks(event, registered, context)
    if path in registered.history.pending:
        since, known = "not committed", (Mark("none", "not committed"),)
    elif event is None:
        since = "since when is unknown"
    elif registered.is_first(event):
        since = "history truncated"
    else:
        since, iso = f"since {fmt.date(event.origin.time)}", fmt.iso(event.origin.time)
    url = "" if version is None else layout.model_version_url(model.name, at.version)
    return StageView(
        name(stage, registered),
        str(at.version),
        url,
        since,
        iso,
        person(at.requested_by, context) if at.requested_by else "",
        said(at.reason, context),
        at.hold,
        at.version in model.withdrawn,
        overridden(at.overrides, stage, context),
        known,
        () if version is None else proofs(examined(version, context)),
    )


def examined(version: Version, context: Context) -> Evidence:
    """Compare a version with its bytes and its run; what was hashed before is not hashed again."""
    from staticrun.registry.evidence import examine

    # A text that pages must not show is in the record all the same.
    return examine(context.config.root, context.store.as_recorded(), version)


def proofs(evidence: Evidence) -> tuple[Mark, ...]:
    """Tell how bytes and record compare with what the manifest says."""
    found = [
        Mark(_MARKS[evidence.artifact], f"bytes {evidence.artifact}"),
        Mark(_MARKS[evidence.record], f"record {evidence.record}"),
    ]
    if evidence.claims:
        words = fmt.plural(len(evidence.claims), "claim")
        found.append(Mark("fail", f"{words} that the record does not bear out"))
    return tuple(found)
