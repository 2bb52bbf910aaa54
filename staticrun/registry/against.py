"""A candidate against a champion: what the gates decide in one number, looked at from near.

Where the policies name predictions that both versions have, every gain has an interval; slices of
the examples say for whom the candidate is worse, and single examples what changed. What cannot be
compared is told in a clause.
"""

from __future__ import annotations

import math
import sys
from functools import cache
from inspect import getsource
from typing import TYPE_CHECKING

import msgspec

from staticrun import files
from staticrun.analysis.direction import Direction
from staticrun.errors import UserError
from staticrun.registry import examples, kinds
from staticrun.registry.difference import Difference, difference
from staticrun.registry.examples import Changes, Pair, Slice
from staticrun.registry.gates.verdict import Verdict, clause, gain, sides
from staticrun.registry.predictions import demand_same_rows
from staticrun.registry.promotion import Promotion

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from staticrun.analysis.resampling import OverSeeds, Paired
    from staticrun.registry.gates.verdict import Sides
    from staticrun.registry.manifests import Version
    from staticrun.registry.material import Material


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


class _Looked(msgspec.Struct, frozen=True, kw_only=True):
    """What one gate's evidence says, where it can be compared.

    Attributes:
        gain: Of its metric.
        slices: Slices of the examples, where they were asked for.
        changes: What changes for single ones, where they were.
        cut: What of them was not looked at, in a clause; empty where all was.
    """

    gain: Gain
    slices: tuple[Slice, ...] = ()
    changes: Changes | None = None
    cut: str = ""


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


def against(
    material: Material,
    candidate: Version,
    champion: Version,
    gates: Mapping[str, kinds.Gate],
    hidden: AbstractSet[str] = frozenset(),
) -> Against:
    """Compare a candidate with a champion.

    Args:
        material: The evidence.
        candidate: The version that is to take the other's place.
        champion: That other one, of the same model.
        gates: Name → gate: those of kind `paired` and `seeds` for the model say what is tested.
        hidden: Metrics whose numbers must not be shown; nothing that rests on one is.

    Returns:
        What could be compared; nothing that versions bring makes it raise.
    """
    missing: list[str] = []
    tested: dict[str, Gain] = {}
    first: _Looked | None = None
    mine = [
        (name, gate)
        for name, gate in gates.items()
        if isinstance(gate, kinds.Paired | kinds.Seeds)
        and gate.is_for(candidate.model)
        and gate.metric not in hidden
    ]
    promotion = Promotion(model=candidate.model, stage="", candidate=candidate, current=champion)
    for name, gate in mine:
        if isinstance(gate, kinds.Seeds) and gate.metric in tested:
            continue
        try:
            if isinstance(gate, kinds.Paired):
                looked = _of_pair(gate, promotion, material, whole=first is None)
            else:
                looked = _of_seeds(gate, promotion, material)
        except UserError as error:
            looked = clause(error)
        if isinstance(looked, str):
            missing.append(f"{name}: {looked}")
            continue
        tested.setdefault(gate.metric, looked.gain)
        if looked.changes is not None:
            first = looked
            missing += [f"{name}: {looked.cut}"] if looked.cut else []
    if not mine:
        missing.append("no gate of the policies tests a metric, so that no gain has an interval")
    known = {*tested, *hidden}
    plain = [one for one in _plain(candidate, champion) if one.metric not in known]
    return Against(
        candidate=candidate.version,
        champion=champion.version,
        metrics=(*tested.values(), *plain),
        sliced=first.gain.metric if first else "",
        slices=first.slices if first else (),
        changes=first.changes if first else None,
        difference=difference(champion, candidate),
        missing=tuple(missing),
    )


def _of_pair(
    gate: kinds.Paired, promotion: Promotion, material: Material, *, whole: bool
) -> _Looked | str:
    """Compare predictions, or remember what the same bytes, claims and policy came to.

    Args:
        gate: Which predictions, and how they are measured.
        promotion: The two versions.
        material: The evidence.
        whole: Whether slices and single examples are wanted.

    Returns:
        What they say, or in a clause why the gate does not let them count.

    Raises:
        UserError: When predictions are not here, or no such file, or of other examples.
    """
    from staticrun.analysis.measures import measure
    from staticrun.registry.gates.paired import predictions, senseless

    if wrong := senseless(gate):
        return wrong
    by = measure(gate.measure, gate.direction, gate.positive)
    found = sides(gate, by.direction, promotion)
    if isinstance(found, Verdict):
        return found.why
    versions = (promotion.candidate, found.current)
    said = [material.file(version, gate.predictions) for version in versions]
    numbers = (*(version.version for version in versions), found.new, found.old)

    def looked() -> _Looked | str:
        ours, theirs = (predictions(gate, *one) for one in zip(versions, said, strict=True))
        demand_same_rows(ours, theirs, gate.predictions)
        return _look(Pair(gate, by, ours, theirs), promotion.candidate, found, whole=whole)

    key = (_code(), gate, whole, *numbers, *map(files.sha256, said))
    return material.once(key, looked, _Looked | str)  # type: ignore[arg-type]


@cache
def _code() -> str:
    """Digest the code by which versions are compared."""
    from staticrun.registry.gates.paired import code

    return files.sha256((code() + getsource(examples) + getsource(sys.modules[__name__])).encode())


def _look(pair: Pair, candidate: Version, found: Sides, *, whole: bool) -> _Looked | str:
    from staticrun.registry.gates.paired import claim

    gate, by = pair.gate, pair.by
    wrong = claim(gate, by, candidate, pair.ours, found.new)
    wrong = wrong or claim(gate, by, found.current, pair.theirs, found.old)
    if wrong:
        return wrong.why
    tested = _gain(pair)
    if not whole:
        return _Looked(gain=tested)
    columns, left_out = examples.columns(pair)
    slices = sorted(
        examples.slices(pair, columns), key=lambda one: (one.high, one.column, one.value)
    )
    cut = f"has {left_out} more columns than were looked at" if left_out else ""
    return _Looked(gain=tested, slices=tuple(slices), changes=examples.changes(pair), cut=cut)


def _gain(pair: Pair) -> Gain:
    from staticrun.registry.gates.paired import compare

    found = compare(pair.gate, pair.by, pair.ours, pair.theirs)
    tested = _tested(pair.gate, pair.by.direction, found)
    return msgspec.structs.replace(tested, n=found.n, how=pair.gate.test)


def _tested(
    gate: kinds.Paired | kinds.Seeds, direction: Direction, found: Paired | OverSeeds
) -> Gain:
    """Give what every test says."""
    return Gain(
        metric=gate.metric,
        direction=direction,
        candidate=found.candidate,
        champion=found.current,
        gain=found.gain,
        low=found.low,
        high=found.high,
        p=found.p,
    )


def _of_seeds(gate: kinds.Seeds, promotion: Promotion, material: Material) -> _Looked | str:
    """Compare what runs of other seeds came to; as `_of_pair`."""
    from staticrun.registry.gates.seeds import compare, results, senseless

    if wrong := senseless(gate):
        return wrong
    both = sides(gate, gate.direction, promotion)
    if isinstance(both, Verdict):
        return both.why
    ours = results(gate, promotion.candidate, both.new, material)
    theirs = results(gate, both.current, both.old, material)
    found = compare(gate, ours, theirs)
    tested = msgspec.structs.replace(
        _tested(gate, gate.direction, found),
        n=found.n_candidate,
        how=f"{gate.test} over seeds",
        why=found.reason,
    )
    return _Looked(gain=tested)


def _plain(candidate: Version, champion: Version) -> Iterator[Gain]:
    """Compare what manifests say, a number each, of which no interval is known."""
    ours, theirs = ({one.name: one for one in of.metrics} for of in (candidate, champion))
    for name in dict.fromkeys([*ours, *theirs]):
        own, other = ours.get(name), theirs.get(name)
        new, old = (_finite(one.number) if one else None for one in (own, other))
        direction = next((one.direction for one in (own, other) if one and one.direction), None)
        gained, why = None, "one number a side"
        if own is None or other is None:
            why = f"version {(candidate if own is None else champion).version} has none"
        elif direction is None or {one.direction for one in (own, other)} - {direction, None}:
            direction, why = None, "nobody says which values are better"
        elif new is None or old is None:
            why = "not both numbers are finite"
        else:
            gained = float(gain(new, old, direction))
        yield Gain(
            metric=name, direction=direction, candidate=new, champion=old, gain=gained, why=why
        )


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
