"""`feed.xml`: the runs that ended last, and what was promoted last, as an Atom feed.

Source: RFC 4287. A feed's ids and links are absolute, so that there is one only where
`project.url` says where the site is.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, NamedTuple
from xml.etree.ElementTree import Element, SubElement, tostring

from staticrun import layout
from staticrun.pages import format as fmt
from staticrun.pages.text import visible
from staticrun.pages.views import results

if TYPE_CHECKING:
    from collections.abc import Sequence

    from staticrun.pages.context import Context
    from staticrun.pages.views.metric_choice import MetricFacts
    from staticrun.pages.views.project_figure import Known
    from staticrun.store.run import Run

NAME = "feed.xml"
ENTRIES = 50
_ATOM = "http://www.w3.org/2005/Atom"
# A feed must have a time, also before anything ended; a clock would make every build another.
_NEVER = "1970-01-01T00:00:00Z"
_TOLD = frozenset(
    {"stage.promoted", "stage.demoted", "stage.rolled_back", "stage.cleared", "version.withdrawn"}
)


def spell(context: Context, known: Sequence[Known]) -> dict[str, bytes]:
    """Spell the feed of the newest runs and promotions; nothing without `project.url`."""
    base = context.site.url
    if not base:
        return {}
    feed = Element("feed", {"xmlns": _ATOM})
    _add(feed, "id", layout.absolute(base, ""))
    _add(feed, "title", context.site.name)
    latest = [*_runs(known), *_promotions(context)]
    latest.sort(key=lambda entry: -entry.time)  # stable: equals stay as they are
    _add(feed, "updated", fmt.iso(latest[0].time) if latest else _NEVER)
    _add(SubElement(feed, "author"), "name", context.site.name)
    SubElement(feed, "link", {"rel": "self", "href": layout.absolute(base, NAME)})
    SubElement(feed, "link", {"rel": "alternate", "href": layout.absolute(base, "")})
    for one in latest[:ENTRIES]:
        entry = SubElement(feed, "entry")
        # By an id of its own alone: it stays when the site moves or the run's folder does.
        _add(entry, "id", uuid.uuid5(uuid.NAMESPACE_URL, f"staticrun:{visible(one.id)}").urn)
        _add(entry, "title", one.title)
        _add(entry, "updated", fmt.iso(one.time))
        link = layout.absolute(base, one.url)
        SubElement(entry, "link", {"rel": "alternate", "href": link})
        SubElement(entry, "category", {"term": visible(one.category)})
        _add(entry, "summary", one.summary)
    text: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return {NAME: text + b"\n"}


class _Entry(NamedTuple):
    """What stands in the feed; the time in Unix seconds."""

    id: str
    time: float
    title: str
    url: str
    category: str
    summary: str


def _promotions(context: Context) -> list[_Entry]:
    """List what happened to stages, and which versions were withdrawn."""
    if context.registered is None:
        return []
    from staticrun.pages.views import registry_moves

    registered = context.registered
    events = [event for event in registered.history.events if event.type in _TOLD]
    events = [event for event in events if not registered.is_first(event)][-ENTRIES:]
    moves = registry_moves.listed(events, registered, context)
    found = []
    for event, move in zip(events, moves, strict=True):
        if not (move.model_url and move.iso):
            continue
        where = f"version {move.after}" if move.after else "none"
        title = f"{move.model}: {where} {move.what}{f' in {move.stage}' if move.stage else ''}"
        summary = ". ".join([*filter(None, [move.reason]), *move.asides, *move.overrides])
        url = move.url or move.model_url
        time = event.origin.time
        found.append(_Entry(f"event:{event.id}", time, title, url, move.model, summary))
    return found


def _runs(known: Sequence[Known]) -> list[_Entry]:
    return [
        _Entry(
            f"run:{run.id}",
            run.ended or 0.0,
            f"{run.experiment}: {run.name}",
            layout.run_url(run.key),
            run.experiment,
            _summary(run, one.ordered[:3]),
        )
        for run, one in _latest(known)
    ]


def _latest(known: Sequence[Known]) -> list[tuple[Run, Known]]:
    """Choose the runs that ended last, the latest first; each id once, as a feed must."""
    found: dict[str, tuple[Run, Known]] = {}
    for one in known:
        for run in one.runs:
            if run.status in ("finished", "failed") and fmt.iso(run.ended):
                found.setdefault(visible(run.id), (run, one))
    order = sorted(found.values(), key=lambda pair: (-(pair[0].ended or 0), pair[0].key))
    return order[:ENTRIES]


def _summary(run: Run, metrics: Sequence[MetricFacts]) -> str:
    values = [
        f"{metric.name} {fmt.metric_value(value, metric.declared)}"
        for metric in metrics
        if (value := results.value(run, metric.name)) is not None
    ]
    took = [fmt.duration(run.duration)] if run.duration is not None else []
    return ", ".join([run.status, *values, *took])


def _add(above: Element, name: str, text: str) -> None:
    SubElement(above, name).text = visible(text)
