"""Which run wrote what another consumed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from staticrun.record.types import Use
    from staticrun.store.run import Run


def name_of(use: Use) -> str:
    """Say by what a record names the run that wrote it: its id, else the digest of the bytes."""
    return use.run or use.sha256 or use.tree or ""


class Lineage:
    """What runs consumed of each other.

    Args:
        runs: All runs that may have written or consumed something.
    """

    def __init__(self, runs: Iterable[Run]) -> None:
        self._runs = list(runs)
        self._by_id = {run.id: run for run in self._runs}
        self._writers: dict[str, dict[str, Run]] = {}
        for run in self._runs:
            stored = (one.sha256 or one.tree for one in run.artifacts if one.path)
            for digest in (*stored, *(model.tree for model in run.models)):
                if digest:
                    self._writers.setdefault(digest, {})[run.key] = run

    def producer(self, run: Run, use: Use) -> Run | None:
        """Find the run that wrote what a run consumed.

        Returns:
            The run that the record names; else, where one run alone stored something of the
            same digest, that one.
        """
        if use.run in self._by_id:
            return self._by_id[use.run]
        writers = dict(self._writers.get(use.sha256 or use.tree or "", {}))
        writers.pop(run.key, None)
        return next(iter(writers.values())) if len(writers) == 1 else None

    def producers(self, run: Run) -> dict[str, Run]:
        """Map what `name_of` gives of a run's records to the runs that they lead to."""
        found = {name_of(use): self.producer(run, use) for use in run.uses}
        return {name: one for name, one in sorted(found.items()) if one is not None}

    def consumers(self, run: Run) -> list[tuple[Run, Use]]:
        """List who consumed something of a run, and what, in the order of the runs."""
        return [
            (other, use)
            for other in self._runs
            for use in other.uses
            if (found := self.producer(other, use)) is not None and found.key == run.key
        ]
