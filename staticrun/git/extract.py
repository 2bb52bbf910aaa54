"""The files of a commit in a folder of their own: no checkout, no touch of work tree or index."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from time import monotonic

from staticrun.errors import UserError
from staticrun.git.command import run, text
from staticrun.git.worktree import open_tree

TIMEOUT_S = 600.0
_COMMIT = re.compile(r"[0-9a-f]{40}")


def extract(root: Path, ref: str, folder: Path, timeout_s: float = TIMEOUT_S) -> str:
    """Write a project's files, as a commit has them, into a folder.

    What a checkout would convert (line ends, Git LFS where it is set up) is converted; nothing
    that the repository itself configures is run, and nothing is fetched.

    Args:
        root: The project's folder, in a work tree.
        ref: A commit, branch or tag.
        folder: Where to; made when it is not there.
        timeout_s: How long git may take.

    Returns:
        The commit's full hash.

    Raises:
        UserError: When there is no repository or no such ref, when the project's folder is not in
            the commit, or when git cannot write the files.
    """
    deadline = monotonic() + timeout_s
    tree = open_tree(root, deadline)
    if tree is None:
        raise UserError(str(root.name), "is in no git repository", "a clone", "git init")
    asked = ("rev-parse", "--verify", "-q", "--end-of-options", f"{ref}^{{commit}}")
    commit = text(run(root, asked, deadline))
    if commit is None or not _COMMIT.fullmatch(commit):
        what = f"there is no commit, branch or tag {ref!r}"
        raise UserError(ref, what, "one that this clone has", "git fetch --unshallow, or git log")
    folder.mkdir(parents=True, exist_ok=True)
    below = root.resolve().relative_to(tree.top.resolve()).as_posix()
    files = f"{commit}^{{tree}}" if below == "." else f"{commit}:{below}"
    with tempfile.TemporaryDirectory() as cache:
        variables = {
            "GIT_INDEX_FILE": str(Path(cache, "index")),
            "GIT_WORK_TREE": str(folder.resolve()),
            "GIT_DIR": _git_folder(root, deadline),
            "GIT_LFS_SKIP_SMUDGE": "1",
        }
        for words in (("read-tree", files), ("checkout-index", "--all", "--force")):
            if run(folder, (*tree.settings, *words), deadline, variables) is None:
                what = f"git cannot give the files of {ref!r} ({words[0]} failed)"
                raise UserError(ref, what, f"a commit that has {below}/, and room on the disk")
    return commit


def _git_folder(root: Path, deadline: float) -> str:
    return text(run(root, ("rev-parse", "--absolute-git-dir"), deadline)) or ""
