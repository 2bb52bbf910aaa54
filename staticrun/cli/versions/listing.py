"""`staticrun versions list` and `show`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from staticrun.cli.terminal import json_option, plain, print_json, print_table, root_option
from staticrun.cli.versions.facts import facts, sentence, when
from staticrun.cli.versions.site import site_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command("list")
@root_option
@site_option
@json_option
def list_versions(root: Path, site: Path | None, as_json: bool) -> None:
    """List the versions that the site has, and those that staticrun.yaml remembers."""
    from staticrun import config, layout, receipts

    place = site or root / layout.SITE
    known = config.load(root)[0].versions
    here = receipts.every(place)
    lost = sorted(known.keys() - {one.name for one in here})
    aliases = {
        name: known[name].aliases if name in known else () for name in (o.name for o in here)
    }
    if as_json:
        rows = [facts(one, aliases[one.name]) for one in here[::-1]]
        print_json({"format": 1, "versions": rows, "not_here": lost})
        return
    if here:
        from rich.table import Table

        table = Table("version", "aliases", "of", "runs", "commit", box=None, pad_edge=False)
        for one in here[::-1]:
            commit = (one.commit or "")[:12] + ("" if one.rebuildable else " *")
            named = plain(", ".join(aliases[one.name]))
            table.add_row(plain(one.name), named, when(one), str(len(one.runs)), commit)
        print_table(table)
        if not all(one.rebuildable for one in here):
            click.echo("* not rebuildable: not all of it is in the commit")
    elif not lost:
        click.echo("There are no versions yet. Try: staticrun build --version NAME")
    for name in lost:
        click.echo(
            f"{name} is in staticrun.yaml, not in {place.name}/. Try: staticrun publish --dry-run"
        )


@click.command()
@root_option
@site_option
@click.argument("name")
@json_option
def show(root: Path, site: Path | None, name: str, as_json: bool) -> None:
    """Show what a version is made of: commit, tools, inputs with their digests."""
    from staticrun import config, layout, receipts

    place = site or root / layout.SITE
    receipt = receipts.read(place, name)
    known = config.load(root)[0].versions
    aliases = known[name].aliases if name in known else ()
    if as_json:
        print_json({"format": 1, **facts(receipt, aliases), "inputs": receipt.inputs})
        return
    click.echo(sentence(receipt))
    if aliases:
        click.echo(f"Aliases: {', '.join(aliases)}")
    click.echo(f"Of {when(receipt)}, in {place.name}/{layout.version_url(name)}/")
    tools = (f"{tool} {version}" for tool, version in receipt.tools.items())
    click.echo(f"Made with {', '.join(tools)}")
    click.echo(
        f"{len(receipt.inputs)} inputs, {len(receipt.urls())} files; --json lists the inputs"
    )
