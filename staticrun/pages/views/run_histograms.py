"""The distributions that a run logged, each name in a drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from staticrun import layout
from staticrun.pages import format as fmt
from staticrun.pages import ridges
from staticrun.pages.views.run_curves import Fold, Multiple, folds

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from staticrun.pages.ridges import Distribution
    from staticrun.store.entries import HistogramEntry
    from staticrun.store.run import Run

SHOWN = 12
DRAWN_MAX = 60
RIDGES_MAX = 8
NAME_MAX = 120


class Histograms(msgspec.Struct, frozen=True):
    """All drawings.

    Attributes:
        shown: The first ones.
        folds: The others, by the beginning of their names.
        notes: Sentences on what is not drawn.
    """

    shown: tuple[Multiple, ...]
    folds: tuple[Fold, ...]
    notes: tuple[str, ...]


def histograms(run: Run) -> Histograms | None:
    """Draw the histograms of a run, in the order in which their names appeared.

    Returns:
        None when it logged none.
    """
    logged = run.histograms
    if not logged:
        return None
    series: dict[str, list[Distribution]] = {}
    undrawn = 0
    several = False
    for name, by_writer in _by_name(logged).items():
        writer = next(iter(by_writer))
        several = several or len(by_writer) > 1
        steps: dict[float, Distribution | None] = {}
        for entry in by_writer[writer]:
            step = max(steps, default=-1.0) + 1 if entry.step is None else entry.step
            steps[step] = ridges.distribution(step, entry.edges, entry.counts)
        found = [steps[step] for step in sorted(steps)]
        drawable = [one for one in found if one is not None]
        undrawn += len(found) - len(drawable)
        if drawable:
            series[name] = drawable
    names = list(series)
    multiples = [_multiple(name, series[name]) for name in names[:DRAWN_MAX]]
    notes = []
    if several:
        notes.append("Where several processes logged one, that of the first is drawn.")
    if undrawn:
        which = f"{fmt.plural(undrawn, 'histogram')} {'is' if undrawn == 1 else 'are'} not drawn"
        why = "nothing is counted, or edges and counts make no distribution"
        notes.append(f"{which}: {why}.")
    if len(names) > DRAWN_MAX:
        more = fmt.plural(len(names) - DRAWN_MAX, "more name")
        notes.append(f"{more} in the record alone.")
    return Histograms(
        tuple(multiples[:SHOWN]), folds(names[SHOWN:DRAWN_MAX], multiples[SHOWN:]), tuple(notes)
    )


def _by_name(
    logged: Iterable[HistogramEntry],
) -> dict[str, dict[str, list[HistogramEntry]]]:
    """Sort histograms by their name and by who wrote them, `main` first."""
    found: dict[str, dict[str, list[HistogramEntry]]] = {}
    for entry in logged:
        file = layout.record_file(entry.where.rpartition(":")[0].rpartition("/")[2])
        writer = file.writer if file else layout.MAIN
        found.setdefault(entry.name, {}).setdefault(writer, []).append(entry)
    return {
        name: dict(sorted(by_writer.items(), key=lambda item: item[0] != layout.MAIN))
        for name, by_writer in found.items()
    }


def _multiple(name: str, found: Sequence[Distribution]) -> Multiple:
    chosen = _evenly(found)
    about = (
        f"{len(chosen)} of {fmt.plural(len(found), 'step')}" if len(chosen) < len(found) else ""
    )
    share = ridges.beyond(chosen)
    if share > 0:
        told = f"up to {fmt.number(100 * share, 2)}\u202f% beyond the axis"
        about = f"{about}, {told}" if about else told
    low, high = ridges.limits(found[-1:])
    shown = fmt.label(name, NAME_MAX)
    first, last = fmt.step(found[0].step), fmt.step(found[-1].step)
    between = f"between {fmt.number(low)} and {fmt.number(high)}"
    if len(found) == 1:
        spoken = f"{shown}: distribution at step {first}, {between}"
    else:
        many = fmt.plural(len(found), "distribution")
        spoken = f"{shown}: {many} from step {first} to step {last}, the last {between}"
    return Multiple(shown, about, ridges.draw(chosen, spoken))


def _evenly(found: Sequence[Distribution]) -> list[Distribution]:
    """Take the first, the last, and evenly between."""
    if len(found) <= RIDGES_MAX:
        return list(found)
    last = len(found) - 1
    return [found[round(i * last / (RIDGES_MAX - 1))] for i in range(RIDGES_MAX)]
