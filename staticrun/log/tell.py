"""What is said to the person at the terminal: never an exception, never much."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

_ROOM = str(Path(__file__).parent)


class LogWarning(UserWarning):
    """Something that a run was given could not be recorded; the training goes on."""


def warn(message: str) -> None:
    """Warn at the caller's line; on stderr where warnings are made into errors. Never raises."""
    level, frame = 1, sys._getframe(0)  # noqa: SLF001 - the only way to the user's own line
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_ROOM):
        level, frame = level + 1, frame.f_back
    try:
        warnings.warn(message, LogWarning, stacklevel=level)
    except Warning:
        say(message)
    except Exception:  # noqa: BLE001 - a broken showwarning must not stop a training
        return


def say(message: str) -> None:
    """Print a line on stderr. Never raises."""
    try:
        sys.stderr.write(f"staticrun: {message}\n")
    except Exception:  # noqa: BLE001 - stderr may be closed or absent
        return
