"""`kind: paired`: better than the version which the stage is at, by a test on the same rows."""

from __future__ import annotations

import math
import sys
from functools import cache
from inspect import getsource
from typing import TYPE_CHECKING

import msgspec

from staticrun import files
from staticrun.errors import UserError
from staticrun.registry.artifacts import MissingError
from staticrun.registry.gates.verdict import (
    Result,
    Verdict,
    clause,
    gain,
    plain,
    short_of,
    sides,
    told,
    undrawable,
    unsure,
)
from staticrun.registry.predictions import Columns, demand_same_rows, read

if TYPE_CHECKING:
    from staticrun.analysis.measures import Measure
    from staticrun.analysis.resampling import Paired as Tested
    from staticrun.registry.gates.verdict import Sides
    from staticrun.registry.manifests import Paired, Version
    from staticrun.registry.material import Material
    from staticrun.registry.predictions import Predictions
    from staticrun.registry.promotion import Promotion


def paired(gate: Paired, promotion: Promotion, material: Material | None) -> Verdict:
    """Measure both versions anew, by what each said of the same examples, and test the gain."""
    from staticrun.analysis.measures import measure

    if wrong := senseless(gate):
        return Verdict("unknown", wrong)
    try:
        by = measure(gate.measure, gate.direction, gate.positive)
    except UserError as error:
        return Verdict("unknown", f"the policy makes no sense: {clause(error)}")
    found = sides(gate, by.direction, promotion)
    if isinstance(found, Verdict):
        return found
    if material is None:
        return Verdict("unknown", "the predictions were not looked at")
    try:
        return _tested(gate, by, promotion.candidate, found, material)
    except MissingError as error:
        return Verdict("unknown", clause(error))
    except UserError as error:
        return Verdict("fail", clause(error))


def _tested(
    gate: Paired, by: Measure, candidate: Version, found: Sides, material: Material
) -> Verdict:
    """Judge, or remember what the same bytes, claims and policy came to."""
    current = found.current
    said = [material.file(version, gate.predictions) for version in (candidate, current)]
    numbers = (candidate.version, current.version, found.new, found.old)
    key = (code(), gate, *numbers, *map(files.sha256, said))

    def judged() -> tuple[Result, str, dict[str, float]]:
        ours, theirs = (
            predictions(gate, *one) for one in zip((candidate, current), said, strict=True)
        )
        demand_same_rows(ours, theirs, gate.predictions)
        wrong = claim(gate, by, candidate, ours, found.new)
        wrong = wrong or claim(gate, by, current, theirs, found.old)
        verdict = wrong or _judged(gate, by, compare(gate, by, ours, theirs), current)
        return verdict.result, verdict.why, dict(verdict.values)

    return Verdict(*material.once(key, judged, tuple[Result, str, dict[str, float]]))


@cache
def code() -> str:
    """Digest the code by which it is judged."""
    from staticrun.analysis import measures, resampling
    from staticrun.registry import predictions
    from staticrun.registry.gates import verdict

    own = (measures, resampling, predictions, verdict, sys.modules[__name__])
    return files.sha256("".join(map(getsource, own)).encode())


def senseless(gate: Paired) -> str | None:
    """Say in a clause why a policy asks for nothing that can be tested; None where it does."""
    if not all(0 <= one < math.inf for one in (gate.min_delta, gate.tolerance, gate.margin or 0)):
        return "the policy gives no finite min_delta, tolerance and margin from 0"
    if gate.test == "mcnemar" and gate.measure != "accuracy":
        return f"mcnemar counts right answers, and tests no {gate.measure}"
    if (gate.test == "non-inferiority") is not bool(gate.margin):
        return "the policy needs a margin above 0 for non-inferiority, and for that alone"
    if gate.test == "non-inferiority" and gate.min_delta:
        return "the policy gives a min_delta to a test that lets what is no better pass"
    return undrawable(gate)


def predictions(gate: Paired, version: Version, data: bytes) -> Predictions:
    """Read what a version said of the examples.

    Raises:
        UserError: When the bytes are no predictions.
    """
    columns = Columns(gate.id, None if gate.measure == "mean" else gate.target, gate.prediction)
    return read(data, columns, f"{gate.predictions} of version {version.version}")


def compare(gate: Paired, by: Measure, ours: Predictions, theirs: Predictions) -> Tested:
    """Test the gain as a policy asks.

    Raises:
        UserError: As `Measure.scores`.
    """
    from staticrun.analysis import resampling

    said = (ours.target, ours.prediction, theirs.prediction)
    found = resampling.paired(
        by, *said, resamples=gate.resamples, seed=gate.seed, margin=gate.margin or 0.0
    )
    if gate.test == "permutation":
        p = resampling.permutation(by, *said, resamples=gate.resamples, seed=gate.seed)
        return msgspec.structs.replace(found, p=p)
    if gate.test == "mcnemar":
        return msgspec.structs.replace(found, p=resampling.mcnemar(*said).p)
    return found


def claim(
    gate: Paired, by: Measure, version: Version, said: Predictions, claimed: float
) -> Verdict | None:
    """Fail where predictions do not give what a version claims: then they are of another one."""
    again = by.value(said.target, said.prediction)
    if math.isclose(again, claimed, rel_tol=gate.tolerance, abs_tol=0.0):
        return None
    shown = plain(again, claimed)
    why = f"{by.name} of the predictions of version {version.version} is {shown[0]}"
    values = {"claimed": claimed, "measured": again}
    return Verdict("fail", f"{why}, and its {gate.metric} is {shown[1]}", values)


def _judged(gate: Paired, by: Measure, tested: Tested, current: Version) -> Verdict:
    asked = [] if tested.n >= gate.n_min else [f"n of at least {gate.n_min:,}"]
    gained = gain(tested.candidate, tested.current, by.direction)
    if gate.test != "non-inferiority":
        asked += short_of(gate, gained)
    asked += unsure(gate, tested.p)
    new, old = plain(tested.candidate, tested.current)
    why = f"{gate.metric} {new} against {old} of version {current.version}: {told(tested)}"
    margin = f" by {plain(gate.margin)[0]}" if gate.margin else ""
    why += f" ({gate.test}{margin}), n = {tested.n:,}"
    values = {name: float(getattr(tested, name)) for name in tested.__struct_fields__}
    values |= {"alpha": gate.alpha, "min_delta": gate.min_delta}
    values |= {"margin": gate.margin} if gate.margin else {}
    why += f"; {' and '.join(asked)} asked for" if asked else ""
    return Verdict("fail" if asked else "pass", why, values)
