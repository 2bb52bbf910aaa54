"""What a gate of any kind says, and the numbers and data that several of them read."""

from __future__ import annotations

import math
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from staticrun.analysis import resampling
    from staticrun.errors import StaticrunError
    from staticrun.registry.manifests import Better, Direction, Paired, Seeds, Version
    from staticrun.registry.promotion import Promotion


Result = Literal["pass", "fail", "unknown"]


class Verdict(NamedTuple):
    """A gate's result, the finding in a clause, and the numbers by name.

    Only `pass` lets anything pass; `unknown` says that there is nothing to judge by.
    """

    result: Result
    why: str
    values: Mapping[str, float] = MappingProxyType({})


def number(version: Version, metric: str) -> float | str:
    """Give a metric of a version as a finite float, else what is wrong with it, in a clause."""
    found = [one.value for one in version.metrics if one.name == metric]
    who = f"version {version.version}"
    if not found:
        return f"{who} has no {metric}"
    if len(found) > 1:
        return f"{who} has {metric} {len(found)} times"
    value = found[0]
    # Types are asked for, not tried: true is 1.0 to Python, and "0.99" a number to float().
    if type(value) is not float or not math.isfinite(value):
        return f"{metric} of {who} is {value!r}, and no finite number"
    return value


def digests(version: Version, role: str) -> frozenset[str] | str:
    """Give the digests of a version's data of a role, else why they are not known, in a clause."""
    data = [one for one in version.data if one.role == role]
    who = f"version {version.version}"
    if not data:
        return f"{who} names no data with the role {role}"
    nameless = [one.name for one in data if not one.digest]
    if nameless:
        return f"{who} has no digest of {nameless[0]}"
    return frozenset(str(one.digest) for one in data)


def plain(*values: float) -> list[str]:
    """Print numbers in 6 digits, or in all where different ones would look the same.

    >>> plain(0.1234567891, 2000.0), plain(0.12345671, 0.12345672)
    (['0.123457', '2000'], ['0.12345671', '0.12345672'])
    """
    short = [f"{value:.6g}" for value in values]
    return short if len(set(short)) == len(set(values)) else [repr(value) for value in values]


def clause(error: StaticrunError) -> str:
    """Say in a clause what an error says."""
    finding = error.finding
    return f"{finding.where} {finding.what}"


def told(tested: resampling.Paired | resampling.OverSeeds) -> str:
    """Say a gain, its interval and its p in a clause."""
    sign = -1 if tested.gain < 0 else 1
    ends = sorted(sign * (end or 0.0) for end in (tested.low, tested.high))
    by, low, high, p = plain(sign * tested.gain, *ends, tested.p or 0.0)
    return f"{'worse' if sign < 0 else 'better'} by {by} [{low}, {high}], p = {p}"


def gain(new: float, old: float, direction: Direction) -> Decimal:
    """Reckon by how much a number is better, as a reviewer does: 0.3 over 0.1 is 0.2."""
    more = Decimal(repr(new)) - Decimal(repr(old))
    return more if direction == "max" else -more


def enough(gained: Decimal, min_delta: float) -> bool:
    """Say whether something was gained, and as much as a policy asks."""
    return gained > 0 and gained >= Decimal(repr(min_delta))


def short_of(gate: Paired | Seeds, gained: Decimal) -> list[str]:
    """Say what gain a test's policy asks for, where it is not there."""
    if enough(gained, gate.min_delta):
        return []
    return [f"at least {plain(gate.min_delta)[0]}" if gate.min_delta else "more than 0"]


def unsure(gate: Paired | Seeds, p: float) -> list[str]:
    """Say what p a policy asks for, where it is not there."""
    return [f"p of at most {plain(gate.alpha)[0]}"] if p > gate.alpha else []


def first(release: Literal["allow", "fail"], stage: str) -> Verdict:
    """Say whether a version may come to a stage that is at none."""
    why = f"{stage} is at no version yet"
    return Verdict("pass" if release == "allow" else "fail", f"{why}: first_release is {release}")


def itself(candidate: Version, current: Version) -> Verdict | None:
    """Fail where two versions are the same bytes, of which nothing can be learnt."""
    if candidate.artifact.tree != current.artifact.tree:
        return None
    why = f"version {candidate.version} has the bytes of version {current.version}"
    return Verdict("fail", f"{why}, and would be compared with itself")


def other_data(candidate: Version, current: Version, role: str) -> Verdict | None:
    """Say that two versions were not measured on the same data; None where they were."""
    one, other = digests(candidate, role), digests(current, role)
    if isinstance(one, str) or isinstance(other, str):
        return Verdict("unknown", one if isinstance(one, str) else str(other))
    if one != other:
        who = f"versions {candidate.version} and {current.version}"
        return Verdict("fail", f"{who} have other data with the role {role}")
    return None


class Sides(NamedTuple):
    """Two versions whose results can be compared.

    Attributes:
        current: The version that the stage is at.
        new: The candidate's metric.
        old: That of the other one.
    """

    current: Version
    new: float
    old: float


def sides(
    gate: Better | Paired | Seeds, direction: Direction, promotion: Promotion
) -> Sides | Verdict:
    """Give what a gate compares, or the verdict where there is nothing to compare.

    Args:
        gate: What is asked.
        direction: Which values of its metric are better.
        promotion: Which versions.
    """
    candidate, current = promotion.candidate, promotion.current
    for version in (candidate, current) if current else (candidate,):
        for metric in version.metrics:
            if metric.name == gate.metric and metric.direction not in (None, direction):
                why = f"{gate.metric} is {metric.direction} in version {version.version}"
                return Verdict("fail", f"{why}, and {direction} in the policy")
    new = number(candidate, gate.metric)
    if isinstance(new, str):
        return Verdict("fail", new)
    if current is None:
        return first(gate.first_release, promotion.stage)
    old = number(current, gate.metric)
    if isinstance(old, str):
        return Verdict("unknown", old)
    wrong = itself(candidate, current) or other_data(candidate, current, gate.role)
    return wrong or Sides(current, new, old)


def undrawable(gate: Paired | Seeds) -> str | None:
    """Say in a clause why chance cannot be drawn as a policy says; None where it can."""
    if not 0 < gate.alpha <= 0.5:
        return "the policy gives no alpha above 0 to 0.5"
    if not 100 <= gate.resamples <= 1_000_000 or not 0 <= gate.seed < 2**32:
        return (
            "the policy gives no resamples from 100 to 1,000,000, or no seed from 0 to 2**32 - 1"
        )
    if gate.test not in ("mcnemar", "welch") and gate.alpha * (gate.resamples + 1) < 1:
        return f"of {gate.resamples} resamples no p is as small as {gate.alpha:g}"
    return None
