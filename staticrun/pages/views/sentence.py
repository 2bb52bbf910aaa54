"""Generated sentences, as parts that a template can set: words, some strong, some a link.

A sentence is made of facts alone; `plain` gives it whole, as a test or a feed reads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from staticrun import layout

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class Words(msgspec.Struct, frozen=True):
    """A part of a sentence.

    Attributes:
        text: The words, with the spaces around them.
        strong: Whether they carry the answer.
        url: Where they lead, relative to the site's root; empty for plain words.
        run: The key of the run that they lead to; empty otherwise.
    """

    text: str
    strong: bool = False
    url: str = ""
    run: str = ""


Sentence = tuple[Words, ...]


def sentence(*parts: str | Words | Iterable[Words]) -> Sentence:
    """Join parts; neighbouring plain texts become one."""
    words: list[Words] = []
    for part in parts:
        items = [part] if isinstance(part, Words) else part
        for item in [Words(items)] if isinstance(items, str) else items:
            plain_item = not (item.strong or item.url)
            if words and plain_item and not (words[-1].strong or words[-1].url):
                words[-1] = Words(words[-1].text + item.text)
            elif item.text:
                words.append(item)
    return tuple(words)


def plain(words: Iterable[Words]) -> str:
    """Give a sentence as text."""
    return "".join(item.text for item in words)


def run_words(key: str, text: str) -> Words:
    """Give a run's name as a link to its page."""
    return Words(text, url=layout.run_url(key), run=key)


def count(number: int, noun: str, plural: str = "") -> str:
    """Spell a count with its noun.

    >>> count(1, "run"), count(1200, "run"), count(0, "run"), count(2, "series", "series")
    ('1 run', '1,200 runs', 'no runs', '2 series')
    """
    if number == 0:
        return f"no {plural or noun + 's'}"
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def small(number: int) -> str:
    """Spell a number up to ten as a word.

    >>> small(3), small(12)
    ('three', '12')
    """
    return _SMALL[number] if 0 <= number < len(_SMALL) else f"{number:,}"


def capital(text: str) -> str:
    """Begin a sentence: the first letter in upper case, the rest as it is."""
    return text[:1].upper() + text[1:]


def listing(items: Sequence[str], word: str = "and") -> str:
    """Join words as English does.

    >>> listing(["a", "b", "c"]), listing(["a"])
    ('a, b and c', 'a')
    """
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {word} {items[-1]}"


def joined(parts: Sequence[Sentence], word: str = "and") -> Sentence:
    """Join parts of a sentence as `listing` does."""
    out: list[Words] = []
    for number, part in enumerate(parts):
        if number:
            out.append(Words(f" {word} " if number == len(parts) - 1 else ", "))
        out.extend(part)
    return sentence(out)
