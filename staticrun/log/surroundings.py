"""What is known of where a run starts: command, machine, packages, git.

Each fact has a switch (`capture` in staticrun.yaml, STATICRUN_CAPTURE, `start(capture=…)`). What
is switched off is not looked up.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from staticrun.files import write_atomic
from staticrun.layout import ARTIFACTS
from staticrun.log.hide import host_names, make_hide, places_of, user_names
from staticrun.log.tell import warn
from staticrun.log.values import clean
from staticrun.record.types import Git

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from staticrun.log.place import Place
    from staticrun.record.types import Start

DIFFERENCE = f"{ARTIFACTS}/git.diff"


def look_around(head: Start, place: Place) -> tuple[Start, Path | None]:
    """Complete a `start` record by what is known of this process.

    Args:
        head: The record so far.
        place: The run, with what it may record; changes since the commit are written into its
            folder.

    Returns:
        The record, and the file of changes if there are any.
    """
    capture = place.capture
    users = [] if capture.user else user_names()
    hosts = [] if capture.host else host_names()
    hide = make_hide(places_of(place.root), users, hosts)
    facts: dict[str, object] = {}
    if capture.command:
        facts["command"] = [hide(clean(word)) for word in sys.orig_argv]
    if capture.cwd:
        facts["cwd"] = hide(clean(_cwd()))
    if capture.user:
        facts["user"] = _user()
    if capture.host:
        facts["host"] = hide(next(iter(host_names()), ""))
    if capture.python:
        facts["python"] = _python()
    if capture.platform:
        facts["platform"] = hide(_platform())
        facts["hardware"] = _hardware()
    if capture.packages:
        facts["packages"] = installed_packages(sys.path)
    git, changes = _git(place, hide)
    return msgspec.structs.replace(head, git=git, **facts), changes


def _git(place: Place, hide: Callable[[str], str]) -> tuple[Git | None, Path | None]:
    if not place.capture.git:
        return None, None
    try:
        return _read_git(place, hide)
    except Exception as error:  # noqa: BLE001 - a run starts without what git would say
        warn(f"{place.key}: the state of git is not recorded ({clean(error)})")
        return None, None


def _read_git(place: Place, hide: Callable[[str], str]) -> tuple[Git | None, Path | None]:
    from staticrun import git

    for folder in _code_folders(place.root):
        found = git.facts(folder, runs=place.runs)
        if found is not None:
            break
    else:
        return None, None
    asked = place.capture.diff and found.dirty
    changes = git.difference(folder, runs=place.runs) if asked else None
    if changes:
        write_atomic(place.folder / DIFFERENCE, changes)
    return Git(
        commit=found.commit,
        branch=None if found.branch is None else hide(found.branch),
        remote=None if found.remote is None else hide(found.remote),
        dirty=found.dirty,
        diff=DIFFERENCE if changes else None,
    ), place.folder / DIFFERENCE if changes else None


def _code_folders(project: Path) -> list[Path]:
    """List where the code could be: here, where the script lies, in the project."""
    script = Path(sys.argv[0]) if sys.argv and sys.argv[0] else project / "x"
    here = Path(_cwd() or project)
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


def _user() -> str | None:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # a container's user without a name
        return None


def _python() -> str:
    version = ".".join(map(str, sys.version_info[:3]))
    level = sys.version_info.releaselevel
    version += "" if level == "final" else f"{level}{sys.version_info.serial}"
    name = sys.implementation.name
    return version if name == "cpython" else f"{version} ({name})"


def _platform() -> str:
    if hasattr(os, "uname"):
        system = os.uname()
        return f"{system.sysname} {system.release} {system.machine}"
    import platform

    return platform.platform()


def _cwd() -> str:
    try:
        return str(Path.cwd())
    except FileNotFoundError:
        return ""


def _hardware() -> dict[str, object]:
    found: dict[str, object] = {"cpus": os.cpu_count()}
    with contextlib.suppress(AttributeError, ValueError, OSError):  # a system that does not say
        found["memory_bytes"] = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return found
