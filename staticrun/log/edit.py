"""Later changes to a run: a file of its own for each edit, so that no writer is disturbed."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from staticrun import layout
from staticrun.errors import unwritable
from staticrun.record.codec import encode

if TYPE_CHECKING:
    from pathlib import Path

    from staticrun.record.types import Edit


def write_edit(folder: Path, edit: Edit) -> Path:
    """Add an edit to a run.

    Args:
        folder: The run's folder.
        edit: What changes; its time orders it among other edits.

    Returns:
        The new file.

    Raises:
        UserError: When the folder cannot be written.
    """
    # The time first, so that a listing shows the edits in their order.
    name = layout.edit_file_name(f"{int(edit.time):010d}-{secrets.token_hex(4)}")
    path = folder / name
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        try:
            os.write(descriptor, encode(edit) + b"\n")
        finally:
            os.close(descriptor)
    except OSError as error:
        raise unwritable(error, str(folder), "the edit cannot be written") from error
    return path
