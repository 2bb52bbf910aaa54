"""What a published site says of its runs: the shapes that builder and reader share.

`runs.json` of the newest state is `{"format": 1, "runs": [RUN, …]}`, each as
`staticrun runs list --json` prints it; `v/NAME/runs.json` of a version names files of that shape.
"""

from __future__ import annotations

from typing import Any

import msgspec

FORMAT = 1
LIST = "runs.json"
# Runs of one file of a version's list: about 200 kB.
SHARD_RUNS = 100

Number = float | str | None


class Listing(msgspec.Struct, frozen=True):
    """`v/NAME/runs.json`: where the runs of a version are.

    Attributes:
        format: 1.
        version: The version's name.
        shards: URLs of files that look like `runs.json`, relative to the site's root.
    """

    format: int
    version: str
    shards: tuple[str, ...]


class Code(msgspec.Struct, frozen=True):
    """The commit of a run."""

    commit: str | None = None
    dirty: bool | None = None


class Row(msgspec.Struct, frozen=True):
    """A run; what it says is what `Run.to_dict` gives. NaN and the infinities are texts."""

    id: str
    run: str
    name: str
    status: str
    started: Number = None
    ended: Number = None
    last_record: Number = None
    group: str | None = None
    parent: str | None = None
    user: str | None = None
    git: Code | None = None
    archived: bool = False
    params: dict[str, Any] = {}
    tags: dict[str, Any] = {}
    summary: dict[str, Any] = {}
    superseded: int = 0
    bad_lines: int = 0
    metrics: dict[str, dict[str, Number]] = {}


class Rows(msgspec.Struct, frozen=True):
    """Runs, in natural order of their keys."""

    format: int
    runs: tuple[Row, ...]
