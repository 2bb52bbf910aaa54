"""Read a project as it is, and as a commit has it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from staticrun import config, git
from staticrun.privacy.store import open_private
from staticrun.review.compare import State, review

if TYPE_CHECKING:
    from staticrun.config import Config
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
        settings, _ = config.load(root)
        before, _ = config.load(folder)
        # A comment is read by whoever reads the site: what pages hide of either side, it hides.
        base = _state(msgspec.structs.replace(before, privacy=settings.privacy))
        branch = _state(settings)
        # The store reads when it is asked; the folder is gone after this.
        return review(base, branch, ref, commit), branch


def _state(settings: Config) -> State:
    return State(settings, open_private(settings)[0])
