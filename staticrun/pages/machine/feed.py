"""`feed.xml`: the runs that ended last, as an Atom feed.

Source: RFC 4287. A feed's ids and links are absolute, so that there is one only where
`project.url` says where the site is.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING
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


def spell(context: Context, known: Sequence[Known]) -> dict[str, bytes]:
    """Spell the feed of the newest finished and failed runs; nothing without `project.url`."""
    base = context.site.url
    if not base:
        return {}
    feed = Element("feed", {"xmlns": _ATOM})
    _add(feed, "id", layout.absolute(base, ""))
    _add(feed, "title", context.site.name)
    latest = _latest(known)
    _add(feed, "updated", fmt.iso(latest[0][0].ended) if latest else _NEVER)
    _add(SubElement(feed, "author"), "name", context.site.name)
    SubElement(feed, "link", {"rel": "self", "href": layout.absolute(base, NAME)})
    SubElement(feed, "link", {"rel": "alternate", "href": layout.absolute(base, "")})
    for run, one in latest:
        entry = SubElement(feed, "entry")
        # By the run's id alone: it stays when the site moves or the run's folder does.
        _add(entry, "id", uuid.uuid5(uuid.NAMESPACE_URL, f"staticrun:run:{visible(run.id)}").urn)
        _add(entry, "title", f"{run.experiment}: {run.name}")
        _add(entry, "updated", fmt.iso(run.ended))
        link = layout.absolute(base, layout.run_url(run.key))
        SubElement(entry, "link", {"rel": "alternate", "href": link})
        SubElement(entry, "category", {"term": visible(run.experiment)})
        _add(entry, "summary", _summary(run, one.ordered[:3]))
    text: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return {NAME: text + b"\n"}


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
