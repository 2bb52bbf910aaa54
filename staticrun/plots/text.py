"""Text in figures: made visible, measured by counting, shortened in the middle.

Widths are estimates for the page's narrow sans at a size in px: figures are laid out without a
font, since the page's own fonts set the text.
"""

from __future__ import annotations

import unicodedata

# Shares of the font's size, rounded up from Archivo at 92 % width, so that labels never run over.
_NARROW = frozenset("iljtfrI.,:;'|!()[]{}/\\ ")
_WIDE = frozenset("mwMW@%—…")
_SHARE_NARROW, _SHARE_PLAIN, _SHARE_CAPITAL, _SHARE_WIDE, _SHARE_FULL = 0.33, 0.56, 0.66, 0.88, 1.1
_JOINER = "\N{ZERO WIDTH JOINER}"
MINUS = "\N{MINUS SIGN}"


def visible(text: str) -> str:
    r"""Replace what no XML may hold or no eye may see: control characters, lone halves, overrides.

    >>> visible("a\x00b\nc")
    'a␀b c'
    """
    return "".join(map(_visible, text))


def _visible(character: str) -> str:
    code = ord(character)
    if code >= 0x20 and code < 0x7F:
        return character
    if character.isspace():
        return " "
    if code < 0x20:
        return chr(0x2400 + code)
    # Noncharacters, lone surrogates and marks that reverse or hide the text around them.
    if code & 0xFFFE == 0xFFFE or unicodedata.category(character) in {"Cc", "Cs"}:
        return "\N{REPLACEMENT CHARACTER}"
    if unicodedata.bidirectional(character) in _OVERRIDES:
        return "\N{REPLACEMENT CHARACTER}"
    return character


_OVERRIDES = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def width(text: str, size: float) -> float:
    """Estimate how wide a text is, in px, at a font size in px: rather too much."""
    return size * sum(map(_share, text))


def _share(character: str) -> float:
    if character in _NARROW:
        return _SHARE_NARROW
    if character in _WIDE:
        return _SHARE_WIDE
    if unicodedata.combining(character) or character == _JOINER:
        return 0.0
    if unicodedata.east_asian_width(character) in {"W", "F"} or ord(character) > 0xFFFF:
        return _SHARE_FULL
    return _SHARE_CAPITAL if character.isupper() else _SHARE_PLAIN


def shorten(text: str, limit: float, size: float) -> str:
    """Cut a text in its middle so that it fits, keeping both ends: names differ at their ends.

    Args:
        text: Visible text.
        limit: Room in px.
        size: Font size in px.
    """
    # A text this long is cut anyway: measuring 5,000 characters again and again is not needed.
    if len(text) > 400:
        text = f"{text[:200]}…{text[-200:]}"
    if width(text, size) <= limit:
        return text
    room = limit - width("…", size)
    head, tail, used = 0, len(text), 0.0
    while head < tail:
        at_head = head <= len(text) - tail
        place = head if at_head else tail - 1
        used += _share(text[place]) * size
        if used > room:
            break
        head, tail = (head + 1, tail) if at_head else (head, tail - 1)
    # A mark or a joiner is not parted from what it belongs to.
    while tail < len(text) and _share(text[tail]) == 0:
        tail += 1
    while head > 0 and text[head - 1] == _JOINER:
        head -= 1
    return f"{text[:head].rstrip()}…{text[tail:].lstrip()}"


def number(value: float) -> str:
    """Write a number for a sentence: 4 significant digits, a real minus sign before it.

    >>> number(0.98765), number(0.5), number(12.0), number(2e-7)
    ('0.9877', '0.5', '12', '2e-7')
    """
    mantissa, _, exponent = f"{value:.4g}".partition("e")
    return mantissa.replace("-", MINUS) + (f"e{int(exponent)}" if exponent else "")
