"""`kind: card-present`: the version has a model card, with the headings that are asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from staticrun.registry.gates.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from staticrun.registry.manifests import CardPresent
    from staticrun.registry.promotion import Promotion

_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+([^\n]*)")
_FENCE = re.compile(r" {0,3}(```|~~~)")


def card_present(gate: CardPresent, promotion: Promotion) -> Verdict:
    """Look for a card that says something, and for its headings, in any case."""
    # What stands in comments is not seen; an open one hides the rest, as in a browser.
    before, *parts = (promotion.card or "").split("<!--")
    card = before + "".join(part.partition("-->")[2] for part in parts)
    if not card.strip():
        return Verdict("fail", f"version {promotion.candidate.version} has no model card")
    there = set(_headings(card))
    missing = [name for name in gate.headings if _plain(name) not in there]
    if missing:
        return Verdict("fail", f"the model card has no heading {', '.join(missing)}")
    asked = f" with {', '.join(gate.headings)}" if gate.headings else ""
    return Verdict("pass", f"there is a model card{asked}")


def _headings(card: str) -> Iterator[str]:
    """Give the headings that begin with `#`, outside of blocks of code."""
    fence = None
    for line in card.splitlines():
        mark = _FENCE.match(line)
        if mark and fence in (None, mark[1]):
            fence = None if fence else mark[1]
        elif fence is None and (heading := _HEADING.match(line)):
            yield _plain(heading[1].rstrip().rstrip("#"))


def _plain(heading: str) -> str:
    return " ".join(heading.casefold().split())
