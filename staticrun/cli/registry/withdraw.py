"""`staticrun registry withdraw`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from staticrun.cli.registry.step import (
    asked_by,
    by_option,
    change_options,
    finish,
    open_state,
    reason_option,
)
from staticrun.cli.terminal import root_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@root_option
@click.argument("name")
@click.argument("version", type=click.IntRange(min=1))
@click.option(
    "--superseded-by", type=click.IntRange(min=1), help="The version to use in its place."
)
@reason_option
@by_option
@change_options
def withdraw(
    root: Path,
    name: str,
    version: int,
    superseded_by: int | None,
    reason: str,
    by: str | None,
    how: str | None,
    as_json: bool,
) -> None:
    """Say that a version must not be used any more.

    Its manifest stays for ever, and so does the reason; no stage may be at it.
    """
    from staticrun.registry import move

    state = open_state(root)
    found = move.version_of(state, name, version)
    change = move.withdraw(
        root, state, found, reason=reason, by=asked_by(root, by), superseded_by=superseded_by
    )
    finish(root, change, how, as_json=as_json)
