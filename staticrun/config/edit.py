"""Changing one entry of staticrun.yaml where it stands, so that people's comments stay.

The text is changed at the place that YAML's own parser names; the result is read again, and
nothing is written unless it differs from before in that entry alone.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec

from staticrun import files, layout
from staticrun.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

    import yaml

    from staticrun.config.keys import Version


def set_entry(root: Path, key: str, name: str, value: dict[str, object] | None) -> bool:
    """Write one entry of a mapping at the top of staticrun.yaml.

    Args:
        root: The project's folder; a file that is not there is made.
        key: The mapping's key, such as `versions`.
        name: The entry's name.
        value: What it is to say, texts and lists of texts; None takes it away.

    Returns:
        Whether the file changed.

    Raises:
        UserError: When the file is no YAML, or cannot be changed in place.
    """
    import yaml

    path = root / layout.CONFIG
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    try:
        after = _changed(before, key, name, value)
        expected = _expected(yaml.safe_load(before) or {}, key, name, value)
        fits = (yaml.safe_load(after) or {}) == expected
    except (yaml.YAMLError, TypeError, ValueError):
        fits = False
    if not fits:
        line = "take the entry away" if value is None else f"{name}: {spell(value)}"
        raise UserError(
            layout.CONFIG,
            f"{key}.{name} cannot be changed where it stands",
            "plain YAML",
            f"by hand, below `{key}:`: {line}",
        )
    return after != before and files.write_if_different(path, after.encode())


def set_version(root: Path, name: str, version: Version | None) -> bool:
    """Write a site version into staticrun.yaml, or take it out; as `set_entry`."""
    said = {} if version is None else msgspec.structs.asdict(version)
    value = {key: list(one) if isinstance(one, tuple) else one for key, one in said.items() if one}
    return set_entry(root, "versions", name, None if version is None else value)


def spell(value: dict[str, object]) -> str:
    """Spell a value in YAML's flow style, every text in quotes."""
    return "{" + ", ".join(f"{name}: {json.dumps(one)}" for name, one in value.items()) + "}"


def _expected(
    data: dict[str, object], key: str, name: str, value: dict[str, object] | None
) -> dict[str, object]:
    inner = dict(data.get(key) or {})  # type: ignore[call-overload]  # ours alone, or a TypeError
    if value is None:
        inner.pop(name, None)
    else:
        inner[name] = value
    return {**data, key: inner or None} if key in data or inner else data


def _changed(text: str, key: str, name: str, value: dict[str, object] | None) -> str:
    import yaml

    top = yaml.compose(text, Loader=yaml.CSafeLoader)
    node = _child(top, key)
    written = None if value is None else f"{json.dumps(name)}: {spell(value)}"
    if node is None:
        if written is None:
            return text
        gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
        return f"{text}{gap}{key}:\n  {written}\n"
    if not isinstance(node, yaml.MappingNode) or not node.value:
        if written is None:
            return text
        start, end = node.start_mark.index, node.end_mark.index
        return f"{text[:start].rstrip(' ')}\n  {written}{text[end:]}"
    entries = node.value
    old = next((pair for pair in entries if pair[0].value == name), None)
    if old is not None:
        return _replace(text, node, old, written)
    if written is None:
        return text
    end = _end(text, entries[-1][1])
    if node.flow_style:
        return f"{text[:end]}, {written}{text[end:]}"
    # A comment behind the last entry is that entry's.
    end = next_line if (next_line := text.find("\n", end)) >= 0 else len(text)
    indent = " " * entries[0][0].start_mark.column
    return f"{text[:end]}\n{indent}{written}{text[end:]}"


def _replace(
    text: str,
    node: yaml.MappingNode,
    old: tuple[yaml.ScalarNode, yaml.Node],
    written: str | None,
) -> str:
    first, last = old[0].start_mark.index, _end(text, old[1])
    if written is not None:
        return text[:first] + written + text[last:]
    if node.flow_style:
        before, after = text[:first], text[last:]
        if after.lstrip().startswith(","):
            return before + after.lstrip()[1:].lstrip()
        return before.rstrip().removesuffix(",") + after
    # The whole line, with what stands behind it.
    start = text.rindex("\n", 0, first) + 1
    end = text.find("\n", last)
    return text[:start] + ("" if end < 0 else text[end + 1 :])


def _end(text: str, node: yaml.Node) -> int:
    """Give where a node's own text ends; the parser counts the space and comments behind it."""
    start, end = node.start_mark.index, node.end_mark.index
    own = text[start:end].rstrip()
    while "\n" in own and own.rpartition("\n")[2].lstrip().startswith("#"):
        own = own.rpartition("\n")[0].rstrip()
    return int(start + len(own))


def _child(top: yaml.Node | None, key: str) -> yaml.Node | None:
    entries = getattr(top, "value", None)
    if not isinstance(entries, list):
        return None
    return next((value for name, value in entries if name.value == key), None)
