"""Read a project as it is, and as a commit has it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from staticrun import config, git, layout
from staticrun.errors import UserError
from staticrun.privacy.store import open_private
from staticrun.review.compare import FORMAT, State, review
from staticrun.review.promoted import promotions
from staticrun.review.promotions import Promotions
from staticrun.review.shapes import Review
from staticrun.store.store import Store

if TYPE_CHECKING:
    from staticrun.config import Config

# A pull request that changes 10,000 runs takes half of it.
_BYTES_MAX = 16 << 20


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
        found = review(base, branch, ref, commit)
        if not any((one / layout.REGISTRY).exists() for one in (root, folder)):
            return found, branch
    changed = _promotions(settings, ref, commit)
    return msgspec.structs.replace(found, promotions=changed or None), branch


def again(root: Path, file: Path) -> tuple[Review, State]:
    """Read a review that was printed as JSON, by whomever: every text of it is a stranger's.

    A signature that is said to be verified, and approvals, are unknown then.

    Args:
        root: The folder of the project, which says how metrics are printed.
        file: What `staticrun report --format json` printed.

    Raises:
        UserError: When the file is none, or too large.
    """
    expected = "what `staticrun report --format json` prints"
    try:
        with file.open("rb") as stream:
            data = stream.read(_BYTES_MAX + 1)
        if len(data) > _BYTES_MAX:
            raise UserError(file.name, f"has more than {_BYTES_MAX >> 20} MiB", expected)
        found = msgspec.json.decode(data, type=Review, strict=False)
    except (OSError, ValueError, RecursionError) as error:
        raise UserError(file.name, f"cannot be read ({error})", expected) from None
    if found.format != FORMAT:
        raise UserError(file.name, f"has the format {found.format}", f"{FORMAT}")
    if found.promotions is not None:
        claimed = _only_claimed(found.promotions)
        found = msgspec.structs.replace(found, promotions=claimed)
    return found, _state(config.load(root)[0])


def _only_claimed(said: Promotions) -> Promotions:
    """Take back what a stranger may say that he verified."""
    vouched = msgspec.structs.replace(said.vouching, approvals=None)
    if vouched.signature == "verified":
        vouched = msgspec.structs.replace(vouched, signature="unknown", signer=None)
    return msgspec.structs.replace(said, vouching=vouched)


def _state(settings: Config) -> State:
    return State(settings, open_private(settings)[0])


def _promotions(settings: Config, ref: str, commit: str) -> Promotions:
    rules = open_private(settings)[1]
    try:
        return promotions(settings.root, Store.open(settings), rules, ref)
    except UserError as error:  # what a branch does to its runs is said all the same
        return Promotions(base=ref, commit=commit, passed=False, findings=(error.finding,))
