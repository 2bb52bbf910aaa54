"""What can go wrong, in words that help.

Two shapes, one text: an error stops the work and is raised; a finding is one of many, collected
while the good part of the work goes on.

    StaticrunError
    ├── UserError     the work cannot go on: exit code 1, one paragraph, no traceback
    └── UsageError    the command or call is wrong: exit code 2

Every other exception that reaches a user is a bug.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that is wrong with an input, where it stands and what to do about it.

    Attributes:
        where: `PATH:LINE`, `PATH` or a config key; paths are relative to the project, with `/`.
        what: What is wrong, with the value found; a clause without a full stop.
        expected: What was expected instead; a clause, or empty where `what` says it all.
        try_: What to do: a command to paste or a sentence; may be empty.
        level: `error` fails `check` and a strict build; `warning` is told; `note` is a fact that
            a reader of the run should know (superseded points, lines after the end).
    """

    where: str
    what: str
    expected: str = ""
    try_: str = ""
    level: Literal["error", "warning", "note"] = "error"

    def __str__(self) -> str:
        expected = f", expected {self.expected}" if self.expected else ""
        try_ = f"\n  Try: {self.try_}" if self.try_ else ""
        return f"{self.where}: {self.what}{expected}.{try_}"


class StaticrunError(Exception):
    """The root of all errors that staticrun raises on purpose.

    Args:
        where: As in `Finding`.
        what: As in `Finding`.
        expected: As in `Finding`.
        try_: As in `Finding`.
    """

    exit_code = 1

    def __init__(self, where: str, what: str, expected: str = "", try_: str = "") -> None:
        self.finding = Finding(where, what, expected, try_)
        super().__init__(str(self.finding))

    @classmethod
    def of(cls, finding: Finding) -> Self:
        """Make an error of a finding that stops the work."""
        return cls(finding.where, finding.what, finding.expected, finding.try_)

    def __reduce__(self) -> tuple[type[StaticrunError], tuple[str, str, str, str]]:
        """Pickle by the four parts: errors cross from a builder's worker process."""
        finding = self.finding
        return type(self), (finding.where, finding.what, finding.expected, finding.try_)


class UserError(StaticrunError):
    """The work cannot go on because of an input or of the machine."""


class UsageError(StaticrunError):
    """The command or the call itself is wrong."""

    exit_code = 2


def unwritable(
    error: OSError, where: str, what: str = "cannot be written", try_: str = ""
) -> UserError:
    """Say what a failed write means, and what to do about it.

    Args:
        error: As it came.
        where: The file or folder, as the user knows it.
        what: What cannot be done; a clause.
        try_: What to do; without it, what the kind of failure suggests.
    """
    expected, usual = "a folder that can be written to", "take another folder"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        expected, usual = "room on the disk", "make room, and do it again"
    reason = (error.strerror or str(error)).lower()
    return UserError(where, f"{what} ({reason})", expected, try_ or usual)


def nearest(word: str, words: Iterable[str]) -> str:
    """Say which known word was probably meant.

    Returns:
        `did you mean 'lr'?` or the first known words, for the `try_` of an error; empty when
        there is no word at all.
    """
    known = sorted(words)
    close = get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"one of {', '.join(map(repr, known[:12]))}" if known else ""
