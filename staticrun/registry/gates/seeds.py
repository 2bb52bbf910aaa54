"""`kind: seeds`: better over seeds than the version which the stage is at."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from staticrun.errors import UserError
from staticrun.registry.artifacts import MissingError
from staticrun.registry.gates.verdict import (
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

if TYPE_CHECKING:
    from staticrun.analysis.resampling import OverSeeds
    from staticrun.registry.manifests import Seeds, Version
    from staticrun.registry.material import Material
    from staticrun.registry.promotion import Promotion


def seeds(gate: Seeds, promotion: Promotion, material: Material | None) -> Verdict:
    """Test the results of the runs that share all but the seed with either version's run."""
    if wrong := senseless(gate):
        return Verdict("unknown", wrong)
    found = sides(gate, gate.direction, promotion)
    if isinstance(found, Verdict):
        return found
    candidate, current = promotion.candidate, found.current
    if material is None:
        return Verdict("unknown", "the runs of other seeds were not looked at")
    try:
        ours = results(gate, candidate, found.new, material)
        theirs = results(gate, current, found.old, material)
    except MissingError as error:
        return Verdict("unknown", clause(error))
    except UserError as error:
        return Verdict("fail", clause(error))
    # What the candidate lacks fails; what the other one lacks, nobody can mend any more.
    if len(ours) < gate.n_min:
        return Verdict("fail", _few(gate, candidate, ours))
    if len(theirs) < gate.n_min:
        return Verdict("unknown", _few(gate, current, theirs))
    return _judged(gate, ours, theirs, current)


def senseless(gate: Seeds) -> str | None:
    """Say in a clause why a policy asks for nothing that can be tested; None where it does."""
    if gate.direction not in ("max", "min") or not 0 <= gate.min_delta < math.inf:
        return "the policy gives no direction, or no finite min_delta from 0"
    if gate.n_min < 2:
        return "the policy gives no n_min from 2"
    return undrawable(gate)


def results(
    gate: Seeds, version: Version, claimed: float, material: Material
) -> tuple[float, ...]:
    """List what the runs of a version's seeds came to, its own first.

    Raises:
        MissingError: When its run is not here.
        UserError: When that run came to something else, or one of them to no finite number.
    """
    found = material.seeds(version, gate.metric, gate.role)
    who = f"version {version.version}"
    if found[0] != claimed:
        what = f"has {gate.metric} {claimed!r}, and its run {found[0]!r}"
        raise UserError(who, what)
    if not all(map(math.isfinite, found)):
        what = f"has a run of another seed without a finite {gate.metric}"
        raise UserError(who, what, "a result of every seed")
    return found


def compare(gate: Seeds, ours: tuple[float, ...], theirs: tuple[float, ...]) -> OverSeeds:
    """Test the gain as a policy asks."""
    from staticrun.analysis.resampling import over_seeds

    return over_seeds(
        ours,
        theirs,
        direction=gate.direction,
        test=gate.test,
        resamples=gate.resamples,
        seed=gate.seed,
    )


def _few(gate: Seeds, version: Version, found: tuple[float, ...]) -> str:
    runs = f"{len(found)} run{'' if len(found) == 1 else 's'} of its seeds"
    return f"version {version.version} has {runs}, and {gate.n_min} are asked for"


def _judged(
    gate: Seeds, ours: tuple[float, ...], theirs: tuple[float, ...], current: Version
) -> Verdict:
    tested = compare(gate, ours, theirs)
    counts = f"{tested.n_candidate} and {tested.n_current} runs"
    if tested.p is None:
        return Verdict("unknown", f"{counts} of seeds say nothing: {tested.reason}")
    gained = gain(tested.candidate, tested.current, gate.direction)
    asked = [*short_of(gate, gained), *unsure(gate, tested.p)]
    new, old = plain(tested.candidate, tested.current)
    why = f"{gate.metric} {new} over seeds against {old} of version {current.version}: "
    why += f"{told(tested)} ({gate.test}), {counts}"
    values = {name: float(getattr(tested, name)) for name in tested.__struct_fields__[:-1]}
    values |= {"alpha": gate.alpha, "min_delta": gate.min_delta}
    why += f"; {' and '.join(asked)} asked for" if asked else ""
    return Verdict("fail" if asked else "pass", why, values)
