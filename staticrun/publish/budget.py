"""How large a publication may be: `publish.budget`, and what a git host takes as one file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun import layout
from staticrun.errors import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from staticrun.config import Config

# GitHub refuses a push with a larger file (its documentation, "About large files on GitHub").
GIT_FILE_BYTES_MAX = 100 << 20
_WARNING_SHARE = 0.8


def findings(sizes: Mapping[str, int], settings: Config, target: str) -> list[Finding]:
    """Hold a publication against its budget.

    Args:
        sizes: URL → bytes of all that would be published.
        settings: The project's.
        target: Where it goes, as in `publish.target`.

    Returns:
        An error over the budget, a warning from 80 % on; an error for each file that a branch
        cannot hold.
    """
    found = []
    limit, total = settings.publish.budget, sum(sizes.values())
    if total > _WARNING_SHARE * limit:
        found.append(
            Finding(
                f"{layout.CONFIG}: publish.budget",
                f"the site has {_megabytes(total)}, {total / max(limit, 1):.0%} of its budget",
                f"at most {_megabytes(limit)}",
                "set artifacts.max or artifacts.total lower, let versions go (publish.keep),"
                " or raise publish.budget where the host allows it",
                level="error" if total > limit else "warning",
            )
        )
    if target.startswith("branch:"):
        found += [
            Finding(
                url,
                f"the file has {_megabytes(size)}",
                f"at most {_megabytes(GIT_FILE_BYTES_MAX)} on a branch",
                "set artifacts.max lower, and build again",
            )
            for url, size in sizes.items()
            if size > GIT_FILE_BYTES_MAX
        ]
    return found


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
