"""Paths that are everybody's, names that are nobody's.

What the writer records of its surroundings (command line, folder, traceback) holds absolute
paths. Below the project they become relative, the home folder becomes `~`, the interpreter and
its packages `<python>`. Where `capture` switches user or host off, their names are replaced too,
wherever they stand as a word of their own.
"""

from __future__ import annotations

import os
import re
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from staticrun.config import Capture

# Python's prefix on a system is a folder that other things live in as well.
_SHARED_PREFIXES = frozenset({"/", "/usr", "/usr/local", "/opt"})


class Place(NamedTuple):
    """A folder and the text that stands for it; an empty text makes paths in it relative."""

    folder: str
    shown: str


def make_hide(
    places: Iterable[Place], users: Iterable[str] = (), hosts: Iterable[str] = ()
) -> Callable[[str], str]:
    """Make the function that hides.

    Args:
        places: Folders to shorten; the longest that fits counts, of equal ones the first.
        users: Login names to replace by `<user>`.
        hosts: Machine names to replace by `<host>`.

    Returns:
        A function from any text to the text without them.
    """
    shown: dict[str, str] = {}
    for place in places:
        for folder in (place.folder, os.path.realpath(place.folder)):
            if len(folder) > 1:
                shown.setdefault(folder.rstrip("/"), place.shown)
    folders = sorted(shown, key=len, reverse=True)
    in_text = "|".join(map(re.escape, folders)) or r"(?!)"
    path = re.compile(rf"(?<![\w.-])({in_text})(?![\w-]|\.\w)(/(?=[^\s\"':;,)]))?")
    names = [(_word(name), "<user>") for name in users if name]
    names += [(_word(name), "<host>") for name in hosts if name]

    def replace(match: re.Match[str]) -> str:
        text = shown[match[1]]
        if text:
            return text + (match[2] or "")
        return "" if match[2] else "."

    def hide(text: str) -> str:
        text = path.sub(replace, text)
        for pattern, instead in names:
            text = pattern.sub(instead, text)
        return text

    return hide


def hide_for(root: Path, capture: Capture) -> Callable[[str], str]:
    """Make the function that hides what a project's records must not hold.

    Args:
        root: The project's folder.
        capture: Whether user and host may be named.
    """
    users = [] if capture.user else user_names()
    hosts = [] if capture.host else host_names()
    return make_hide(places_of(root), users, hosts)


def _word(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", re.IGNORECASE)


def places_of(project: Path) -> list[Place]:
    """List the folders of this process that are shortened: project, interpreter, home."""
    found = [Place(str(project), "")]
    paths = sysconfig.get_paths()
    found += [Place(paths[key], "<python>/site-packages") for key in ("purelib", "platlib")]
    found += [Place(paths[key], "<python>/lib") for key in ("stdlib", "platstdlib")]
    found += [
        Place(entry, "<python>/site-packages")
        for entry in sys.path
        if entry.endswith(("site-packages", "dist-packages"))
    ]
    prefixes = (sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix)
    found += [Place(path, "<python>") for path in prefixes if path not in _SHARED_PREFIXES]
    found += [Place(home, "~") for home in _homes()]
    return found


def _homes() -> list[str]:
    homes = [os.environ.get("HOME", ""), os.environ.get("USERPROFILE", "")]
    entry = _passwd()
    if entry:
        homes.append(entry[1])
    return [home for home in homes if Path(home).is_absolute()]


def user_names() -> list[str]:
    """List the login names by which this process's user could be known."""
    names = [os.environ.get(key, "") for key in ("LOGNAME", "USER", "LNAME", "USERNAME")]
    entry = _passwd()
    if entry:
        names.append(entry[0])
    names += [Path(home).name for home in _homes()]
    return list(dict.fromkeys(name for name in names if name))


def host_names() -> list[str]:
    """List the names of this machine, the long one first."""
    node = os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")
    return list(dict.fromkeys(name for name in (node, node.partition(".")[0]) if name))


def _passwd() -> tuple[str, str] | None:
    try:
        import pwd

        entry = pwd.getpwuid(os.getuid())
    except (ImportError, KeyError):  # Windows; a container's user without an entry
        return None
    return entry.pw_name, entry.pw_dir
