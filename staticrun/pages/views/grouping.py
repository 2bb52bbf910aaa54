"""Runs grouped over seeds, with their numbers, names and colours.

A group's identity is made of all its params but the seed, not of those that happen to vary, so
that its colour stays when a run is added that makes another param vary.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from staticrun import files
from staticrun.analysis.groups import Missing, group_runs
from staticrun.files import natural_order
from staticrun.pages.views.naming import last_part
from staticrun.plots.color import SLOTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from staticrun.store.run import Run

LABEL_MAX = 34


@dataclass(frozen=True, slots=True)
class Group:
    """Runs that are equal in every param that varies but the seed.

    Attributes:
        label: Short and unique: `adam, width 256, lr 0.01`.
        values: Varying param → value; a param that the runs do not have is absent.
        runs: Its runs, in natural order of their keys.
        identity: Hex digits that stay the same while the params do.
    """

    label: str
    values: Mapping[str, object]
    runs: tuple[Run, ...]
    identity: str


@dataclass(frozen=True, slots=True)
class Grouping:
    """All runs of an experiment, grouped.

    Attributes:
        constant: Params that are the same in all runs → value.
        varying: Params that tell the groups apart, in their author's order.
        seeds: Seed-like params.
        groups: In natural order of their values.
    """

    constant: Mapping[str, object]
    varying: tuple[str, ...]
    seeds: tuple[str, ...]
    groups: tuple[Group, ...]

    @property
    def runs(self) -> list[Run]:
        """All runs, in natural order."""
        found = [run for group in self.groups for run in group.runs]
        return sorted(found, key=lambda run: (natural_order(run.key), run.key))

    @property
    def repeats(self) -> bool:
        """Whether some group has more than one run."""
        return any(len(group.runs) > 1 for group in self.groups)

    def seed(self, run: Run) -> str:
        """Give the seed of a run as text; empty where it is not known."""
        for name in self.seeds:
            if name in run.params:
                return spell(run.params[name]).strip('"')
        seed = run.start.seed if run.start else None
        return "" if seed is None else spell(seed).strip('"')


def group(runs: Sequence[Run]) -> Grouping:
    """Group runs over seeds."""
    found = group_runs([run.params for run in runs])
    labels = without_missing([(one.label, one.values) for one in found.groups])
    ignored = set(found.seeds)
    groups = []
    for label, one in zip(labels, found.groups, strict=True):
        members = tuple(runs[place] for place in one.members)
        own = {name: value for name, value in members[0].params.items() if name not in ignored}
        values = {n: value for n, value in one.values.items() if not isinstance(value, Missing)}
        groups.append(Group(label, values, members, identity(own)))
    return Grouping(found.constant, found.varying, found.seeds, tuple(groups))


def without_missing(labelled: Sequence[tuple[str, Mapping[str, object]]]) -> list[str]:
    """Take `no gamma` out of labels, unless that is what tells them apart."""
    full = [label for label, _ in labelled]
    short = []
    for label, values in labelled:
        missing = [name for name, value in values.items() if isinstance(value, Missing)]
        gone = {f"no {name}" for name in missing} | {f"no {last_part(name)}" for name in missing}
        parts = [part for part in label.split(", ") if part not in gone]
        short.append(", ".join(parts))
    return short if all(short) and len(set(short)) == len(short) else full


def cut(label: str, most: int = LABEL_MAX, separator: str = ", ") -> str:
    """Cut a label after one of its parts.

    >>> cut("adam, width 256, lr 0.01", 20)
    'adam, width 256, …'
    """
    if len(label) <= most:
        return label
    head, mark, _ = label[: most - 1].rpartition(separator)
    return f"{head}{mark}…" if mark else f"{label[: most - 1]}…"


def distinct(labels: Iterable[str]) -> list[str]:
    """Number labels that are equal, so that each names one thing."""
    seen: dict[str, int] = {}
    out = []
    for text in labels:
        seen[text] = seen.get(text, 0) + 1
        out.append(text if seen[text] == 1 else f"{text} ({seen[text]})")
    return out


def spell(value: object) -> str:
    """Spell a JSON value so that equal values, and only those, have one spelling."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return msgspec.json.encode(value, order="deterministic").decode()


def identity(values: Mapping[str, object]) -> str:
    """Digest what a group is, for its colour."""
    return files.sha256(spell(dict(values)).encode())[:16]


def slots(identities: Sequence[str]) -> dict[str, int]:
    """Give up to ten things a colour each: the one its identity asks for, or the next free one.

    Args:
        identities: Hex digits, at most `SLOTS`, without repetition.

    Returns:
        Identity → colour, 1 to `SLOTS`; a set of things always has the same colours, in whatever
        order they come.
    """
    taken: dict[int, str] = {}
    for name in sorted(identities)[:SLOTS]:
        slot = int(name[:8], 16) % SLOTS
        while slot in taken:
            slot = (slot + 1) % SLOTS
        taken[slot] = name
    return {name: slot + 1 for slot, name in taken.items()}
