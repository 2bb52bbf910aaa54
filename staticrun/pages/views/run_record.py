"""What stands in the record beside numbers: notes, lines of log, findings, the raw lines."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from markupsafe import Markup

from staticrun.pages import excerpts, markdown
from staticrun.pages import format as fmt
from staticrun.pages.render import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from staticrun.pages.context import Context
    from staticrun.store.entries import LogEntry
    from staticrun.store.run import Run

NOTES_MAX = 50
FINDINGS_MAX = 30
LINES_SHOWN = 12
ALERTS_MAX = 40
FILES_MAX = 40
PACKAGES_MAX = 2_000
TEXT_MAX = 800
LARGE_MAX = 160


class Note(msgspec.Struct, frozen=True):
    """A note of a person.

    Attributes:
        text: Rendered.
        about: When it was written, and whether later; or empty.
    """

    text: Markup
    about: str


class LogLine(msgspec.Struct, frozen=True):
    """A line that the training wrote.

    Attributes:
        time: To the second, or empty.
        level: In words.
        mark: Class of the mark for a level that somebody should see; empty for others.
        text: One line.
    """

    time: str
    level: str
    mark: str
    text: str


class Log(msgspec.Struct, frozen=True):
    """Lines of text, and alerts.

    Attributes:
        alerts: All of them, up to a bound.
        alerts_left_out: How many more; empty for none.
        head: The first lines.
        left_out: How many are between; empty for none.
        tail: The last lines.
    """

    alerts: tuple[LogLine, ...]
    alerts_left_out: str
    head: tuple[LogLine, ...]
    left_out: str
    tail: tuple[LogLine, ...]


class Failure(msgspec.Struct, frozen=True):
    """Why a run failed or was stopped.

    Attributes:
        kind: Name of the exception or signal.
        message: What it said, its beginning and end; may be empty.
        is_long: Whether the message is too long to be set large.
        traceback: Its lines; None without any.
    """

    kind: str
    message: str
    is_long: bool
    traceback: excerpts.Excerpt | None


class Remark(msgspec.Struct, frozen=True):
    """Something that is wrong with the record, or that a reader should know.

    Attributes:
        level: `error`, `warning` or `note`.
        where: File and line.
        what: A sentence.
    """

    level: str
    where: str
    what: str


class RecordFile(msgspec.Struct, frozen=True):
    """A record file.

    Attributes:
        name: Its name.
        size: With its unit.
        url: The whole of it as text; empty where it did not enter the site.
        left_out: Why it did not.
        lines: The first and last.
    """

    name: str
    size: str
    url: str
    left_out: str
    lines: excerpts.Excerpt | None


class Record(msgspec.Struct, frozen=True):
    """The record itself.

    Attributes:
        sentences: What a reader should know of it.
        remarks: Findings.
        remarks_left_out: How many more; empty for none.
        files: Record files.
        packages: Package and version.
        packages_words: How many.
        digest: Over all record files.
    """

    sentences: tuple[str, ...]
    remarks: tuple[Remark, ...]
    remarks_left_out: str
    files: tuple[RecordFile, ...]
    packages: tuple[tuple[str, str], ...]
    packages_words: str
    digest: str


def notes(run: Run, picture: Callable[[str], str | None]) -> tuple[Note, ...]:
    """Render a run's notes; pictures are those of the run."""

    def place(path: str) -> str | None:
        url = picture(path)
        return ROOT + url if url else None

    found = []
    for note in run.notes[:NOTES_MAX]:
        words = [fmt.date(note.time)] if note.time is not None else []
        words += ["added after the run"] if note.edited else []
        found.append(Note(markdown.render(note.text, image=place), ", ".join(words)))
    if len(run.notes) > NOTES_MAX:
        more = fmt.plural(len(run.notes) - NOTES_MAX, "more note")
        found.append(Note(Markup("<p>{} in the record.</p>").format(more), ""))
    return tuple(found)


def failure(run: Run) -> Failure | None:
    """Say why a run failed or was stopped, where the record does."""
    error = run.end.error if run.end else None
    if error is None:
        return None
    traceback = None
    if error.traceback:
        traceback = excerpts.of_text(error.traceback.encode(), first=30, last=30)
    message = fmt.short(error.message, TEXT_MAX)
    return Failure(fmt.short(error.type, 200), message, len(message) > LARGE_MAX, traceback)


def log(run: Run) -> Log | None:
    """Set lines of log and alerts; None without any."""
    lines, alerts = run.logs, run.alerts
    if not lines and not alerts:
        return None
    head, tail, left_out = lines, [], ""
    if len(lines) > 2 * LINES_SHOWN + 1:
        head, tail = lines[:LINES_SHOWN], lines[-LINES_SHOWN:]
        left_out = f"{fmt.plural(len(lines) - 2 * LINES_SHOWN, 'line')} not shown"
    more = len(alerts) - ALERTS_MAX
    return Log(
        _log_lines(alerts[:ALERTS_MAX]),
        fmt.plural(more, "more alert") if more > 0 else "",
        _log_lines(head),
        left_out,
        _log_lines(tail),
    )


def record(run: Run, context: Context) -> Record:
    """Set what is known of the record itself."""
    errors_first = sorted(
        run.findings, key=lambda one: ("error", "warning", "note").index(one.level)
    )
    remarks = tuple(
        Remark(one.level, fmt.short(one.where, 200), _sentence(one.what, one.expected))
        for one in errors_first[:FINDINGS_MAX]
    )
    more = len(run.findings) - FINDINGS_MAX
    packages = (run.start.packages if run.start else None) or {}
    items = sorted(packages.items())[:PACKAGES_MAX]
    return Record(
        tuple(_sentences(run)),
        remarks,
        fmt.plural(more, "more finding") if more > 0 else "",
        tuple(_file(path, context) for path in run.files[:FILES_MAX]),
        tuple((fmt.short(name, 100), fmt.short(version, 60)) for name, version in items),
        fmt.plural(len(packages), "package"),
        run.digest,
    )


def _log_lines(lines: Sequence[LogEntry]) -> tuple[LogLine, ...]:
    marks = {"warning": "ne", "error": "fail", "critical": "fail"}
    return tuple(
        LogLine(
            fmt.clock(line.time) if line.time is not None else "",
            line.level,
            marks.get(line.level, ""),
            excerpts.shown_line(" ".join(line.text.split("\n"))),
        )
        for line in lines
    )


def _sentence(what: str, expected: str) -> str:
    words = f"{what}, expected {expected}" if expected else what
    return fmt.short(words[:1].upper() + words[1:], 600)


def _sentences(run: Run) -> list[str]:
    found = []
    if run.superseded:
        points = fmt.plural(run.superseded, "point")
        stand = "is" if run.superseded == 1 else "are"
        found.append(
            f"{points} {stand} superseded: a resume went back to their step or before it. "
            "They are drawn dotted and count in no statistic."
        )
    if run.bad_lines:
        lines = fmt.plural(run.bad_lines, "line")
        found.append(f"{lines} of the record could not be read; the rest counts.")
    if run.unknown:
        names = [f"{name} ({fmt.count(n)})" for name, n in run.unknown.items()]
        found.append(f"Not known to this version, and kept: {fmt.listed(names, most=8)}.")
    return found


class _Opened(NamedTuple):
    data: bytes
    whole: bool


def _file(path: Path, context: Context) -> RecordFile:
    size_max, rules = context.config.artifacts.max, context.rules
    name, url, left_out = fmt.short(path.name, 120), "", ""
    lines = None
    size = 0
    try:
        size = path.stat().st_size
        if path.suffix == ".gz":
            opened = _inflate(path, size_max)
            opened = opened._replace(data=rules.lines(opened.data))
            lines = excerpts.of_text(opened.data, first=20, last=20)
        elif size <= size_max:
            opened = _Opened(rules.lines(path.read_bytes()), whole=True)
            lines = excerpts.of_text(opened.data, first=20, last=20)
        else:
            opened = _Opened(b"", whole=False)
            lines = excerpts.read_text(path, rules.lines, first=20, last=20)
        if opened.whole:
            url = context.objects.put(opened.data, "txt")
        else:
            left_out = f"larger than {fmt.size(size_max)}: not on the site"
    except OSError as error:
        left_out = f"cannot be read ({(error.strerror or str(error)).lower()})"
    return RecordFile(name, fmt.size(size), url, left_out, lines)


def _inflate(path: Path, size_max: int) -> _Opened:
    """Unpack a packed record file, as far as it may be shown."""
    unpacker = zlib.decompressobj(wbits=31)
    out = bytearray()
    with path.open("rb") as stream:
        try:
            while (block := stream.read(1 << 16)) and len(out) <= size_max:
                while block and len(out) <= size_max:
                    out += unpacker.decompress(block, size_max + 1 - len(out))
                    block = unpacker.unconsumed_tail or unpacker.unused_data
                    if unpacker.eof and block:
                        unpacker = zlib.decompressobj(wbits=31)
        except zlib.error:
            return _Opened(bytes(out[:size_max]), whole=False)
    return _Opened(bytes(out[:size_max]), whole=len(out) <= size_max and unpacker.eof)
