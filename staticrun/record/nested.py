"""How a later record's params go over those of an earlier one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from staticrun.record.types import Json


def merge_params(into: dict[str, Json], values: dict[str, Json]) -> None:
    """Add nested values in place: objects key by key, everything else replaces.

    Args:
        into: What is there; changed.
        values: What is new; its objects may become part of `into`.
    """
    for key, item in values.items():
        old = into.get(key)
        if isinstance(old, dict) and isinstance(item, dict):
            merge_params(old, item)
        else:
            into[key] = item
