"""What was read, kept in `.staticrun/` so that the next reading parses only what is new.

The index is a cache and nothing else: every row carries a checksum, and whatever is wrong with it
(lost, locked, read-only, damaged, of another version of the reader) is a `CacheError`, upon which
the store goes on with a temporary one and reads everything again.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import sys
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from staticrun import files
from staticrun.errors import Finding
from staticrun.record import types
from staticrun.store.bare import Rules
from staticrun.store.columns import Part, joined
from staticrun.store.facts import Facts
from staticrun.store.known import Half, Known
from staticrun.store.state import FileState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from staticrun.store.known import Reading

_NAME = "index.sqlite"
_WAIT_S = 2.0
_CHECK_BYTES = 8
# So many parts of a file are put together into one, so that appending stays cheap.
_PARTS_MAX = 32
_TABLES = {
    "meta": "(reader TEXT)",
    "files": "(path TEXT PRIMARY KEY, entry BLOB, state BLOB, half BLOB) WITHOUT ROWID",
    "parts": "(path TEXT, number INTEGER, part BLOB, PRIMARY KEY (path, number))",
    "runs": "(key TEXT PRIMARY KEY, stamp TEXT, id TEXT, kept BLOB)",
    "digests": "(path TEXT PRIMARY KEY, entry BLOB)",
}
_T = TypeVar("_T")


# Result codes of sqlite that mean a damaged file: an error in a statement that was right, a
# malformed image, not a database.
_DAMAGED = frozenset({sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class CacheError(Exception):
    """The index cannot be used; no fault of the user's.

    Args:
        what: What happened.
        damaged: Whether its file is to be thrown away; else it may be another process's.
    """

    def __init__(self, what: str, *, damaged: bool = True) -> None:
        super().__init__(what)
        self.damaged = damaged


class Entry(msgspec.Struct, frozen=True):
    """What is kept of a record file.

    Attributes:
        known: Of its last reading.
        rules: How it was read.
        parts: The numbers of its parts go from 0 to this.
        half: Whether a last line without a newline was read, too.
    """

    known: Known
    rules: Rules | None
    parts: int
    half: bool


class Kept(msgspec.Struct, frozen=True):
    """What is kept of a run."""

    facts: Facts
    findings: list[Finding]


class FileDigest(msgspec.Struct, frozen=True):
    """The digest of any file: signature, sha256 and size in bytes."""

    signature: str
    sha256: str
    size: int


def remove(folder: Path) -> None:
    """Delete a damaged index, so that the next one starts anew."""
    with suppress(OSError):
        (folder / _NAME).unlink()


class Index:
    """The cache of one project.

    Args:
        folder: Where it is; None for a temporary one.

    Raises:
        CacheError: When it cannot be opened.
    """

    def __init__(self, folder: Path | None) -> None:
        self._path = folder / _NAME if folder is not None else None
        self._process = os.getpid()
        with _told():
            if folder is not None:
                _make(folder)
            self._db = self._connect()

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(
            self._path or "", timeout=_WAIT_S, isolation_level=None, check_same_thread=False
        )
        try:
            # What a power cut tears, the checksums show.
            db.execute("PRAGMA synchronous = OFF")
            if not _is_current(db):
                db.execute("BEGIN IMMEDIATE")
                for name, statement in _TABLES.items():
                    db.execute(f"DROP TABLE IF EXISTS {name}")
                    db.execute(f"CREATE TABLE {name} {statement}")
                db.execute("INSERT INTO meta VALUES (?)", (_reader(),))
                db.execute("COMMIT")
        except sqlite3.Error:
            db.close()
            raise
        return db

    def close(self) -> None:
        """Let go of the file."""
        with suppress(sqlite3.Error):
            self._db.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the index for writing; what was written counts when the block ends.

        Raises:
            CacheError: When another process holds it for too long, or the disk is full.
        """
        self._do("BEGIN IMMEDIATE")
        try:
            yield
            self._do("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
            raise

    def entries(self, paths: Iterable[str] | None = None) -> dict[str, Entry]:
        """Give what is kept of some record files, or of every one, by path."""
        if paths is None:
            rows = self._rows("SELECT path, entry FROM files")
        else:
            one = "SELECT path, entry FROM files WHERE path = ?"
            rows = [row for path in paths for row in self._rows(one, path)]
        return {path: _unpack(entry, Entry) for path, entry in rows}

    def state(self, path: str) -> FileState:
        """Give the state of a file."""
        return _unpack(self._one("SELECT state FROM files WHERE path = ?", path), FileState)

    def half(self, path: str) -> Half:
        """Give a file with its last line; only where its entry says that there is one."""
        return _unpack(self._one("SELECT half FROM files WHERE path = ?", path), Half)

    def parts(self, path: str) -> list[Part]:
        """Give the parts of a file in the order in which they were read, the half line last."""
        entry = _unpack(self._one("SELECT entry FROM files WHERE path = ?", path), Entry)
        parts = self._parts(path)
        if len(parts) != entry.parts:
            raise CacheError(f"{len(parts)} parts of {path}, not {entry.parts}")
        return [*parts, self.half(path).part] if entry.half else parts

    def put(self, path: str, reading: Reading, rules: Rules | None, before: Entry | None) -> Entry:
        """Keep what was read of a file.

        Args:
            path: Relative to the project.
            reading: What was read.
            rules: How.
            before: What was kept when the reading began.
        """
        number = 0 if before is None or reading.whole else before.parts
        part = reading.part
        if number == 0:
            self._do("DELETE FROM parts WHERE path = ?", path)
        elif number >= _PARTS_MAX:
            part, number = joined([*self._parts(path), part]), 0
            self._do("DELETE FROM parts WHERE path = ?", path)
        if not part.is_empty():
            self._do("INSERT INTO parts VALUES (?, ?, ?)", path, number, _pack(part))
            number += 1
        entry = Entry(reading.known, rules, number, reading.half is not None)
        self._do(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)",
            path,
            _pack(entry),
            _pack(reading.state),
            _pack(reading.half),
        )
        return entry

    def touch(self, path: str, entry: Entry) -> None:
        """Keep an entry of which nothing changed but the file's signature."""
        self._do("UPDATE files SET entry = ? WHERE path = ?", _pack(entry), path)

    def forget(self, paths: Iterable[str], keys: Iterable[str]) -> None:
        """Drop files and runs that are no longer there."""
        for path in paths:
            self._do("DELETE FROM files WHERE path = ?", path)
            self._do("DELETE FROM parts WHERE path = ?", path)
        for key in keys:
            self._do("DELETE FROM runs WHERE key = ?", key)

    def runs(self, key: str | None = None) -> dict[str, tuple[str, str]]:
        """Give the stamp and the id of a run, or of every run that is kept, by key."""
        every = "SELECT key, stamp, id FROM runs"
        rows = self._rows(every) if key is None else self._rows(f"{every} WHERE key = ?", key)
        return {key: (stamp, id_) for key, stamp, id_ in rows}

    def kept(self, key: str, stamp: str) -> Kept:
        """Give a run that is kept.

        Raises:
            CacheError: When it is not there with this stamp.
        """
        rows = self._rows("SELECT kept FROM runs WHERE key = ? AND stamp = ?", key, stamp)
        if not rows:
            raise CacheError(f"{key} was read again", damaged=False)
        return _unpack(rows[0][0], Kept)

    def put_run(self, key: str, stamp: str, kept: Kept) -> None:
        """Keep a run; the stamp says of which files."""
        self._do(
            "INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?)",
            key,
            stamp,
            kept.facts.id,
            _pack(kept),
        )

    def digest(self, path: str) -> FileDigest | None:
        """Give what is kept of a file's digest."""
        rows = self._rows("SELECT entry FROM digests WHERE path = ?", path)
        return _unpack(rows[0][0], FileDigest) if rows else None

    def put_digest(self, path: str, digest: FileDigest) -> None:
        """Keep the digest of a file."""
        self._do("INSERT OR REPLACE INTO digests VALUES (?, ?)", path, _pack(digest))

    def _parts(self, path: str) -> list[Part]:
        rows = self._rows("SELECT part FROM parts WHERE path = ? ORDER BY number", path)
        return [_unpack(part, Part) for (part,) in rows]

    def _one(self, statement: str, *values: object) -> bytes:
        rows = self._rows(statement, *values)
        if not rows:
            raise CacheError(f"no row for {values}")
        return bytes(rows[0][0])

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with _told():
            self._check_process()
            return self._db.execute(statement, values).fetchall()

    def _do(self, statement: str, *values: object) -> None:
        with _told():
            self._check_process()
            self._db.execute(statement, values)

    def _check_process(self) -> None:
        """Refuse a connection that a fork brought along; sqlite's cannot be shared so."""
        if os.getpid() != self._process:
            raise CacheError("opened by another process", damaged=False)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        raise CacheError(str(error), damaged=code in _DAMAGED) from error
    except OSError as error:
        raise CacheError(str(error), damaged=False) from error


def _make(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        files.write_atomic(ignore, b"*\n")


def _is_current(db: sqlite3.Connection) -> bool:
    try:
        return db.execute("SELECT reader FROM meta").fetchall() == [(_reader(),)]
    except sqlite3.OperationalError as error:
        if "no such" in str(error):
            return False
        raise


@cache
def _reader() -> str:
    """Say which reader filled the index: another one reads everything anew."""
    digest = hashlib.sha256(sys.byteorder.encode())
    for folder in (Path(__file__).parent, Path(types.__file__).parent):
        for path in sorted(folder.glob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _pack(value: object) -> bytes:
    data = msgspec.msgpack.encode(value)
    return hashlib.sha256(data).digest()[:_CHECK_BYTES] + data


def _unpack(data: object, kind: type[_T]) -> _T:
    if not isinstance(data, bytes):
        raise CacheError("a row without its content")
    check, packed = data[:_CHECK_BYTES], data[_CHECK_BYTES:]
    if hashlib.sha256(packed).digest()[:_CHECK_BYTES] != check:
        raise CacheError("a row whose checksum is wrong")
    try:
        return msgspec.msgpack.decode(packed, type=kind)
    except (msgspec.DecodeError, RecursionError) as error:
        raise CacheError(str(error)) from error
