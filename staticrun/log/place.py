"""Which run is written, where it lies, and whose names its record may hold."""

from __future__ import annotations

from pathlib import Path

import msgspec


class Place(msgspec.Struct, frozen=True):
    """What stands fixed when a run has started.

    Attributes:
        root: The project's folder.
        key: `EXPERIMENT/RUN`.
        folder: The run's folder.
        id: The permanent id.
        name: The name as it was given, else the folder's.
        shows_user: Whether records may hold the login name.
        shows_host: Whether records may hold the machine's name.
    """

    root: Path
    key: str
    folder: Path
    id: str
    name: str
    shows_user: bool
    shows_host: bool
