"""A unified difference, as git writes it, read into rows that a page can set.

Reads any text: what is no difference gives no file. Bounded in rows, files and line length, and
what was left out is counted, never silent.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from typing import Literal

import msgspec
from msgspec import structs

ROWS_MAX = 400
FILES_MAX = 40
LINE_MAX = 400

# Marking words compares every word of a line with every one of the other.
WORDS_MAX = 150
# Lines with less in common than this are others, not changed.
LIKENESS = 0.5

Kind = Literal["added", "removed", "same", "hunk", "remark"]

_WORD = re.compile(r"\w+|\s+|[^\w\s]")
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


class Part(msgspec.Struct, frozen=True):
    """A part of a changed line, and whether it is what was changed."""

    text: str
    changed: bool


class Row(msgspec.Struct, frozen=True):
    """A line of a difference.

    Attributes:
        kind: What happened to it; `hunk` heads a stretch, `remark` is about the whole file.
        old: Its number before, as text; empty where it was not there.
        new: Its number after.
        text: Without the sign.
        parts: The same in parts, where a line was changed into another much like it; else empty.
    """

    kind: Kind
    old: str
    new: str
    text: str
    parts: tuple[Part, ...] = ()


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
            self._files.append(ChangedFile(self._path, rows=_marked(self._rows), **self._counts))
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


def _marked(rows: list[Row]) -> tuple[Row, ...]:
    """Mark the changed words where as many lines were added as removed right before."""
    blocks = [list(block) for _, block in groupby(rows, key=lambda row: row.kind)]
    for old, new in pairwise(blocks):
        if (old[0].kind, new[0].kind) == ("removed", "added") and len(old) == len(new):
            pairs = [_pair(one, other) for one, other in zip(old, new, strict=True)]
            old[:], new[:] = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return tuple(row for block in blocks for row in block)


def _pair(old: Row, new: Row) -> tuple[Row, Row]:
    before, after = _WORD.findall(old.text), _WORD.findall(new.text)
    if max(len(before), len(after)) > WORDS_MAX:
        return old, new
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < LIKENESS:
        return old, new
    parts: tuple[list[Part], list[Part]] = [], []
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        for into, words in zip(parts, (before[start:end], after[new_start:new_end]), strict=True):
            if words:
                into.append(Part("".join(words), kind != "equal"))
    return structs.replace(old, parts=tuple(parts[0])), structs.replace(new, parts=tuple(parts[1]))


def _named(line: str) -> str:
    """Take the path out of `--- a/path<TAB>date`."""
    path = line[4:].split("\t", maxsplit=1)[0].strip().strip('"')
    return path[2:] if path[:2] in ("a/", "b/") else path
