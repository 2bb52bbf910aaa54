"""What a gate of any kind says, and the numbers and data that several of them read."""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from staticrun.registry.manifests import Version


class Verdict(NamedTuple):
    """A gate's result, the finding in a clause, and the numbers by name.

    Only `pass` lets anything pass; `unknown` says that there is nothing to judge by.
    """

    result: Literal["pass", "fail", "unknown"]
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
