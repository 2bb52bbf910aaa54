"""Badges: small pictures for a README, written here; `badges/runs.svg`, `badges/EXPERIMENT.svg`.

A badge has a ground of its own, so that it reads on light and on dark pages.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from staticrun import layout
from staticrun.pages import format as fmt
from staticrun.pages.views.naming import shown
from staticrun.plots.text import shorten, width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from staticrun.pages.views.project_figure import Known

PROJECT = "badges/runs.svg"
_SIZE, _EDGE, _MOST = 11, 7, 220


def spell(known: Sequence[Known]) -> dict[str, bytes]:
    """Spell the badges of the project and of each experiment.

    Args:
        known: The experiments.

    Returns:
        URL → bytes.
    """
    runs = sum(len(one.runs) for one in known)
    found = {PROJECT: draw("runs", fmt.count(runs))}
    for one in known:
        label, value = best(one) or (one.name, fmt.plural(len(one.runs), "run"))
        found[layout.badge_url(one.name)] = draw(label, value)
    return found


def best(one: Known) -> tuple[str, str] | None:
    """Name what is first in the metric that orders an experiment, and print it.

    Returns:
        Such as `best val/acc` and `0.973`, as the front page has it; None without one.
    """
    if one.ranking is None or one.best is None:
        return None
    head = f"{one.ranking.superlative} {one.ranking.name}"
    return head, fmt.metric_value(one.best, one.ranking.declared)


def draw(label: str, value: str) -> bytes:
    """Draw a badge.

    Args:
        label: On the left.
        value: On the right.
    """
    left, right = (shorten(shown(text, 60), _MOST, _SIZE) for text in (label, value))
    split = round(width(left, _SIZE)) + 2 * _EDGE
    whole = split + round(width(right, _SIZE)) + 2 * _EDGE
    return _BADGE.format(
        whole=whole,
        split=split,
        rest=whole - split,
        left_x=split / 2,
        right_x=(split + whole) / 2,
        left=escape(left),
        right=escape(right),
    ).encode("utf-8", "replace")


_BADGE = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="20" role="img" \
aria-label="{left}: {right}">
<title>{left}: {right}</title>
<clipPath id="round"><rect width="{whole}" height="20" rx="3"/></clipPath>
<g clip-path="url(#round)"><rect width="{split}" height="20" fill="#4a463e"/>\
<rect x="{split}" width="{rest}" height="20" fill="#2f35af"/></g>
<g fill="#ffffff" text-anchor="middle" font-size="11" \
font-family="Archivo, Helvetica Neue, Arial, sans-serif">
<text x="{left_x:g}" y="14">{left}</text>
<text x="{right_x:g}" y="14">{right}</text>
</g>
</svg>
"""
