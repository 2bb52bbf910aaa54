"""`staticrun registry diff`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click
import msgspec

from staticrun.cli.registry.step import open_state
from staticrun.cli.terminal import json_option, print_json, root_option, say

if TYPE_CHECKING:
    from pathlib import Path

    from staticrun.registry.difference import Change

# Lines of one part, and characters of a value; --json has all.
LINES, WIDTH = 30, 200


@click.command()
@root_option
@click.argument("name")
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@json_option
def diff(root: Path, name: str, first: str, second: str, as_json: bool) -> None:
    """Tell what differs between two versions of a model, from A to B.

    Each is a version or a stage. Manifests alone are compared: files, metrics, signature,
    requirements, data and code.
    """
    from staticrun.registry import move
    from staticrun.registry.difference import difference

    state = open_state(root)
    before, after = (move.find(state, name, point) for point in (first, second))
    found = difference(before, after)
    if as_json:
        head = {"format": 1, "model": name, "from": before.version, "to": after.version}
        print_json({**head, **msgspec.to_builtins(found)})
        return
    say(f"{name} {before.version} → {after.version}" + ("" if found else ": nothing differs"))
    for part in found.__struct_fields__:
        changes: tuple[Change, ...] = getattr(found, part)
        if changes:
            click.echo(part)
        for change in changes[:LINES]:
            say(f"  {_line(change, part)}")
        if len(changes) > LINES:
            click.echo(f"  and {len(changes) - LINES} more")


def _line(change: Change, part: str) -> str:
    before, after = (_said(value, part) for value in (change.before, change.after))
    if change.before is None or change.after is None:
        sign = "+" if change.before is None else "-"
        value = after if change.before is None else before
        return f"{sign} {value}" if part == "requirements" else f"{sign} {change.name}: {value}"
    by = ""
    if part == "metrics" and isinstance(change.before, float) and isinstance(change.after, float):
        by = f" ({change.after - change.before:+.6g})"
    return f"~ {change.name}: {before} → {after}{by}"


def _said(value: Any, part: str) -> str:
    if part == "files" and value is not None:
        return f"{value['size']:,} bytes, sha256 {value['sha256'][:12]}"
    if part == "data" and value is not None:
        told = [value["digest"] or "no digest"]
        told += [f"{value['rows']:,} rows"] if value["rows"] is not None else []
        return ", ".join(told + ([f"from {value['source']}"] if value["source"] else []))
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 1]}…"
