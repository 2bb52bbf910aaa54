"""What differs between two versions, as their manifests say it: no byte is read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from staticrun.registry.manifests import Version

# PEP 508: what stands before extras, a version or a marker.
_PACKAGE = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)")


class Change(msgspec.Struct, frozen=True):
    """One thing that differs: its name, and what it is in either version; None where it is not."""

    name: str
    before: Any
    after: Any


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """What differs between two versions; empty parts are the same.

    Attributes:
        files: Path → its size in bytes and its sha256.
        metrics: Name → its last value.
        signature: Key, such as `inputs` → what it holds.
        requirements: Package → the line that names it.
        data: Name, and role in brackets → digest, rows and source.
        code: `commit`, `dirty`, `remote`, `command`, `python`, `flavor` → its value.
    """

    files: tuple[Change, ...] = ()
    metrics: tuple[Change, ...] = ()
    signature: tuple[Change, ...] = ()
    requirements: tuple[Change, ...] = ()
    data: tuple[Change, ...] = ()
    code: tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        """Say whether anything differs."""
        return any(getattr(self, name) for name in self.__struct_fields__)


def difference(before: Version, after: Version) -> Difference:
    """Compare two versions, of one model or of two."""
    old, new = _parts(before), _parts(after)
    return Difference(**{name: _changes(old[name], new[name]) for name in old})


def _parts(version: Version) -> dict[str, dict[str, Any]]:
    """Give what is compared, part by part: name → value."""
    signature = version.signature
    if signature is None:
        signature = {}
    elif not isinstance(signature, dict):
        signature = {"signature": signature}
    code = msgspec.to_builtins(version.code)
    return {
        "files": {
            file.path: {"size": file.size, "sha256": file.sha256}
            for file in version.artifact.files
        },
        "metrics": {metric.name: metric.value for metric in version.metrics},
        "signature": signature,
        "requirements": {_package(line): line for line in version.requirements},
        "data": {
            f"{data.name} ({data.role})" if data.role else data.name: {
                "digest": data.digest,
                "rows": data.rows,
                "source": data.source,
            }
            for data in version.data
        },
        "code": {
            **code,
            "command": code["command"] or None,
            "python": version.python,
            "flavor": version.flavor,
        },
    }


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """List what differs in the order of the later version, then what only the earlier one has."""
    names = dict.fromkeys([*after, *before])
    return tuple(
        Change(name, before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    )


def _package(line: str) -> str:
    """Give the name of a requirement as every spelling of it gives it (PEP 503)."""
    match = _PACKAGE.match(line)
    return re.sub(r"[-_.]+", "-", match[1]).lower() if match else line
