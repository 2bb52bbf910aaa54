"""The text of a filter: what is wrong with it and where, and the pieces that it is made of."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from staticrun.errors import UserError


class FilterError(UserError):
    """A text is no filter.

    Args:
        text: The filter.
        column: Where the problem begins, from 1.
        what: As in `Finding`.
        expected: As in `Finding`.
        try_: As in `Finding`.
    """

    def __init__(
        self, text: str, column: int, what: str, expected: str = "", try_: str = ""
    ) -> None:
        super().__init__(f"filter, column {column}", what, expected, try_)
        self.text = text
        self.column = column
        first, *rest = str(self.finding).split("\n", 1)
        self.args = ("\n".join([first, *_marked(text, column), *rest]),)

    def __reduce__(self) -> tuple[type[FilterError], tuple[str, int, str, str, str]]:  # type: ignore[override]
        """Pickle by the arguments."""
        finding = self.finding
        parts = (self.text, self.column, finding.what, finding.expected, finding.try_)
        return type(self), parts


def _marked(text: str, column: int) -> list[str]:
    """Give the part of the text around a column, and a caret below that column."""
    start = max(0, column - 60)
    shown = "".join(char if char.isprintable() else " " for char in text[start : start + 90])
    before = shown[: column - 1 - start]
    width = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in before)
    width -= sum(1 for char in before if unicodedata.combining(char))
    dots = "…" if start else ""
    more = "…" if len(text) > start + 90 else ""
    return [f"  {dots}{shown}{more}", f"  {' ' * (len(dots) + width)}^"]


class Token(NamedTuple):
    """A piece of the text.

    Attributes:
        kind: `word` (a name, keyword or unquoted value), `single`, `double` and `backtick` (by
            their quotes), `operator`, `mark` (a parenthesis or comma), `end`.
        text: Without quotes.
        start: Index of its first character.
        end: Index after its last one.
    """

    kind: str
    text: str
    start: int
    end: int

    @property
    def lower(self) -> str:
        """The text of a word in lower case; empty for all others."""
        return self.text.lower() if self.kind == "word" else ""


_QUOTES = {"'": "single", '"': "double", "`": "backtick"}
_SIGNS = "=<>!~"
_MARKS = "(),"


def tokens(text: str) -> list[Token]:
    """Cut a filter into tokens; the last one is its end.

    Raises:
        FilterError: When a quote is never closed.
    """
    found: list[Token] = []
    index = 0
    while index < len(text):
        char, start = text[index], index
        if char.isspace():
            index += 1
            continue
        if char in _QUOTES:
            content, index = _quoted(text, start)
            found.append(Token(_QUOTES[char], content, start, index))
            continue
        if char in _MARKS:
            kind, index = "mark", index + 1
        elif char in _SIGNS:
            kind = "operator"
            while index < len(text) and text[index] in _SIGNS:
                index += 1
        else:
            kind = "word"
            while index < len(text) and not _ends_word(text[index]):
                index += 1
        found.append(Token(kind, text[start:index], start, index))
    return [*found, Token("end", "", len(text), len(text))]


def _ends_word(char: str) -> bool:
    return char.isspace() or char in _QUOTES or char in _SIGNS or char in _MARKS


def _quoted(text: str, start: int) -> tuple[str, int]:
    """Read from a quote to the one that closes it; two in a row are one character."""
    quote, parts, index = text[start], "", start + 1
    while True:
        end = text.find(quote, index)
        if end < 0:
            raise FilterError(text, start + 1, f"the quote {quote} is never closed")
        parts += text[index:end]
        if text[end + 1 : end + 2] != quote:
            return parts, end + 1
        parts, index = parts + quote, end + 2
