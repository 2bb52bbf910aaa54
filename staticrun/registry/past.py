"""What the stages of a model were on a branch before, by the order of its first parents alone.

Of every commit only the folders on the way to the stages are read, and each of them once, so that
thousands of commits take a few calls of git.
"""

from __future__ import annotations

import os
import re
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from staticrun import layout
from staticrun.git.objects import REGULAR, Entry
from staticrun.registry.manifests import Stage
from staticrun.registry.read import read

if TYPE_CHECKING:
    from staticrun.git import Objects
    from staticrun.registry.known import Known

Folder = list[tuple[bytes, bytes, bytes]]
_FOLDER = b"40000"
# What a folder's object takes, so that not all of them are read at once.
_FOLDER_BYTES = 4096


class Past(NamedTuple):
    """What a stage file was.

    Attributes:
        names: Its contents, as git names them, the newest first.
        states: What they said, the newest first, without those that cannot be read.
    """

    names: tuple[str, ...] = ()
    states: tuple[Stage, ...] = ()


class Branch:
    """A branch as its own line of commits.

    Args:
        objects: The repository.
        commit: Full hash of its tip.
        below: The project's folder in the repository, with `/`; empty for its top.
        known: What contents said before; takes on what is read now.
    """

    def __init__(
        self, objects: Objects, commit: str, below: str, known: Known | None = None
    ) -> None:
        self._objects, self._known = objects, known
        # Mode, name and object: a folder's object is nothing but these, one after the other.
        self._entry = re.compile(rb"([0-7]+) ([^\0]+)\0(.{%d})" % (len(commit) // 2), re.DOTALL)
        self._folders: dict[str, Folder] = {}
        tops = [f"{one}^{{tree}}" for one in objects.first_parents(commit)]
        self._models = self._into(tops, *below.split("/"), layout.REGISTRY, "models")

    def stages(self, model: str) -> dict[str, Past]:
        """Give the past of every stage that a model is at or was at: name → past."""
        names: dict[str, list[str]] = {}
        folders = self._into(self._models, model, "stages")
        known = self._folders_of(folders)
        for folder in folders:
            for mode, file, content in known[folder]:
                place = f"{layout.REGISTRY}/models/{model}/stages/{os.fsdecode(file)}"
                name = content.hex()
                found = layout.registry_file(place)
                if found is None or mode.decode() not in REGULAR:
                    continue
                of_stage = names.setdefault(found.stage, [])
                if of_stage[-1:] != [name]:
                    of_stage.append(name)
        return {stage: self._past(model, stage, tuple(found)) for stage, found in names.items()}

    def _past(self, model: str, stage: str, names: tuple[str, ...]) -> Past:
        said: dict[str, Stage | None] = {}
        for name in names:
            found = self._known.recall(name, Stage) if self._known else None
            said[name] = found if isinstance(found, Stage) else None
        unread = [name for name, one in said.items() if one is None]
        data = self._objects.read([Entry("", name, _FOLDER_BYTES) for name in unread])
        for name, content in zip(unread, data, strict=True):
            said[name] = one = read(content, stage, Stage)[0]
            if self._known is not None and one is not None:
                self._known.keep(name, one)
        states = [one for name in names if (one := said[name]) is not None]
        own = tuple(one for one in states if (one.model, one.stage) == (model, stage))
        return Past(names, own)

    def _into(self, folders: list[str], *parts: str) -> list[str]:
        """Go down by names; what stays the same from one commit to the next is there once."""
        for part in filter(None, parts):
            known = self._folders_of(folders)
            wanted = os.fsencode(part)
            found = [
                content
                for folder in folders
                for mode, name, content in known[folder]
                if name == wanted and mode == _FOLDER
            ]
            folders = [content.hex() for content, _ in groupby(found)]
        return folders

    def _folders_of(self, folders: list[str]) -> dict[str, Folder]:
        unread = [one for one in dict.fromkeys(folders) if one not in self._folders]
        data = self._objects.read([Entry("", name, _FOLDER_BYTES) for name in unread])
        for name, content in zip(unread, data, strict=True):
            self._folders[name] = self._entry.findall(content)
        return self._folders
