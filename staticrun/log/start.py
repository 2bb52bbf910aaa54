"""Start a run: find the project, take a folder and an id, write down where it starts.

Here wrong use is refused with an error, since nothing is lost yet; from here on nothing raises.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import msgspec

from staticrun.errors import UsageError
from staticrun.log.background import go_along
from staticrun.log.place import Place
from staticrun.log.tell import warn
from staticrun.log.values import clean, to_json
from staticrun.record import types

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from staticrun.config import Capture
    from staticrun.log.run import Run


def start(
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
    """Start a run, or write to one that there is.

    Without `run` and `resume`, a process that was started while a run was open writes to that
    run, unless the call speaks of another one; the processes of one job write to one run; every
    other call starts a run of its own.

    Args:
        experiment: The experiment it belongs to, nested by `/`; `default` when left out.
        name: Any text. The folder's name is made from it; without one, from the time.
        params: What the run is configured with: a nested mapping, a dataclass, a Namespace.
        tags: Words to find it by.
        group: Any text by which runs are grouped.
        parent: The run that this one belongs to, or its id.
        seed: The seed, recorded only.
        root: The project's folder. Left out: the variable STATICRUN_ROOT, else the nearest folder
            upwards with a staticrun.yaml, a `runs/` or a `.git`.
        capture: What to record of the surroundings: True or False for all, or some by name
            (`{"user": False}`) over what staticrun.yaml says.
        run: A run that other processes have open, or its key or folder: this process writes to it,
            too, into a file of its own. `"new"` for a run of its own in any case.
        resume: A run that stopped, or its key, id or folder: it goes on. `"auto"` goes on with the
            newest run of this `name` in the experiment, and begins it when there is none.
        rewind_to: The step that a resumed run goes on from: what it logged at this step and later
            no longer counts. A run that is begun ignores it.

    Returns:
        The open run. Use it in a `with` block, or call `finish`.

    Raises:
        UsageError: When an argument cannot be meant, or names a run that is not there.
        UserError: When the run's folder cannot be made.
    """
    # Here, because whoever only reads runs loads this module, too.
    from staticrun.log.call import read_call
    from staticrun.log.enter import enter
    from staticrun.log.job import find_job
    from staticrun.log.opening import open_first, open_next

    call = read_call(
        experiment=experiment,
        name=name,
        params=params,
        tags=tags,
        group=group,
        parent=parent,
        root=root,
        run=run,
        resume=resume,
        rewind_to=rewind_to,
    )
    job = find_job(os.environ)
    if rewind_to is not None and call.resume is None and job is None:
        what = "is for a run that goes on, and this one is begun"
        raise UsageError("rewind_to", what, "", "start(resume=…, rewind_to=…)")
    project = call.project()
    runs, switches = _configured(project, capture)
    entry = enter(call, job, project, runs)
    if entry.root != project:
        switches = _configured(entry.root, capture)[1]
    place = Place(
        root=entry.root,
        runs=entry.runs,
        key=entry.key,
        folder=entry.folder,
        id=entry.id,
        name=clean(name or entry.name or entry.folder.name),
        capture=switches,
    )
    head = types.Start(
        format=types.FORMAT,
        time=time.time(),
        id=entry.id or None,
        name=clean(name) if name else None,
        parent=call.parent,
        group=call.group,
        rank=None if job is None else job.rank,
        world_size=None if job is None else job.world_size,
        seed=to_json(seed),
    )
    if entry.made:
        opened, head = open_first(head, call.params, place, entry)
    else:
        opened, head = open_next(head, call.params, place, entry, call.rewind_to)
    if call.tags:
        opened.tag(call.tags)
    go_along(opened._writer, head)  # noqa: SLF001 - one room
    if head.writer is None:  # one alarm a run is enough
        _watch(opened)
    return opened


def _watch(run: Run) -> None:
    """Watch what the project's files name."""
    from staticrun.config import watched

    metrics, findings = watched(run.root, run.folder.parent)
    for finding in findings:
        warn(str(finding))
    for name, metric in metrics.items():
        if metric.watch is not None:
            run.watch(name, direction=metric.direction, **msgspec.structs.asdict(metric.watch))


def _configured(
    project: Path, capture: bool | Mapping[str, object] | Capture | None
) -> tuple[Path, Capture]:
    """Say where runs go and what they may record: the file, then the call over it."""
    from staticrun.config import Capture, for_writer, over

    found, findings = for_writer(project)
    switches = over(found.capture, capture)
    if not isinstance(capture, Capture):  # a child's parent has told it
        for finding in findings:
            warn(str(finding))
    return project / found.runs, switches
