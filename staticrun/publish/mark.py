"""`publish.json`: what a publication says of itself, at the target, to the next one."""

from __future__ import annotations

import msgspec

from staticrun.errors import UserError

NAME = "publish.json"
FORMAT = 1


class Mark(msgspec.Struct, frozen=True):
    """What the next publication has to know of this one.

    Attributes:
        format: 1.
        names: The files and folders at its top that are its own; others are left alone.
        versions: Names of its site versions.
        before: URLs of what the publication before it needed and it does not: a browser may still
            show a page of that one, so that these stay until the next.
    """

    format: int
    names: tuple[str, ...]
    versions: tuple[str, ...] = ()
    before: tuple[str, ...] = ()


def spell(mark: Mark) -> bytes:
    """Spell a mark as a file that a person may read."""
    return msgspec.json.format(msgspec.json.encode(mark), indent=1) + b"\n"


def parse(data: bytes, where: str) -> Mark:
    """Read a mark.

    Raises:
        UserError: When it is none, or one of a newer staticrun.
    """
    try:
        found = msgspec.json.decode(data, type=Mark)
    except msgspec.MsgspecError as error:
        what = f"is not what staticrun publishes: {error}"
        raise UserError(where, what, try_="delete it there, and publish again") from error
    if found.format != FORMAT:
        what = f"is of format {found.format}"
        raise UserError(where, what, f"format {FORMAT}", "install a newer staticrun")
    return found
