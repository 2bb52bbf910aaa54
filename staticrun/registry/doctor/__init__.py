"""Whether a repository and its host let a promotion go round its review: what can be seen of it.

`owners` reads CODEOWNERS, `repository` the other files, `host` asks the host's settings where the
user has its command. What was not seen is unknown, and never told as protection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from staticrun.errors import UserError
from staticrun.registry import artifacts

if TYPE_CHECKING:
    from pathlib import Path

_TEXT_BYTES_MAX = 1 << 20


class Fact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that protects a promotion.

    Attributes:
        what: What has to be so, in a clause.
        state: `yes` and `no` where it was seen, `unknown` where it cannot be.
        why: What was seen, in a clause; may be empty.
        try_: What to do; may be empty.
    """

    what: str
    state: Literal["yes", "no", "unknown"]
    why: str = ""
    try_: str = msgspec.field(default="", name="try")


def text_of(top: Path, path: str) -> str | None:
    """Read a file of a repository; None where there is none, or what is there is no file.

    Args:
        top: The repository's top folder.
        path: Below it, with `/`.
    """
    try:
        for inner, stream in artifacts.streams(top, path):
            return None if inner else stream.read(_TEXT_BYTES_MAX).decode("utf-8", "replace")
    except UserError:
        pass
    return None
