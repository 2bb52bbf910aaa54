r"""What a program wrote to a terminal, as the terminal would leave it: colours, last states.

Of escape sequences only `ESC [ … m` is followed; all others are taken out. Colours of 256 and
true colours become the nearest of the 16, which a theme sets with enough contrast.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

_ANSI = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?"
    r"|[PX^_][^\x1b]*(?:\x1b\\)?|[ -/]*[0-~])"
)
_STYLE = re.compile(r"\x1b\[([0-9;:]*)m")
# As xterm draws them; the nearest is looked for among these.
_PALETTE = (
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0),
    (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
    (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0),
    (92, 92, 255), (255, 0, 255), (0, 255, 255), (255, 255, 255),
)  # fmt: skip
_SIMPLE: dict[int, dict[str, Any]] = {
    1: {"bold": True}, 2: {"dim": True}, 4: {"under": True}, 7: {"inverse": True},
    21: {"under": True}, 22: {"bold": False, "dim": False}, 24: {"under": False},
    27: {"inverse": False}, 39: {"ink": None}, 49: {"behind": None},
}  # fmt: skip
# 30 to 37 and so on.
_COLOURS = {3: ("ink", 0), 4: ("behind", 0), 9: ("ink", 8), 10: ("behind", 8)}
_CUBE = (0, 95, 135, 175, 215, 255)
_WHITE = 7
# Of a longer line the beginning is read, or the end where it was written over.
_LINE_MAX = 1 << 16
# A number of more digits is none that a terminal knows.
_CODE_DIGITS = 4


class Span(msgspec.Struct, frozen=True):
    """A part of a line in one style.

    Attributes:
        text: As it was written.
        style: Class names: `f0` to `f15` for the ink, `k0` to `k15` for what is behind it,
            `bold`, `dim`, `under`, `inverse`; empty for plain text.
    """

    text: str
    style: str


# A line without any style is its text.
Line = str | tuple[Span, ...]


class Style(NamedTuple):
    """How a terminal writes at the moment; colours are 0 to 15, None for its own."""

    ink: int | None = None
    behind: int | None = None
    bold: bool = False
    dim: bool = False
    under: bool = False
    inverse: bool = False

    def classes(self) -> str:
        """Give the class names of the style; inverse colours are exchanged here."""
        ink, behind = self.ink, self.behind
        inverse = self.inverse and ink is None and behind is None
        if self.inverse and not inverse:
            ink, behind = behind, _WHITE if ink is None else ink
        names = [f"f{ink}"] if ink is not None else []
        names += [f"k{behind}"] if behind is not None else []
        flags = {"bold": self.bold, "dim": self.dim, "under": self.under, "inverse": inverse}
        return " ".join([*names, *(name for name, on in flags.items() if on)])


PLAIN = Style()


def read_line(line: str, style: Style, most: int) -> tuple[Line, Style]:
    r"""Read a line as a terminal leaves it: `\r` goes back, and what is written then counts.

    Args:
        line: Without its end.
        style: As the line before left it.
        most: How many characters are kept; `…` stands for the rest.

    Returns:
        The line, and the style that it leaves.

    >>> read_line("10%\r\x1b[32m100%\x1b[0m", PLAIN, 80)[0]
    (Span(text='100%', style='f2'),)
    """
    if len(line) > _LINE_MAX:
        line = line[-_LINE_MAX:] if "\r" in line else line[:_LINE_MAX]
    shown: list[Span] = []
    state: list[Span] = []
    room = most + 1
    for text, now in _pieces(line, style):
        style = now
        first, *overwriting = text.split("\r")
        for place, part in enumerate((first, *overwriting)):
            if place:
                shown = state if _has_text(state) else shown
                state, room = [], most + 1
            if kept := part[:room]:
                state.append(Span(kept, now.classes()))
                room -= len(kept)
    return _cut(state if _has_text(state) else shown, most), style


def text_of(line: Line) -> str:
    """Give a line's text."""
    return line if isinstance(line, str) else "".join(span.text for span in line)


def without_ansi(text: str) -> str:
    r"""Take the escape sequences of a terminal out of a text.

    >>> without_ansi("\x1b[1;31mred\x1b[0m")
    'red'
    """
    return _ANSI.sub("", text) if "\x1b" in text else text


def _pieces(line: str, style: Style) -> Iterator[tuple[str, Style]]:
    """Give the texts between the escape sequences, each with its style."""
    at = 0
    for match in _ANSI.finditer(line):
        yield line[at : match.start()], style
        at = match.end()
        if codes := _STYLE.fullmatch(match[0]):
            style = _styled(style, codes[1])
    yield line[at:], style


def _has_text(spans: list[Span]) -> bool:
    return any(not span.text.isspace() for span in spans)


def _cut(spans: list[Span], most: int) -> Line:
    """Join neighbours of one style, leave blanks at the end out, and shorten."""
    total = len("".join(span.text for span in spans).rstrip())
    room = total if total <= most else most - 1
    found: list[Span] = []
    for span in spans:
        text = span.text[:room]
        room -= len(text)
        if found and found[-1].style == span.style:
            found[-1] = Span(found[-1].text + text, span.style)
        elif text:
            found.append(Span(text, span.style))
    if total > most:
        found.append(Span("…", ""))
    if any(span.style for span in found):
        return tuple(found)
    return "".join(span.text for span in found)


def _styled(style: Style, codes: str) -> Style:
    """Follow the numbers of `ESC [ … m`; unknown ones change nothing."""
    fields = iter(codes.split(";"))
    for field in fields:
        code, *inside = field.split(":")
        number = _number(code)
        if number in (38, 48):
            # Between colons a colour space may stand before the three.
            numbers = iter([one for one in inside if one]) if inside else fields
            colour = _colour(numbers, parts=4 if inside else 3)
            if colour is not None and number == 38:
                style = style._replace(ink=colour)
            elif colour is not None:
                style = style._replace(behind=colour)
        else:
            style = _simple(style, 24 if number == 4 and inside[:1] == ["0"] else number)
    return style


def _simple(style: Style, code: int) -> Style:
    if code == 0:
        return PLAIN
    tens, colour = divmod(code, 10)
    changes: dict[str, Any] = _SIMPLE.get(code, {})
    if tens in _COLOURS and colour < 8:
        name, bright = _COLOURS[tens]
        changes = {name: colour + bright}
    return style._replace(**changes)


def _colour(numbers: Iterator[str], parts: int) -> int | None:
    """Read `5;N` or `2;R;G;B`, and find the nearest of the 16."""
    kind = _number(next(numbers, ""))
    if kind == 5:
        code = _number(next(numbers, ""))
        if not 0 <= code < 256:
            return None
        if code < 16:
            return code
        if code >= 232:
            return _nearest(*[8 + 10 * (code - 232)] * 3)
        code -= 16
        return _nearest(_CUBE[code // 36], _CUBE[code // 6 % 6], _CUBE[code % 6])
    if kind == 2:
        found = [_number(part) for _, part in zip(range(parts), numbers, strict=False)]
        return _nearest(*found[-3:]) if len(found) >= 3 else None
    return None


def _nearest(*colour: int) -> int:
    def distance(known: int) -> int:
        return sum((a - b) ** 2 for a, b in zip(colour, _PALETTE[known], strict=True))

    return min(range(16), key=distance)


def _number(text: str) -> int:
    """Read a number; nothing is 0, and what no terminal knows is -1."""
    return int(text or "0") if len(text) < _CODE_DIGITS else -1
