"""From the folded files of a run to the run: writers, segments, rewinds and edits put together.

For params, summary and tags the writer `main` wins over the others, edits over all. Nothing is
ordered by time but edits.
"""

from __future__ import annotations

import hashlib
import math
from typing import TYPE_CHECKING

from staticrun import layout
from staticrun.files import natural_order
from staticrun.record.nested import merge_params
from staticrun.store.entries import NoteEntry
from staticrun.store.facts import Facts, FilePlan, Resume

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from staticrun.record.types import Json
    from staticrun.store.facts import FoldedFile
    from staticrun.store.points import RunPoints

_ID_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def derived_id(key: str) -> str:
    """Give a run that wrote no id one that is always the same: of the time 0, from its key."""
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:10], "big")
    return "0" * 10 + "".join(_ID_ALPHABET[number >> shift & 31] for shift in range(75, -1, -5))


def run_digest(files: Iterable[FoldedFile]) -> str:
    """Digest a run's record files: sha256 over their names, sizes and digests by name."""
    lines = sorted(
        f"{file.path.rpartition('/')[2]}\t{file.size}\t{file.digest}\n" for file in files
    )
    return hashlib.sha256("".join(lines).encode("utf-8", "surrogatepass")).hexdigest()


def merge(
    key: str, files: list[FoldedFile], points: Callable[[tuple[FilePlan, ...]], RunPoints]
) -> Facts:
    """Put a run together.

    Args:
        key: The run's key.
        files: Its record files, in any order.
        points: Gives the points of files by their plans.
    """
    edits = sorted((file for file in files if file.named.edit), key=lambda file: file.path)
    by_writer = _by_writer(file for file in files if not file.named.edit)
    plans = tuple(plan for files_ in by_writer.values() for plan in _plans(files_))
    # main last, so that it wins; but first where the order is shown.
    rising = [f for name, fs in by_writer.items() if name != layout.MAIN for f in fs]
    rising += by_writer.get(layout.MAIN, [])
    shown = [f for fs in by_writer.values() for f in fs]
    leading = next(iter(by_writer.values()), [])

    of_writers = ([s for f in fs for s in f.state.segments] for fs in by_writer.values())
    segments = max(of_writers, key=len, default=[])

    facts = Facts(
        id="",
        key=key,
        name=layout.split_key(key)[1],
        status="open",
        digest=run_digest(files),
        writers=tuple(by_writer),
        plans=plans,
        segments=len(segments),
        resumes=tuple(
            Resume(None, None)
            if segment.start is None
            else Resume(segment.start.time, segment.start.rewind_to)
            for segment in segments[1:]
        ),
        bad_lines=sum(file.state.bad_lines for file in files),
    )
    for file in rising:
        merge_params(facts.params_tree, _copy(file.state.params))
        facts.summary.update(file.state.summary)
        facts.tags.update(file.state.tags)
        facts.raw.update(file.state.raw)
    for file in shown:
        facts.artifacts += file.state.artifacts
        facts.datasets += file.state.datasets
        facts.models += file.state.models
        facts.uses += file.state.uses
        facts.verdicts += file.state.verdicts
        facts.notes += file.state.notes
        facts.alerts += file.state.alerts
        for name, count in file.state.unknown.items():
            facts.unknown[name] = facts.unknown.get(name, 0) + count
    _say_when(facts, leading, shown)
    _say_who(facts, leading, shown)
    _end(facts, by_writer)
    _edit(facts, edits)
    facts.tags = {name: value for name, value in facts.tags.items() if value is not None}
    facts.summary = {name: value for name, value in facts.summary.items() if value is not None}
    facts.system_names = tuple(dict.fromkeys(name for f in shown for name in f.state.system))
    names = dict.fromkeys(name for f in shown for name in f.state.metrics)
    if names:
        found = points(plans)
        facts.metrics = {name: found.series(name).stats() for name in names}
        facts.superseded = sum(found.superseded(name) for name in names)
    return facts


def _by_writer(files: Iterable[FoldedFile]) -> dict[str, list[FoldedFile]]:
    """Sort files into writers, main first, and each writer's into segments."""
    found: dict[str, list[FoldedFile]] = {}
    for file in sorted(files, key=lambda file: (file.named.segment, file.path)):
        found.setdefault(file.named.writer, []).append(file)
    names = sorted(found, key=lambda name: (name != layout.MAIN, natural_order(name)))
    return {name: found[name] for name in names}


def _plans(files: list[FoldedFile]) -> list[FilePlan]:
    """Plan one writer's files: where steps that were left out go on, and what is superseded."""
    plans: list[FilePlan] = []
    cutoffs: list[list[float]] = []
    lowest = math.inf
    for file in reversed(files):
        own: list[float] = []
        for segment in reversed(file.state.segments):
            own.insert(0, lowest)
            if segment.start is not None and segment.start.rewind_to is not None:
                lowest = min(lowest, segment.start.rewind_to)
        cutoffs.insert(0, own)
    last: float | None = None
    for file, own in zip(files, cutoffs, strict=True):
        state = file.state
        first = state.segments[0].start if state.segments else None
        rewind = first.rewind_to if first is not None else None
        shift = 0.0 if last is None else last + 1
        if rewind is not None and (last is None or rewind < shift):
            shift = rewind
        plans.append(
            FilePlan(
                path=file.path,
                writer=file.named.writer,
                lines=state.lines,
                counted_lines=state.counted_lines,
                shift=shift,
                first_lines=tuple(segment.line for segment in state.segments),
                cutoffs=tuple(own),
            )
        )
        if state.last_step is not None:
            last = state.last_step + (shift if state.counting else 0)
    return plans


def _copy(values: dict[str, Json]) -> dict[str, Json]:
    return {key: _copy(item) if isinstance(item, dict) else item for key, item in values.items()}


def _say_when(facts: Facts, leading: list[FoldedFile], shown: list[FoldedFile]) -> None:
    starts = [s.start.time for f in leading for s in f.state.segments if s.start is not None]
    firsts = [file.state.first_time for file in leading]
    facts.started = next((time for time in [*starts[:1], *firsts] if _is_time(time)), None)
    lasts = [f.state.last_time for f in shown if f.state.last_time is not None]
    facts.last_record = max(lasts, default=None)


def _is_time(time: float | None) -> bool:
    return time is not None and math.isfinite(time)


def _say_who(facts: Facts, leading: list[FoldedFile], shown: list[FoldedFile]) -> None:
    starts = [s.start for f in leading for s in f.state.segments if s.start is not None]
    others = [s.start for f in shown for s in f.state.segments if s.start is not None]
    facts.start = start = next(iter(starts or others), None)
    facts.id = next((s.id for s in [*starts, *others] if s.id), "") or derived_id(facts.key)
    facts.users = tuple(dict.fromkeys(s.user for s in [*starts, *others] if s.user))
    facts.hosts = tuple(dict.fromkeys(s.host for s in [*starts, *others] if s.host))
    if start is not None:
        facts.name = next((s.name for s in reversed(starts or others) if s.name), facts.name)
        facts.group, facts.parent, facts.user = start.group, start.parent, start.user
        facts.git = start.git


def _end(facts: Facts, by_writer: dict[str, list[FoldedFile]]) -> None:
    """Find the status: main's, or without it the worst of all writers'."""
    last = {
        name: files[-1].state.segments[-1].end if files[-1].state.segments else None
        for name, files in by_writer.items()
    }
    ends = [last[layout.MAIN]] if layout.MAIN in last else list(last.values())
    if not ends or None in ends:
        return
    rank = {"finished": 0, "stopped": 1, "failed": 2}
    facts.end = max((end for end in ends if end is not None), key=lambda end: rank[end.status])
    facts.status = facts.end.status
    times = [end.time for end in ends if end is not None and _is_time(end.time)]
    facts.ended = max((time for time in times if time is not None), default=facts.last_record)


def _edit(facts: Facts, files: list[FoldedFile]) -> None:
    """Apply edits by time, then by the id of their file."""
    found = [
        (
            at.edit.time if math.isfinite(at.edit.time) else -math.inf,
            file.named.writer,
            at.line,
            at,
            file,
        )
        for file in files
        for at in file.state.edits
    ]
    for _, _, line, at, file in sorted(found, key=lambda item: item[:3]):
        edit = at.edit
        facts.name = edit.name or facts.name
        if edit.archived is not None:
            facts.archived = edit.archived
        facts.tags.update(edit.tags or {})
        if edit.note is not None:
            facts.notes.append(
                NoteEntry(text=edit.note, time=edit.time, edited=True, where=f"{file.path}:{line}")
            )
