"""Look through everything that a site could be made from, and say where a secret stands.

A file that did not change since the last scan is not read again. Of lines of metrics only the
texts are looked at, each once: a number is no secret, and there are very many of them.
"""

from __future__ import annotations

import json
import os
import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import msgspec

from staticrun import config, files, layout
from staticrun.errors import Finding, UserError
from staticrun.privacy import detect, texts
from staticrun.privacy.store import rules_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from staticrun.privacy.rules import Rules

    Progress = Callable[[str, int, int], None]

# What a file of one kind may hold without filling the list: the others are counted.
HITS_MAX = 20
_TEXTS = re.compile(r'"(?:[^"\\]|\\.)*"')
_NUMBERS_ONLY = (
    '{"type":"metrics"',
    '{"type": "metrics"',
    '{"type":"system"',
    '{"type": "system"',
)


class Hit(msgspec.Struct, frozen=True, array_like=True):
    """A secret in a file: its line, its kind, and a digest by which it can be accepted."""

    line: int
    kind: str
    digest: str


class _Cached(msgspec.Struct, frozen=True, array_like=True):
    signature: str
    hits: tuple[Hit, ...]


class _Cache(msgspec.Struct, frozen=True, array_like=True):
    version: tuple[int, int]
    files: dict[str, _Cached]


def scan(settings: config.Config, progress: Progress | None = None) -> list[Finding]:
    """Find secrets and addresses of people in all of a project.

    Args:
        settings: The project.
        progress: Is told what is done.

    Returns:
        A finding with file and line for each that is not accepted, and for each accepted entry
        that lets nothing through; sorted.
    """
    root, size_max = settings.root, settings.artifacts.max
    store, version = root / layout.CACHE / "privacy.msgpack", (detect.VERSION, size_max)
    known = _load(store, version)
    now: dict[str, _Cached] = {}
    paths = sorted(_paths(settings))
    for done, path in enumerate(paths):
        if progress and done % 200 == 0:
            progress("looking for secrets", done, len(paths))
        name = path.relative_to(root).as_posix()
        try:
            signature = files.signature(path.stat())
            old = known.get(name)
            if old is None or old.signature != signature:
                old = _Cached(signature, _read(path, size_max))
        except OSError:
            continue  # the build tells of files that cannot be read
        now[name] = old
    if progress:
        progress("looking for secrets", len(paths), len(paths))
    if now != known:
        files.write_if_different(store, msgspec.msgpack.encode(_Cache(version, now)))
    hits = {name: cached.hits for name, cached in now.items() if cached.hits}
    return sorted(_findings(_left(hits, settings), settings.privacy.accepted))


def refuse(settings: config.Config, progress: Progress | None = None) -> None:
    """Refuse to publish a project that holds what must not go out.

    Raises:
        UserError: With the first places, and how many there are.
    """
    found = [finding for finding in scan(settings, progress) if finding.level == "error"]
    if not found:
        return
    first = "\n".join(f"  {one.where}: {one.what}" for one in found[:5])
    more = f"\n  and {len(found) - 5} more" if len(found) > 5 else ""
    raise UserError(
        found[0].where,
        f"{len(found)} pieces of text must not go out:\n{first}{more}\n",
        "nothing that is secret",
        found[0].try_,
    )


def _paths(settings: config.Config) -> Iterator[Path]:
    """List every file that a page, or a file of the site, could be made from."""
    root = settings.root
    yield from (path for path in (root / layout.CONFIG,) if path.is_file())
    for folder in (*settings.runs, layout.REPORTS, layout.REGISTRY):
        yield from _below(root, root / folder, set())
    for logs in settings.logs:
        yield from (path for path in root.glob(logs.glob) if files.inside(root, path))


def _below(root: Path, folder: Path, walked: set[Path]) -> Iterator[Path]:
    """List the files below a folder, by links too as far as they stay in the project."""
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != layout.TRASH]
        here = folder.__class__(parent)
        for path in (here / name for name in names):
            if path.is_file() and (not path.is_symlink() or files.inside(root, path)):
                yield path
        for path in (here / name for name in folders):
            if path.is_symlink() and files.inside(root, path):
                target = path.resolve()
                if target not in walked and not here.resolve().is_relative_to(target):
                    walked.add(target)
                    yield from _below(root, path, walked)


def _read(path: Path, size_max: int, rules: Rules | None = None) -> tuple[Hit, ...]:
    """Find what a file holds, or would hold on a site that follows rules."""
    found: set[Hit] = set()
    is_record, is_json = layout.record_file(path.name) is not None, texts.is_json(path)
    for piece in texts.read(path, size_max):
        data = piece.data
        if rules is not None:
            data = rules.lines(data) if is_record else rules.data(data)
        if piece.line == 0:
            found.update(_of_binary(data))
        else:
            found.update(_hits(data.decode("utf-8", "replace"), piece.line, is_json=is_json))
    return tuple(sorted(found, key=_order))


def _left(hits: dict[str, tuple[Hit, ...]], settings: config.Config) -> dict[str, tuple[Hit, ...]]:
    """Leave out what pages do not show: a redacted value, a home folder that is hidden."""
    rules = rules_for(settings)
    if not rules.active:
        return hits
    of_runs = tuple(f"{root}/" for root in settings.runs)
    left = {}
    for name, found in hits.items():
        if name.startswith(of_runs) and not name.endswith(layout.EXPERIMENT_CONFIG):
            path = settings.root / name
            left[name] = _read(path, settings.artifacts.max, rules)
        else:
            left[name] = found
    return left


def _order(hit: Hit) -> tuple[int, str, str]:
    return hit.line, hit.kind, hit.digest


def _hits(text: str, first: int, *, is_json: bool) -> Iterator[Hit]:
    """Find what a text holds, by line, of which the first has a number."""
    seen: set[str] = set()
    rest: list[str] = []
    for line in text.split("\n"):
        shown = line
        if line.startswith(_NUMBERS_ONLY):
            new = [one for one in _TEXTS.findall(line) if one not in seen]
            seen.update(new)
            shown = " ".join(new)
        rest.append(texts.shown(shown) if is_json else shown)
    whole = "\n".join(rest)
    for found in detect.find(whole):
        line_number = whole.count("\n", 0, found.start) + first
        yield Hit(line_number, found.kind, _digest(found.value))


def _of_binary(data: bytes) -> Iterator[Hit]:
    for found in detect.find(data.decode("latin-1"), binary=True):
        yield Hit(0, found.kind, _digest(found.value))


def _digest(value: str) -> str:
    return files.sha256(value.encode("utf-8", "surrogatepass"))[:16]


def _findings(
    found: dict[str, tuple[Hit, ...]], accepted: Sequence[config.Accepted]
) -> Iterator[Finding]:
    used: set[int] = set()
    for name, hits in found.items():
        shown = 0
        homes = []
        for hit in hits:
            lets = [i for i, one in enumerate(accepted) if _lets(one, name, hit)]
            used.update(lets)
            if lets:
                continue
            if hit.kind == detect.HOME:
                homes.append(hit)
                continue
            shown += 1
            if shown <= HITS_MAX:
                yield _finding(name, hit)
        if shown > HITS_MAX:
            yield Finding(name, f"{shown - HITS_MAX} more pieces of text that must not go out")
        if homes:
            yield _home(name, homes)
    for i, one in enumerate(accepted):
        if i not in used:
            where = f"{layout.CONFIG}: privacy.accepted[{i}]"
            what = f"lets nothing through: there is no {one.kind or 'secret'} in {one.file}"
            yield Finding(where, what, try_="take the entry away", level="warning")


def _finding(name: str, hit: Hit) -> Finding:
    return Finding(
        f"{name}:{hit.line}" if hit.line else name,
        f"{_ARTICLE[hit.kind == detect.EMAIL]} ({hit.kind}, digest {hit.digest})",
        try_=f"take it out; or below privacy: accepted: - {{file: {json.dumps(name)}, "
        f"kind: {hit.kind}, digest: {hit.digest}, reason: WHY}}",
    )


def _home(name: str, hits: Sequence[Hit]) -> Finding:
    """Tell of home folders once a file: a traceback holds many."""
    more = f", and {len(hits) - 1} more" if len(hits) > 1 else ""
    return Finding(
        f"{name}:{hits[0].line}",
        f"names somebody's home folder{more} ({detect.HOME})",
        try_="privacy: {paths: hide}, which pages follow where a run holds it",
        level="warning",
    )


_ARTICLE = ("looks like a secret", "is the address of a person")


def _lets(one: config.Accepted, name: str, hit: Hit) -> bool:
    return (
        fnmatchcase(name, one.file)
        and one.kind in (None, hit.kind)
        and one.digest in (None, hit.digest)
    )


def _load(store: Path, version: tuple[int, int]) -> dict[str, _Cached]:
    try:
        cache = msgspec.msgpack.decode(store.read_bytes(), type=_Cache)
    except (OSError, msgspec.DecodeError):
        return {}
    return cache.files if cache.version == version else {}
