"""The lineage of a run: what it came from and what came of it, as two indented lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from staticrun import layout
from staticrun.pages import format as fmt

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from staticrun.pages.context import Kin, Relations

NAME_MAX = 160


class Relative(msgspec.Struct, frozen=True):
    """A line: a run, a thing that a run read, or how many more there are.

    Attributes:
        how: How it is related to the line that it stands below.
        text: The run's key, or the thing in words.
        url: The run's page; empty for a thing.
        key: The run's whole key.
        status: How the run ended, where it did not finish.
        next: Its own relatives in the same direction.
    """

    how: str
    text: str
    url: str = ""
    key: str = ""
    status: str = ""
    next: tuple[Relative, ...] = ()


class LineageView(msgspec.Struct, frozen=True):
    """Both directions, the nearest generation first."""

    before: tuple[Relative, ...]
    behind: tuple[Relative, ...]


def lineage(relations: Relations) -> LineageView | None:
    """Lay out the relatives of a run.

    Returns:
        None where there is nothing but a parent, children and data, which stand elsewhere on the
        page.
    """
    both = (*relations.before, *relations.behind)
    if not any(kin.run and (kin.next or kin.how not in ("parent", "child")) for kin in both):
        return None
    return LineageView(tuple(_lines(relations.before)), tuple(_lines(relations.behind)))


def _lines(found: Iterable[Kin]) -> Iterator[Relative]:
    for kin in found:
        if kin.run is None:
            if kin.text:
                yield Relative(kin.how, kin.text)
            else:
                yield _rest(kin.left_out)
            continue
        run = kin.run
        status = "" if run.status == "finished" else run.status
        rest = (_rest(kin.left_out),) if kin.left_out else ()
        text = fmt.short(run.key, NAME_MAX)
        next_ = (*_lines(kin.next), *rest)
        yield Relative(kin.how, text, layout.run_url(run.key), run.key, status, next_)


def _rest(count: int) -> Relative:
    return Relative("", f"{fmt.count(count)} more")
