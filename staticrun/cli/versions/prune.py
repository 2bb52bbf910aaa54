"""`staticrun versions prune`: let go what the rule of `publish.keep` does not keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from staticrun.cli.terminal import json_option, print_json, root_option, say
from staticrun.cli.versions.site import site_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@root_option
@site_option
@click.option("--dry-run", is_flag=True, help="Only say what would go, and why.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def prune(root: Path, site: Path | None, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Take the versions out of the site and of staticrun.yaml that publish.keep lets go."""
    from staticrun import config, layout, receipts
    from staticrun.cli.versions.delete import take_away
    from staticrun.publish.prune import decide

    place = site or root / layout.SITE
    settings = config.load(root)[0]
    aliases = {name: one.aliases for name, one in settings.versions.items()}
    verdicts = decide(receipts.every(place), aliases, settings.publish.keep)
    go = [verdict for verdict in verdicts if not verdict.kept]
    if as_json:
        rows = [verdict._asdict() for verdict in verdicts]
        print_json({"format": 1, "dry_run": dry_run, "versions": rows})
    else:
        for verdict in verdicts:
            say(f"{'stays' if verdict.kept else 'goes ':5}  {verdict.name}: {verdict.why}")
    if dry_run or not go:
        return
    if not yes:
        click.confirm(f"Links to {len(go)} versions will break. Delete them?", abort=True)
    for verdict in go:
        take_away(root, place, verdict.name)
    click.echo("Next: staticrun build", err=as_json)
