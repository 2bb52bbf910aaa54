"""The page of a version of a registered model."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import msgspec
from markupsafe import Markup

from staticrun import layout
from staticrun.pages import format as fmt
from staticrun.pages import markdown
from staticrun.pages.views import (
    registry_gates,
    registry_lineage,
    registry_metrics,
    registry_moves,
    registry_stages,
)
from staticrun.pages.views.naming import shown
from staticrun.pages.views.run_facts import COMMIT_DIGITS, DIGEST_DIGITS, Fact
from staticrun.pages.views.sentence import Sentence, Words, listing, sentence
from staticrun.registry.difference import difference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from staticrun.pages.context import Context
    from staticrun.pages.registered import Registered
    from staticrun.registry.manifests import Version
    from staticrun.registry.state import ModelState

TEMPLATE = "registered_version.html"
FILES_MAX = 200
FIELDS_MAX = 200


class FileRow(msgspec.Struct, frozen=True):
    """A file: its path, its size, its sha256 short and whole."""

    path: str
    size: str
    digest: str
    whole: str


class Field(msgspec.Struct, frozen=True):
    """A field of the signature: whether it goes in or comes out, its name, and what it is."""

    side: str
    name: str
    what: str


class Differing(msgspec.Struct, frozen=True):
    """What differs from another version: part of the manifest, name, and what either has."""

    part: str
    name: str
    before: str
    after: str


class Withdrawn(msgspec.Struct, frozen=True):
    """Why a version must not be used.

    Attributes:
        number: The version.
        url: Its page; empty where its manifest is missing or cannot be read.
        reason: Why.
        by: Who said so; empty where nobody is named.
        instead: The version to use in its place; empty for none.
        instead_url: Its page.
    """

    number: str
    url: str
    reason: str
    by: str
    instead: str
    instead_url: str


class VersionView(msgspec.Struct, frozen=True):
    """What the page of a version shows.

    Attributes:
        model: The registered model.
        model_url: Its page.
        number: The version.
        deck: What it is, in a sentence.
        withdrawn: Why it must not be used; None where it may be.
        notes: What is unknown of its history.
        problems: What is wrong with its bytes, its record and its claims.
        lineage: Where it comes from.
        gates: What gates say of it, a table a stage.
        overrides: Gates that it came to a stage in spite of, whenever that was.
        against: The version that metrics and files are compared with; empty for none.
        against_url: Its page.
        metrics: Its metrics.
        contents: Its files.
        contents_left_out: How many more there are, in words; empty for none.
        fields: Its signature.
        signature: The signature as JSON, where it is none of inputs and outputs.
        requirements: Packages that it needs.
        packages: How many those are, in words.
        differing: What differs from that version beside metrics.
        card: Its card.
        compared: Titles and addresses of pages that look at it against a champion.
        moves: What happened to it, the newest first.
        path: Its manifest.
    """

    model: str
    model_url: str
    number: str
    deck: Sentence
    withdrawn: Withdrawn | None
    notes: tuple[str, ...]
    problems: tuple[str, ...]
    lineage: tuple[Fact, ...]
    gates: tuple[registry_gates.Gates, ...]
    overrides: tuple[str, ...]
    against: str
    against_url: str
    metrics: tuple[registry_metrics.Row, ...]
    contents: tuple[FileRow, ...]
    contents_left_out: str
    fields: tuple[Field, ...]
    signature: str
    requirements: tuple[str, ...]
    packages: str
    differing: tuple[Differing, ...]
    card: Markup | None
    compared: tuple[tuple[str, str], ...]
    moves: tuple[registry_moves.Move, ...]
    path: str


def make(name: str, number: int, registered: Registered, context: Context) -> VersionView:
    """Make the view of a version."""
    model = registered.model(name)
    version = model.versions[number]
    evidence = registry_stages.examined(version, context)
    other, against = _against(model, number, registered)
    events = [one for one in registered.events(name) if number in (one.version, one.previous)]
    moves = tuple(registry_moves.listed(reversed(events), registered, context))
    files = version.artifact.files
    more = len(files) - FILES_MAX
    return VersionView(
        model=name,
        model_url=layout.model_url(name),
        number=str(number),
        deck=_deck(model, version, registered, context),
        withdrawn=withdrawn(model, number, context) if number in model.withdrawn else None,
        notes=tuple(registry_moves.notes(registered)),
        problems=tuple(
            registry_moves.said(one, context) for one in (*evidence.why, *evidence.claims)
        ),
        lineage=registry_lineage.facts(model, version, evidence, registered, context),
        gates=registry_gates.of_version(model, version, evidence, registered, context),
        overrides=tuple(dict.fromkeys(text for move in moves for text in move.overrides)),
        against=against,
        against_url=layout.model_version_url(name, other.version) if other else "",
        metrics=registry_metrics.rows(version, other, context),
        contents=tuple(
            FileRow(
                shown(file.path, 200),
                fmt.size(file.size),
                file.sha256[:DIGEST_DIGITS],
                file.sha256,
            )
            for file in files[:FILES_MAX]
        ),
        contents_left_out=f"{fmt.plural(more, 'file')} more in {_path(version)}."
        if more > 0
        else "",
        fields=tuple(fields(version.signature, context)),
        signature=_signature(version.signature, context),
        requirements=tuple(registry_moves.said(one, context, 120) for one in version.requirements),
        packages=fmt.plural(len(version.requirements), "package"),
        differing=tuple(differing(version, other, context)) if other else (),
        card=card(model.cards.get(number), context),
        compared=tuple(
            (f"version {one} against {champion}", layout.against_url(name, one, champion))
            for one, champion in registered.pairs(name)
            if number in (one, champion)
        ),
        moves=moves,
        path=_path(version),
    )


def _path(version: Version) -> str:
    return layout.RegistryFile("version", version.model, version.version).path


def _against(model: ModelState, number: int, registered: Registered) -> tuple[Version | None, str]:
    """Choose what a version is compared with: what the last stage is at, or was at before it."""
    stage = registered.stages()[0] if registered.stages() else ""
    at = model.stages.get(stage)
    if at is None:
        return None, ""
    other = model.versions.get(at.version if at.version != number else at.previous or 0)
    if other is None or other.version == number:
        return None, ""
    how = "in" if at.version != number else "before in"
    return other, f"version {other.version}, {how} {stage}"


def _deck(
    model: ModelState, version: Version, registered: Registered, context: Context
) -> Sentence:
    of = f"{fmt.plural(len(version.artifact.files), 'file')}, {fmt.size(version.artifact.size)}"
    by = f" by {registry_moves.person(version.created_by, context)}" if version.created_by else ""
    parts: list[str | Words] = [f"Registered {registry_lineage.created(version)}{by}: {of}. "]
    if version.version in model.withdrawn:
        parts.append(Words("It was withdrawn.", strong=True))
        parts.append(" ")
    now = [
        stage
        for stage in registered.state.order(model.name)
        if model.stages[stage].version == version.version
    ]
    parts += [Words(f"It is in {listing(now)}", strong=True), "."] if now else ["At no stage."]
    return sentence(*parts)


def withdrawn(model: ModelState, number: int, context: Context) -> Withdrawn:
    """Tell why a version must not be used."""
    of = model.withdrawn[number]
    instead = of.superseded_by if of.superseded_by in model.versions else None
    return Withdrawn(
        str(number),
        layout.model_version_url(model.name, number) if number in model.versions else "",
        registry_moves.said(of.reason, context),
        registry_moves.person(of.by, context) if of.by else "",
        "" if of.superseded_by is None else str(of.superseded_by),
        "" if instead is None else layout.model_version_url(model.name, instead),
    )


def card(text: str | None, context: Context) -> Markup | None:
    """Render a card, a stranger's Markdown, as text and links to other sites alone."""
    return markdown.render(context.rules.text(text)) if text and text.strip() else None


def fields(signature: Any, context: Context) -> Iterator[Field]:
    """List the fields of a signature; nothing where it is none of inputs and outputs."""
    if not isinstance(signature, dict):
        return
    for side in ("inputs", "outputs"):
        listed = signature.get(side)
        if isinstance(listed, dict):
            listed = [{"name": key, "type": value} for key, value in listed.items()]
        for one in (listed if isinstance(listed, list) else [])[:FIELDS_MAX]:
            said = dict(one) if isinstance(one, dict) else {"type": one}
            name = said.pop("name", "")
            kind = said.pop("type", said.pop("dtype", ""))
            more = [f"{key} {_spelled(value)}" for key, value in said.items()]
            what = ", ".join(filter(None, [_spelled(kind), *more]))
            texts = (context.rules.text(one) for one in (str(name), what))
            yield Field(side[:-1], *(shown(one, 200, fmt.MISSING) for one in texts))


def _spelled(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _signature(signature: Any, context: Context) -> str:
    if signature is None or any(True for _ in fields(signature, context)):
        return ""
    text = msgspec.json.format(msgspec.json.encode(signature), indent=2).decode()
    return context.rules.text(text)[:20_000]


def differing(version: Version, other: Version, context: Context) -> Iterator[Differing]:
    """Compare two manifests: files, data, code, signature, requirements."""
    found = difference(other, version)
    for part in ("files", "data", "code", "signature", "requirements"):
        for one in getattr(found, part)[:FIELDS_MAX]:
            before, after = (
                _either(part, one.name, value, context) for value in (one.before, one.after)
            )
            yield Differing(part, registry_moves.said(one.name, context, 200), before, after)


def _either(part: str, name: str, value: Any, context: Context) -> str:
    if value is None:
        return ""
    if part == "files":
        return f"{fmt.size(value['size'])}, {value['sha256'][:DIGEST_DIGITS]}"
    if name == "commit":
        return str(value)[:COMMIT_DIGITS]
    text = shlex.join(value) if name == "command" else fmt.scalar(value)
    return registry_moves.said(text, context, 300)
