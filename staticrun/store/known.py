"""What a reading of a record file starts from, and what it gives."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from staticrun.store.columns import Part
from staticrun.store.state import FileState

if TYPE_CHECKING:
    from pathlib import Path

    from staticrun.store.bare import Rules


class Known(msgspec.Struct, frozen=True):
    """What is known of a file between two readings.

    Attributes:
        signature: As `files.signature` gave it.
        size: Bytes of the file.
        offset: Bytes of it that were whole lines.
        waiting: Bytes after the last whole line.
        blocks: sha256 of each whole block, 32 bytes each, then of the rest where there is one.
    """

    signature: str
    size: int
    offset: int
    blocks: bytes
    waiting: int = 0

    def digest(self) -> str:
        """Give the digest of the file's bytes: the sha256 of its blocks' digests."""
        return hashlib.sha256(self.blocks).hexdigest()


class Half(msgspec.Struct, frozen=True):
    """A file with its last line in it, which is a whole JSON object but lacks its newline.

    Attributes:
        state: The fold of all lines and that one.
        part: What that line added.
    """

    state: FileState
    part: Part


class Reading(NamedTuple):
    """What a reading gave.

    Attributes:
        known: For the next reading.
        state: The fold of all whole lines.
        part: Points, log lines and histograms of the lines that were read now.
        whole: Whether the file was read from its start, so that earlier parts do not hold.
        half: What the file is with its last line, when that may be read before its newline.
    """

    known: Known
    state: FileState
    part: Part
    whole: bool
    half: Half | None


class Source(NamedTuple):
    """Which file is read, and how.

    Attributes:
        path: The file.
        shown: Its path relative to the project.
        edit: Whether it is a file of edits.
        rules: For another tool's file, where its step and time stand.
    """

    path: Path
    shown: str
    edit: bool
    rules: Rules | None
