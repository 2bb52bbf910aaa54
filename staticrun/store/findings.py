"""What is wrong with a run's files, in words: from the problems of their folds to findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun.errors import Finding
from staticrun.store.state import PROBLEMS_MAX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from staticrun.store.facts import Facts, FoldedFile
    from staticrun.store.scan import Place


def of_run(
    place: Place, facts: Facts, files: Sequence[FoldedFile], unread: dict[str, str]
) -> list[Finding]:
    """Say what is wrong with a run, or is to be known of it.

    Args:
        place: Where it is.
        facts: What is known of it.
        files: Its files that were read.
        unread: Path of each file that could not be read → why.
    """
    found = [
        Finding(path, f"cannot be read ({reason})", try_="check its permissions")
        for path, reason in unread.items()
    ]
    for file in files:
        found += _of_file(file)
        if file.waiting and facts.status != "open":
            where = f"{file.path}:{file.state.lines + 1}"
            what = f"{_count(file.waiting, 'byte')} of a line that was never completed"
            found.append(Finding(where, what, level="note"))
    found += _ids(place, facts, files)
    if facts.superseded:
        found.append(
            Finding(
                place.shown,
                f"{_count(facts.superseded, 'point')} superseded by a later segment",
                level="note",
            )
        )
    if facts.unknown:
        names = ", ".join(f"{name} ({count})" for name, count in sorted(facts.unknown.items()))
        found.append(
            Finding(
                place.shown,
                f"holds what this version does not know: {names}",
                try_="a newer staticrun may know it; nothing is lost",
                level="note",
            )
        )
    return found


def _of_file(file: FoldedFile) -> list[Finding]:
    state = file.state
    found = [
        Finding(f"{file.path}:{problem.line}", problem.what, problem.expected, "", problem.level)
        for problem in state.problems
    ]
    levels = {problem.kind: problem.level for problem in state.problems}
    for kind, count in sorted(state.problem_counts.items()):
        if count > PROBLEMS_MAX:
            more = _count(count - PROBLEMS_MAX, "more line")
            found.append(Finding(file.path, f"and {more} like these", level=levels[kind]))
    if state.after_end:
        found.append(
            Finding(
                f"{file.path}:{state.first_after_end}",
                f"{_count(state.after_end, 'line')} after the end of the run",
                level="note",
            )
        )
    return found


def _ids(place: Place, facts: Facts, files: Sequence[FoldedFile]) -> list[Finding]:
    if place.rules is not None:
        return []
    ids = {
        segment.start.id: file.path
        for file in reversed(files)
        for segment in file.state.segments
        if segment.start is not None and segment.start.id and not file.named.edit
    }
    if not ids:
        return [
            Finding(
                place.shown,
                f"has no start record with an id; it is known as {facts.id}",
                "a first record of type start",
                level="note",
            )
        ]
    if len(ids) > 1:
        names = " and ".join(f"{name} in {path}" for name, path in sorted(ids.items()))
        return [Finding(place.shown, f"has several ids: {names}", "one id a run", level="warning")]
    return []


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"
