"""`staticrun registry promote`."""

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
from staticrun.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from staticrun.registry.manifests import Override


@click.command()
@root_option
@click.argument("name")
@click.argument("version", type=click.IntRange(min=1))
@click.option("--to", "stage", required=True, help="The stage, such as production.")
@reason_option
@by_option
@click.option(
    "--override",
    "overridden",
    multiple=True,
    metavar="GATE=REASON",
    help="Promote in spite of a gate that does not pass; it is seen for ever.",
)
@click.option("--release", is_flag=True, help="Let go of a stage that is held at this version.")
@change_options
def promote(
    root: Path,
    name: str,
    version: int,
    stage: str,
    reason: str,
    by: str | None,
    overridden: tuple[str, ...],
    release: bool,
    how: str | None,
    as_json: bool,
) -> None:
    """Put a stage at a version: one small file, pinned to the bytes.

    The gates that the stage asks for are shown; `registry check` on the pull request decides.
    """
    from staticrun.registry import move

    state = open_state(root)
    found = move.version_of(state, name, version)
    who = asked_by(root, by)
    change = move.promote(
        root,
        state,
        found,
        stage,
        reason=reason,
        by=who,
        overrides=[_override(text, who) for text in overridden],
        release=release,
    )
    finish(root, change, how, as_json=as_json)


def _override(text: str, by: str | None) -> Override:
    from staticrun.registry.manifests import Override

    gate, _, reason = text.partition("=")
    if not gate or not reason.strip() or by is None:
        what = "says no reason" if by is not None else "says nobody who decides"
        raise UsageError(f"--override {text}", what, "GATE=REASON, and --by NAME without git")
    return Override(gate=gate, reason=reason.strip(), by=by)
