"""`staticrun versions verify`: are the files those that were published?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import msgspec

from staticrun.cli.terminal import json_option, print_findings, print_json, progress, root_option
from staticrun.cli.versions.site import site_option

if TYPE_CHECKING:
    from pathlib import Path

    from staticrun.errors import Finding
    from staticrun.pages.build import Progress
    from staticrun.receipts import Receipt


@click.command()
@root_option
@site_option
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--rebuild", is_flag=True, help="Build its commit again, and compare the roots.")
@json_option
def verify(
    root: Path, site: Path | None, names: tuple[str, ...], rebuild: bool, as_json: bool
) -> None:
    """Compare every file of versions with their receipts, and receipts with staticrun.yaml.

    All versions when none is named. Exits with 1 when something differs. With --rebuild the commit
    is built again, which gives the same root as long as staticrun and its tools are the same.
    """
    from staticrun import config, layout, receipts

    place = site or root / layout.SITE
    known = config.load(root)[0].versions
    found: list[Finding] = []
    checked = []
    for name in names or sorted({one.name for one in receipts.every(place)} | known.keys()):
        receipt = receipts.read(place, name)
        checked.append(receipt)
        found += receipts.verify(place, receipt)
        if name in known and known[name].root not in (None, receipt.root):
            found.append(_other_root(receipt, str(known[name].root)))
        if rebuild:
            with progress(quiet=as_json) as tell:
                found += _rebuilt(root, receipt, tell)
    if as_json:
        rows = [msgspec.to_builtins(finding) for finding in found]
        names_ = [receipt.name for receipt in checked]
        print_json({"format": 1, "versions": names_, "findings": rows})
    else:
        print_findings(found, everything=True)
        for receipt in checked:
            click.echo(f"{receipt.name}: {len(receipt.urls())} files, root {receipt.root[:12]}")
    if found:
        click.get_current_context().exit(1)


def _other_root(receipt: Receipt, declared: str) -> Finding:
    from staticrun.errors import Finding
    from staticrun.layout import CONFIG

    where = f"{CONFIG}: versions.{receipt.name}.root"
    return Finding(where, f"is {declared}, and the site has another version", receipt.root)


def _rebuilt(root: Path, receipt: Receipt, tell: Progress) -> list[Finding]:
    from staticrun.errors import Finding
    from staticrun.pages.version_build import built_commit

    if not receipt.rebuildable or receipt.commit is None:
        what = "cannot be built again: not all of it is in a commit"
        return [Finding(receipt.name, what, level="warning")]
    with built_commit(root, receipt.name, receipt.commit, progress=tell) as (again, _):
        if again.root == receipt.root:
            return []
        if again.tools != receipt.tools:
            what = "was built with other tools, so that the roots say nothing of each other"
            then, now = (", ".join(map(" ".join, one.tools.items())) for one in (receipt, again))
            return [Finding(receipt.name, f"{what}: {then}; now {now}", level="warning")]
        what = f"gives the root {again.root} when commit {receipt.commit[:12]} is built again"
        return [Finding(receipt.name, what, receipt.root)]
