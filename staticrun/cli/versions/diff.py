"""`staticrun versions diff`: what changed between two versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import msgspec

from staticrun.cli.terminal import json_option, print_json, root_option, say
from staticrun.cli.versions.site import site_option

if TYPE_CHECKING:
    from pathlib import Path

    from staticrun.analysis.changes import Changes

# Lines of one sort; --json has all.
LINES = 30


@click.command()
@root_option
@site_option
@click.argument("first", metavar="NAME")
@click.argument("second", metavar="[OTHER]", required=False)
@json_option
def diff(root: Path, site: Path | None, first: str, second: str | None, as_json: bool) -> None:
    """Tell which runs were added, removed, moved and changed from NAME to OTHER.

    Without OTHER: to the newest state of the site.
    """
    from staticrun import layout
    from staticrun.analysis.changes import changes
    from staticrun.published import open_site

    place = site or root / layout.SITE
    before, after = (open_site(place, name).runs() for name in (first, second))
    found = changes(before, after)
    if as_json:
        print_json({"format": 1, "from": first, "to": second, **msgspec.to_builtins(found)})
    else:
        _print(found, first, second or "the newest state")


def _print(found: Changes, first: str, second: str) -> None:
    if not found:
        say(f"{first} and {second} have the same runs, with the same values.")
        return
    lines = {
        "added": list(found.added),
        "removed": list(found.removed),
        "moved": [f"{old} → {new}" for old, new in found.moved],
        "changed": [],
    }
    for one in found.changed:
        told = [f"{it.name} {it.before} → {it.after}" for it in one.metrics]
        told += [f"{it.name} {it.before} → {it.after}" for it in one.params]
        if one.status[0] != one.status[1]:
            told.insert(0, " → ".join(one.status))
        lines["changed"].append(f"{one.key}: {', '.join(told)}")
    for what, told in lines.items():
        if told:
            say(f"{len(told)} {what}")
        for line in told[:LINES]:
            say(f"  {line}")
        if len(told) > LINES:
            say(f"  and {len(told) - LINES} more")
