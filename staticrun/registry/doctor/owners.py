"""CODEOWNERS, as GitHub reads it: the first file of three places, and the last line that matches.

A pattern is one of .gitignore without `!`, `[…]` and escaped `#`; but `docs/*` does not reach into
folders below.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from staticrun.registry.doctor import Fact, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")


class Line(NamedTuple):
    """A line that says who owns what: where it stands, its pattern and the owners."""

    number: int
    pattern: str
    owners: tuple[str, ...]


def facts(top: Path, paths: Sequence[str]) -> list[Fact]:
    """Say of paths whether somebody owns them.

    Args:
        top: The repository's top folder.
        paths: Of files below it, whether or not they are there yet.
    """
    found = next(((place, text) for place in PLACES if (text := text_of(top, place))), None)
    if found is None:
        try_ = f"write {PLACES[0]} with a line /{paths[0]} @OWNER"
        return [Fact(what="there is a CODEOWNERS file", state="no", try_=try_)]
    place, text = found
    lines = read(text)
    told = []
    for path in (*paths, place):
        line = owner(lines, path)
        what = f"{path} has an owner"
        if line is None:
            why, try_ = "no line matches it", f"at the end of {place}: /{path} @OWNER"
            told.append(Fact(what=what, state="no", why=why, try_=try_))
            continue
        why = f"{place}:{line.number} {line.pattern} {' '.join(line.owners)}".rstrip()
        if line.owners:
            told.append(Fact(what=what, state="yes", why=why))
            continue
        try_ = f"at the end of {place}: /{path} @OWNER"
        why = f"the last line that matches names nobody: {why}"
        told.append(Fact(what=what, state="no", why=why, try_=try_))
    return told


def read(text: str) -> list[Line]:
    """List the lines that say something; those with a pattern that GitHub skips are left out."""
    lines = []
    for number, line in enumerate(text.splitlines(), 1):
        pattern, *owners = line.split("#")[0].split() or [""]
        if pattern and pattern[0] != "!" and not re.search(r"[\[\]\\]", pattern):
            named = tuple(one for one in owners if "@" in one)
            lines.append(Line(number, pattern, named))
    return lines


def owner(lines: Sequence[Line], path: str) -> Line | None:
    """Find the line that counts for a path: the last one that matches."""
    return next((line for line in reversed(lines) if _matches(line.pattern, path)), None)


def _matches(pattern: str, path: str) -> bool:
    """Say whether a pattern covers a file."""
    parts, names = pattern.strip("/").split("/"), path.split("/")
    if not pattern.startswith("/") and len(parts) == 1:
        parts.insert(0, "**")
    # How many names the parts so far may stand for.
    ends = {0}
    for part in parts:
        if part == "**":
            ends = set(range(min(ends, default=len(names) + 1), len(names) + 1))
        else:
            ends = {n + 1 for n in ends if n < len(names) and _fits(part, names[n])}
    if pattern.endswith("/"):
        return any(n < len(names) for n in ends)
    return len(names) in ends or ("*" not in parts[-1] and bool(ends))


def _fits(pattern: str, name: str) -> bool:
    """Match `*` and `?`, in time that grows with the product of both lengths alone."""
    at, here = 0, 0
    star, mark = -1, 0
    while here < len(name):
        if at < len(pattern) and pattern[at] == "*":
            star, mark = at, here
            at += 1
        elif at < len(pattern) and pattern[at] in ("?", name[here]):
            at, here = at + 1, here + 1
        elif star >= 0:  # the last star takes one more
            mark += 1
            at, here = star + 1, mark
        else:
            return False
    return not pattern[at:].strip("*")
