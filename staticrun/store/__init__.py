"""The reader: finds runs, reads their records tolerantly, and answers questions about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun import layout

if TYPE_CHECKING:
    from pathlib import Path

    from staticrun.store.run import Runs


def runs(
    experiment: str | None = None, where: str | None = None, *, root: Path | str | None = None
) -> Runs:
    """Read the runs of a project.

    Args:
        experiment: Only runs of this experiment.
        where: A filter, such as `val/acc > 0.9 and params.lr < 0.01`; `started > -7d` counts
            from now.
        root: The project's folder; without it, the one that the current folder is in.

    Returns:
        The runs that are not archived, in the natural order of their keys.

    Raises:
        UserError: When the filter is wrong.
    """
    import time
    from pathlib import Path

    from staticrun.config import load
    from staticrun.store.store import Store

    config, _ = load(layout.find_project(Path.cwd()) if root is None else Path(root))
    return Store.open(config).runs(where, experiment, clock=time.time())
