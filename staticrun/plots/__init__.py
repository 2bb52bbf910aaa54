"""Figures: a frozen spec in, an SVG out.

A spec (`Curves`, `Intervals`, `Versions`, `Lanes`) holds everything that a figure shows, so that
it can be digested.
`scene` says what stands where, `paint` lets matplotlib draw it, `svg` makes the result fit for a
page. The same spec and style give the same bytes in any process, locale and time zone.
"""

from __future__ import annotations

from staticrun.plots.curves import Curves, Line
from staticrun.plots.intervals import Intervals, Row
from staticrun.plots.render import digest, draw, notes
from staticrun.plots.style import Style, load_style
from staticrun.plots.svg import standalone

__all__ = [
    "Curves",
    "Intervals",
    "Line",
    "Row",
    "Style",
    "digest",
    "draw",
    "load_style",
    "notes",
    "standalone",
]
