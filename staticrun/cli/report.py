"""`staticrun report`: what a branch changes, as a comment for its pull request."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from staticrun.cli.terminal import json_option, print_json, root_option, style_option, url_option
from staticrun.config.forms import FORMS
from staticrun.errors import UsageError


@click.command()
@root_option
@click.option("--base", metavar="REF", help="What is compared with: a git ref.")
@click.option(
    "--from",
    "said",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write what a report says that was printed as JSON, by whomever.",
)
@style_option
@url_option
@click.option(
    "--fail-on-regression",
    is_flag=True,
    help="Exit with 1 when a metric is worse by more than its tolerance.",
)
@json_option
def report(
    *,
    root: Path,
    base: str | None,
    said: Path | None,
    style: str,
    url: str | None,
    fail_on_regression: bool,
    as_json: bool,
) -> None:
    """Say what a branch changes in runs and promotions.

    The comment has at most 60,000 characters, and its first line is always the same, so that
    whoever posts it finds the one to update.
    """
    address = checked_address(url)
    from staticrun.review import comment
    from staticrun.review.against import again, against
    from staticrun.store.params import spelled

    if base is not None and said is None:
        review, branch = against(root, base)
    elif said is not None and base is None:
        review, branch = again(root, said)
    else:
        raise UsageError("report", "takes either --base or --from", "one of them")
    if as_json or style == "json":
        # NaN and the infinities as in all of our JSON.
        print_json(spelled(msgspec.to_builtins(review)))
    else:
        text = comment.write(
            review,
            branch,
            "html" if style == "html" else "markdown",
            address or (branch.config.project.url if said is None else None),
            pictures=bool(url),
        )
        click.echo(text, nl=False)
    if fail_on_regression and review.regressions:
        click.get_current_context().exit(1)


def checked_address(url: str | None) -> str | None:
    """Give the address of a site.

    Raises:
        UsageError: When it is none.
    """
    if url is not None and FORMS["url"].read(url) is None:
        raise UsageError("--url", f"is {url!r}", FORMS["url"].expected)
    return url
