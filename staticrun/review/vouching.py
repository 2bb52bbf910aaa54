"""Who vouches for a change of a registry: claimed by a commit, verified by a key, or unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun.git.objects import REGULAR, parse_head
from staticrun.git.signatures import verify
from staticrun.registry.doctor import owners
from staticrun.registry.history import signers
from staticrun.registry.origins import LINE_MAX
from staticrun.review.promotions import Owned, Vouching

if TYPE_CHECKING:
    from collections.abc import Sequence

    from staticrun.git import Objects
    from staticrun.registry.changes import Changed

# GitHub ignores a larger file.
_OWNERS_BYTES_MAX = 3 << 20


def vouching(objects: Objects, base: str, head: str, changed: Changed) -> Vouching:
    """Say who vouches for a change.

    Args:
        objects: The repository.
        base: Full hash of the branch that the change is for; who signs and who owns, it says.
        head: Full hash of the commit with the change, or on which the work tree stands.
        changed: Path in the project → names of its content before and after.
    """
    below = objects.prefix()
    top = f"{below}/" if below else ""
    file, lines = _codeowners(objects, base)
    owned: dict[tuple[int | None, tuple[str, ...]], list[str]] = {}
    for path in changed if file else ():
        line = owners.owner(lines, top + path)
        key = (line.number, line.owners) if line else (None, ())
        owned.setdefault(key, []).append(path)
    who = tuple(Owned(names, number, tuple(paths)) for (number, names), paths in owned.items())
    commit = _covering(objects, head, top, changed)
    if commit is None:
        return Vouching(codeowners=file, owners=who)
    listed = signers(objects, base, below)
    raw = next(objects.raw([commit]))
    [verdict] = verify([raw], next(objects.read([listed[1]])) if listed else None)
    said = parse_head(raw)
    return Vouching(
        commit=commit,
        subject=said.message.strip("\n").partition("\n")[0].strip()[:LINE_MAX],
        author=said.author[:LINE_MAX],
        signature=verdict.status,
        signer=verdict.signer,
        codeowners=file,
        owners=who,
    )


def _codeowners(objects: Objects, base: str) -> tuple[str | None, Sequence[owners.Line]]:
    """Read the file of the base branch: a change does not choose who judges it."""
    for place in owners.PLACES:
        entry = objects.entry(base, place)
        if entry and entry.mode in REGULAR and entry.size <= _OWNERS_BYTES_MAX:
            text = next(objects.read([entry])).decode("utf-8", "replace")
            return place, owners.read(text)
    return None, ()


def _covering(objects: Objects, head: str, top: str, changed: Changed) -> str | None:
    """Find the commit that has the changed files as they are: of a merge, what was merged.

    A host checks out the merge of a branch with its base, which it made itself. Who wrote what
    was merged vouches for it only where the merge has these files from there, byte for byte.
    """
    wanted = {f"{top}{path}": after for path, (_, after) in changed.items()}
    merged = objects.head(head).parents[1:2]
    for commit in (*merged, head):
        if objects.find(commit) is None:  # cut off in a shallow clone
            continue
        has = objects.entries(commit, f"{top}registry")
        if all((has[path].name if path in has else None) == name for path, name in wanted.items()):
            return commit
    return None
