"""What a host said of a pull request, from a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun.errors import UserError
from staticrun.registry import vouched

if TYPE_CHECKING:
    from pathlib import Path


def read(file: Path) -> vouched.Vouched:
    """Read what `staticrun registry approvals --pull-request N --json` printed.

    Raises:
        UserError: When the file is none of that.
    """
    try:
        with file.open("rb") as stream:
            found = vouched.read(stream.read(vouched.BYTES_MAX + 1))
    except OSError as error:
        found = f"cannot be read ({(error.strerror or '').lower()})"
    if isinstance(found, str):
        expected = "what `staticrun registry approvals --pull-request N --json` prints"
        raise UserError(file.name, found, expected)
    return found
