"""Giving a version that was registered on a branch another number, where the base took its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from staticrun.errors import UserError
from staticrun.layout import RegistryFile
from staticrun.registry import move
from staticrun.registry.state import load
from staticrun.registry.write import edit

if TYPE_CHECKING:
    from staticrun.registry.sources import Source
    from staticrun.registry.state import ModelState


class Renumbered(NamedTuple):
    """What a new number changes.

    Attributes:
        number: The new one.
        files: Path in the project → bytes of a new file.
        gone: Paths of the files that they stand for.
    """

    number: int
    files: dict[str, bytes]
    gone: tuple[str, ...]


def renumber(
    here: Source, base: Source, common: Source | None, name: str, number: int
) -> Renumbered:
    """Give a version the next number that is free here and in the base.

    Args:
        here: The registry as it is on disk.
        base: As the base has it, to which the version is to come.
        common: As the commit has it that both come from; None where there is none.
        name: Of the model.
        number: Of the version.

    Raises:
        UserError: When the base has the version, or something points to it.
    """
    state = load(here)
    version = move.version_of(state, name, number)
    path = RegistryFile("version", name, number).path
    data = here.read([path])[path]
    in_common = common is not None and path in common.names
    if in_common or (path in base.names and base.read([path])[path] == data):
        what = "is on the base, so that its number is for ever"
        raise UserError(path, what, "a version that this branch alone has")
    if pointing := _pointing(state.models[name], number):
        try_ = "take that back, renumber, and do it again"
        raise UserError(path, f"is what {pointing[0]} points to", "nothing that does", try_)
    new = max(move.next_number(state, name), move.next_number(load(base, only=()), name))
    changed = msgspec.structs.replace(version, version=new)
    files = {RegistryFile("version", name, new).path: edit(data, path, changed)}
    gone = [path]
    card = RegistryFile("card", name, number).path
    if card in here.names:
        files[RegistryFile("card", name, new).path] = here.read([card])[card]
        gone.append(card)
    return Renumbered(new, files, tuple(gone))


def _pointing(model: ModelState, number: int) -> list[str]:
    """List the files that name a version by its number."""
    found = [
        RegistryFile("stage", model.name, stage=name).path
        for name, stage in model.stages.items()
        if number in (stage.version, stage.previous)
    ]
    return found + [
        RegistryFile("withdrawn", model.name, other).path
        for other, withdrawn in model.withdrawn.items()
        if number in (other, withdrawn.superseded_by)
    ]
