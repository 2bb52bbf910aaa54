"""`staticrun publish`: the site goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from staticrun import layout
from staticrun.cli.terminal import (
    json_option,
    print_findings,
    print_json,
    progress,
    root_option,
    say,
)
from staticrun.cli.versions.site import site_option

if TYPE_CHECKING:
    from pathlib import Path

    from staticrun.config import Config
    from staticrun.pages.build import Progress
    from staticrun.publish import Order, Published


@click.command()
@root_option
@site_option
@click.option("--to", metavar="TARGET", help="branch:NAME or folder:PATH [publish.target].")
@click.option(
    "--remote", default="origin", help="Of a branch: a remote of git's, or an address [origin]."
)
@click.option("--under", metavar="PATH", default="", help="An address below it, such as pr/7.")
@click.option(
    "--without", metavar="NAME", multiple=True, help="A version that is not published any more."
)
@click.option(
    "--history/--no-history",
    default=None,
    help="Add a commit to the branch, or put a single one in the place of all.",
)
@click.option("--remove", is_flag=True, help="Take away what is published under an address.")
@click.option("--no-build", is_flag=True, help="Publish the site's folder as it is.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@json_option
def publish(
    *,
    root: Path,
    site: Path | None,
    to: str | None,
    remote: str,
    under: str,
    without: tuple[str, ...],
    history: bool | None,
    remove: bool,
    no_build: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Build the site and publish it, onto a branch or into a folder.

    Site versions that staticrun.yaml lists come back from the target first. Versions and previews
    that others published meanwhile stay. Nothing is published while a secret or the address of a
    person stands in a record, a report or a file that a page could be made from.
    """
    from staticrun import config, privacy
    from staticrun.pages import output
    from staticrun.publish import Order
    from staticrun.publish import publish as send

    settings = config.load(root)[0]
    order = Order(
        to=to,
        remote=remote,
        under=under.strip("/"),
        without=without,
        history=history,
        remove=remove,
        dry_run=dry_run,
    )
    order.check()
    built = (site or root / layout.SITE).absolute()
    with progress(quiet=as_json) as tell:
        if not remove:
            privacy.refuse(settings, tell)
        if not (no_build or remove):
            _build(settings, built, order, tell)
        with output.lock(root / layout.CACHE):
            done = send(built, settings, order)
    if as_json:
        print_json(_as_json(done, order))
    else:
        _print(done, order)
    print_findings(done.findings)


def _build(settings: Config, site: Path, order: Order, tell: Progress) -> None:
    """Bring known versions back, and build; a preview has no versions of its own."""
    from staticrun.pages import output
    from staticrun.pages.build import build
    from staticrun.publish import missing, restore

    if not order.under:
        names = settings.versions.keys() - {*order.without}
        with output.lock(settings.root / layout.CACHE):
            back = restore(site, settings, to=order.to, remote=order.remote, names=names)
        for name in back.restored:
            say(f"{name} came back from {order.to or settings.publish.target}.", err=True)
        if back.missing:
            raise missing(settings, back.missing)
    built = build(settings.root, out=site, progress=tell)
    print_findings([finding for finding in built.findings if finding.level != "note"])


def _print(done: Published, order: Order) -> None:
    where = f"{done.target}{f' under {order.under}' if order.under else ''}"
    if not (done.written or done.removed):
        say(f"{where} shows this already; nothing was done.")
    else:
        verb = "Would change" if order.dry_run else "Published to"
        say(f"{verb} {where}: {done.written} files written, {done.removed} removed.")
    if done.commit:
        say(f"Commit {done.commit}")
    say(f"{done.bytes / 1e6:.1f} MB and {len(done.versions)} versions are there in all.")
    for name in done.taken:
        say(f"Kept {name}, which is published and not here. --without {name} takes it away.")
    for verdict in done.dropped:
        say(f"Let {verdict.name} go: {verdict.why}.")


def _as_json(done: Published, order: Order) -> dict[str, object]:
    return {
        "format": 1,
        "dry_run": order.dry_run,
        **done._asdict(),
        "dropped": [verdict._asdict() for verdict in done.dropped],
    }
