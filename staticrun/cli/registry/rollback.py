"""`staticrun registry rollback`."""

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
from staticrun.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

    from staticrun.registry.state import ModelState


@click.command()
@root_option
@click.argument("name")
@click.argument("stage")
@click.option(
    "--to",
    "number",
    type=click.IntRange(min=1),
    help="The version to go back to; by default the last one that was there and may be used.",
)
@reason_option
@by_option
@change_options
def rollback(
    root: Path,
    name: str,
    stage: str,
    number: int | None,
    reason: str,
    by: str | None,
    how: str | None,
    as_json: bool,
) -> None:
    """Put a stage back to a version that it was at, and hold it there.

    Only the integrity of the bytes is asked for, so that it is fast. While a stage is held no
    promotion moves it, until one says --release.
    """
    from staticrun.registry import move

    state = open_state(root)
    model = move.model_of(state, name)
    move.stage_of(model, stage)
    been = _been_at(root, model, stage)
    if number is None:
        number = next((one for one in been if one not in model.withdrawn), None)
    if number is None or number not in been:
        said = f"was never at {number}" if number else "was at no other version that may be used"
        shown = ", ".join(map(str, been)) or "none"
        raise UserError(f"{name}@{stage}", said, f"a version that it was at: {shown}")
    found = move.version_of(state, name, number)
    change = move.rollback(root, state, found, stage, reason=reason, by=asked_by(root, by))
    finish(root, change, how, as_json=as_json)


def _been_at(root: Path, model: ModelState, stage: str) -> list[int]:
    """List the versions that a stage was at before this one, the last one first."""
    from staticrun.registry.history import history

    now = model.stages[stage]
    found = [now.previous] if now.previous is not None else []
    for event in reversed(history(root).events):
        if (event.model, event.stage) == (model.name, stage) and event.type.startswith("stage."):
            found += [one for one in (event.version, event.previous) if one is not None]
    return [one for one in dict.fromkeys(found) if one != now.version]
