"""Experiment tracking without a server: run records in, a versioned static site out.

    import staticrun

    with staticrun.start("digits", params={"lr": 1e-3}) as run:
        run.log({"train/loss": 0.31, "val/acc": 0.92}, step=10)

The house, from the top; each room imports only from those below it:

    cli/                  a file per verb
    review/               what a branch changes, as a comment
    pages/                views and templates: runs in, a site out
    plots/                figures as SVG
    analysis/ | published/  pure numbers: groups, intervals, curves | reading a published site
    store/ | log/         the reader | the writer
    record/               the format: types, codec, schema
    config/ | git         staticrun.yaml | what git knows
    layout | files        where things are | atomic writes, digests
    errors                what can go wrong, in words that help

Reader and writer meet in the format alone. This module is the façade: it loads the writer, which
needs the standard library and msgspec; the reader is loaded when it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun.errors import UsageError, UserError

# The room `staticrun.log` and the function `staticrun.log(…)` share a name. Python binds a room's
# name here when the room is imported first, and never again: so the room comes first and the
# function over it. `from staticrun.log.run import …` finds the room in sys.modules.
from staticrun.log.current import finish, init, log
from staticrun.log.run import Run
from staticrun.log.start import start
from staticrun.log.tell import LogWarning

if TYPE_CHECKING:
    from staticrun.published import open_site as open  # noqa: A004 -- `staticrun.open` is its name
    from staticrun.store import runs

    __version__: str

__all__ = [
    "LogWarning",
    "Run",
    "UsageError",
    "UserError",
    "finish",
    "init",
    "log",
    "open",
    "runs",
    "start",
]


def __getattr__(name: str) -> object:
    if name == "runs":
        from staticrun.store import runs

        return runs
    if name == "open":
        from staticrun.published import open_site

        return open_site
    if name == "__version__":
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("staticrun")
        except PackageNotFoundError:  # the checkout itself, not installed
            return "unknown"
    raise AttributeError(f"module 'staticrun' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "__version__"})
