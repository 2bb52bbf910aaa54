"""Where a run's provenance stands: in the margin, or in a row of its own.

The margin is the place for it, beside the drawings. Where there are few of them it would be
taller than they are and leave the body empty; then it has a row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from staticrun.pages.views.run_curves import Curves
    from staticrun.pages.views.run_facts import Fact

# As the default style sheet has them on a wide screen, in pixels and characters.
LINE = 18.5
APART = 5
CHARACTERS = 31
HEADS = 98
PADDING = 24
LEDGER = 146
DRAWINGS_A_ROW = 3
DRAWINGS = 196
CAPTION = 44
FOLD = 30
# A row ends with an empty space, into which the margin may reach.
SPARE = 60


def fits_beside(facts: Sequence[Fact], *, ledger: bool, curves: Curves | None) -> bool:
    """Estimate whether the margin is about as tall as the evidence beside it, or less.

    Args:
        facts: What would stand in the margin.
        ledger: Whether the evidence begins with a line of numbers.
        curves: The drawings.
    """
    evidence = PADDING + LEDGER * ledger
    if curves is not None:
        rows = -(-len(curves.shown) // DRAWINGS_A_ROW)
        evidence += rows * DRAWINGS + CAPTION + FOLD * len(curves.folds)
    margin = HEADS + sum(_height(fact) for fact in facts)
    return margin <= evidence + SPARE


def _height(fact: Fact) -> float:
    lengths = [len(f"{piece.text} {piece.after}".strip()) for piece in fact.pieces]
    if len(lengths) == 1 and len(fact.term) + 1 + lengths[0] <= CHARACTERS:
        lines = 1
    else:
        lines = 1 + sum(-(-length // CHARACTERS) for length in lengths)
    return lines * LINE + APART
