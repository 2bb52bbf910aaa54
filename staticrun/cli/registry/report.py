"""`staticrun registry report`: a promotion and its evidence, as a comment for its pull request."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from staticrun.cli.terminal import (
    json_option,
    print_json,
    root_option,
    say,
    style_option,
    url_option,
)


@click.command()
@root_option
@click.option("--base", required=True, metavar="REF", help="The branch that the change is for.")
@click.option("--head", metavar="REF", help="The commit with the change [the work tree].")
@style_option
@url_option
@click.option(
    "--approvals",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Who approved it: a file of `registry approvals --pull-request N --json`.",
)
@click.option("--commands", is_flag=True, help="Run the commands of the base's policies.")
@json_option
def report(
    *,
    root: Path,
    base: str,
    head: str | None,
    style: str,
    url: str | None,
    approvals: Path | None,
    commands: bool,
    as_json: bool,
) -> None:
    """Say what a branch changes in the registry, with its evidence.

    May it be merged, and who vouches for it: claimed, verified or unknown. It exits with 0 when
    it could say so, whatever that is; `registry check` is what fails.
    """
    from staticrun import config
    from staticrun.cli.registry.check import read_approvals
    from staticrun.cli.report import checked_address
    from staticrun.privacy.store import open_private
    from staticrun.review.document import spell
    from staticrun.review.promoted import promotions
    from staticrun.review.promotions_comment import blocks
    from staticrun.store.params import spelled
    from staticrun.store.store import Store

    address = checked_address(url)
    settings = config.load(root)[0]
    rules = open_private(settings)[1]
    store = Store.open(settings)
    said = read_approvals(approvals) if approvals else None
    found = promotions(root, store, rules, base, head=head, commands=commands, approvals=said)
    if as_json or style == "json":
        print_json(spelled(msgspec.to_builtins(found)))
    elif found:
        told = [*blocks(found, address or settings.project.url, pictures=bool(url))]
        click.echo(spell(told, "html" if style == "html" else "markdown"), nl=False)
    else:
        say(f"The registry is as {base} has it: nothing to report.")
