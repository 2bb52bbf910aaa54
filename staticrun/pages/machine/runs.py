"""`runs.json`: what `staticrun runs list --json` prints; for a version in shards among objects.

A shard holds runs of one experiment in natural order of their keys, so that a version with ten
new runs shares all but the last shard with the one before.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import msgspec

from staticrun.published.shapes import FORMAT, SHARD_RUNS, Listing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from staticrun.pages.objects import Objects
    from staticrun.store.run import Run


def spell(runs: Iterable[Run]) -> bytes:
    """Spell runs: a line for each, so that a difference of two files can be read."""
    lines = b",\n".join(msgspec.json.encode(run.to_dict()) for run in runs)
    return b'{"format": %d, "runs": [\n%b\n]}\n' % (FORMAT, lines)


def of_version(name: str, runs: Iterable[Run], objects: Objects) -> bytes:
    """Write the shards of a version, and spell the list of them: `v/NAME/runs.json`.

    Args:
        name: The version's name.
        runs: Its runs, in natural order of their keys.
        objects: Takes the shards.
    """
    ordered = sorted(runs, key=lambda run: run.experiment)  # stable: the order of keys stays
    shards: list[str] = []
    for _, members in groupby(ordered, key=lambda run: run.experiment):
        found = [*members]
        parts = (found[at : at + SHARD_RUNS] for at in range(0, len(found), SHARD_RUNS))
        shards += (objects.put(spell(part), "json") for part in parts)
    return msgspec.json.encode(Listing(FORMAT, name, tuple(shards)))
