"""Data as immutable objects: scripts, named by the JSON that they hand over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from staticrun import files, layout
from staticrun.script import call, spell

if TYPE_CHECKING:
    from staticrun.pages.objects import Objects

__all__ = ["put", "spell"]

_ENCODER = msgspec.json.Encoder()


def put(objects: Objects, value: object) -> str:
    """Store a value as an immutable object.

    Returns:
        Its URL, by which the script calls it, too: 32 digits of the JSON's sha256.
    """
    body = _ENCODER.encode(value)
    url = layout.object_url(files.sha256(body), "js")
    return objects.put_at(url, lambda: call(url, body))
