"""Folders of a project, listed the same on every disk, without links that lead out of it."""

from __future__ import annotations

import os
import re
from fnmatch import translate
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from staticrun import files, layout
from staticrun.errors import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_WILD = re.compile(r"[*?\[]")


class Item(NamedTuple):
    """What stands in a folder.

    Attributes:
        name: Its name.
        kind: What it is, with links followed as far as they may be: `none` for a link to nothing
            or a device, `outside` for one that leads out of the project.
        link: Whether it is a link.
    """

    name: str
    kind: Literal["file", "folder", "none", "outside"]
    link: bool


class Folders:
    """Lists folders and notes what cannot be read.

    Args:
        project: The folder that no link may lead out of.
        roots: The folders that are walked, relative to the project.

    Attributes:
        findings: What was left out and why.
    """

    def __init__(self, project: Path, roots: Sequence[str] = ()) -> None:
        self._project = project
        self._real = project.resolve()
        self._walked = [(project / root).resolve() for root in roots]
        self.findings: list[Finding] = []

    def shown(self, path: Path) -> str:
        """Give a path relative to the project; bytes that are no text as escapes."""
        text = path.relative_to(self._project).as_posix()
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")

    def items(self, folder: Path) -> list[Item]:
        """List a folder by name; what cannot be read, or has no readable name, is noted."""
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            self._note(folder, f"cannot be read ({error.strerror or error})")
            return []
        return [self._item(folder, entry) for entry in entries if self._has_text(folder, entry)]

    def _has_text(self, folder: Path, entry: os.DirEntry[str]) -> bool:
        try:
            entry.name.encode()
        except UnicodeEncodeError:
            self._note(folder / entry.name, "has a name that is not UTF-8; it is left out")
            return False
        return True

    def _item(self, folder: Path, entry: os.DirEntry[str]) -> Item:
        kind: Literal["file", "folder", "none"] = "none"
        try:
            link = entry.is_symlink()
            kind = "folder" if entry.is_dir() else "file" if entry.is_file() else kind
        except OSError:  # a link to itself
            return Item(entry.name, "none", link=True)
        if link and not files.inside(self._real, folder / entry.name):
            self._note(folder / entry.name, "is a link that leads out of the project", "warning")
            return Item(entry.name, "outside", link=True)
        return Item(entry.name, kind, link=link)

    def may_follow(self, folder: Path) -> bool:
        """Say whether a link to a folder leads to something new.

        It does not where it leads into a folder that is walked anyway, or to one that holds such
        a folder: `latest` beside the run that it means, a link to a folder above.
        """
        target = folder.resolve()
        if any(target.is_relative_to(own) or own.is_relative_to(target) for own in self._walked):
            return False
        self._walked.append(target)
        return True

    def glob(self, pattern: str) -> Iterator[tuple[str, ...]]:
        """Find files by a pattern.

        Args:
            pattern: Relative to the project, with `/`. `*`, `?` and `[…]` stay within a name;
                `**` is any number of folders. Neither matches a name that begins with a dot;
                `**` enters neither links nor `artifacts`.

        Yields:
            The parts of each file's path relative to the project, sorted.
        """
        todo: list[tuple[tuple[str, ...], tuple[str, ...]]] = [((), tuple(pattern.split("/")))]
        found: set[tuple[str, ...]] = set()
        done: set[tuple[tuple[str, ...], tuple[str, ...]]] = set()
        while todo:
            at = todo.pop()
            if at in done:
                continue
            done.add(at)
            here, (part, *rest) = at
            if part == "**":
                todo.append((here, tuple(rest) or ("*",)))
            elif not os.path.lexists(
                self._project.joinpath(*here, "" if _is_wild(part) else part)
            ):
                continue
            for item in self.items(self._project.joinpath(*here)):
                if part == "**":
                    if item.kind == "folder" and not item.link and _is_entered(item.name):
                        todo.append(((*here, item.name), at[1]))
                elif _matches(part, item.name):
                    if rest and item.kind == "folder":
                        todo.append(((*here, item.name), tuple(rest)))
                    elif not rest and item.kind == "file":
                        found.add((*here, item.name))
        yield from sorted(found)

    def _note(self, path: Path, what: str, level: Literal["error", "warning"] = "error") -> None:
        finding = Finding(self.shown(path), what, level=level)
        if finding not in self.findings:
            self.findings.append(finding)


def _is_wild(part: str) -> bool:
    return _WILD.search(part) is not None


def _is_entered(name: str) -> bool:
    return not name.startswith(".") and name != layout.ARTIFACTS


def _matches(part: str, name: str) -> bool:
    if name.startswith(".") and not part.startswith("."):
        return False
    return _pattern(part).fullmatch(name) is not None


@cache
def _pattern(part: str) -> re.Pattern[str]:
    return re.compile(translate(part))
