"""What is known of a run beside its numbers: the margin of its page, and its first sentence."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import msgspec

from staticrun import layout
from staticrun.pages import format as fmt
from staticrun.pages.generations import LOCK
from staticrun.pages.views.run_hardware import hardware_words
from staticrun.store.lineage import name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from staticrun.pages.context import Relations, RunLink
    from staticrun.record.types import Json
    from staticrun.store.entries import UseEntry
    from staticrun.store.facts import Resume
    from staticrun.store.run import Run

COMMIT_DIGITS = 7
DIGEST_DIGITS = 12
TEXT_MAX = 300
NAME_MAX = 120
COMMAND_MAX = 1_000
LINKS_MAX = 12
TAGS_MAX = 40
# What stands before the word of a status; the word always follows.
MARKS = {"finished": "fin", "failed": "fail", "stopped": "stop", "open": "open"}
_WEB = re.compile(r"https?://[^\s\"'<>]+")


class Piece(msgspec.Struct, frozen=True):
    """A part of a fact, set on a line of its own.

    Attributes:
        text: The words.
        code: Whether they are set as code.
        mark: Class of the mark before them; empty for none.
        url: Where they lead, relative to the site's root.
        run: The key of the run that they lead to.
        outside: Where they lead on another site; http or https.
        words: What `text` consists of, where a line must not break inside of a word.
        title: The whole of what `text` shortens.
        after: Words behind, set muted.
    """

    text: str
    code: bool = False
    mark: str = ""
    url: str = ""
    run: str = ""
    outside: str = ""
    words: tuple[str, ...] = ()
    title: str = ""
    after: str = ""


class Fact(msgspec.Struct, frozen=True):
    """A term of the margin and what is known of it."""

    term: str
    pieces: tuple[Piece, ...]


def facts(run: Run, relations: Relations) -> tuple[Fact, ...]:
    """Gather the margin: what one asks first of where a result comes from."""
    found = [
        *_when(run),
        *_code(run),
        *_family(run, relations),
        *_inputs(run, relations),
        *_labels(run),
    ]
    return tuple(fact for fact in found if fact.pieces)


def surroundings(run: Run) -> tuple[Fact, ...]:
    """Gather what is asked for less often: the machine, digests, the names of the record."""
    return (*_where(run), *_parts(run), *_digests(run), *_names(run))


def deck(run: Run) -> str:
    """Say in a sentence or two how the run ended and how much it logged."""
    return f"{_ending(run)} {_amount(run)}"


def links(found: tuple[RunLink, ...]) -> tuple[Piece, ...]:
    """Turn runs into links with their status; the first few, and how many more there are."""
    pieces = [
        _linked(link, "" if link.status == "finished" else link.status)
        for link in found[:LINKS_MAX]
    ]
    return _with_rest(pieces, len(found))


def _linked(link: RunLink, after: str) -> Piece:
    text, after = fmt.short(link.key, TEXT_MAX), fmt.short(after, 80)
    return Piece(text, url=layout.run_url(link.key), run=link.key, after=after)


def _ending(run: Run) -> str:
    took = f" after {fmt.duration(run.duration)}" if run.duration is not None else ""
    if run.status == "open":
        last = f"; the last record is of {fmt.date(run.last_record)}" if run.last_record else ""
        return f"No end was recorded{last}."
    if run.status == "failed":
        error = run.end.error if run.end else None
        kind = f" with {fmt.short(error.type, 80)}" if error and error.type else ""
        return f"Failed{took}{kind}."
    return f"{run.status.capitalize()}{took}."


def _amount(run: Run) -> str:
    if not run.metrics:
        return "No metric was logged."
    points = sum(stats.n for stats in run.metrics.values())
    steps = [stats.last_step for stats in run.metrics.values() if stats.last_step is not None]
    upto = f", up to step {fmt.step(max(steps))}" if steps and max(steps) != 0 else ""
    return f"{fmt.plural(len(run.metrics), 'metric')}, {fmt.plural(points, 'point')}{upto}."


def _when(run: Run) -> Iterator[Fact]:
    yield Fact("status", (Piece(run.status, mark=MARKS[run.status]),))
    if run.archived:
        yield Fact("archived", (Piece("yes, hidden from lists"),))
    if run.started is not None:
        yield Fact("started", (Piece(fmt.date(run.started), title=fmt.iso(run.started)),))
    if run.ended is None and run.last_record is not None:
        last = run.last_record
        yield Fact("last record", (Piece(fmt.date(last), title=fmt.iso(last)),))
    if run.duration is not None:
        yield Fact("duration", (Piece(fmt.duration(run.duration)),))


def _code(run: Run) -> Iterator[Fact]:
    git, start = run.git, run.start
    if git and git.commit:
        state = {True: "with changes that were not committed", False: "clean", None: ""}[git.dirty]
        branch = f"on {fmt.short(git.branch, 80)}" if git.branch else "on no branch"
        after = f"{branch}, {state}" if state else branch
        commit = git.commit[:COMMIT_DIGITS]
        yield Fact("commit", (Piece(commit, code=True, title=git.commit[:200], after=after),))
    if start and start.command:
        text = _command(start.command)
        # An option like `--rate` breaks after its hyphens.
        yield Fact("command", (Piece(text, code=True, words=tuple(text.split(" "))),))
    if start and start.seed is not None:
        yield Fact("seed", (Piece(fmt.short(fmt.scalar(start.seed), TEXT_MAX)),))


def _where(run: Run) -> Iterator[Fact]:
    start = run.start
    if run.ended is not None:
        yield Fact("ended", (Piece(fmt.date(run.ended), title=fmt.iso(run.ended)),))
    # In full here: a title shows neither on touch screens nor on paper.
    if run.git and run.git.commit:
        yield Fact("commit", (Piece(fmt.short(run.git.commit, 80), code=True),))
    if run.git and run.git.remote:
        yield Fact("remote", (_address(run.git.remote),))
    if start and start.cwd:
        yield Fact("folder", (Piece(fmt.short(start.cwd, TEXT_MAX), code=True),))
    for term, text in (
        ("user", run.user),
        ("host", start.host if start else None),
        ("platform", start.platform if start else None),
        ("hardware", hardware_words(start.hardware if start else None)),
        ("python", start.python if start else None),
    ):
        if text:
            yield Fact(term, (Piece(fmt.short(text, TEXT_MAX)),))
    if start and start.env:
        variables = [Piece(_pair(*item), code=True) for item in start.env.items()]
        yield Fact("environment", _with_rest(variables[:TAGS_MAX], len(variables)))
    if start and start.seeds:
        yield Fact("seeds found", (Piece(fmt.short(_seeds(start.seeds), TEXT_MAX)),))


def _pair(name: str, value: str) -> str:
    return f"{fmt.short(name, NAME_MAX)}={fmt.short(value, NAME_MAX)}"


def _seeds(seeds: dict[str, Json]) -> str:
    known = [f"{name} {fmt.scalar(seed)}" for name, seed in seeds.items() if seed is not None]
    unknown = [name for name, seed in seeds.items() if seed is None]
    return ", ".join([*known, *(f"{name} not to be known" for name in unknown)])


def _family(run: Run, relations: Relations) -> Iterator[Fact]:
    if run.group:
        yield Fact("group", (Piece(fmt.short(run.group, TEXT_MAX)),))
    if relations.parent:
        yield Fact("parent", links((relations.parent,)))
    elif run.parent:
        missing = "not in this project"
        yield Fact("parent", (Piece(fmt.short(run.parent, 60), code=True, after=missing),))
    yield Fact("used by", links(relations.used_by))
    repeats = [_linked(one.run, one.result) for one in relations.repeats[:LINKS_MAX]]
    yield Fact("repeated by", _with_rest(repeats, len(relations.repeats)))


def _parts(run: Run) -> Iterator[Fact]:
    if run.resumes:
        n = len(run.resumes)
        times = {1: "once", 2: "twice"}.get(n) or fmt.plural(n, "time")
        each = [_resumed(resume) for resume in run.resumes[:LINKS_MAX]]
        yield Fact("resumed", (Piece(times), *_with_rest(each, n)))
    if len(run.writers) > 1:
        names = fmt.listed([fmt.short(name, 40) for name in run.writers], most=8)
        yield Fact("writers", (Piece(fmt.count(len(run.writers)), after=names),))
    if run.start and run.start.world_size and run.start.world_size > len(run.writers):
        processes = fmt.plural(run.start.world_size, "process", "processes")
        yield Fact("world size", (Piece(processes),))


def _resumed(resume: Resume) -> Piece:
    when = "" if resume.time is None else fmt.date(resume.time)
    if resume.rewind_to is None:
        return Piece("where it had stopped", after=when)
    return Piece(f"from step {fmt.step(resume.rewind_to)}", after=when)


def _inputs(run: Run, relations: Relations) -> Iterator[Fact]:
    data = [
        _named(
            one.name,
            one.role,
            fmt.plural(one.rows, "row") if one.rows is not None else None,
            f"digest of {fmt.count(one.sampled)} of them" if one.sampled is not None else None,
        )
        for one in run.datasets[:LINKS_MAX]
    ]
    yield Fact("data", _with_rest(data, len(run.datasets)))
    known = dict(relations.uses)
    consumed = [use for use in run.uses if use.role != LOCK]
    uses = [
        _linked(known[name_of(use)], _joined((use.path or use.uri, use.role)))
        if name_of(use) in known
        else _named(_used(use), use.role)
        for use in consumed[:LINKS_MAX]
    ]
    yield Fact("uses", _with_rest(uses, len(consumed)))
    models = [_named(model.name, model.flavor) for model in run.models[:LINKS_MAX]]
    yield Fact("model" if len(run.models) == 1 else "models", _with_rest(models, len(run.models)))


def _digests(run: Run) -> Iterator[Fact]:
    """Give what identifies the bytes that `_inputs` names, and where they came from."""
    data = [
        _digest(one.digest, one.name, one.role, one.source)
        for one in run.datasets[:LINKS_MAX]
        if one.digest or one.source
    ]
    uses, locks = (
        [
            _digest(use.sha256 or use.tree, _used(use), None if is_lock else use.role)
            for use in run.uses
            if (use.role == LOCK) is is_lock and (use.sha256 or use.tree)
        ][:LINKS_MAX]
        for is_lock in (False, True)
    )
    models = [
        _digest(model.tree, model.name, model.flavor)
        for model in run.models[:LINKS_MAX]
        if model.tree
    ]
    shown = {"data": data, "uses": uses, "models": models, "lock files": locks}
    for term, pieces in shown.items():
        if pieces:
            yield Fact(term, tuple(pieces))


def _used(use: UseEntry) -> str:
    return use.path or use.uri or use.run or ""


def _named(name: str, *about: str | None) -> Piece:
    return Piece(fmt.label(name, TEXT_MAX), after=_joined(about))


def _digest(digest: str | None, name: str, *about: str | None) -> Piece:
    """Set the first digits of a digest, and behind them whose it is."""
    words = _joined((fmt.label(name, NAME_MAX), *about))
    if not digest:
        return Piece(words)
    return Piece(digest[:DIGEST_DIGITS], code=True, title=fmt.short(digest, 200), after=words)


def _joined(words: Iterable[str | None]) -> str:
    return ", ".join(fmt.short(word, NAME_MAX) for word in words if word)


def _with_rest(pieces: list[Piece], total: int) -> tuple[Piece, ...]:
    rest = total - len(pieces)
    return (*pieces, Piece(f"{fmt.count(rest)} more")) if rest > 0 else tuple(pieces)


def _labels(run: Run) -> Iterator[Fact]:
    if run.tags:
        tags = [_tag(name, value) for name, value in run.tags.items()]
        yield Fact("tags", _with_rest(tags[:TAGS_MAX], len(tags)))


def _names(run: Run) -> Iterator[Fact]:
    yield Fact("key", (Piece(fmt.short(run.key, TEXT_MAX), code=True),))
    yield Fact("id", (Piece(fmt.short(run.id, 60), code=True),))


def _tag(name: str, value: Json) -> Piece:
    shown = fmt.label(name, 80)
    if value is True or value == "":
        return Piece(shown)
    return Piece(f"{shown}: {fmt.short(fmt.scalar(value), 120)}")


def _address(address: str) -> Piece:
    text = fmt.short(address, TEXT_MAX)
    return Piece(text, outside=address if _WEB.fullmatch(address) else "")


def _command(words: list[str]) -> str:
    joined = " ".join(shlex.quote(word) if word else "''" for word in words)
    return fmt.short(joined, COMMAND_MAX)
