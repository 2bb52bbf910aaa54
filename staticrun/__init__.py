"""Experiment tracking without a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

# The room `staticrun.log` and the function `staticrun.log(…)` share a name. Importing a room
# binds its name here, once; so the room is imported first and the function bound over it, for
# good. `from staticrun.log.run import …` finds the room in sys.modules.
from staticrun.log.current import finish, init, log
from staticrun.log.run import Run
from staticrun.log.start import start

if TYPE_CHECKING:
    from staticrun.store import runs

__all__ = ["Run", "finish", "init", "log", "runs", "start"]


def __getattr__(name: str) -> object:
    if name == "runs":
        from staticrun.store import runs

        return runs
    if name == "__version__":
        from importlib.metadata import version

        return version("staticrun")
    raise AttributeError(f"module 'staticrun' has no attribute {name!r}")
