"""What two versions said of the same examples: slices of them, and those that change."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from staticrun.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from staticrun.analysis.measures import Measure
    from staticrun.analysis.resampling import Paired
    from staticrun.registry import kinds
    from staticrun.registry.predictions import Predictions

# A column with as many values says to which slice an example belongs; with more it is a number.
SLICES_MAX = 50
COLUMNS_MAX = 8
# Of fewer examples an interval says nothing that one would look at.
SLICE_N_MIN = 5
CHANGED_MAX = 50


class Slice(msgspec.Struct, frozen=True, kw_only=True):
    """The examples that have one value in one column.

    Attributes:
        column: The column.
        value: The value.
        n: How many examples.
        candidate: The measure of the candidate on them.
        champion: That of the champion.
        gain: By how much the candidate is better.
        low: Lower end of the 95 % interval of the gain.
        high: Its upper end.
    """

    column: str
    value: str
    n: int
    candidate: float
    champion: float
    gain: float
    low: float
    high: float

    @property
    def worse(self) -> bool:
        """Whether the whole interval is below zero."""
        return self.high < 0


class Example(msgspec.Struct, frozen=True):
    """An example that one version does better than the other: its id, and what is said of it."""

    id: str
    target: str
    candidate: str
    champion: str


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """What changes for single examples.

    Attributes:
        labels: Whether predictions are right or wrong; else they are near or far.
        same: How many examples neither does better.
        right: How many of those both have right; None where predictions are near or far.
        better: How many the candidate does better.
        worse: How many the champion does better.
        gained: The first of those that the candidate does better, by how much.
        lost: The first of those that the champion does better, by how much.
    """

    labels: bool
    same: int
    better: int
    worse: int
    right: int | None = None
    gained: tuple[Example, ...] = ()
    lost: tuple[Example, ...] = ()


class Pair(NamedTuple):
    """What two versions said of the same examples, and the gate that says how to measure it."""

    gate: kinds.Paired
    by: Measure
    ours: Predictions
    theirs: Predictions


def slices(pair: Pair, columns: Sequence[tuple[str, Sequence[str]]]) -> Iterator[Slice]:
    """Compare both versions on the parts of the examples that a column names."""
    from staticrun.analysis.resampling import paired

    for column, values in columns:
        rows: dict[str, list[int]] = {}
        for row, value in enumerate(values):
            rows.setdefault(value, []).append(row)
        for value, of in rows.items():
            if len(of) < SLICE_N_MIN:
                continue
            said = (pair.ours.target, pair.ours.prediction, pair.theirs.prediction)
            part = ([one[row] for row in of] for one in said)
            try:
                found: Paired = paired(
                    pair.by, *part, resamples=pair.gate.resamples, seed=pair.gate.seed
                )
            except UserError:
                continue  # a slice of one class alone has no auc
            yield Slice(
                column=column,
                value=value,
                n=found.n,
                candidate=found.candidate,
                champion=found.current,
                gain=found.gain,
                low=found.low,
                high=found.high,
            )


def columns(pair: Pair) -> tuple[list[tuple[str, Sequence[str]]], int]:
    """List the columns that slice the examples, and count those beyond the most looked at.

    What a model says of an example, a probability, differs between the two files and slices
    nothing. For labels what is true is a slice, too.
    """
    true = [(pair.gate.target, pair.ours.target)] if pair.gate.measure == "accuracy" else []
    same = [
        (name, column)
        for name, column in pair.ours.slices.items()
        if pair.theirs.slices.get(name) == column
    ]
    found: list[tuple[str, Sequence[str]]] = [
        one for one in [*true, *same] if 2 <= len(set(one[1])) <= SLICES_MAX
    ]
    return found[:COLUMNS_MAX], len(found[COLUMNS_MAX:])


def changes(pair: Pair) -> Changes:
    """Say which examples either version does better."""
    ours, theirs = (_misses(pair, one.prediction) for one in (pair.ours, pair.theirs))
    gains = [old - new for new, old in zip(ours, theirs, strict=True)]
    order = sorted(range(len(gains)), key=lambda row: (-abs(gains[row]), row))
    better = [row for row in order if gains[row] > 0]
    worse = [row for row in order if gains[row] < 0]
    labels = pair.gate.measure in ("accuracy", "f1")
    both = sum(new == old == 0 for new, old in zip(ours, theirs, strict=True))
    return Changes(
        labels=labels,
        same=len(gains) - len(better) - len(worse),
        better=len(better),
        worse=len(worse),
        right=both if labels else None,
        gained=tuple(_example(pair, row) for row in better[:CHANGED_MAX]),
        lost=tuple(_example(pair, row) for row in worse[:CHANGED_MAX]),
    )


def _misses(pair: Pair, said: Sequence[str]) -> list[float]:
    """Say how far each prediction is from what is true; of a mean, how bad the number is."""
    target, gate = pair.ours.target, pair.gate
    if gate.measure in ("accuracy", "f1"):
        from staticrun.analysis.measures import hits

        return [float(not hit) for hit in hits(target, said)]
    values = [float(one) for one in said]
    if gate.measure == "mean":
        return [-one if pair.by.direction == "max" else one for one in values]
    if gate.measure in ("auc", "log-loss", "brier"):
        true = [float(one == gate.positive) for one in target]
    else:
        true = [float(one) for one in target]
    return [abs(one - other) for one, other in zip(values, true, strict=True)]


def _example(pair: Pair, row: int) -> Example:
    ours, theirs = pair.ours, pair.theirs
    return Example(ours.ids[row], ours.target[row], ours.prediction[row], theirs.prediction[row])
