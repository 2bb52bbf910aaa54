"""Start a run: find the project, take a folder and an id, write down where it starts.

Here wrong use is refused with an error, since nothing is lost yet; from here on nothing raises.
"""

from __future__ import annotations

import datetime as dt
import itertools
import os
import shutil
import time
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from staticrun.errors import UsageError, UserError, unwritable
from staticrun.layout import (
    ARTIFACTS,
    DEFAULT_EXPERIMENT,
    MAIN,
    find_project,
    record_file,
    slug,
)
from staticrun.log.background import go_along
from staticrun.log.ids import is_id, new_id
from staticrun.log.place import Place
from staticrun.log.run import Run
from staticrun.log.sink import Sink, create_sink
from staticrun.log.surroundings import look_around
from staticrun.log.tell import warn
from staticrun.log.values import clean, to_json, to_mapping
from staticrun.record import types
from staticrun.record.codec import encode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from staticrun.config import Capture

ROOT_VARIABLE = "STATICRUN_ROOT"
_NAME_BYTES_MAX = 255


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
) -> Run:
    """Start a run.

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

    Returns:
        The open run. Use it in a `with` block, or call `finish`.

    Raises:
        UsageError: When an argument cannot be meant.
        UserError: When the run's folder cannot be made.
    """
    experiment = _check_experiment(experiment)
    _check_text("name", name)
    _check_text("group", group)
    parent_id = _check_parent(parent)
    checked_params = _check_mapping("params", params)
    checked_tags = _check_mapping("tags", tags)
    project = _find_root(root)
    runs, switches = _configured(project, capture)
    folder = _make_folder(runs, experiment, name)
    place = Place(
        root=project,
        runs=runs,
        key=f"{experiment}/{folder.name}",
        folder=folder,
        id=new_id(),
        name=clean(name) if name else folder.name,
        capture=switches,
    )
    head = types.Start(
        format=types.FORMAT,
        time=time.time(),
        id=place.id,
        name=clean(name) if name else None,
        parent=parent_id,
        group=None if group is None else clean(group),
        seed=to_json(seed),
    )
    try:
        head = look_around(head, place)
        run = Run(place, _open_sink(folder, head))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    if checked_params:
        run.params(checked_params)
    if checked_tags:
        run.tag(checked_tags)
    go_along(run._writer, head)  # noqa: SLF001 - one room
    _watch(run)
    return run


def _watch(run: Run) -> None:
    """Watch what the project's files name."""
    from staticrun.config import watched

    metrics, findings = watched(run.root, run.folder.parent)
    for finding in findings:
        warn(str(finding))
    for name, metric in metrics.items():
        if metric.watch is not None:
            run.watch(name, direction=metric.direction, **msgspec.structs.asdict(metric.watch))


def _check_experiment(experiment: object) -> str:
    if experiment is None:
        return DEFAULT_EXPERIMENT
    if not isinstance(experiment, str):
        raise UsageError("experiment", f"{experiment!r} is no text", "a name such as 'digits'")
    for part in experiment.split("/"):
        problem = _problem_of(part)
        if problem:
            raise UsageError(
                "experiment",
                f"{experiment!r} {problem}",
                "names joined by '/', such as 'vision/digits'",
            )
    return experiment


def _problem_of(part: str) -> str:
    if not part:
        return "has an empty part"
    if part.startswith("."):
        return f"has the part {part!r}, which begins with a dot"
    if "\\" in part or any(unicodedata.category(char) in ("Cc", "Cs") for char in part):
        return "holds a backslash or a character that cannot be printed"
    if part != part.strip():
        return "has a part that begins or ends with a space"
    if part == ARTIFACTS:
        return f"has the part {ARTIFACTS!r}, where no run is ever looked for"
    return "is too long" if len(part.encode()) > _NAME_BYTES_MAX else ""


def _check_text(what: str, value: object) -> None:
    if value is not None and not isinstance(value, str):
        raise UsageError(what, f"{value!r} is no text", "any text", f"{what}={str(value)!r}")


def _check_mapping(what: str, value: object) -> dict[str, object]:
    if value is None:
        return {}
    found = to_mapping(value)
    if found is None:
        expected = "a mapping, a dataclass or a Namespace"
        raise UsageError(what, f"{value!r} has no names", expected)
    return found


def _check_parent(parent: object) -> str | None:
    found = getattr(parent, "id", parent)
    if found is None:
        return None
    if not isinstance(found, str) or not is_id(found):
        raise UsageError(
            "parent", f"{found!r} is no id", "a run, or the 26 characters of its id", "parent=run"
        )
    return found


def _find_root(root: str | os.PathLike[str] | None) -> Path:
    chosen = root if root is not None else os.environ.get(ROOT_VARIABLE) or None
    if chosen is not None:
        return Path(chosen).expanduser().absolute()
    try:
        return find_project(Path.cwd())
    except FileNotFoundError:
        raise UserError(
            "the working folder", "it was deleted", "", "give start(root=…) or set STATICRUN_ROOT"
        ) from None


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


def _make_folder(runs: Path, experiment: str, name: str | None) -> Path:
    """Make a folder that no other process has: mkdir is atomic."""
    parent = runs
    try:
        parent.mkdir(parents=True, exist_ok=True)
        for part in experiment.split("/"):
            parent = parent / part
            parent.mkdir(exist_ok=True)
            if any(record_file(entry) for entry in os.listdir(parent)):  # noqa: PTH208 - names
                raise UsageError(
                    "experiment",
                    f"{parent.relative_to(runs).as_posix()!r} is a run",
                    "a folder of runs; a run holds none",
                    "start(parent=…) for a run that belongs to another",
                )
        for folder_name in _folder_names(name):
            folder = parent / folder_name
            try:
                folder.mkdir()
            except FileExistsError:
                continue
            return folder
    except OSError as error:
        raise _unwritable(error, parent) from error
    raise AssertionError("unreachable: there is always one more name")


def _folder_names(name: str | None) -> Iterator[str]:
    stem = slug(name) if name else ""
    # Nothing but punctuation or another script is left: the time says more than `x`.
    if not stem or (stem == "x" and name not in ("x", "X")):
        while True:
            now = dt.datetime.now(dt.UTC)
            yield f"{now:%Y%m%d-%H%M%S}-{os.urandom(3).hex()}"
    if stem != ARTIFACTS:
        yield stem
    for number in itertools.count(2):
        yield f"{stem}-{number}"


def _open_sink(folder: Path, head: types.Start, writer: str = MAIN) -> Sink:
    try:
        sink = create_sink(folder, writer)
        sink.append(encode(head))
    except OSError as error:
        raise _unwritable(error, folder) from error
    return sink


def _unwritable(error: OSError, folder: Path) -> UserError:
    what = "the run cannot be written there"
    try_ = "give start(root=…) or set STATICRUN_ROOT"
    return unwritable(error, str(error.filename or folder), what, try_)
