"""The code behind the sides of a comparison: commits, and what changed between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from staticrun import files, layout
from staticrun.pages import difference
from staticrun.pages import format as fmt
from staticrun.pages.difference import ChangedFile
from staticrun.pages.views.naming import run_name
from staticrun.pages.views.sentence import listing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from staticrun.pages.context import Context
    from staticrun.pages.views.comparison_sides import Side, Sides
    from staticrun.store.run import Run

COMMIT_DIGITS = 7
_COMMITS_MAX = 6
_DIFF_BYTES_MAX = 1_000_000


class Commits(msgspec.Struct, frozen=True):
    """The commits of a side.

    Attributes:
        label: The side.
        commits: Abbreviated, each once; empty where none was recorded.
        dirty: How many of its runs had changes that were not committed; empty where none had.
    """

    label: str
    commits: tuple[str, ...]
    dirty: str


class CodePart(msgspec.Struct, frozen=True):
    """A difference of code.

    Attributes:
        title: Between what and what.
        files: The changed files.
        note: Why there is none, or what is left out; empty where neither.
    """

    title: str
    files: tuple[ChangedFile, ...]
    note: str


class CodeView(msgspec.Struct, frozen=True):
    """What is known of the code.

    Attributes:
        commits: One a side.
        summary: One sentence that stands for `commits`, where all sides are alike.
        parts: Differences between commits, then changes that were not committed.
    """

    commits: tuple[Commits, ...]
    summary: str
    parts: tuple[CodePart, ...]


def make(sides: Sides, context: Context) -> CodeView:
    """Gather what is known of the code of all sides."""
    commits = tuple(_commits(side) for side in sides.all)
    parts = (*_between(sides, context), *_uncommitted(sides, context))
    return CodeView(commits, _summary(commits), parts)


def _summary(commits: Sequence[Commits]) -> str:
    if any(one.dirty for one in commits) or len({one.commits for one in commits}) != 1:
        return ""
    names = commits[0].commits
    if not names:
        return "No run recorded a commit."
    return f"All runs are of commit {names[0]}." if len(names) == 1 else ""


def _names(side: Side) -> list[str]:
    """List the commits of a side, each once."""
    found = (run.git.commit for run in side.runs if run.git is not None)
    return list(dict.fromkeys(commit for commit in found if commit))


def _commits(side: Side) -> Commits:
    names = [name[:COMMIT_DIGITS] for name in _names(side)]
    dirty = sum(run.git is not None and run.git.dirty is True for run in side.runs)
    more = f"{fmt.count(len(names) - _COMMITS_MAX)} more"
    shown = names if len(names) <= _COMMITS_MAX else [*names[:_COMMITS_MAX], more]
    words = f"{fmt.plural(dirty, 'run')} with changes that were not committed"
    return Commits(side.label, tuple(shown), words if dirty else "")


def _between(sides: Sides, context: Context) -> Iterator[CodePart]:
    """Compare each side's commit with the baseline's, where each has exactly one."""
    if sides.baseline is None:
        return
    base = _names(sides.baseline)
    for side in sides.others:
        own = _names(side)
        if not base or not own or base == own:
            continue
        title = f"From {sides.baseline.label} to {side.label}"
        if len(base) > 1 or len(own) > 1:
            which = sides.baseline.label if len(base) > 1 else side.label
            note = f"{which} has runs of several commits, so there is no one difference."
            yield CodePart(title, (), note)
            continue
        yield between(title, base[0], own[0], context)


def between(title: str, base: str, own: str, context: Context) -> CodePart:
    """Compare the code of two commits, full hashes, where both are in this repository."""
    from staticrun.git import code_difference

    root = context.config.root
    found = code_difference(root, base, own)
    if found is None:
        # A commit differs in nothing from itself, wherever it is.
        missing = [name for name in (base, own) if code_difference(root, name, name) is None]
        names = listing([name[:COMMIT_DIGITS] for name in missing])
        if missing:
            be = "is" if len(missing) == 1 else "are"
            return CodePart(
                title, (), f"{names} {be} not in this repository, so nothing is shown."
            )
        return CodePart(title, (), "More differs than can be shown.")
    outside = (*context.config.runs, layout.REPORTS, layout.SITE)
    code = [one for one in found if not one.path.startswith(tuple(f"{f}/" for f in outside))]
    if not code:
        return CodePart(title, (), "The commits differ, but no file of code does.")
    patch = "".join(one.patch_text or "" for one in code)
    shown = difference.parse(patch)
    notes = [f"{fmt.plural(len(code), 'file')} differ{'s' if len(code) == 1 else ''}."]
    unreadable = [one.path for one in code if one.patch_text is None]
    if unreadable:
        notes.append(f"No text, or too large to show: {fmt.listed(unreadable)}.")
    if shown.files_left_out:
        notes.append(f"{fmt.plural(shown.files_left_out, 'file')} more not shown.")
    return CodePart(title, shown.files, " ".join(notes))


def _uncommitted(sides: Sides, context: Context) -> Iterator[CodePart]:
    """Show the changes that were not committed, each difference once."""
    for side in sides.all:
        seen: set[str] = set()
        for run in side.runs:
            data = _diff(run)
            if data is None or files.sha256(data) in seen:
                continue
            seen.add(files.sha256(data))
            found = difference.parse(context.rules.data(data).decode("utf-8", "replace"))
            title = f"Not committed, {side.label}: {run_name(run)}"
            left = found.files_left_out
            note = f"{fmt.plural(left, 'file')} more changed." if left else ""
            yield CodePart(title, found.files, note)


def _diff(run: Run) -> bytes | None:
    """Read the difference that a run recorded; None where there is none to show."""
    if run.git is None or not run.git.diff:
        return None
    path = run.folder / run.git.diff
    try:
        if not files.inside(run.folder, path) or path.stat().st_size > _DIFF_BYTES_MAX:
            return None
        return path.read_bytes()
    except (OSError, ValueError):
        return None
