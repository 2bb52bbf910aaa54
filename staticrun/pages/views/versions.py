"""The page of all site versions: what each is, and what changed from one to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from staticrun import layout
from staticrun.analysis.changes import changes
from staticrun.errors import UserError
from staticrun.pages import format as fmt
from staticrun.pages.views.sentence import count, listing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from staticrun.analysis.changes import Changes, RunChange
    from staticrun.config import Metric
    from staticrun.pages.context import Context
    from staticrun.receipts import Receipt
    from staticrun.store.run import Run

TEMPLATE = "versions.html"
# Runs of one sort that are named; the others are counted.
NAMED = 10
# Values of one run that are told.
VALUES = 4


class Item(msgspec.Struct, frozen=True):
    """A run that came, went or changed.

    Attributes:
        key: Its key.
        url: Its page as it was; empty where no page of it is known.
        text: What changed in it; empty where it came or went.
    """

    key: str
    url: str
    text: str = ""


class Part(msgspec.Struct, frozen=True):
    """The runs that did one thing: `added`, `changed`, `removed`, `moved`."""

    what: str
    items: tuple[Item, ...]
    more: int


class VersionRow(msgspec.Struct, frozen=True):
    """A version, or the newest state.

    Attributes:
        name: Its name; empty for the newest state.
        url: Its front page.
        facts: What is known of it, in words.
        since: The state before it; empty for the first.
        deck: What changed since, in a sentence.
        parts: The runs that changed.
    """

    name: str
    url: str
    facts: tuple[str, ...]
    since: str
    deck: str
    parts: tuple[Part, ...]


class VersionsView(msgspec.Struct, frozen=True):
    """What the page shows, the newest first."""

    deck: str
    rows: tuple[VersionRow, ...]


@dataclass(frozen=True, slots=True)
class _State:
    """A version or the newest state: its runs, and where their pages are."""

    name: str
    runs: Sequence[Run] | None
    places: dict[str, str]

    def page(self, key: str) -> str:
        """Give the page of a run, as it is in this state; empty where none is known."""
        return self.places.get(layout.run_url(key), "")


def make(context: Context, receipts: Sequence[Receipt], site: Path) -> VersionsView:
    """Make the view.

    Args:
        context: The project.
        receipts: Of all versions, the oldest first.
        site: The site's folder, which has their runs.
    """
    aliases = {name: one.aliases for name, one in context.config.versions.items()}
    rows, before = [], None
    for receipt in receipts:
        state = _State(receipt.name, _runs(site, receipt.name), receipt.places())
        # Archived runs have a page, and stand in no list.
        runs = len(receipt.runs if state.runs is None else state.runs)
        facts = (count(runs, "run"), *_facts(receipt, aliases.get(receipt.name, ())))
        url = f"{layout.version_url(receipt.name)}/index.html"
        rows.append(_row(url, facts, state, before, context))
        before = state
    now = list(context.store.runs())
    urls = [layout.run_url(run.key) for run in now]
    state = _State("", now, dict(zip(urls, urls, strict=True)))
    facts = (count(len(now), "run"),)
    rows.append(_row("index.html", facts, state, before, context))
    deck = f"{count(len(receipts), 'version')} of this site, each as it was, and the newest state."
    return VersionsView(deck, tuple(reversed(rows)))


def _runs(site: Path, name: str) -> list[Run] | None:
    """Read the runs of a version; None where it does not list them."""
    from staticrun.published import open_site

    try:
        return list(open_site(site, name).runs())
    except UserError:
        return None


def _facts(receipt: Receipt, aliases: Sequence[str]) -> tuple[str, ...]:
    facts = []
    if receipt.time is not None:
        facts.append(fmt.date(receipt.time))
    if receipt.commit:
        facts.append(f"commit {receipt.commit[:12]}")
    if not receipt.rebuildable:
        facts.append("not rebuildable")
    if aliases:
        facts.append(f"also {listing(aliases)}")
    return tuple(facts)


def _row(
    url: str, facts: tuple[str, ...], state: _State, before: _State | None, context: Context
) -> VersionRow:
    if before is None:
        return VersionRow(state.name, url, facts, "", "", ())
    if state.runs is None or before.runs is None:
        deck = "It was made before versions listed their runs."
        return VersionRow(state.name, url, facts, before.name, deck, ())
    found = changes(before.runs, state.runs)
    parts = tuple(_parts(found, before, state, context))
    deck = listing([f"{count(len(part.items) + part.more, 'run')} {part.what}" for part in parts])
    return VersionRow(state.name, url, facts, before.name, deck or "No run changed", parts)


def _parts(found: Changes, before: _State, state: _State, context: Context) -> list[Part]:
    metrics = context.config.metrics
    sorts = [
        ("added", [Item(key, state.page(key)) for key in found.added]),
        (
            "changed",
            [Item(one.key, state.page(one.key), _what(one, metrics)) for one in found.changed],
        ),
        (
            "moved",
            [Item(new, state.page(new), f"was {old}") for old, new in found.moved],
        ),
        ("removed", [Item(key, before.page(key)) for key in found.removed]),
    ]
    return [
        Part(what, tuple(items[:NAMED]), max(len(items) - NAMED, 0))
        for what, items in sorts
        if items
    ]


def _what(change: RunChange, metrics: dict[str, Metric]) -> str:
    """Say what changed in a run: its status, then metrics, then params."""
    told = []
    if change.status[0] != change.status[1]:
        told.append(f"{change.status[0]} → {change.status[1]}")
    for one in change.metrics:
        metric = metrics.get(one.name)
        values = (fmt.metric_value(value, metric) for value in (one.before, one.after))
        told.append(f"{one.name} {' → '.join(values)}")
    told += [f"{one.name} {_param(one.before)} → {_param(one.after)}" for one in change.params]
    more = len(told) - VALUES
    return ", ".join(told[:VALUES]) + (f" and {more} more" if more > 0 else "")


def _param(value: object) -> str:
    return "not set" if value is None else fmt.short(fmt.scalar(value))
