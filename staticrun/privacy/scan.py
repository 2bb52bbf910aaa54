"""Look through everything that a site could be made from, and say where a secret stands.

A file that did not change since the last scan is not read again. Of lines of metrics only the
texts are looked at, each once: a number is no secret, and there are very many of them.
"""

from __future__ import annotations

import gzip
import json
import os
import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import msgspec

from staticrun import config, files, layout
from staticrun.errors import Finding, UserError
from staticrun.privacy import detect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    Progress = Callable[[str, int, int], None]

# Beyond this a file is looked at in its first part alone, and said to be.
FILE_BYTES_MAX = 50_000_000
# What a file of one kind may hold without filling the list: the others are counted.
HITS_MAX = 20
_TEXTS = re.compile(r'"(?:[^"\\]|\\.)*"')
_NUMBERS_ONLY = (
    '{"type":"metrics"',
    '{"type": "metrics"',
    '{"type":"system"',
    '{"type": "system"',
)
_ESCAPED = re.compile(r"\\u[0-9a-fA-F]{4}")


class Hit(msgspec.Struct, frozen=True, array_like=True):
    """A secret in a file: its line, its kind, and a digest by which it can be accepted."""

    line: int
    kind: str
    digest: str


class _Cached(msgspec.Struct, frozen=True, array_like=True):
    signature: str
    hits: tuple[Hit, ...]
    cut: bool


class _Cache(msgspec.Struct, frozen=True, array_like=True):
    version: int
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
    root = settings.root
    store = root / layout.CACHE / "privacy.msgpack"
    known = _load(store)
    now: dict[str, _Cached] = {}
    paths = sorted(_paths(settings))
    for done, path in enumerate(paths):
        if progress and done % 200 == 0:
            progress("looking for secrets", done, len(paths))
        name = path.relative_to(root).as_posix()
        try:
            signature = files.signature(path.stat())
            old = known.get(name)
            now[name] = old if old and old.signature == signature else _read(path, signature)
        except OSError:
            continue  # the build tells of files that cannot be read
    if progress:
        progress("looking for secrets", len(paths), len(paths))
    if now != known:
        files.write_if_different(store, msgspec.msgpack.encode(_Cache(detect.VERSION, now)))
    return sorted(_findings(now, settings.privacy.accepted))


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
        for parent, folders, names in os.walk(root / folder):
            folders[:] = [name for name in folders if name != layout.TRASH]
            for name in names:
                path = root.joinpath(parent, name)
                if path.is_file() and files.inside(root, path):
                    yield path
    for logs in settings.logs:
        yield from (path for path in root.glob(logs.glob) if files.inside(root, path))


def _read(path: Path, signature: str) -> _Cached:
    opened = gzip.open if path.name.endswith(".gz") else open
    try:
        with opened(path, "rb") as stream:
            data = stream.read(FILE_BYTES_MAX + 1)
    except (EOFError, gzip.BadGzipFile):
        data = b""
    if b"\0" in data[:8192] and not path.name.endswith((".jsonl", ".jsonl.gz")):
        return _Cached(signature, (), cut=False)
    text = data[:FILE_BYTES_MAX].decode("utf-8", "replace")
    hits = _hits(text)
    return _Cached(signature, tuple(sorted(set(hits), key=_order)), len(data) > FILE_BYTES_MAX)


def _order(hit: Hit) -> tuple[int, str, str]:
    return hit.line, hit.kind, hit.digest


def _hits(text: str) -> Iterator[Hit]:
    """Find what a text holds, by line."""
    seen: set[str] = set()
    rest: list[str] = []
    for line in text.split("\n"):
        shown = line
        if line.startswith(_NUMBERS_ONLY):
            new = [one for one in _TEXTS.findall(line) if one not in seen]
            seen.update(new)
            shown = " ".join(new)
        # What a page shows is what the escape stands for.
        if "\\u" in shown:
            shown = _ESCAPED.sub(lambda match: _unescaped(match[0]), shown)
        rest.append(shown)
    whole = "\n".join(rest)
    for found in detect.find(whole):
        digest = files.sha256(found.value.encode("utf-8", "surrogatepass"))[:16]
        yield Hit(whole.count("\n", 0, found.start) + 1, found.kind, digest)


def _unescaped(escape: str) -> str:
    text: str = json.loads(f'"{escape}"')
    return text if text.isprintable() else escape


def _findings(found: dict[str, _Cached], accepted: Sequence[config.Accepted]) -> Iterator[Finding]:
    used: set[int] = set()
    for name, cached in found.items():
        shown = 0
        for hit in cached.hits:
            lets = [i for i, one in enumerate(accepted) if _lets(one, name, hit)]
            used.update(lets)
            shown += not lets
            if lets or shown > HITS_MAX:
                continue
            yield Finding(
                f"{name}:{hit.line}",
                f"{_ARTICLE[hit.kind == 'email']} ({hit.kind}, digest {hit.digest})",
                try_=f"take it out; or below privacy: accepted: - {{file: {json.dumps(name)}, "
                f"kind: {hit.kind}, digest: {hit.digest}, reason: WHY}}",
            )
        if shown > HITS_MAX:
            yield Finding(name, f"{shown - HITS_MAX} more pieces of text that must not go out")
        if cached.cut:
            what = f"only its first {FILE_BYTES_MAX:,} bytes were looked through for secrets"
            yield Finding(name, what, level="warning")
    for i, one in enumerate(accepted):
        if i not in used:
            where = f"{layout.CONFIG}: privacy.accepted[{i}]"
            what = f"lets nothing through: there is no {one.kind or 'secret'} in {one.file}"
            yield Finding(where, what, try_="take the entry away", level="warning")


_ARTICLE = ("looks like a secret", "is the address of a person")


def _lets(one: config.Accepted, name: str, hit: Hit) -> bool:
    return (
        fnmatchcase(name, one.file)
        and one.kind in (None, hit.kind)
        and one.digest in (None, hit.digest)
    )


def _load(store: Path) -> dict[str, _Cached]:
    try:
        cache = msgspec.msgpack.decode(store.read_bytes(), type=_Cache)
    except (OSError, msgspec.DecodeError):
        return {}
    return cache.files if cache.version == detect.VERSION else {}
