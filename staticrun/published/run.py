"""A run of a published site: what `runs.json` says of it, as the object that a project gives."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from staticrun import layout
from staticrun.errors import UserError
from staticrun.record.numbers import to_number
from staticrun.record.types import Git
from staticrun.store.facts import Facts
from staticrun.store.params import nested
from staticrun.store.run import Run
from staticrun.store.series import Stats

if TYPE_CHECKING:
    from staticrun.published.shapes import Row

_COUNTS = ("n", "nonfinite")
# What a run of a project has beside: an empty list would say that the run has none.
NOT_PUBLISHED = frozenset(
    {"raw", "segments", "resumes", "writers", "start", "end", "artifacts", "datasets", "models"}
    | {"uses", "verdicts", "notes", "alerts", "system_names", "unknown", "findings", "digest"}
    | {"folder", "files", "users", "hosts"}
)


class PublishedRun(Run):
    """A run of a published site.

    It has all that `to_dict` gives; what a site does not list for programs (points, artifacts,
    notes) raises a `UserError` that leads to the run's page.

    Args:
        row: What the site says of it.
        site: Address of the site, for errors.
    """

    def __init__(self, row: Row, site: str) -> None:
        self._page = f"{site}/{layout.run_url(row.run)}"
        facts = Facts(
            id=row.id,
            key=row.run,
            name=row.name,
            status=row.status,
            started=to_number(row.started) if row.started is not None else None,
            ended=to_number(row.ended) if row.ended is not None else None,
            last_record=to_number(row.last_record) if row.last_record is not None else None,
            group=row.group,
            parent=row.parent,
            user=row.user,
            git=None if row.git is None else Git(commit=row.git.commit, dirty=row.git.dirty),
            archived=row.archived,
            params_tree=nested(row.params),
            tags=row.tags,
            summary=row.summary,
            superseded=row.superseded,
            bad_lines=row.bad_lines,
            metrics={name: _stats(fields) for name, fields in row.metrics.items()},
        )
        super().__init__(facts, Path(), (), (), self._no_points)
        for name in NOT_PUBLISHED:
            delattr(self, name)

    def __getattr__(self, name: str) -> NoReturn:
        if name not in NOT_PUBLISHED:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        raise self._missing(name)

    def _no_points(self) -> NoReturn:
        raise self._missing("points of metrics, histograms and logs")

    def _missing(self, what: str) -> UserError:
        expected = "params, tags, summary, metrics (statistics) and what stands in to_dict()"
        return UserError(self.key, f"a published run has no {what}", expected, self._page)


def _stats(fields: dict[str, float | str | None]) -> Stats:
    known = {
        name: None if value is None else to_number(value)
        for name, value in fields.items()
        if name in Stats.__struct_fields__
    }
    counts = {name: _count(known.pop(name, None)) for name in _COUNTS}
    return Stats(**counts, **known)  # type: ignore[arg-type]


def _count(value: float | None) -> int:
    return int(value) if value is not None and math.isfinite(value) else 0
