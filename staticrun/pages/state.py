"""What the last build left in a site: why a page need not be made again.

Kept in the cache and never trusted beyond its word: a page counts as unchanged only while its
file still has the stat signature that was noted. Without the state everything is made again,
with the same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from staticrun import files
from staticrun.errors import Finding

if TYPE_CHECKING:
    from pathlib import Path


class RunFiles(msgspec.Struct, frozen=True):
    """The data files of a run.

    Attributes:
        data: URL of its `RunData`.
        series: URL of its `RunSeries`; empty where it has none.
        sparks: Metric → its small curve, as a `Shard` has it.
        best: Metric with a declared direction → the value of each metric of the run at its best
            step, in the order of the run's metrics; None where there is none.
    """

    data: str
    series: str
    sparks: dict[str, str]
    best: dict[str, list[float | None]]


class PageState(msgspec.Struct, frozen=True):
    """One page as it was left.

    Attributes:
        inputs: `Page.inputs` of the plan.
        view: Digest of view, templates and tools.
        signature: Stat signature of the file.
        objects: URLs of the objects that the page refers to.
        figures: Files of the figure cache that it needs.
        findings: What was wrong with its inputs; told again while they stand.
        files: The data files of a run's page.
        picture: Of a comparison of versions: the object that is its figure; empty for none.
    """

    inputs: str
    view: str
    signature: str
    objects: tuple[str, ...]
    figures: tuple[str, ...]
    findings: tuple[Finding, ...]
    files: RunFiles | None = None
    picture: str = ""


State = dict[str, PageState]


def path(cache: Path, site: Path) -> Path:
    """Name the state of a site; each output folder has its own."""
    return cache / "pages" / f"{files.sha256(str(site.resolve()).encode())[:16]}.msgpack"


def load(file: Path) -> State:
    """Read the state; empty when there is none or it cannot be read."""
    try:
        return msgspec.msgpack.decode(file.read_bytes(), type=State)
    except (OSError, msgspec.DecodeError):
        return {}


def save(file: Path, state: State) -> None:
    """Write the state, unless it is the same.

    Raises:
        OSError: As `files.write_atomic`.
    """
    files.write_if_different(file, msgspec.msgpack.encode(dict(sorted(state.items()))))
