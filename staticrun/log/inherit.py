"""The run that a process hands to the processes it starts: the variable STATICRUN_RUN.

While a run is open its folder stands in the variable, so that a child process finds it. What this
process set itself is no word to itself: a script that starts one run after another gets them all.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

VARIABLE = "STATICRUN_RUN"
# Who set it: a process that replaced itself (exec) is no child of its own.
_BY = "STATICRUN_RUN_BY"
# The word that keeps all runs apart, in the variable and as `start(run=…)`.
NEW = "new"

# Open runs of this process: who writes, the folder, the thread that started it.
_open: list[tuple[object, str, int]] = []
_shown: list[str] = []
_before: list[str | None] = []
_lock = threading.RLock()


def inherited() -> str:
    """Give what a person or the process above says of the run; empty when nobody does."""
    value = os.environ.get(VARIABLE, "")
    if _shown and value == _shown[0]:
        return _before[0] or ""
    return "" if os.environ.get(_BY) == f"{os.getpid()} {value}" else value


def hand_down(writer: object, folder: Path) -> None:
    """Let processes that are started from now on find a run."""
    with _lock:
        if inherited() == str(folder):
            return
        _open.append((writer, str(folder), threading.get_ident()))
        _show()


def take_back(writer: object) -> None:
    """Hide a run that has ended; the one that is open around it is seen again."""
    with _lock:
        _open[:] = [one for one in _open if one[0] is not writer]
        _show()


def _show() -> None:
    value = os.environ.get(VARIABLE)
    if not _shown or value != _shown[0]:  # somebody else has set it since
        _before[:] = [value]
    # Of runs that several threads have open, none is the one that a new process belongs to.
    is_clear = len({thread for _, _, thread in _open}) == 1
    _shown[:] = [_open[-1][1]] if is_clear else []
    wanted = _shown[0] if _shown else _before[0]
    if wanted is None:
        os.environ.pop(VARIABLE, None)
    else:
        os.environ[VARIABLE] = wanted
    if _shown:
        os.environ[_BY] = f"{os.getpid()} {_shown[0]}"
    elif wanted is None:
        os.environ.pop(_BY, None)


def _in_child() -> None:
    """Take the variable for what it is in a process made by fork: a word of the one above."""
    global _lock  # noqa: PLW0603 - another thread may have held it
    _lock = threading.RLock()
    for kept in (_open, _shown, _before):
        kept.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)
