"""A value as a classic script: the one way in which data reach a page from file://."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec

from staticrun import files, layout

if TYPE_CHECKING:
    from staticrun.pages.objects import Objects

_ENCODER = msgspec.json.Encoder()


def spell(url: str, value: object) -> bytes:
    """Spell a value as a script that hands it over under a URL.

    JSON in a text, which browsers read several times faster than the same as an object literal;
    nothing in it ends a script or a line of one.
    """
    return _call(json.dumps(url), _ENCODER.encode(value))


def put(objects: Objects, value: object) -> str:
    """Store a value as an immutable object.

    Returns:
        Its URL, by which the script calls it, too: 32 digits of the JSON's sha256.
    """
    body = _ENCODER.encode(value)
    url = layout.object_url(files.sha256(body), "js")
    return objects.put_at(url, lambda: _call(json.dumps(url), body))


def parsed(body: str) -> str:
    """Spell JSON as an expression of a script."""
    safe = body.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"JSON.parse({json.dumps(safe, ensure_ascii=False)})"


def _call(url: str, body: bytes) -> bytes:
    return f"staticrun_data({url},{parsed(body.decode())});\n".encode()
