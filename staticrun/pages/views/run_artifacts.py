"""A run's artifacts: the table of all, and what can be shown of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec
from markupsafe import Markup

from staticrun import files
from staticrun.pages import excerpts, previews, score_curves
from staticrun.pages import format as fmt
from staticrun.pages.difference import Difference
from staticrun.pages.views.run_facts import DIGEST_DIGITS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from staticrun.pages.context import Context
    from staticrun.pages.previews import Found, Shown
    from staticrun.store.entries import ArtifactEntry
    from staticrun.store.run import Run

ROWS_SHOWN = 40
ROWS_MAX = 1_000
# How many of each kind are opened on the page; the table has all.
SHOWN_MAX = {"image": 48, "drawing": 12, "table": 6, "text": 6, "diff": 4, "audio": 12, "video": 6}
STEPS_SHOWN = 8
# Fewer pictures are seen better all at once than one by one.
SLID_FROM = 4
PATH_LENGTH = 200
# Widths of pictures, in pixels.
TINY = 128
WIDE = 320
_MARKS = {
    "verified": "ok",
    "present": "half",
    "absent": "none",
    "changed": "fail",
    "refused": "fail",
    "elsewhere": "none",
    "unread": "ne",
}


class ArtifactRow(msgspec.Struct, frozen=True):
    """A line of the table.

    Attributes:
        path: Path or address.
        url: The object that holds its bytes; empty where they are not on the site.
        kind: As recorded.
        step: Its step, or empty.
        size: With its unit, or empty.
        digest: First digits.
        digest_whole: All of them.
        mark: Class of the mark before the state.
        state: In words.
        note: Why it is not on the site, and where it is; or empty.
    """

    path: str
    url: str
    kind: str
    step: str
    size: str
    digest: str
    digest_whole: str
    mark: str
    state: str
    note: str


class Plate(msgspec.Struct, frozen=True):
    """A picture.

    Attributes:
        url: The object.
        width: In pixels; empty where unknown.
        height: The same.
        alt: What it shows, as far as the record says.
        caption: Below it.
        strong: The caption's beginning: the step, or the name.
    """

    url: str
    width: str
    height: str
    alt: str
    caption: str
    strong: str


class PlateRow(msgspec.Struct, frozen=True):
    """Pictures that belong together.

    Attributes:
        name: Their key; empty for those that stand alone.
        plates: The first ones, or some of all steps.
        folded: The others.
        folded_words: How many those are.
        size: `tiny` for pictures of so few pixels that each is seen, `wide` for those that need
            room, else empty.
        over_steps: Whether each stands at a step of its own, and they are more than a row.
    """

    name: str
    plates: tuple[Plate, ...]
    folded: tuple[Plate, ...]
    folded_words: str
    size: str
    over_steps: bool


class Opened(msgspec.Struct, frozen=True):
    """A table, text, difference or recording that the page opens.

    Attributes:
        kind: Which of them.
        name: Path below `artifacts/`, or caption.
        about: Its caption, or empty.
        url: The whole of it; empty where it is not on the site.
        table: For a table.
        text: For a text.
        difference: For a difference.
        drawing: For curves.
    """

    kind: str
    name: str
    about: str
    url: str
    table: excerpts.Table | None = None
    text: excerpts.Excerpt | None = None
    difference: Difference | None = None
    drawing: Markup | None = None


class Artifacts(msgspec.Struct, frozen=True):
    """All that a page holds of artifacts.

    Attributes:
        count: How many files and folders, in words.
        states: How many are verified, absent, …; one clause each.
        rows: The table's first rows.
        folded: The others.
        folded_words: How many those are.
        left_out: How many more there are.
        steps: Whether any has a step: the column is shown.
        plates: Pictures.
        opened: Tables, texts and recordings.
        consoles: What the run printed.
        changes: Differences of code.
        hidden: Kinds of which there are more than the page opens.
        objects: Recorded path → object, for those that are in the site.
    """

    count: str
    states: tuple[str, ...]
    rows: tuple[ArtifactRow, ...]
    folded: tuple[ArtifactRow, ...]
    folded_words: str
    left_out: str
    steps: bool
    plates: tuple[PlateRow, ...]
    opened: tuple[Opened, ...]
    consoles: tuple[Opened, ...]
    changes: tuple[Opened, ...]
    hidden: str
    objects: dict[str, str]


class _Looked(NamedTuple):
    entry: ArtifactEntry
    found: Found
    shown: Shown


def artifacts(run: Run, context: Context) -> tuple[Artifacts | None, Callable[[str], str | None]]:
    """Look at all artifacts of a run.

    Returns:
        What the page holds of them, None where there is none; and a function that gives the
        object of a picture by its path, for the run's notes.
    """
    looked = list(_look(run, context))
    pictures = {_path(one.entry): one.shown.url for one in looked if one.shown.kind == "image"}
    if not looked:
        return None, pictures.get
    place = _place(run, context)
    rows = [_row(one, place) for one in looked]
    first = ROWS_SHOWN if len(rows) > ROWS_SHOWN + 3 else len(rows)
    opened, hidden = _open(looked)
    consoles = tuple(o for o, kind in opened if kind == "console")
    changes = tuple(o for o, _ in opened if o.kind == "diff")
    others = tuple(o for o, kind in opened if o.kind != "diff" and kind != "console")
    missing = len(_latest(run)) - len(rows)
    return Artifacts(
        fmt.plural(len(looked) + missing, "artifact"),
        _states(looked),
        tuple(rows[:first]),
        tuple(rows[first:]),
        fmt.plural(len(rows) - first, "more artifact"),
        fmt.plural(missing, "more artifact") if missing else "",
        any(row.step for row in rows),
        _plates(looked),
        others,
        consoles,
        changes,
        hidden,
        {_path(one.entry): one.shown.url for one in looked if one.shown.url},
    ), pictures.get


def _latest(run: Run) -> list[ArtifactEntry]:
    """Of records with one path, the last holds: the file can only be what was logged last.

    With it hold those of the same bytes for another key or step, which are stored once.
    """
    last = {entry.path or entry.uri or entry.where: entry for entry in run.artifacts}
    found: dict[tuple[object, ...], ArtifactEntry] = {}
    for entry in run.artifacts:
        path = entry.path or entry.uri or entry.where
        digest = entry.sha256 or entry.tree
        if entry is last[path] or (digest and digest == (last[path].sha256 or last[path].tree)):
            found[path, entry.key, entry.step] = entry
    return list(found.values())


def listed(run: Run) -> list[ArtifactEntry]:
    """List the artifacts that a page looks at, in the order of its table."""
    entries = _latest(run)
    entries.sort(key=lambda e: (files.natural_order(_path(e)), e.step is not None, e.step or 0))
    return entries[:ROWS_MAX]


def _look(run: Run, context: Context) -> Iterable[_Looked]:
    size_max = context.config.artifacts.max
    for entry in listed(run):
        found = previews.find(run.folder, entry, context.store.file_digest)
        shown = previews.show(found, entry, context.objects, size_max, context.rules)
        yield _Looked(entry, found, shown)


def _place(run: Run, context: Context) -> str:
    folder, root = run.folder, context.config.root
    return folder.relative_to(root).as_posix() if folder.is_relative_to(root) else folder.name


def _path(entry: ArtifactEntry) -> str:
    return entry.path or entry.uri or ""


def _row(one: _Looked, place: str) -> ArtifactRow:
    entry, found, shown = one
    digest = found.digest if found.state != "changed" else entry.sha256 or entry.tree or ""
    note = ""
    if shown.left_out and entry.path:
        note = f"{shown.left_out}: not on the site, it is at {place}/{entry.path}"
    return ArtifactRow(
        fmt.short(_path(entry), PATH_LENGTH) or "no path",
        shown.url,
        fmt.short(entry.kind, 40),
        fmt.step(entry.step) if entry.step is not None else "",
        fmt.size(found.size) if found.size is not None else "",
        digest[:DIGEST_DIGITS],
        digest[:64],
        _MARKS[found.state],
        found.words,
        fmt.short(note, 2 * PATH_LENGTH),
    )


def _states(looked: list[_Looked]) -> tuple[str, ...]:
    words = {
        "verified": "as logged",
        "present": "without a digest",
        "absent": "not in this checkout",
        "changed": "changed since logged",
        "refused": "not read",
        "elsewhere": "kept elsewhere",
        "unread": "not checked",
    }
    counts = {state: sum(one.found.state == state for one in looked) for state in words}
    return tuple(f"{fmt.count(n)} {words[state]}" for state, n in counts.items() if n)


def _plates(looked: list[_Looked]) -> tuple[PlateRow, ...]:
    pictures = [one for one in looked if one.shown.kind == "image"]
    by_key: dict[str, list[_Looked]] = {}
    for one in pictures:
        by_key.setdefault(one.entry.key or "", []).append(one)
    series = {key: found for key, found in by_key.items() if key and len(found) > 1}
    alone = [one for key, found in by_key.items() if key not in series for one in found]
    most = SHOWN_MAX["image"]
    rows = [_plate_row("", alone, 12, most)] if alone else []
    for key, found in series.items():
        found.sort(key=lambda one: one.entry.step or 0)
        rows.append(_plate_row(key, found, STEPS_SHOWN, most))
    return tuple(rows)


def _plate_row(key: str, found: list[_Looked], first: int, most: int) -> PlateRow:
    plates = [_plate(one, key) for one in found]
    widest = max(int(plate.width or 0) for plate in plates)
    size = "wide" if widest >= WIDE else "tiny" if 0 < widest <= TINY else ""
    name = fmt.short(key, PATH_LENGTH)
    steps = {one.entry.step for one in found if one.entry.step is not None}
    over_steps = bool(key) and SLID_FROM <= len(steps) == len(found)
    if len(plates) <= first + 2:
        return PlateRow(name, tuple(plates), (), "", size, over_steps)
    # Of a series: the first, the last, and evenly between.
    last = len(plates) - 1
    picked = [round(i * last / (first - 1)) for i in range(first)] if key else list(range(first))
    shown = [plates[i] for i in picked]
    rest = [plate for i, plate in enumerate(plates) if i not in set(picked)]
    words = f"{fmt.plural(len(rest), 'more picture')}"
    if len(rest) > most:
        words += f", the first {most} of them here, all in the table of artifacts"
    return PlateRow(name, tuple(shown), tuple(rest[:most]), words, size, over_steps)


def _plate(one: _Looked, key: str) -> Plate:
    entry, _, shown = one
    name = fmt.short(_path(entry).removeprefix("artifacts/"), PATH_LENGTH)
    step = f"step {fmt.step(entry.step)}" if entry.step is not None else ""
    caption = fmt.short(entry.caption or "", 400)
    strong = step if key and step else name
    words = [caption] if caption else []
    if step and strong != step:
        words.insert(0, step)
    return Plate(
        shown.url, shown.width, shown.height, caption or f"{name} {step}".strip(),
        ", ".join(words), strong,
    )  # fmt: skip


def _open(looked: list[_Looked]) -> tuple[list[tuple[Opened, str]], str]:
    """Open the first of each kind; say of which kinds there are more."""
    opened = []
    counts: dict[str, int] = {}
    for entry, _, shown in looked:
        if shown.kind in ("none", "image", "pdf"):
            continue
        counts[shown.kind] = counts.get(shown.kind, 0) + 1
        if counts[shown.kind] > SHOWN_MAX[shown.kind]:
            continue
        name = fmt.short(_path(entry).removeprefix("artifacts/"), PATH_LENGTH)
        about = fmt.short(entry.caption or "", 400)
        if shown.kind == "drawing":
            what = score_curves.KINDS[entry.kind][2]
            about = f"{what}. {about}".rstrip()
        one = Opened(
            shown.kind, name, about, shown.url, shown.table, shown.text, shown.difference,
            shown.drawing,
        )  # fmt: skip
        opened.append((one, entry.kind))
    words = {
        "drawing": "drawing",
        "table": "table",
        "text": "text",
        "diff": "difference",
        "audio": "recording",
        "video": "film",
    }
    more = [
        fmt.plural(n - SHOWN_MAX[kind], f"more {words[kind]}")
        for kind, n in counts.items()
        if n > SHOWN_MAX[kind]
    ]
    return opened, fmt.listed(more)
