"""Which site versions the rule of `publish.keep` lets go, and why."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from staticrun.config import Keep
    from staticrun.receipts import Receipt


class Verdict(NamedTuple):
    """What the rule says of a version.

    Attributes:
        name: The version's.
        kept: Whether it stays.
        why: A clause: `it has the alias stable`.
    """

    name: str
    kept: bool
    why: str


def decide(
    receipts: Iterable[Receipt], aliases: Mapping[str, Sequence[str]], keep: Keep
) -> list[Verdict]:
    """Say of each version whether it is kept.

    Args:
        receipts: Of all versions, in any order.
        aliases: Name of a version → further names.
        keep: The rule.

    Returns:
        One verdict a version, the newest first.
    """
    newest = sorted(receipts, key=lambda one: (one.time or 0, one.name), reverse=True)
    return [_verdict(one.name, number, aliases, keep) for number, one in enumerate(newest, 1)]


def _verdict(name: str, number: int, aliases: Mapping[str, Sequence[str]], keep: Keep) -> Verdict:
    if keep.last is None:
        return Verdict(name, kept=True, why="publish.keep.last is not set")
    if given := aliases.get(name):
        return Verdict(name, kept=True, why=f"it has the alias {given[0]}")
    pattern = next((one for one in keep.matching if fnmatchcase(name, one)), None)
    if pattern is not None:
        return Verdict(name, kept=True, why=f"its name is one of {pattern}")
    if number <= keep.last:
        return Verdict(name, kept=True, why=f"it is one of the {keep.last} newest")
    return Verdict(name, kept=False, why=f"{number - 1} are newer, and {keep.last} are kept")
