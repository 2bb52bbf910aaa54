"""`staticrun report`: what a branch changes, as a comment for its pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import msgspec

from staticrun.cli.terminal import json_option, print_json, root_option
from staticrun.config.forms import FORMS
from staticrun.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@root_option
@click.option("--base", required=True, metavar="REF", help="What is compared with: a git ref.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["markdown", "html", "json"]),
    default="markdown",
    help="How it is written [markdown].",
)
@click.option("--url", metavar="URL", help="Where the branch's site is, for links [project.url].")
@click.option(
    "--fail-on-regression",
    is_flag=True,
    help="Exit with 1 when a metric is worse by more than its tolerance.",
)
@json_option
def report(
    *,
    root: Path,
    base: str,
    style: str,
    url: str | None,
    fail_on_regression: bool,
    as_json: bool,
) -> None:
    """Say what a branch changes in its runs.

    The comment has at most 60,000 characters, and its first line is always the same, so that
    whoever posts it finds the one to update.
    """
    if url is not None and FORMS["url"].read(url) is None:
        raise UsageError("--url", f"is {url!r}", FORMS["url"].expected)
    from staticrun.review import comment
    from staticrun.review.against import against
    from staticrun.store.params import spelled

    review, branch = against(root, base)
    if as_json or style == "json":
        # NaN and the infinities as in all of our JSON.
        print_json(spelled(msgspec.to_builtins(review)))
    else:
        address = url or branch.config.project.url
        text = comment.write(review, branch, "html" if style == "html" else "markdown", address)
        click.echo(text, nl=False)
    if fail_on_regression and review.regressions:
        click.get_current_context().exit(1)
