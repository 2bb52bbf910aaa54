"""What is said when a version that must not be lost is nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun import layout
from staticrun.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from staticrun.config import Config


def missing(settings: Config, names: Mapping[str, str]) -> UserError:
    """Say which versions of staticrun.yaml cannot be published, and what to try.

    Args:
        settings: The project's.
        names: Name of each → why, a clause; at least one.
    """
    first = min(names)
    known = settings.versions.get(first)
    at = f" --at {known.ref}" if known and known.ref else ""
    options = " ".join(f"--without {name}" for name in sorted(names))
    return UserError(
        f"{layout.CONFIG}: versions",
        f"{', '.join(sorted(names))}: not in the site's folder, and {names[first]}",
        "every version that the file lists",
        f"staticrun build --version {first}{at}, or: staticrun publish {options}",
    )
