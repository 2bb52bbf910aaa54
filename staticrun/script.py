"""A value as a classic script: the one way in which data reach a page from file://."""

from __future__ import annotations

import json

import msgspec


def spell(url: str, value: object) -> bytes:
    """Spell a value as a script that hands it over under a URL.

    JSON in a text, which browsers read several times faster than the same as an object literal;
    nothing in it ends a script or a line of one.
    """
    return call(url, msgspec.json.encode(value))


def call(url: str, body: bytes) -> bytes:
    """Spell JSON that was encoded already as a script that hands it over under a URL."""
    return f"staticrun_data({json.dumps(url)},{parsed(body.decode())});\n".encode()


def parsed(body: str) -> str:
    """Spell JSON as an expression of a script."""
    safe = body.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"JSON.parse({json.dumps(safe, ensure_ascii=False)})"
