"""A unified difference, as git writes it, read into rows that a page can set.

Reads any text: what is no difference gives no file. Bounded in rows, files and line length, and
what was left out is counted, never silent.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

ROWS_MAX = 400
FILES_MAX = 40
LINE_MAX = 400

Kind = Literal["added", "removed", "same", "hunk", "remark"]

_HUNK = re.compile(r"@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@(.*)")
_GIT = re.compile(r'diff --git "?a/(.*?)"? "?b/(.*?)"?')
_REMARKS = (
    "Binary files",
    "GIT binary patch",
    "new file mode",
    "deleted file mode",
    "old mode",
    "new mode",
    "rename from",
    "rename to",
    "copy from",
    "copy to",
)


class Row(msgspec.Struct, frozen=True):
    """A line of a difference.

    Attributes:
        kind: What happened to it; `hunk` heads a stretch, `remark` is about the whole file.
        old: Its number before, as text; empty where it was not there.
        new: Its number after.
        text: Without the sign.
    """

    kind: Kind
    old: str
    new: str
    text: str


class ChangedFile(msgspec.Struct, frozen=True):
    """What happened to one file.

    Attributes:
        path: As it is called after the change, or before it where it was deleted.
        added: Number of lines added, shown or not.
        removed: Number of lines removed.
        rows: The lines to show.
        left_out: How many more there are.
    """

    path: str
    added: int
    removed: int
    rows: tuple[Row, ...]
    left_out: int


class Difference(msgspec.Struct, frozen=True):
    """A whole difference.

    Attributes:
        files: The changed files, in their order; at most `FILES_MAX`.
        added: Lines added in all files.
        removed: Lines removed in all files.
        files_left_out: How many more files changed.
    """

    files: tuple[ChangedFile, ...]
    added: int
    removed: int
    files_left_out: int


def parse(text: str, *, rows_max: int = ROWS_MAX) -> Difference:
    """Read a unified difference.

    Args:
        text: What `git diff` or `diff -u` prints.
        rows_max: How many rows are kept over all files.
    """
    reader = _Reader(text, rows_max)
    while reader.more():
        line = reader.take()
        git = _GIT.fullmatch(line)
        if git:
            reader.open(git[2])
        elif line.startswith("--- ") and reader.next.startswith("+++ "):
            before, after = _named(line), _named(reader.take())
            reader.name(after if after != "/dev/null" else before)
        elif line.startswith(_REMARKS):
            reader.add("remark", line)
        elif hunk := _HUNK.match(line):
            reader.add("hunk", line)
            old_lines, new_lines = int(hunk[2] or 1), int(hunk[4] or 1)
            _read_hunk(reader, int(hunk[1]), old_lines, int(hunk[3]), new_lines)
    return reader.finish()


class _Reader:
    """Walks over the lines and gathers the files."""

    def __init__(self, text: str, rows_max: int) -> None:
        self._lines = text.split("\n")
        self._at = 0
        self._room = rows_max
        self._files: list[ChangedFile] = []
        self._path: str | None = None
        self._rows: list[Row] = []
        self._counts = {"added": 0, "removed": 0, "left_out": 0}
        self._touched = False

    def more(self) -> bool:
        return self._at < len(self._lines)

    @property
    def next(self) -> str:
        """The line that `take` gives; empty behind the last."""
        return self._lines[self._at].removesuffix("\r") if self.more() else ""

    def take(self) -> str:
        line = self.next
        self._at += 1
        return line

    def open(self, path: str) -> None:
        """Begin a file."""
        self._close()
        self._path, self._touched = path, False

    def name(self, path: str) -> None:
        """Take the name from the lines above the first hunk: without git they begin a file."""
        if self._path is None or self._touched:
            self.open(path)
        self._path = path

    def add(self, kind: Kind, text: str, old: str = "", new: str = "") -> None:
        if self._path is None:
            return
        self._touched = self._touched or kind != "remark"
        if kind in self._counts:
            self._counts[kind] += 1
        if self._room > 0 and len(self._files) < FILES_MAX:
            self._rows.append(Row(kind, old, new, text[:LINE_MAX]))
            self._room -= 1
        else:
            self._counts["left_out"] += 1

    def finish(self) -> Difference:
        self._close()
        return Difference(
            tuple(self._files[:FILES_MAX]),
            sum(file.added for file in self._files),
            sum(file.removed for file in self._files),
            max(0, len(self._files) - FILES_MAX),
        )

    def _close(self) -> None:
        if self._path is not None:
            self._files.append(ChangedFile(self._path, rows=tuple(self._rows), **self._counts))
        self._rows = []
        self._counts = dict.fromkeys(self._counts, 0)


def _read_hunk(reader: _Reader, old: int, old_left: int, new: int, new_left: int) -> None:
    while reader.more() and (old_left > 0 or new_left > 0):
        line = reader.next
        # An editor may take the blank off an empty line.
        sign = line[:1] or " "
        if sign not in "+- \\":
            return
        reader.take()
        if sign == "+":
            reader.add("added", line[1:], new=str(new))
        elif sign == "-":
            reader.add("removed", line[1:], old=str(old))
        elif sign == " ":
            reader.add("same", line[1:], old=str(old), new=str(new))
        old, old_left = old + (sign in "- "), old_left - (sign in "- ")
        new, new_left = new + (sign in "+ "), new_left - (sign in "+ ")


def _named(line: str) -> str:
    """Take the path out of `--- a/path<TAB>date`."""
    path = line[4:].split("\t", maxsplit=1)[0].strip().strip('"')
    return path[2:] if path[:2] in ("a/", "b/") else path
