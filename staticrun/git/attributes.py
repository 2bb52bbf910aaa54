"""What attributes git gives to a path, by the repository's own files."""

from __future__ import annotations

import os
from time import monotonic
from typing import TYPE_CHECKING

from staticrun.git.command import run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TIMEOUT_S = 30.0


def attributes(root: Path, path: str, names: Sequence[str]) -> dict[str, str] | None:
    """Give attributes of a path, which need not be there.

    Args:
        root: A folder of the work tree.
        path: Below it, with `/`.
        names: Of attributes.

    Returns:
        Name → `set`, `unset`, `unspecified` or its value; None where git does not say.
    """
    # What the user's own settings add is in no other clone.
    words = ("-c", f"core.attributesFile={os.devnull}", "check-attr", "-z", *names, "--", path)
    found = run(root, words, monotonic() + TIMEOUT_S)
    if found is None:
        return None
    fields = os.fsdecode(found.data).split("\0")
    return dict(zip(fields[1::3], fields[2::3], strict=False))
