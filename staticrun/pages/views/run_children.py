"""The runs that name this one as their parent: a sweep's members, the folds of a validation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from staticrun import layout
from staticrun.pages import format as fmt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from staticrun.pages.context import Relations, RunLink
    from staticrun.store.run import Run

SHOWN = 36
LINKED_MAX = 2_000
NAME_MAX = 120
# In the order in which they are counted; what finished is the rest.
_OTHER_ENDS = ("failed", "stopped", "open")


class Child(msgspec.Struct, frozen=True):
    """A run, by its own name where it is of the same experiment, else by its key."""

    name: str
    key: str
    url: str
    status: str


class Children(msgspec.Struct, frozen=True):
    """All of them.

    Attributes:
        about: How many, and how many of them did not finish.
        shown: The first ones, in natural order.
        folded: The others.
        folded_words: How many those are.
        left_out: How many more have no link here; empty for none.
    """

    about: str
    shown: tuple[Child, ...]
    folded: tuple[Child, ...]
    folded_words: str
    left_out: str


def children(run: Run, relations: Relations) -> Children | None:
    """List the children of a run; None without any."""
    found = relations.children
    if not found:
        return None
    listed = [_child(link, run.experiment) for link in found[:LINKED_MAX]]
    first = SHOWN if len(listed) > SHOWN + 3 else len(listed)
    rest = len(found) - len(listed)
    return Children(
        _about(found),
        tuple(listed[:first]),
        tuple(listed[first:]),
        fmt.plural(len(listed) - first, "more run"),
        fmt.plural(rest, "more run") if rest else "",
    )


def _child(link: RunLink, experiment: str) -> Child:
    of, own = layout.split_key(link.key)
    name = own if of == experiment else link.key
    status = "" if link.status == "finished" else link.status
    return Child(fmt.label(name, NAME_MAX), link.key, layout.run_url(link.key), status)


def _about(found: Sequence[RunLink]) -> str:
    verb = "names" if len(found) == 1 else "name"
    words = f"{fmt.plural(len(found), 'run')} {verb} this one as the parent"
    counts = [(sum(link.status == end for link in found), end) for end in _OTHER_ENDS]
    others = [f"{fmt.count(n)} {end}" for n, end in counts if n]
    return f"{words}; {fmt.listed(others)}." if others else f"{words}."
