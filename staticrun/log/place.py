"""Which run is written, where it lies, and whose names its record may hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from staticrun.config import Capture


@dataclass(frozen=True, slots=True)
class Place:
    """What stands fixed when a run has started.

    Attributes:
        root: The project's folder.
        runs: The project's folder of runs that this one lies in.
        key: `EXPERIMENT/RUN`.
        folder: The run's folder.
        id: The permanent id.
        name: The name as it was given, else the folder's.
        capture: What records may hold of the surroundings.
    """

    root: Path
    runs: Path
    key: str
    folder: Path
    id: str
    name: str
    capture: Capture
