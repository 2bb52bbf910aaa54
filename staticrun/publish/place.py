"""A target, and what is published there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from staticrun.config.forms import FORMS
from staticrun.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from staticrun.publish.plan import Plan


class Target(NamedTuple):
    """Where a site goes.

    Attributes:
        kind: `branch` or `folder`.
        name: The branch's name, or the folder's path, relative to the project.
    """

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


class Place(Protocol):
    """What is published at a target: its files, whatever they are."""

    @property
    def sizes(self) -> Mapping[str, int]:
        """URL → bytes of every file."""

    def read(self, urls: Sequence[str], /) -> Iterator[bytes]:
        """Read files, in the order given."""


class Done(NamedTuple):
    """What became of a plan.

    Attributes:
        plan: The one that was carried out.
        commit: Of a branch: what it is at now.
        written: How many files changed.
        removed: How many went.
    """

    plan: Plan
    commit: str | None
    written: int
    removed: int


class Nothing:
    """A target that nothing was published to."""

    def __init__(self) -> None:
        self.sizes: dict[str, int] = {}

    def read(self, _urls: Sequence[str]) -> Iterator[bytes]:
        """Read files; there are none to ask for."""
        return iter(())


def target(text: str) -> Target:
    """Read a target as a person writes it.

    Raises:
        UsageError: When it is none.
    """
    form = FORMS["target"]
    if form.read(text) is None:
        raise UsageError(
            f"target {text!r}", "is no place to publish to", form.expected, "branch:gh-pages"
        )
    kind, _, name = text.partition(":")
    return Target(kind, name)
