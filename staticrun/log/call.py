"""What `start` was called with, checked: wrong use is refused while nothing is lost yet."""

from __future__ import annotations

import math
import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from staticrun.errors import UsageError, UserError
from staticrun.layout import ARTIFACTS, DEFAULT_EXPERIMENT, find_project, split_key
from staticrun.log.ids import is_id
from staticrun.log.inherit import NEW
from staticrun.log.values import clean_or_none, to_mapping, to_step

ROOT_VARIABLE = "STATICRUN_ROOT"
AUTO = "auto"
_NAME_BYTES_MAX = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """The arguments of `start` that say which run is meant and what it is.

    Attributes:
        experiment: As given; None when left out.
        name: As given.
        group: As given.
        parent: The id of the parent.
        params: Nested; empty when left out.
        tags: Empty when left out.
        root: The project's folder, when it was given.
        run: The key or folder of a run to write to, or `new`.
        resume: The key, folder or id of a run to go on with, or `auto`.
        rewind_to: The step from which on earlier points no longer hold.
    """

    experiment: str | None
    name: str | None
    group: str | None
    parent: str | None
    params: dict[str, object]
    tags: dict[str, object]
    root: Path | None
    run: str | None
    resume: str | None
    rewind_to: float | None

    @property
    def home(self) -> str:
        """The experiment that a new run belongs to."""
        return self.experiment or DEFAULT_EXPERIMENT

    def project(self) -> Path:
        """Find the project's folder: as given, by the variable, or around the working folder."""
        if self.root is not None:
            return self.root
        chosen = os.environ.get(ROOT_VARIABLE)
        if chosen:
            return _absolute(chosen)
        try:
            return find_project(Path.cwd())
        except FileNotFoundError:
            try_ = f"give start(root=…) or set {ROOT_VARIABLE}"
            raise UserError("the working folder", "it was deleted", "", try_) from None


def read_call(
    *,
    experiment: object,
    name: object,
    params: object,
    tags: object,
    group: object,
    parent: object,
    root: str | os.PathLike[str] | None,
    run: object,
    resume: object,
    rewind_to: object,
) -> Call:
    """Check the arguments of `start`.

    Raises:
        UsageError: When one cannot be meant, or two cannot be meant at once.
    """
    call = Call(
        experiment=None if experiment is None else check_names("experiment", experiment),
        name=_check_text("name", name),
        group=clean_or_none(_check_text("group", group)),
        parent=_check_parent(parent),
        params=_check_mapping("params", params),
        tags=_check_mapping("tags", tags),
        root=None if root is None else _absolute(root),
        run=_check_run("run", run, NEW),
        resume=_check_run("resume", resume, AUTO),
        rewind_to=_check_step(rewind_to),
    )
    if call.run is not None and call.resume is not None:
        what = "run is given, too"
        expected = "run= to write to a run that is open, or resume= to go on with one that stopped"
        raise UsageError("resume", what, expected)
    if call.resume == AUTO and not call.name:
        raise UsageError(
            "resume",
            "'auto' goes by the name, and there is none",
            "",
            "start(name=…, resume='auto')",
        )
    for what in ("run", "resume"):
        _check_experiment_of(what, getattr(call, what), call.experiment)
    return call


def check_names(what: str, value: object) -> str:
    """Check names joined by `/`, which become folders below `runs/`.

    Raises:
        UsageError: When they lead elsewhere or cannot be folders.
    """
    if not isinstance(value, str):
        raise UsageError(what, f"{value!r} is no text", "a name such as 'digits'")
    for part in value.split("/"):
        problem = _problem_of(part)
        if problem:
            expected = "names joined by '/', such as 'vision/digits'"
            raise UsageError(what, f"{value!r} {problem}", expected)
    return value


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


def _check_text(what: str, value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise UsageError(what, f"{value!r} is no text", "any text", f"{what}={str(value)!r}")
    return value


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


def _check_run(what: str, run: object, word: str) -> str | None:
    """Give the folder of a run, absolute, or the key that is meant, or the word."""
    if run is None or run == word:
        return run if isinstance(run, str) else None
    folder = getattr(run, "folder", run)
    if isinstance(folder, os.PathLike) or (isinstance(folder, str) and os.path.isabs(folder)):  # noqa: PTH117
        return str(_absolute(folder))
    if not isinstance(folder, str):
        raise UsageError(what, f"{run!r} is no run", f"a run, its key, or {word!r}")
    return check_names(what, folder)


def _check_experiment_of(what: str, run: str | None, experiment: str | None) -> None:
    if run in (None, NEW, AUTO) or experiment is None or is_id(str(run)):
        return
    if not os.path.isabs(str(run)) and split_key(str(run))[0] != experiment:  # noqa: PTH117
        raise UsageError(
            what, f"{run!r} is no run of the experiment {experiment!r}", "one experiment, or none"
        )


def _check_step(value: object) -> float | None:
    step = to_step(value)
    if value is not None and (step is None or not math.isfinite(step)):
        raise UsageError("rewind_to", f"{value!r} is no step", "a number")
    return step


def _absolute(path: str | os.PathLike[str]) -> Path:
    return Path(path).expanduser().absolute()
