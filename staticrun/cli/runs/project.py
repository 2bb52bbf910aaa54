"""Opening a project's runs for a verb."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from staticrun.store.store import Store


def open_store(root: Path) -> Store:
    """Open a project and read what was added since the last time.

    Findings are not shown: `build` and `check` tell them.
    """
    from staticrun import config
    from staticrun.store.store import Store

    return Store.open(config.load(root)[0])
