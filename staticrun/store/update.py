"""One pass over the files of all runs: what is new is read, and its runs are put together."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from staticrun import files, layout
from staticrun.store import findings
from staticrun.store.facts import FoldedFile
from staticrun.store.index import Kept
from staticrun.store.known import Source
from staticrun.store.merge import merge

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from staticrun.store.columns import Part
    from staticrun.store.facts import FilePlan
    from staticrun.store.index import Entry, Index
    from staticrun.store.known import Reading
    from staticrun.store.points import RunPoints
    from staticrun.store.scan import Place


class Updated(NamedTuple):
    """What the index holds after a pass.

    Attributes:
        stamps: Key → what says of which bytes a run was put together.
        ids: Key → the run's id.
    """

    stamps: dict[str, str]
    ids: dict[str, str]


def update(index: Index, places: Mapping[str, Place], root: Path) -> Updated:
    """Bring an index up to date.

    Args:
        index: What is kept; locked for writing only when something changed.
        places: The runs that there are, by key.
        root: The project's folder.

    Raises:
        CacheError: When the index cannot be used.
    """
    look = _Look(places, root)
    entries, kept = index.entries(), index.runs()
    stamps = look.stamps(entries)
    current = {key: stamp for key, (stamp, _) in kept.items()}
    if stamps == current and not entries.keys() - look.paths:
        return Updated(stamps, {key: id_ for key, (_, id_) in kept.items()})
    with index.writing():
        # Another process may have read meanwhile.
        entries, kept = index.entries(), index.runs()
        for place in places.values():
            _update_run(index, look, place, entries, kept)
        index.forget(entries.keys() - look.paths, kept.keys() - places.keys())
    stamps = {key: kept[key][0] for key in places}
    return Updated(stamps, {key: kept[key][1] for key in places})


def advance(index: Index, place: Place, root: Path) -> tuple[str, str]:
    """Bring one run up to date, without a look at the others.

    Returns:
        The run's stamp and its id; what was known where a file of it cannot be read, since files
        that have gone are for a pass over all runs.

    Raises:
        CacheError: When the index cannot be used.
    """
    look = _Look({place.key: place}, root)
    if look.unread:
        return index.runs(place.key).get(place.key, ("", ""))
    with index.writing():
        entries, kept = index.entries(look.paths), index.runs(place.key)
        _update_run(index, look, place, entries, kept)
    return kept[place.key]


def sources(place: Place, root: Path) -> list[Source]:
    """Give the files of a run as they are to be read."""
    return [
        Source(path, path.relative_to(root).as_posix(), _named(place, path).edit, place.rules)
        for path in place.files
    ]


def _named(place: Place, path: Path) -> layout.RecordFile:
    named = layout.record_file(path.name) if place.rules is None else None
    return named or layout.RecordFile(layout.MAIN, 0, edit=False)


class _Look:
    """The files as they are on disk now."""

    def __init__(self, places: Mapping[str, Place], root: Path) -> None:
        self.sources = {key: sources(place, root) for key, place in places.items()}
        self.paths = {source.shown for some in self.sources.values() for source in some}
        self.signatures: dict[str, str] = {}
        self.unread: dict[str, str] = {}
        for some in self.sources.values():
            for source in some:
                try:
                    self.signatures[source.shown] = files.signature(source.path.stat())
                except OSError as error:
                    self.refuse(source, error)

    def refuse(self, source: Source, error: OSError) -> None:
        """Note that a file cannot be read."""
        self.signatures.pop(source.shown, None)
        self.unread[source.shown] = error.strerror or str(error)

    def is_new(self, source: Source, entry: Entry | None) -> bool:
        """Say whether a file has to be read."""
        signature = self.signatures.get(source.shown)
        return signature is not None and (
            entry is None or entry.known.signature != signature or entry.rules != source.rules
        )

    def stamps(self, entries: Mapping[str, Entry]) -> dict[str, str]:
        """Give the stamp of every run; an empty one where a file has to be read."""
        return {
            key: ""
            if any(self.is_new(source, entries.get(source.shown)) for source in some)
            else self.stamp(some, entries)
            for key, some in self.sources.items()
        }

    def stamp(self, some: Iterable[Source], entries: Mapping[str, Entry]) -> str:
        """Say of which bytes a run is made."""
        digest = hashlib.sha256()
        for source in some:
            known = entries[source.shown].known if source.shown not in self.unread else None
            said = self.unread[source.shown] if known is None else f"{known.size} {known.digest()}"
            line = f"{source.shown}\t{said}\t{source.rules}\n"
            digest.update(line.encode("utf-8", "surrogatepass"))
        return digest.hexdigest()


def _update_run(
    index: Index,
    look: _Look,
    place: Place,
    entries: dict[str, Entry],
    kept: dict[str, tuple[str, str]],
) -> None:
    """Read what is new of a run, and put it together when that is something."""
    from staticrun.store.read import read

    some = look.sources[place.key]
    fresh: dict[str, Reading] = {}
    for source in some:
        entry = entries.get(source.shown)
        if not look.is_new(source, entry):
            continue
        goes_on = entry is not None and entry.rules == source.rules
        known = entry.known if entry is not None and goes_on else None
        try:
            reading = read(source, known, partial(index.state, source.shown))
        except OSError as error:
            look.refuse(source, error)
            continue
        entries[source.shown] = index.put(source.shown, reading, source.rules, entry)
        if reading.whole:
            fresh[source.shown] = reading
    stamp = look.stamp(some, entries)
    if kept.get(place.key, ("", ""))[0] == stamp:
        return
    read_ = [source for source in some if source.shown not in look.unread]
    folded = []
    for source in read_:
        entry = entries[source.shown]
        state = index.half(source.shown).state if entry.half else index.state(source.shown)
        known, named = entry.known, _named(place, source.path)
        waiting = 0 if entry.half else known.waiting
        folded.append(FoldedFile(source.shown, named, state, known.digest(), known.size, waiting))

    def points(plans: tuple[FilePlan, ...]) -> RunPoints:
        from staticrun.store.points import RunPoints

        return RunPoints([(plan, _parts(index, fresh, plan.path)) for plan in plans])

    facts = merge(place.key, folded, points)
    unread = {s.shown: look.unread[s.shown] for s in some if s.shown in look.unread}
    found = findings.of_run(place, facts, folded, unread)
    index.put_run(place.key, stamp, Kept(facts, found))
    kept[place.key] = (stamp, facts.id)


def _parts(index: Index, fresh: Mapping[str, Reading], path: str) -> list[Part]:
    reading = fresh.get(path)
    if reading is None:
        return index.parts(path)
    return [reading.part] if reading.half is None else [reading.part, reading.half.part]
