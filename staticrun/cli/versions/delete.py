"""`staticrun versions delete`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from staticrun.cli.terminal import root_option
from staticrun.cli.versions.site import site_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@root_option
@site_option
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete(root: Path, site: Path | None, name: str, yes: bool) -> None:
    """Take a version out of the site and out of staticrun.yaml.

    Its addresses lead nowhere once the site is published again. Files that it alone needs go with
    the next build.
    """
    from staticrun import config, layout, receipts

    place = site or root / layout.SITE
    known = config.load(root)[0].versions
    if name not in known:
        receipts.read(place, name)
    if not yes:
        click.confirm(f"Links to the version {name} will break. Delete it?", abort=True)
    take_away(root, place, name)
    click.echo(f"{name} is gone. Next: staticrun build")


def take_away(root: Path, place: Path, name: str) -> None:
    """Take a version out of a site's folder and of staticrun.yaml."""
    import shutil

    from staticrun import layout, receipts
    from staticrun.config.edit import set_version
    from staticrun.pages import output

    set_version(root, name, None)
    folder = place / layout.version_url(name)
    with output.lock(root / layout.CACHE):
        # Without its receipt a version is none: whatever stops us here, the next build ends it.
        (folder / receipts.NAME).unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
    click.echo(f"Where it is published: staticrun publish --without {name}")
