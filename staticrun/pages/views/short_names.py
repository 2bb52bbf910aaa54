"""Names that say nothing but params: `adam lr 0.01 seed 3`, beside columns that say the same."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import TYPE_CHECKING

from staticrun.analysis.groups import short_value
from staticrun.pages import format as fmt
from staticrun.pages.views.naming import last_part

if TYPE_CHECKING:
    from collections.abc import Mapping

_BETWEEN = re.compile(r"[\s,;:=·|()/_-]*")
# Longer names, and runs of more params, are not read: nobody repeats so much in a name.
_NAME_MAX = 200
_PARAMS_MAX = 60


def says_params_alone(name: str, params: Mapping[str, object]) -> bool:
    """Say whether a name is made of params and nothing else.

    A number counts with its param's name before it, a text or `true` also alone. Between them
    may stand spaces and signs that part words.

    >>> says_params_alone("adam lr 0.01", {"optimizer": "adam", "lr": 0.01, "width": 32})
    True
    >>> says_params_alone("adam again", {"optimizer": "adam"})
    False
    """
    if len(name) > _NAME_MAX or len(params) > _PARAMS_MAX:
        return False
    text = name.casefold()
    spelled = [
        (
            {param.casefold(), last_part(param).casefold()} - {""},
            {word.casefold() for word in _spellings(value)} - {""},
            isinstance(value, str | bool),
        )
        for param, value in params.items()
    ]
    start = _after(text, 0)
    # Every place that params lead to, since one may begin as another does.
    places, seen = [start], {start}
    while places:
        place = places.pop()
        for names, words, alone in spelled:
            heads = [place] if alone else []
            heads += [
                _after(text, place + len(one)) for one in names if text.startswith(one, place)
            ]
            for head in heads:
                for word in words:
                    end = head + len(word)
                    if not text.startswith(word, head) or _goes_on(text, end):
                        continue
                    if (after := _after(text, end)) == len(text):
                        return True
                    if after not in seen:
                        seen.add(after)
                        places.append(after)
    return False


def mentions(name: str, words: str) -> bool:
    """Say whether a name has some words, whole.

    >>> mentions("sgd lr 0.1", "lr 0.1"), mentions("sgd lr 0.15", "lr 0.1")
    (True, False)
    """
    text, wanted = name.casefold(), words.casefold()
    place = text.find(wanted) if wanted else -1
    while place >= 0:
        if not text[:place][-1:].isalnum() and not _goes_on(text, place + len(wanted)):
            return True
        place = text.find(wanted, place + 1)
    return False


def _spellings(value: object) -> list[str]:
    """Spell a value as scripts do when they make a name of it."""
    found = [fmt.scalar(value), short_value(value)]
    if isinstance(value, float) and math.isfinite(value):
        found += [repr(value), f"{value:g}", format(Decimal(repr(value)), "f")]
    return found


def _after(text: str, place: int) -> int:
    """Skip what stands between words."""
    found = _BETWEEN.match(text, place)
    return found.end() if found else place


def _goes_on(text: str, end: int) -> bool:
    """Say whether a word or number goes on beyond a place."""
    return text[end : end + 1].isalnum() or (text[end : end + 1] == "." and text[end + 1 :] != "")
