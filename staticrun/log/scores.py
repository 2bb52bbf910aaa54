"""What a classifier does: the confusion matrix, and curves over its threshold, thinned.

The numbers are those of scikit-learn's functions of the same names.
"""

from __future__ import annotations

import math
from collections import Counter
from itertools import groupby, pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from staticrun.log.artifact import ArtifactError
from staticrun.log.values import clean, to_list, to_number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Point = tuple[float, float, float]
# A curve keeps at most four points in each of so many slices.
SLICES = 50
CLASSES_MAX = 200


class Curve(NamedTuple):
    """A curve over thresholds.

    Attributes:
        name: The class that it tells from the others; empty where there are two.
        points: (x, y, threshold), in the order of falling thresholds.
        area: Under the whole curve, as it was before it was thinned.
    """

    name: str
    points: list[Point]
    area: float


def count_confusions(
    labels: object, predicted: object, classes: Sequence[object] | None
) -> tuple[list[str], list[list[int]]]:
    """Count which class was taken for which.

    Args:
        labels: The true class of each example.
        predicted: What it was taken for; [examples, classes] scores stand for their largest.
        classes: Names of the classes: of integers 0, 1, … in their order, else those that
            occur, in the order of the table.

    Returns:
        The names, and counts[true][predicted].

    Raises:
        ArtifactError: When the two differ in length, or a class has no name.
    """
    true, taken = _labels(labels), _labels(predicted)
    _demand_pairs(true, taken)
    counts = Counter(zip(true, taken, strict=True))
    found = set(true) | set(taken)
    order: list[object]
    if classes is None:
        order = _in_order(found)
        names = [clean(one) for one in order]
    else:
        names = [clean(one) for one in classes]
        order = list(range(len(names))) if not found <= set(classes) else list(classes)
        unknown = sorted(clean(one) for one in found - set(order))
        if unknown:
            raise ArtifactError(f"the label {unknown[0]!r} is none of the {len(names)} classes")
    if len(order) > CLASSES_MAX:
        raise ArtifactError(f"{len(order):,} classes make no table; at most {CLASSES_MAX} do")
    return names, [[counts[a, b] for b in order] for a in order]


def roc_curves(
    labels: object, scores: object, positive: object, classes: Sequence[object] | None
) -> list[Curve]:
    """Give the false and the true positive rate at falling thresholds, a curve a class.

    Args:
        labels: The true class of each example.
        scores: [examples], how much speaks for the positive class; or [examples, classes], one
            curve a class against the others, without those that no example or every one has.
        positive: The positive label; left out, the greater of two.
        classes: Names for the columns of scores; the labels are 0, 1, … or these names.

    Raises:
        ArtifactError: When these are no labels and scores of the same examples.
    """
    found = []
    for name, counts in _by_class(labels, scores, positive, classes):
        all_true, all_false, _ = counts[-1]
        points = [(0.0, 0.0, math.inf)]
        points += [(false / all_false, true / all_true, at) for true, false, at in counts]
        area = sum((b[0] - a[0]) * (a[1] + b[1]) / 2 for a, b in pairwise(points))
        # It rises as it goes: what counts is how far it is off the diagonal.
        kept = thin(points, lambda p: (p[0] + p[1]) / 2, lambda p: p[1] - p[0])
        found.append(Curve(name, kept, area))
    return found


def pr_curves(
    labels: object, scores: object, positive: object, classes: Sequence[object] | None
) -> list[Curve]:
    """Give recall and precision at falling thresholds; `area` is the average precision.

    Args and raises as `roc_curves`.
    """
    found = []
    for name, counts in _by_class(labels, scores, positive, classes):
        points = [(0.0, 1.0, math.inf)]
        points += [(true / counts[-1][0], true / (true + false), at) for true, false, at in counts]
        area = sum((b[0] - a[0]) * b[1] for a, b in pairwise(points))
        found.append(Curve(name, thin(points, itemgetter(0), itemgetter(1)), area))
    return found


def thin(
    points: list[Point], along: Callable[[Point], float], height: Callable[[Point], float]
) -> list[Point]:
    """Keep the first, last, lowest and highest point of each slice of a curve.

    Args:
        points: The curve.
        along: How far along a point is, 0 to 1, ascending.
        height: How high it is there.

    Returns:
        Some of the points, at most 4 times `SLICES`, in their order.
    """
    if len(points) <= 4 * SLICES:
        return points
    kept: set[int] = set()
    slices = groupby(
        enumerate(points), key=lambda one: min(int(along(one[1]) * SLICES), SLICES - 1)
    )
    for _, group in slices:
        inside = list(group)
        heights = [(height(point), index) for index, point in inside]
        kept |= {inside[0][0], inside[-1][0], min(heights)[1], max(heights)[1]}
    return [points[index] for index in sorted(kept)]


def _by_class(
    labels: object, scores: object, positive: object, classes: Sequence[object] | None
) -> list[tuple[str, list[tuple[int, int, float]]]]:
    """Count, for each class that can be told from others: its name, and `_cumulated`."""
    true, given = _labels(labels), to_list(scores)
    if not isinstance(given, list | tuple) or not given:
        raise ArtifactError("scores are numbers, one an example")
    _demand_pairs(true, given)
    known = _in_order(set(true))
    if not isinstance(given[0], list | tuple):
        if positive is None and len(known) > 2:
            raise ArtifactError(f"{len(known)} labels and one score: say which is positive")
        columns = [("", known[-1] if positive is None else positive, list(given))]
    else:
        width = len(given[0])
        names = list(range(width)) if classes is None else list(classes)
        if len(names) != width or width > CLASSES_MAX:
            raise ArtifactError(f"{width} columns of scores and {len(names)} classes")
        is_named = set(known) <= set(names)
        columns = [
            (clean(name), name if is_named else column, [row[column] for row in given])
            for column, name in enumerate(names)
        ]
    found = [
        (name, _cumulated([one == label for one in true], list(map(_number, numbers))))
        for name, label, numbers in columns
    ]
    found = [(name, counts) for name, counts in found if counts[-1][0] and counts[-1][1]]
    if not found:
        raise ArtifactError("all examples have one class: nothing is told from anything")
    return found


def _cumulated(is_positive: list[bool], scores: list[float]) -> list[tuple[int, int, float]]:
    """Count positives and negatives at and above each score, from the highest down."""
    order = sorted(range(len(scores)), key=scores.__getitem__, reverse=True)
    found = []
    true = false = 0
    for place, index in enumerate(order):
        true += is_positive[index]
        false += not is_positive[index]
        is_last = place + 1 == len(order)
        if is_last or scores[order[place + 1]] != scores[index]:
            found.append((true, false, scores[index]))
    return found


def _labels(values: object) -> list[object]:
    found = to_list(values)
    if not isinstance(found, list | tuple) or not found:
        raise ArtifactError(f"a {type(values).__name__} is no list of labels")
    if isinstance(found[0], list | tuple):
        return [max(range(len(row)), key=row.__getitem__) for row in found]
    return [to_list(one) for one in found]


def _demand_pairs(a: Sequence[object], b: Sequence[object]) -> None:
    if len(a) != len(b):
        raise ArtifactError(f"{len(a):,} labels and {len(b):,} answers are no pairs")


def _in_order(found: set[object]) -> list[object]:
    try:
        return sorted(found)  # type: ignore[type-var]
    except TypeError:
        return sorted(found, key=clean)


def _number(value: object) -> float:
    number = to_number(value)
    if number is None or math.isnan(number):
        raise ArtifactError("a score is no number")
    return number
