"""Where a version comes from: run, data, code, package, and the stages that it was at."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from staticrun import layout
from staticrun.pages import format as fmt
from staticrun.pages.views.naming import shown
from staticrun.pages.views.registry_moves import person, said
from staticrun.pages.views.run_facts import COMMIT_DIGITS, DIGEST_DIGITS, Fact, Piece

if TYPE_CHECKING:
    from collections.abc import Iterator

    from staticrun.pages.context import Context
    from staticrun.pages.registered import Registered
    from staticrun.registry.manifests import Data, Version
    from staticrun.registry.promotion import Evidence
    from staticrun.registry.state import ModelState

_MARKS = {"verified": "ok", "absent": "ne", "mismatch": "fail"}
TEXT_MAX = 300
DATA_MAX = 20


def facts(
    model: ModelState,
    version: Version,
    evidence: Evidence,
    registered: Registered,
    context: Context,
) -> tuple[Fact, ...]:
    """Tell the lineage of a version, from its run to its stages."""
    found = {
        "Run": _run(version, evidence, context),
        "Data": _data(version, registered, context),
        "Code": _code(version, context),
        "Version": _version(version, evidence, context),
        "Stages": _stages(model, version, registered),
    }
    return tuple(Fact(term, tuple(pieces)) for term, pieces in found.items())


def _run(version: Version, evidence: Evidence, context: Context) -> Iterator[Piece]:
    of = version.run
    keys = context.store.with_id(of.id)
    key = of.key if of.key in keys else keys[0] if keys else None
    if key is None:
        yield Piece(shown(of.key, TEXT_MAX), code=True, after="not in this project")
    else:
        after = "" if key == of.key else f"was {shown(of.key, TEXT_MAX)}"
        yield Piece(shown(key, TEXT_MAX), url=layout.run_url(key), run=key, after=after)
    yield Piece(of.id, code=True, after="its id")
    digest = of.record.removeprefix("sha256:")
    yield Piece(f"record {evidence.record}", mark=_MARKS[evidence.record])
    yield Piece(digest[:DIGEST_DIGITS], code=True, title=of.record)


def _data(version: Version, registered: Registered, context: Context) -> Iterator[Piece]:
    for data in version.data[:DATA_MAX]:
        yield Piece(said(data.name, context, TEXT_MAX), after=", ".join(_about(data, context)))
        if data.digest:
            uses = registered.uses.count(data.digest, data.role or "")
            after = f"decided {fmt.plural(uses, 'promotion')}" if uses else ""
            yield Piece(_digest(data.digest), code=True, title=data.digest, after=after)
    more = len(version.data) - DATA_MAX
    if more > 0:
        yield Piece(f"and {fmt.count(more)} more")
    if not version.data:
        yield Piece("none recorded")


def _digest(digest: str) -> str:
    kind, colon, rest = digest.partition(":")
    return shown(rest[:DIGEST_DIGITS] if colon else kind[:DIGEST_DIGITS])


def _about(data: Data, context: Context) -> Iterator[str]:
    if data.role:
        yield said(data.role, context, TEXT_MAX)
    if data.rows is not None:
        yield fmt.plural(data.rows, "row")
    if data.source:
        yield said(data.source, context, TEXT_MAX)
    if not data.digest:
        yield "no digest"


def _code(version: Version, context: Context) -> Iterator[Piece]:
    code = version.code
    if code.commit is None:
        yield Piece("no commit recorded")
    else:
        after = {True: "with changes", False: "clean", None: "unknown whether clean"}[code.dirty]
        yield Piece(code.commit[:COMMIT_DIGITS], code=True, title=code.commit, after=after)
    if code.remote:
        yield Piece(said(code.remote, context, TEXT_MAX))
    if code.command:
        words = [str(word) for word in context.rules.command(code.command)]
        yield Piece(said(shlex.join(words), context, 1000), code=True)


def _version(version: Version, evidence: Evidence, context: Context) -> Iterator[Piece]:
    tree = version.artifact.tree
    yield Piece(f"bytes {evidence.artifact}", mark=_MARKS[evidence.artifact])
    yield Piece(tree.removeprefix("sha256:")[:DIGEST_DIGITS], code=True, title=tree)
    of = f"{fmt.plural(len(version.artifact.files), 'file')}, {fmt.size(version.artifact.size)}"
    flavor = said(version.flavor or "", context, TEXT_MAX)
    yield Piece(f"{flavor}: {of}" if flavor else of)
    yield Piece(created(version), after="registered, as its file says")
    if version.created_by:
        yield Piece(f"by {person(version.created_by, context)}")
    if version.python:
        yield Piece(f"Python {shown(version.python)}")
    if evidence.moved and evidence.path:
        yield Piece(said(evidence.path, context), code=True, after="where the bytes are now")


def created(version: Version) -> str:
    """Print when a version was registered, as its file says; what is no day stays as it is."""
    from datetime import UTC, datetime

    try:
        at = datetime.strptime(version.created, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return version.created
    return fmt.date(at.timestamp())


def _stages(model: ModelState, version: Version, registered: Registered) -> Iterator[Piece]:
    number = version.version
    now = [name for name in registered.state.order(model.name) if name in model.stages_of(number)]
    for name in now:
        yield Piece(name, after="now")
    was = dict.fromkeys(
        event.stage
        for event in registered.events(model.name)
        if event.stage and event.version == number and event.stage not in now
    )
    for name in was:
        yield Piece(name, after="before")
    if number in model.withdrawn:
        yield Piece("withdrawn", mark="fail")
    if not now and not was:
        known = registered.history.commit is not None and not registered.history.truncated
        yield Piece("none so far" if known else "none now, before unknown")
