"""The runs behind a mean, each a short link: by its seed where that tells them apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from staticrun import files, layout
from staticrun.pages.views.naming import run_name, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from staticrun.store.run import Run

MEMBERS_MAX = 8
_SEED = 12


class Member(msgspec.Struct, frozen=True):
    """A run among those of a mean.

    Attributes:
        key: Its key, for the link.
        url: Its page.
        text: Its seed, or its number; `run` where it is the only one and has no seed.
        name: Its whole name, for who cannot see what stands around.
        status: How it ended; empty where it finished.
    """

    key: str
    url: str
    text: str
    name: str
    status: str


class Members(msgspec.Struct, frozen=True):
    """The first runs of a group or side, and how many more there are."""

    first: tuple[Member, ...]
    more: int


def by_seed(groups: Sequence[Sequence[Run]], seed: Callable[[Run], str]) -> bool:
    """Say whether in each group every run has a seed of its own."""
    return all(len({seed(run) for run in runs} - {""}) == len(runs) for runs in groups)


def of(runs: Sequence[Run], seed: Callable[[Run], str], *, seeds: bool) -> Members:
    """List the runs of a group.

    Args:
        runs: All of them.
        seed: Gives the seed of a run as text.
        seeds: Whether they are named by their seeds.
    """
    ordered = sorted(runs, key=lambda run: files.natural_order(seed(run)))
    return Members(
        tuple(
            Member(
                run.key,
                layout.run_url(run.key),
                shown(seed(run), _SEED) if seeds else "run" if len(runs) == 1 else str(place),
                run_name(run),
                "" if run.status == "finished" else run.status,
            )
            for place, run in enumerate(ordered[:MEMBERS_MAX], 1)
        ),
        max(len(runs) - MEMBERS_MAX, 0),
    )
