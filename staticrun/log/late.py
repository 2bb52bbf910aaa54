"""What takes longer to find out of where a run starts: packages, git, GPUs, locks, the script.

A training does not wait for it: a thread (`background`) goes through the `steps`, and what each
finds is recorded when it is there. A `start` with the id and the time of the first one completes
it; files are artifacts.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from staticrun.log import hardware, source
from staticrun.log.hide import hide_for
from staticrun.log.surroundings import working_folder
from staticrun.record import types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from staticrun.log.place import Place
    from staticrun.record.types import Record, Start

    Step = Callable[[Start, Place], Iterator[Record]]

DIFFERENCE = "git.diff"
_CAPTION = "What was changed since the commit"


def steps(place: Place) -> dict[str, Step]:
    """List what is looked up for a run, the quick first: in words → the way to its records."""
    capture = place.capture
    known: dict[str, tuple[object, Step]] = {
        "packages": (capture.packages, _packages),
        "the state of git": (capture.git, _git),
        "lock files": (capture.locks, source.lock_files),
        "the script": (capture.source, source.script),
        "GPUs": (capture.hardware, _gpus),
    }
    return {words: step for words, (wanted, step) in known.items() if wanted}


def more(head: Start, **facts: object) -> Start:
    """Make the record that completes a `start`."""
    return types.Start(format=head.format, time=head.time, id=head.id, **facts)  # type: ignore[arg-type]


def _packages(head: Start, _: Place) -> Iterator[Record]:
    yield more(head, packages=installed_packages(sys.path))


def _gpus(head: Start, _: Place) -> Iterator[Record]:
    found = hardware.gpus()
    if found:
        yield more(head, hardware={**hardware.processors(), **found})


def _git(head: Start, place: Place) -> Iterator[Record]:
    from staticrun import git

    hide = hide_for(place.root, place.capture)
    for folder in _code_folders(place.root):
        found = git.facts(folder, runs=place.runs)
        if found is not None:
            break
    else:
        return
    known = types.Git(
        commit=found.commit,
        branch=None if found.branch is None else hide(found.branch),
        remote=None if found.remote is None else hide(found.remote),
        dirty=found.dirty,
    )
    yield more(head, git=known)
    asked = place.capture.diff and found.dirty
    changes = git.difference(folder, runs=place.runs) if asked else None
    if changes:
        stored = source.put(head, place, DIFFERENCE, changes, "diff", _CAPTION)
        yield stored
        yield more(head, git=msgspec.structs.replace(known, diff=stored.path))


def _code_folders(project: Path) -> list[Path]:
    """List where the code could be: here, where the script lies, in the project."""
    script = Path(sys.argv[0]) if sys.argv and sys.argv[0] else project / "x"
    here = Path(working_folder() or project)
    return list(dict.fromkeys((here, script.absolute().parent, project)))


def installed_packages(path: Iterable[str]) -> dict[str, str]:
    """List the packages of an environment, name → version, sorted by name.

    Only folders named `site-packages` or `dist-packages` count. Names are spelled as in PEP 503.
    The versions are those in the folders' names: reading each METADATA takes 1 ms a package.

    Args:
        path: The module search path; the first folder that has a package counts.
    """
    found: dict[str, str] = {}
    for folder in path:
        if not folder.endswith(("site-packages", "dist-packages")):
            continue
        try:
            entries = os.listdir(folder)  # noqa: PTH208 - names alone; a Path each is slower
        except OSError:
            continue
        for entry in entries:
            stem, end = os.path.splitext(entry)  # noqa: PTH122 - the same
            name, _, version = stem.partition("-")
            if end in (".dist-info", ".egg-info") and version:
                plain = re.sub(r"[-_.]+", "-", name).lower()
                found.setdefault(plain, version.partition("-py")[0])
    return dict(sorted(found.items()))
