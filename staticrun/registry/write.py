"""From a manifest to its file: one canonical spelling for a new one, an edit in place for an old.

A new file always has its keys in the struct's order, texts in quotes, and an empty line between
what says who it is, what it says, and why: two changes in different parts merge by themselves. A
file that is there keeps its comments and its order: only the values that differ are replaced, and
the result is read again before it counts.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from staticrun.errors import UserError
from staticrun.registry.read import read

if TYPE_CHECKING:
    import yaml

    from staticrun.registry.manifests import Manifest

_M = TypeVar("_M", bound="Manifest")
# Keys before which an empty line stands.
_PARTS = frozenset(
    ("version", "reason", "run", "artifact", "code", "data", "metrics", "description")
)
_ALWAYS = frozenset(("schema", "previous", "hold"))
_PLAIN = frozenset(("schema", "model", "stage", "kind", "direction", "gate"))


def spell(manifest: Manifest) -> bytes:
    """Spell a manifest as a new file has it; what has its default is left out, but for stages."""
    lines: list[str] = []
    for key, value in _said(manifest):
        if key in _PARTS and lines:
            lines.append("")
        lines += _entry(key, value)
    return ("\n".join(lines) + "\n").encode()


def edit(data: bytes, shown: str, manifest: _M) -> bytes:
    """Change a file where it stands so that it says what a manifest says.

    Args:
        data: The file as it is.
        shown: Its path, for errors.
        manifest: What it is to say.

    Raises:
        UserError: When the file cannot be read, or cannot be changed in place.
    """
    before, found = read(data, shown, type(manifest))
    if before is None:
        raise UserError.of(found[0])
    text = data.decode()
    old, new = dict(_said(before)), dict(_said(manifest))
    places = _places(text)
    in_block = all(start == 0 or text[start - 1] == "\n" for _, start, _ in places)
    # From the end, so that the places before stay where they are.
    for key, start, end in reversed(places if in_block else []):
        if key not in new:
            text = text[:start] + text[end:].partition("\n")[2]
        elif old.get(key) != new[key]:
            text = text[:start] + "\n".join(_entry(key, new[key])) + text[end:]
    for key in (key for key in new if key not in {place[0] for place in places}):
        text = text.rstrip("\n") + "\n" + "\n".join(_entry(key, new[key])) + "\n"
    if not in_block or read(text.encode(), shown, type(manifest))[0] != manifest:
        expected = "every key at the start of a line of its own"
        raise UserError(shown, "cannot be changed where it stands", expected)
    return text.encode()


def _places(text: str) -> list[tuple[str, int, int]]:
    """Find the top keys of a text: name, where it begins, where its value ends."""
    import yaml

    top = yaml.compose(text, Loader=yaml.CSafeLoader)
    entries: list[tuple[yaml.Node, yaml.Node]] = getattr(top, "value", [])
    return [(key.value, key.start_mark.index, _end(text, value)) for key, value in entries]


def _end(text: str, node: yaml.Node) -> int:
    """Give where a node's own text ends: the parser counts space and comments behind a block."""
    own = text[node.start_mark.index : node.end_mark.index].rstrip()
    while "\n" in own and own.rpartition("\n")[2].lstrip().startswith("#"):
        own = own.rpartition("\n")[0].rstrip()
    return int(node.start_mark.index) + len(own)


def _said(manifest: Manifest) -> list[tuple[str, Any]]:
    """List the keys that a file has: all of a stage's own, and else what is no default."""
    value = msgspec.json.decode(msgspec.json.encode(manifest))
    said = []
    for field in msgspec.structs.fields(type(manifest)):
        usual = getattr(manifest, field.name) == field.default
        if field.encode_name in _ALWAYS or not (usual or value[field.encode_name] in ([], {})):
            said.append((field.encode_name, value[field.encode_name]))
    return said


def _entry(key: str, value: Any) -> list[str]:
    if isinstance(value, dict) and key not in ("signature", "code"):
        lines = [f"{key}:"]
        for name, one in value.items():
            if one not in (None, [], {}):
                lines += [f"  {line}" for line in _entry(name, one)]
        return lines
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [f"{key}:", *(f"  - {_flow(_short(one))}" for one in value)]
    if key in _PLAIN and isinstance(value, str):
        return [f"{key}: {value}"]
    # What a run recorded stays whole.
    return [f"{_key(key)}: {_flow(value if key == 'signature' else _short(value))}"]


def _short(value: Any) -> Any:
    """Leave out what says nothing, at the top of a mapping on one line."""
    if isinstance(value, dict):
        return {key: one for key, one in value.items() if one not in (None, [], {})}
    return value


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, float):
        return _number(value)
    return json.dumps(value, ensure_ascii=False)


def _number(value: float) -> str:
    """Spell a finite float so that it is read back as itself, and as a float."""
    if not math.isfinite(value):
        raise ValueError(value)
    text = repr(value)
    mantissa, e, exponent = text.partition("e")
    return f"{mantissa if '.' in mantissa else f'{mantissa}.0'}{e}{exponent}" if e else text


def _key(name: str) -> str:
    """Spell a key without quotes where nobody could take it for another thing."""
    return name if name.isascii() and name.isidentifier() and len(name) > 1 else _flow(name)
