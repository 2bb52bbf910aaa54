"""`staticrun versions restore`: bring versions back from where they were published."""

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
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option(
    "--from", "source", metavar="TARGET", help="branch:NAME or folder:PATH [publish.target]."
)
@click.option("--remote", default="origin", help="Of a branch: a remote, or an address [origin].")
@json_option
def restore(
    *,
    root: Path,
    site: Path | None,
    names: tuple[str, ...],
    source: str | None,
    remote: str,
    as_json: bool,
) -> None:
    """Bring versions back that the site lacks: those of staticrun.yaml when none is named.

    Exits with 1 when one cannot be brought back.
    """
    from staticrun import config, layout
    from staticrun.pages import output
    from staticrun.publish import restore as bring

    place = site or root / layout.SITE
    settings = config.load(root)[0]
    with output.lock(root / layout.CACHE):
        back = bring(place, settings, to=source, remote=remote, names=names or None)
    if as_json:
        print_json({"format": 1, **back._asdict()})
    else:
        for name in back.restored:
            say(f"{name} is in {place.name}/ again.")
        for name, why in back.missing.items():
            say(f"{name} is not: {why}.", err=True)
        if not (back.restored or back.missing):
            say("Nothing is missing.")
    if back.missing:
        click.get_current_context().exit(1)
