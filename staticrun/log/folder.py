"""The folder of a run: a new one that no other process has, or the one that is meant."""

from __future__ import annotations

import datetime as dt
import itertools
import os
from pathlib import Path
from typing import TYPE_CHECKING

from staticrun.errors import UsageError, UserError, nearest, unwritable
from staticrun.layout import ARTIFACTS, DEFAULT_EXPERIMENT, record_file, slug
from staticrun.log.ids import is_id
from staticrun.log.written import read_said

if TYPE_CHECKING:
    from collections.abc import Iterator


def make_folder(runs: Path, experiment: str, name: str | None) -> Path:
    """Make the folder of a new run: mkdir is atomic.

    Raises:
        UsageError: When the experiment is a run.
        UserError: When it cannot be made.
    """
    for folder_name in folder_names(name):
        folder = make_this_folder(runs, experiment, folder_name)
        if folder is not None:
            return folder
    raise AssertionError("unreachable: there is always one more name")


def make_this_folder(runs: Path, experiment: str, folder_name: str) -> Path | None:
    """Make one folder and those above it; None when it is there already.

    Raises:
        UsageError: When the experiment is a run.
        UserError: When it cannot be made.
    """
    parent = runs
    try:
        parent.mkdir(parents=True, exist_ok=True)
        for part in experiment.split("/"):
            parent = parent / part
            parent.mkdir(exist_ok=True)
            if is_run(parent):
                raise UsageError(
                    "experiment",
                    f"{parent.relative_to(runs).as_posix()!r} is a run",
                    "a folder of runs; a run holds none",
                    "start(parent=…) for a run that belongs to another",
                )
        folder = parent / folder_name
        try:
            folder.mkdir()
        except FileExistsError:
            return None
    except OSError as error:
        raise cannot_write(error, parent) from error
    return folder


def cannot_write(error: OSError, folder: Path) -> UserError:
    """Say that a run cannot be written, and where it could be."""
    what = "the run cannot be written there"
    try_ = "give start(root=…) or set STATICRUN_ROOT"
    return unwritable(error, str(error.filename or folder), what, try_)


def is_run(folder: Path) -> bool:
    """Say whether a folder holds record files."""
    try:
        return any(record_file(entry) for entry in os.listdir(folder))  # noqa: PTH208 - names
    except OSError:
        return False


def newest_of_name(runs: Path, experiment: str, name: str) -> Path | None:
    """Find the run of an experiment that was last started under a name."""
    found = None
    if (stem := _stem(name)) is None:
        for _, folder in sorted(all_runs(runs / experiment)):
            said = read_said(folder) if folder.parent == runs / experiment else None
            found = folder if said is not None and said.name == name else found
        return found
    for folder_name in _numbered(stem):
        folder = runs / experiment / folder_name
        if not folder.is_dir():
            return found
        said = read_said(folder)
        if said is not None and said.name == name:
            found = folder
    raise AssertionError("unreachable: there is always one more name")


def find_run(runs: Path, text: str, what: str) -> Path:
    """Find the folder of a run that is there.

    Args:
        runs: The folder of runs.
        text: A key, an id, or an absolute folder.
        what: The argument, for the error.

    Raises:
        UsageError: When there is no such run; it names the nearest key.
    """
    if is_id(text) and not is_run(runs / text):
        for _, folder in all_runs(runs):
            said = read_said(folder)
            if said is not None and said.id == text:
                return folder
        raise UsageError(what, f"no run below {runs.name}/ has the id {text!r}")
    folder = runs / text
    for each in (folder, runs / DEFAULT_EXPERIMENT / text):
        if is_run(each):
            return each
    shown = folder.relative_to(runs).as_posix() if folder.is_relative_to(runs) else text
    keys = [key for key, _ in all_runs(runs)]
    raise UsageError(what, f"there is no run {shown!r}", "the key of a run", nearest(shown, keys))


def all_runs(runs: Path) -> Iterator[tuple[str, Path]]:
    """Walk over the runs below a folder: key → folder."""
    for place, folders, names in os.walk(runs):
        folders[:] = sorted(name for name in folders if name[0] != "." and name != ARTIFACTS)
        if any(record_file(name) for name in names) and place != str(runs):
            folders.clear()
            yield Path(place).relative_to(runs).as_posix(), Path(place)


def folder_names(name: str | None) -> Iterator[str]:
    """Give the names that the folder of a run may have, one after another without an end."""
    stem = _stem(name)
    if stem is not None:
        yield from _numbered(stem)
    while True:
        now = dt.datetime.now(dt.UTC)
        yield f"{now:%Y%m%d-%H%M%S}-{os.urandom(3).hex()}"


def _stem(name: str | None) -> str | None:
    stem = slug(name) if name else ""
    # Nothing but punctuation or another script is left: the time says more than `x`.
    return None if not stem or (stem == "x" and name not in ("x", "X")) else stem


def _numbered(stem: str) -> Iterator[str]:
    if stem != ARTIFACTS:
        yield stem
    for number in itertools.count(2):
        yield f"{stem}-{number}"
