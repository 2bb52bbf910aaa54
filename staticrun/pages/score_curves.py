"""ROC and precision-recall curves, drawn from the tables that runs hold of them."""

from __future__ import annotations

import csv
import io
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from staticrun.pages import sparkline
from staticrun.pages.text import visible

if TYPE_CHECKING:
    from markupsafe import Markup

# Columns of the axes, across and up, and what those are called.
KINDS = {
    "roc_curve": ("fpr", "tpr", "True positive rate over false positive rate"),
    "pr_curve": ("recall", "precision", "Precision over recall"),
}
_ROWS_MAX = 5_000
_CLASSES_MAX = 10


def draw(data: bytes, kind: str) -> Markup | None:
    """Draw the curves of a table.

    Args:
        data: CSV with the columns that `KINDS` names, and `class` where there are several.
        kind: Of the artifact.

    Returns:
        An `svg` element; None where the table is no such one, and is shown as it is.
    """
    across, up, description = KINDS[kind]
    curves: dict[str, list[tuple[float, float]]] = {}
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8"), newline=""))
        for row in islice(reader, _ROWS_MAX + 1):
            point = (float(row[across]), float(row[up]))
            curves.setdefault(row.get("class") or "", []).append(point)
    except (KeyError, TypeError, ValueError, csv.Error):
        return None
    points = np.array([point for curve in curves.values() for point in curve])
    is_few = 0 < len(points) <= _ROWS_MAX and len(curves) <= _CLASSES_MAX
    if not is_few or not ((points >= 0) & (points <= 1)).all():
        return None
    lines = []
    for slot, (name, curve) in enumerate(curves.items(), start=1):
        x, y = np.array(curve).T
        if (np.diff(x) < 0).any():
            return None
        lines.append(sparkline.Line(x, y, visible(name), slot if len(curves) > 1 else 0))
    drawing, _ = sparkline.draw(lines, description)
    return drawing
