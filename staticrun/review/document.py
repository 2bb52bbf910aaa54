"""A comment as blocks, spelled as Markdown or HTML, and never longer than a code host takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from staticrun.pages.format import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

# The first line, by which whoever posts the comment finds the one to update.
MARK = "<!-- staticrun-report -->"
# GitHub takes 65,536 characters.
CHARACTERS_MAX = 60_000
# Room for the sentence that says what was left out.
_LAST = 600

Style = Literal["markdown", "html"]


class Heading(msgspec.Struct, frozen=True):
    """A heading; `words` is escaped already, as in all blocks."""

    words: str
    level: int = 3


class Paragraph(msgspec.Struct, frozen=True):
    """A paragraph."""

    words: str


class Table(msgspec.Struct, frozen=True):
    """A table.

    Attributes:
        about: What it lists, in plain words of ours: for the sentence on what was left out.
        head: Its columns; a name that begins with `#` is one of numbers.
        rows: Its cells.
    """

    about: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Paragraph | Table


def spell(blocks: Sequence[Block], style: Style, limit: int = CHARACTERS_MAX) -> str:
    """Spell a comment.

    Args:
        blocks: What it says, the most important first.
        style: Markdown, or a part of an HTML page.
        limit: How many characters it may have.

    Returns:
        Text that begins with `MARK`. What does not fit is cut between rows, and a sentence at the
        end says what was left out.
    """
    parts = [MARK]
    room = limit - len(MARK) - _LAST
    left: dict[str, int] = {}
    for block in blocks:
        text = _spell(block, style)
        if isinstance(block, Table) and (left or len(text) > room):
            fits = 0 if left else _fitting(block, style, room)
            left[block.about] = left.get(block.about, 0) + len(block.rows) - fits
            text = _spell(Table(block.about, block.head, block.rows[:fits]), style) if fits else ""
        elif left or len(text) > room:
            left.setdefault("words", 0)
            continue
        if text:
            parts.append(text)
            room -= len(text) + 2
    if left:
        named = [f"{plural(count, 'row')} of {about}" for about, count in left.items() if count]
        more = f" and {len(named) - 5} more tables" if len(named) > 5 else ""
        words = (
            f"Left out, for want of room: {', '.join(named[:5]) or 'some words'}{more}. "
            "All of it: staticrun report &#45;&#45;format json."
        )
        parts.append(_spell(Paragraph(words), style))
    return "\n\n".join(parts) + "\n"


def _fitting(table: Table, style: Style, room: int) -> int:
    """Count the rows that fit."""
    used = len(_spell(Table(table.about, table.head, ()), style))
    for number, row in enumerate(table.rows):
        used += len(_row(row, table.head, style)) + 1
        if used > room:
            return number
    return len(table.rows)


def _spell(block: Block, style: Style) -> str:
    markdown = style == "markdown"
    if isinstance(block, Heading):
        hashes, level = "#" * block.level, block.level
        return f"{hashes} {block.words}" if markdown else f"<h{level}>{block.words}</h{level}>"
    if isinstance(block, Paragraph):
        return block.words if markdown else f"<p>{block.words}</p>"
    rows = [_row(row, block.head, style) for row in block.rows]
    heads = tuple(name.removeprefix("#") for name in block.head)
    if markdown:
        rules = ("---:" if name.startswith("#") else "---" for name in block.head)
        return "\n".join([f"| {' | '.join(heads)} |", f"| {' | '.join(rules)} |", *rows])
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    body = "\n".join(rows)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def _row(cells: tuple[str, ...], head: tuple[str, ...], style: Style) -> str:
    if style == "markdown":
        return f"| {' | '.join(cells)} |"
    pairs = zip(cells, head, strict=True)
    return f"<tr>{''.join(_cell(cell, name) for cell, name in pairs)}</tr>"


def _cell(cell: str, name: str) -> str:
    return f'<td align="right">{cell}</td>' if name.startswith("#") else f"<td>{cell}</td>"
