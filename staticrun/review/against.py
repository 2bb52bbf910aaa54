"""Read a project as it is, and as a commit has it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from staticrun import config, git
from staticrun.review.compare import State, review
from staticrun.store.store import Store

if TYPE_CHECKING:
    from staticrun.review.shapes import Review


def against(root: Path, ref: str) -> tuple[Review, State]:
    """Compare the work tree with a commit, which is read beside it; neither is touched.

    Args:
        root: The project's folder.
        ref: A commit, branch or tag.

    Returns:
        What the work tree changes, and its state.

    Raises:
        UserError: When there is no such ref, or its files cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="staticrun-") as place:
        folder = Path(place, root.resolve().name or "project")
        commit = git.extract(root, ref, folder)
        base = _state(folder, cache=False)
        branch = _state(root, cache=True)
        # The store reads when it is asked; the folder is gone after this.
        return review(base, branch, ref, commit), branch


def _state(root: Path, *, cache: bool) -> State:
    settings, _ = config.load(root)
    return State(settings, Store.open(settings, cache=cache))
