"""The run of a script: `staticrun.init(…)`, `staticrun.log(…)`, `staticrun.finish()`.

A process has one such run at a time. It ends with `finish` or with the process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun.errors import UsageError
from staticrun.log.start import start

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from staticrun.config import Capture
    from staticrun.log.run import Run
    from staticrun.record.types import Status

_current: list[Run] = []


def init(
    experiment: str | None = None,
    *,
    name: str | None = None,
    params: object = None,
    tags: Mapping[str, object] | None = None,
    group: str | None = None,
    parent: Run | str | None = None,
    seed: object = None,
    root: str | os.PathLike[str] | None = None,
    capture: bool | Mapping[str, object] | Capture | None = None,
    run: Run | str | os.PathLike[str] | None = None,
    resume: Run | str | os.PathLike[str] | None = None,
    rewind_to: float | None = None,
) -> Run:
    """Start the run that `staticrun.log` writes to; arguments and errors as in `start`.

    A run that an earlier `init` started and nobody finished is finished first, so that a
    notebook's cell can be run again.
    """
    started = start(
        experiment,
        name=name,
        params=params,
        tags=tags,
        group=group,
        parent=parent,
        seed=seed,
        root=root,
        capture=capture,
        run=run,
        resume=resume,
        rewind_to=rewind_to,
    )
    finish()
    _current[:] = [started]
    return started


def log(values: Mapping[str, object], step: float | None = None) -> None:
    """Record numbers at a step, as `Run.log`.

    Raises:
        UsageError: When there was no `init`.
    """
    if not _current:
        raise UsageError("log()", "no run is open", "staticrun.init(…) before it")
    _current[0].log(values, step)


def finish(status: Status = "finished") -> None:
    """End the run that `init` started; without one, do nothing."""
    for run in _current:
        run.finish(status)
