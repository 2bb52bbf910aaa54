"""The short way from an appended line to an open page: one run is read on, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from staticrun import layout
from staticrun.pages.data import series
from staticrun.serve.overlay import LiveObjects, Overlay
from staticrun.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from staticrun.config import Config


class Grown(msgspec.Struct, frozen=True):
    """What open pages are told of a run that has grown.

    Attributes:
        key: The run's.
        url: Of its page.
        series: URL of its series, which may be in memory alone.
        status: As in the run's data.
        last_record: Unix seconds; None where no record has a time.
    """

    key: str
    url: str
    series: str
    status: str
    last_record: float | None


class Live:
    """The runs of a project, kept warm.

    Attributes:
        overlay: The data files that are not in the site.
    """

    def __init__(self, config: Config, site: Path) -> None:
        self.overlay = Overlay()
        self._site = site
        self.open(config)

    def open(self, config: Config) -> None:
        """Take another configuration; what was read is kept in the cache."""
        self.config = config
        self.store = Store.open(config)
        self._last: dict[str, float] = {}

    def look(self) -> None:
        """See which runs there are, and when each logged last."""
        self.store.refresh()
        times = {run.key: run.last_record for run in self.store.runs(archived=True)}
        self._last = {layout.run_url(key): time for key, time in times.items() if time}

    def grow(self, key: str) -> Grown | None:
        """Read on in a run; None where nothing came, or the run has gone meanwhile."""
        try:
            if not self.store.advance(key):
                return None
            run = self.store.run(key)
            url = series.put(run, LiveObjects(self._site, self.overlay))
        except Exception:  # noqa: BLE001 -- the next build tells; no run ends the server
            return None
        grown = Grown(key, layout.run_url(key), url, run.status, run.last_record)
        if grown.last_record:
            self._last[grown.url] = grown.last_record
        return grown

    def last_record(self, page: str) -> float | None:
        """Give the time of the last record, in Unix seconds: of a run's page its own, else of all.

        None where none is known.
        """
        if page.startswith("runs/"):
            return self._last.get(page)
        return max([*self._last.values()], default=None)
