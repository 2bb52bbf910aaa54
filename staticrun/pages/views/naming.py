"""Names from strangers in the room that a table or a sentence has: short, visible, never empty."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from staticrun import layout
from staticrun.pages import format as fmt
from staticrun.pages.text import visible

if TYPE_CHECKING:
    from staticrun.store.run import Run

NAME = 40
# Letters and signs that print nothing: Hangul fillers and the empty Braille pattern.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def shown(text: str, most: int = NAME, empty: str = "''") -> str:
    """Make a text fit: on one line, every character visible, cut in its middle.

    Args:
        text: Anything.
        most: Characters.
        empty: What stands for a text that shows nothing.
    """
    line = visible(re.sub(r"\s+", " ", text)).strip()
    if all(_is_blank(character) for character in line):
        return empty
    return fmt.short(line, most)


def run_name(run: Run, most: int = NAME) -> str:
    """Name a run; one whose name shows nothing has the name of its folder."""
    folder = layout.split_key(run.key)[1]
    return shown(run.name, most, shown(folder, most))


def last_part(name: str) -> str:
    """Give the last part of a dotted param, without the quotes of a key that holds a dot.

    >>> last_part("optim.lr"), last_part('block."a.b"')
    ('lr', 'a.b')
    """
    if name.endswith('"') and len(name) > 1:
        inner = name[:-1]
        begin = inner.rfind('."') + 2 if '."' in inner else 1 if inner.startswith('"') else 0
        return inner[begin:] or name
    return name.rpartition(".")[2] or name


def _is_blank(character: str) -> bool:
    return character in _BLANK or unicodedata.category(character)[0] in "ZCM"
