"""Runs that are looked at one by one, where most of a project's runs are nobody's business."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun.store.index import CacheError
from staticrun.store.scan import Scan, place_of
from staticrun.store.store import Store
from staticrun.store.update import advance

if TYPE_CHECKING:
    from staticrun.config import Config


class Near(Store):
    """The runs that were taken so far, in the index of all.

    Args:
        config: The project.
        cache: As for `Store`.
    """

    def __init__(self, config: Config, *, cache: bool = True) -> None:
        super().__init__(config, cache=cache)
        self._scan = Scan({}, {}, [])

    def take(self, key: str) -> bool:
        """Take on a run that is at its own place; False for one that is not."""
        known = self._found().places
        if key in known:
            return True
        place = place_of(self._config, key)
        if place is None:
            return False
        try:
            stamp, id_ = advance(self._opened(), place, self._config.root)
        except CacheError as error:
            self._replaced(error)
            return False
        if stamp:
            known[key], self._by_id = place, None
            self._stamps[key], self._ids[key] = stamp, id_
        return bool(stamp)
