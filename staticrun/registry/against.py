"""A candidate against a champion: what the gates decide in one number, looked at from near.

Where the policies name predictions that both versions have, every gain has an interval; slices of
the examples say for whom the candidate is worse, and single examples what changed. What cannot be
compared is told in a clause.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from staticrun.analysis.direction import Direction
from staticrun.errors import UserError
from staticrun.registry import kinds
from staticrun.registry.difference import Difference, difference
from staticrun.registry.gates.verdict import clause
from staticrun.registry.predictions import demand_same_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from staticrun.analysis.measures import Measure
    from staticrun.analysis.resampling import Paired
    from staticrun.registry.manifests import Version
    from staticrun.registry.material import Material
    from staticrun.registry.predictions import Predictions

# A column with as many values says to which slice an example belongs; with more it is a number.
SLICES_MAX = 50
COLUMNS_MAX = 8
# Of fewer examples an interval says nothing that one would look at.
SLICE_N_MIN = 5
CHANGED_MAX = 50


class Gain(msgspec.Struct, frozen=True, kw_only=True):
    """A metric of both versions.

    Attributes:
        metric: Its name.
        direction: Which values are better; None where nobody says.
        candidate: The candidate's value; None where it has none.
        champion: The champion's.
        gain: By how much the candidate is better, in the metric's unit; None where unknown.
        low: Lower end of the 95 % interval of the gain; None where there is none.
        high: Its upper end.
        p: One-sided: how easily one that is no better would look as good; None where untested.
        n: How many examples, or runs of the candidate, that rests on; None for one number alone.
        how: How it was tested: the gate's test, as `bootstrap` or `welch over seeds`; else empty.
        why: Why there is no interval, in a clause; empty where there is one.
    """

    metric: str
    direction: Direction | None = None
    candidate: float | None = None
    champion: float | None = None
    gain: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    n: int | None = None
    how: str = ""
    why: str = ""


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
        better: How many the candidate does better.
        worse: How many the champion does better.
        gained: The first of those that the candidate does better, by how much.
        lost: The first of those that the champion does better, by how much.
    """

    labels: bool
    same: int
    better: int
    worse: int
    gained: tuple[Example, ...] = ()
    lost: tuple[Example, ...] = ()


class Against(msgspec.Struct, frozen=True, kw_only=True):
    """Two versions of a model.

    Attributes:
        candidate: Number of the one that is to take the place.
        champion: Number of the other one.
        metrics: What both measured, those that a gate tests first.
        sliced: The metric that slices and examples are judged by; empty where there is none.
        slices: Slices, the worst first.
        changes: What changes for single examples; None where nothing is known of them.
        difference: What differs from the champion's manifest.
        missing: What could not be compared, a clause each.
    """

    candidate: int
    champion: int
    metrics: tuple[Gain, ...] = ()
    sliced: str = ""
    slices: tuple[Slice, ...] = ()
    changes: Changes | None = None
    difference: Difference = Difference()
    missing: tuple[str, ...] = ()

    @property
    def worse(self) -> tuple[Slice, ...]:
        """The slices whose whole interval is below zero."""
        return tuple(one for one in self.slices if one.worse)


class _Pair(NamedTuple):
    """What two versions said of the same examples, and the gate that says how to measure it."""

    gate: kinds.Paired
    by: Measure
    ours: Predictions
    theirs: Predictions


def against(
    material: Material,
    candidate: Version,
    champion: Version,
    gates: Mapping[str, kinds.Gate],
) -> Against:
    """Compare a candidate with a champion.

    Args:
        material: The evidence.
        candidate: The version that is to take the other's place.
        champion: That other one, of the same model.
        gates: Name → gate: those of kind `paired` and `seeds` for the model say what is tested.

    Returns:
        What could be compared; nothing that versions bring makes it raise.
    """
    missing: list[str] = []
    tested: dict[str, Gain] = {}
    first: _Pair | None = None
    mine = [(name, gate) for name, gate in gates.items() if gate.is_for(candidate.model)]
    for name, gate in mine:
        if isinstance(gate, kinds.Paired):
            try:
                pair = _pair(gate, candidate, champion, material)
                gain = _of_pair(pair)
            except UserError as error:
                missing.append(f"{name}: {clause(error)}")
                continue
            tested.setdefault(gate.metric, gain)
            first = first or pair
        elif isinstance(gate, kinds.Seeds) and gate.metric not in tested:
            try:
                tested[gate.metric] = _of_seeds(gate, candidate, champion, material)
            except UserError as error:
                missing.append(f"{name}: {clause(error)}")
    if not any(isinstance(gate, kinds.Paired | kinds.Seeds) for _, gate in mine):
        missing.append("no gate of the policies tests a metric, so that no gain has an interval")
    plain = [one for one in _plain(candidate, champion) if one.metric not in tested]
    slices, found = ((), None) if first is None else (_slices(first), _changes(first))
    return Against(
        candidate=candidate.version,
        champion=champion.version,
        metrics=(*tested.values(), *plain),
        sliced=first.gate.metric if first else "",
        slices=tuple(sorted(slices, key=lambda one: (one.high, one.column, one.value))),
        changes=found,
        difference=difference(champion, candidate),
        missing=tuple(missing),
    )


def _pair(gate: kinds.Paired, candidate: Version, champion: Version, material: Material) -> _Pair:
    from staticrun.analysis.measures import measure
    from staticrun.registry.gates.paired import predictions, senseless

    if wrong := senseless(gate):
        raise UserError("the gate", wrong, "a policy that can be tested")
    by = measure(gate.measure, gate.direction, gate.positive)
    ours = predictions(gate, candidate, material)
    theirs = predictions(gate, champion, material)
    demand_same_rows(ours, theirs, gate.predictions)
    return _Pair(gate, by, ours, theirs)


def _of_pair(pair: _Pair) -> Gain:
    from staticrun.registry.gates.paired import compare

    gate, found = pair.gate, compare(pair.gate, pair.by, pair.ours, pair.theirs)
    return Gain(
        metric=gate.metric,
        direction=pair.by.direction,
        candidate=found.candidate,
        champion=found.current,
        gain=found.gain,
        low=found.low,
        high=found.high,
        p=found.p,
        n=found.n,
        how=gate.test,
    )


def _of_seeds(
    gate: kinds.Seeds, candidate: Version, champion: Version, material: Material
) -> Gain:
    from staticrun.analysis.resampling import over_seeds

    ours, theirs = (
        [value for value in material.seeds(one, gate.metric, gate.role) if math.isfinite(value)]
        for one in (candidate, champion)
    )
    found = over_seeds(
        ours,
        theirs,
        direction=gate.direction,
        test=gate.test,
        resamples=gate.resamples,
        seed=gate.seed,
    )
    return Gain(
        metric=gate.metric,
        direction=gate.direction,
        candidate=_finite(found.candidate),
        champion=_finite(found.current),
        gain=_finite(found.gain),
        low=found.low,
        high=found.high,
        p=found.p,
        n=found.n_candidate,
        how=f"{gate.test} over seeds",
        why=found.reason,
    )


def _plain(candidate: Version, champion: Version) -> Iterator[Gain]:
    """Compare what manifests say, a number each, of which no interval is known."""
    theirs = {one.name: one for one in champion.metrics}
    for one in candidate.metrics:
        other = theirs.get(one.name)
        new, old = _finite(one.number), _finite(other.number) if other else None
        gain = None
        if new is not None and old is not None and one.direction:
            gain = new - old if one.direction == "max" else old - new
        yield Gain(
            metric=one.name,
            direction=one.direction,
            candidate=new,
            champion=old,
            gain=gain,
            why="one number a side" if other else f"version {champion.version} has none",
        )


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _slices(pair: _Pair) -> Iterator[Slice]:
    """Compare both versions on the parts of the examples that a column names."""
    from staticrun.analysis.resampling import paired

    for column, values in _columns(pair):
        rows: dict[str, list[int]] = {}
        for row, value in enumerate(values):
            rows.setdefault(value, []).append(row)
        if not 2 <= len(rows) <= SLICES_MAX:
            continue
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


def _columns(pair: _Pair) -> Iterator[tuple[str, Sequence[str]]]:
    """List the columns that slice the examples: those that say the same in both files.

    What a model says of an example, a probability, differs. For labels what is true is one, too.
    """
    if pair.gate.measure == "accuracy":
        yield pair.gate.target, pair.ours.target
    same = [
        (name, column)
        for name, column in pair.ours.slices.items()
        if pair.theirs.slices.get(name) == column
    ]
    yield from same[:COLUMNS_MAX]


def _changes(pair: _Pair) -> Changes:
    """Say which examples either version does better."""
    ours, theirs = (_misses(pair, one.prediction) for one in (pair.ours, pair.theirs))
    gains = [old - new for new, old in zip(ours, theirs, strict=True)]
    order = sorted(range(len(gains)), key=lambda row: (-abs(gains[row]), row))
    better = [row for row in order if gains[row] > 0]
    worse = [row for row in order if gains[row] < 0]
    return Changes(
        labels=pair.gate.measure in ("accuracy", "f1"),
        same=len(gains) - len(better) - len(worse),
        better=len(better),
        worse=len(worse),
        gained=tuple(_example(pair, row) for row in better[:CHANGED_MAX]),
        lost=tuple(_example(pair, row) for row in worse[:CHANGED_MAX]),
    )


def _misses(pair: _Pair, said: Sequence[str]) -> list[float]:
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


def _example(pair: _Pair, row: int) -> Example:
    ours, theirs = pair.ours, pair.theirs
    return Example(ours.ids[row], ours.target[row], ours.prediction[row], theirs.prediction[row])
