"""What is known at once of where a run starts: command, folder, variables, machine.

Each fact has a switch (`capture` in staticrun.yaml, STATICRUN_CAPTURE, `start(capture=…)`). What
is switched off is not looked up. What takes longer to find out is in `late`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from staticrun.log import seeds, variables
from staticrun.log.hardware import processors
from staticrun.log.hide import hide_for, host_names
from staticrun.log.redact import redact_command
from staticrun.log.values import clean

if TYPE_CHECKING:
    from staticrun.log.place import Place
    from staticrun.record.types import Start


def look_around(head: Start, place: Place) -> Start:
    """Complete a `start` record by what is known at once of this process.

    Args:
        head: The record so far.
        place: The run, with what it may record.
    """
    capture = place.capture
    hide = hide_for(place.root, capture)
    facts: dict[str, object] = {}
    if capture.command:
        facts["command"] = redact_command(hide(clean(word)) for word in sys.orig_argv)
    if capture.cwd:
        facts["cwd"] = hide(clean(working_folder()))
    if capture.user:
        facts["user"] = _user()
    if capture.host:
        facts["host"] = hide(next(iter(host_names()), ""))
    if capture.python:
        facts["python"] = _python()
    if capture.platform:
        facts["platform"] = hide(_platform())
    if capture.hardware:
        facts["hardware"] = processors()
    if capture.env:
        more = () if isinstance(capture.env, bool) else capture.env
        found = variables.recorded(more, os.environ)
        facts["env"] = {name: hide(value) for name, value in found.items()} or None
    if capture.seeds:
        facts["seeds"] = seeds.known()
    return msgspec.structs.replace(head, **facts)


def working_folder() -> str:
    """Give the working folder; empty when it was deleted."""
    try:
        return str(Path.cwd())
    except FileNotFoundError:
        return ""


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
