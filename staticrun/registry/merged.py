"""What a branch changes, and what merging it gives: file by file, as git would.

A file of a registry is one decision, so that it is merged whole: where both sides changed the same
file, somebody has to look, and nothing is made up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun.errors import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from staticrun.registry.sources import Source


class Merged:
    """The registry after a merge; a `Source`, whose names have to be of one kind.

    Args:
        base: What is merged into.
        fork: What both come from.
        head: What is merged.

    Attributes:
        names: As of every source.
        findings: Those of the head, and files that both sides changed.
        changed: Path → names of its content before and after; None where there is none.
    """

    def __init__(self, base: Source, fork: Source, head: Source) -> None:
        self.names: dict[str, str] = {}
        self.findings = list(head.findings)
        self.changed: dict[str, tuple[str | None, str | None]] = {}
        self._base, self._head = base, head
        for path in sorted(base.names.keys() | fork.names.keys() | head.names.keys()):
            before, of_fork, after = (one.names.get(path) for one in (base, fork, head))
            if after == of_fork:
                after = before
            elif before not in (of_fork, after):
                self._conflict(path)
            if after is not None:
                self.names[path] = after
            if after != before:
                self.changed[path] = (before, after)

    def read(self, paths: Iterable[str]) -> dict[str, bytes]:
        """Give the bytes of some of its files."""
        wanted = list(paths)
        own = [path for path in wanted if self._head.names.get(path) == self.names[path]]
        return self._head.read(own) | self._base.read([path for path in wanted if path not in own])

    def _conflict(self, path: str) -> None:
        what = "was changed here, and in the base branch since this branch left it"
        try_ = "merge the base branch into this one, and decide again"
        self.findings.append(Finding(path, what, "one change at a time", try_))
