"""Measures of predictions over examples, each of which counts as often as a resample drew it.

A number that decides something has to be the same on every machine, whatever adds it up and in
which order, so that only integers are added up: counts where a measure counts, pairs for `auc`,
and losses as multiples of a step (`fixed_point`). What is done with floats is done to one example
or to one sum at a time by operations that IEEE 754 rounds to the last digit; the logarithm is made
of them, because libraries differ in the last digit of theirs.
"""

from __future__ import annotations

import math
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Protocol

import msgspec
import numpy as np

from staticrun.analysis.direction import MEASURES, Direction, Measured
from staticrun.errors import UserError, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]
    Values = Sequence[str] | Sequence[float] | Sequence[str | float] | npt.NDArray[np.generic]

_CLASSES: Final = ("f1", "auc", "log-loss", "brier")
_NO_LABELS: Final = frozenset({"nan", "inf", "infinity"})
# As scikit-learn does: a certainty that was wrong would cost more than all else together.
_SURE: Final = 2.0**-52
_SHOWN: Final = 40


class Scores(Protocol):
    """The predictions of one model, ready to be measured over any resample."""

    def at(self, weights: Ints) -> Floats:
        """Measure resamples.

        Args:
            weights: How often each counts: a row a resample, a column an example; a row adds up
                to no more than four times the number of examples.

        Returns:
            A value a row; NaN where the measure has none.
        """
        ...


class Measure(msgspec.Struct, frozen=True):
    """A measure by its name.

    Attributes:
        name: `accuracy`: share of equal labels; `f1`: of the positive class; `auc`: share of the
            pairs of a positive and another example that the scores order rightly, half for equal
            ones; `log-loss` and `brier`: of the probability of the positive class; `mse`, `rmse`,
            `mae`: of numbers; `mean`: of a number an example, whatever it says.
        direction: Which values are better.
        positive: The label of the positive class.
    """

    name: Measured
    direction: Direction
    positive: str = "1"

    def scores(self, target: Values, *predictions: Values) -> tuple[Scores, ...]:
        """Prepare the predictions of models for the same examples.

        Args:
            target: What is true, an example each; labels may be texts, and numbers texts of them.
            predictions: What each model says of it.

        Raises:
            UserError: When there is no example, numbers of examples differ, a value is empty, NaN,
                infinite or of a wrong type (by its row, from 1), or the measure has no value.
        """
        plain = [_plain(target), *map(_plain, predictions)]
        if not plain[0]:
            raise UserError("predictions", "have no row", "at least one example")
        if len({len(one) for one in plain}) > 1:
            raise UserError("predictions", "are not as many as targets", "one an example")
        truth, said = plain[0], plain[1:]
        if self.name == "accuracy":
            return tuple(_shares([hits(truth, one)]) for one in said)
        if self.name == "f1":
            return tuple(_f1(truth, one, self.positive) for one in said)
        numbers = [_numbers(one, "prediction") for one in said]
        if self.name == "auc":
            positive = _positives(truth, self.positive, both=True)
            return tuple(_pairs(positive, one) for one in numbers)
        losses, exponent = fixed_point(*self._losses(truth, numbers))
        root = self.name == "rmse"
        return tuple(_Sums((loss,), exponent, root=root) for loss in losses)

    def value(self, target: Values, prediction: Values) -> float:
        """Measure all examples, each once.

        Raises:
            UserError: As `scores`.
        """
        (scores,) = self.scores(target, prediction)
        return float(scores.at(np.ones((1, len(target)), np.int64))[0])

    def gain(self, candidate: Floats, current: Floats) -> Floats:
        """Say by how much values are better than others: above 0 is better in any direction."""
        return candidate - current if self.direction == "max" else current - candidate

    def _losses(self, truth: list[str | float], said: list[Floats]) -> list[Floats]:
        if self.name == "mean":
            return said
        if self.name in _CLASSES:
            for one in said:
                _demand(one, (one >= 0) & (one <= 1), "prediction", "a probability from 0 to 1")
            wanted = _positives(truth, self.positive).astype(np.float64)
            if self.name == "brier":
                return [(one - wanted) * (one - wanted) for one in said]
            # Of what was true: p of the positive class, and 1 - p of the other one.
            likely = [np.where(wanted > 0, one, 1 - one) for one in said]
            return [-logarithm(np.clip(one, _SURE, 1 - _SURE)) for one in likely]
        wanted = _numbers(truth, "target")
        with np.errstate(over="ignore"):
            misses = [one - wanted for one in said]
            losses = [abs(one) if self.name == "mae" else one * one for one in misses]
        for one in losses:
            _demand(one, np.isfinite(one), "loss", "a finite number")
        return losses


def measure(name: str, direction: Direction | None = None, positive: str = "1") -> Measure:
    """Give a measure.

    Args:
        name: One of `MEASURES`.
        direction: Which values of `mean` are better; None for all others, which know theirs.
        positive: The label of the positive class.

    Raises:
        UserError: When there is no such measure, or its direction is missing or given twice.
    """
    known = next((one for one in MEASURES if one == name), None)
    if known is None:
        raise UserError(name, "is no measure", "one that is known", nearest(name, MEASURES))
    found = MEASURES[known] or direction
    if found is None or (direction is not None and MEASURES[known] is not None):
        what = "has a direction of its own" if direction else "needs a direction"
        raise UserError(name, what, "a direction for mean, and for mean alone")
    return Measure(known, found, positive)


def hits(target: Values, prediction: Values) -> npt.NDArray[np.bool_]:
    """Say of each example whether its label is the right one.

    Raises:
        UserError: As `Measure.scores`, but for the numbers of examples.
    """
    return _equal(_labels(_plain(target), "target"), _labels(_plain(prediction), "prediction"))


def fixed_point(*columns: Floats) -> tuple[list[Ints], int]:
    """Write numbers as multiples of one step, 2 to the power of what is given beside them.

    The step is the finest with which four times as many numbers as a column has add up exactly in
    64 bits, if all were the largest one: about the largest one times n / 2**60, hence 2**-40 of it
    for a million. Each number is rounded to the nearest multiple.
    """
    largest = max(float(abs(column).max()) for column in columns)
    exponent = math.frexp(largest)[1] - 60 + len(columns[0]).bit_length()
    return [np.rint(np.ldexp(one, -exponent)).astype(np.int64) for one in columns], exponent


def logarithm(values: Floats) -> Floats:
    """Give natural logarithms of numbers above 0, to about 2 units in the last place.

    By 2 atanh((m - 1) / (m + 1)) of the mantissa, with additions, multiplications and divisions
    alone, which every machine rounds alike.
    """
    mantissa, exponent = np.frexp(values)
    small = mantissa < math.sqrt(0.5)
    mantissa, exponent = np.where(small, 2 * mantissa, mantissa), exponent - small
    ratio = (mantissa - 1) / (mantissa + 1)
    square, series = ratio * ratio, np.zeros_like(ratio)
    for odd in range(23, 0, -2):
        series = series * square + 1 / odd
    found: Floats = exponent * math.log(2) + 2 * ratio * series
    return found


class _Sums(NamedTuple):
    """Columns of integers, of which a measure is the first sum by that of the second, or by n."""

    parts: tuple[Ints, ...]
    exponent: int = 0
    root: bool = False

    def at(self, weights: Ints) -> Floats:
        above, *others = (weights @ part for part in self.parts)
        below = others[0] if others else weights.sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            values: Floats = np.ldexp(above / below, self.exponent)
        if others:  # without a positive, said or true, nothing was found
            values = np.where(below == 0, 0.0, values)
        return np.sqrt(values) if self.root else values


class _Pairs(NamedTuple):
    """Examples by class in the order of scores, and where in that of the others each one stands.

    Attributes:
        positive: Rows of the positive class, the lowest score first.
        negative: Rows of the other one, the lowest score first.
        below: How many of `negative` have a lower score than each of `positive`.
        upto: How many have no higher one.
    """

    positive: Ints
    negative: Ints
    below: Ints
    upto: Ints

    def at(self, weights: Ints) -> Floats:
        values = np.full(len(weights), math.nan)
        count = np.zeros(len(self.negative) + 1, np.int64)
        for row, weight in enumerate(weights):
            drawn = weight[self.positive]
            np.cumsum(weight[self.negative], out=count[1:])
            pairs = int(drawn.sum()) * int(count[-1])
            if pairs:
                # A pair in the right order counts in both sums, one of equal scores in one.
                right = int(drawn @ (count[self.below] + count[self.upto]))
                values[row] = right / (2 * pairs)
        return values


def _pairs(positive: npt.NDArray[np.bool_], score: Floats) -> _Pairs:
    order = np.argsort(score, kind="stable")
    one, other = order[positive[order]], order[~positive[order]]
    sides: tuple[Literal["left", "right"], ...] = ("left", "right")
    below, upto = (np.searchsorted(score[other], score[one], side) for side in sides)
    return _Pairs(one, other, below, upto)


def _shares(parts: Sequence[npt.NDArray[np.generic]]) -> _Sums:
    return _Sums(tuple(part.astype(np.int64) for part in parts))


def _equal(one: list[str], other: list[str]) -> npt.NDArray[np.bool_]:
    return np.fromiter(map(str.__eq__, one, other), np.bool_, len(one))


def _f1(truth: list[str | float], said: list[str | float], positive: str) -> _Sums:
    true = _positives(truth, positive).astype(np.int64)
    _two(_labels(said, "prediction"), "prediction", set(_labels(truth, "target")))
    found = _equal(_labels(said, "prediction"), [positive] * len(said)).astype(np.int64)
    return _shares([2 * true * found, true + found])


def _positives(
    truth: list[str | float], positive: str, *, both: bool = False
) -> npt.NDArray[np.bool_]:
    """Say which targets are of the positive class; there are two classes, and that is one."""
    labels = _labels(truth, "target")
    _two(labels, "target", set())
    found = _equal(labels, [positive] * len(labels))
    if not found.any():
        what = f"have no target {_cut(positive)}"
        raise UserError("predictions", what, "the label of the positive class")
    if both and found.all():
        raise UserError("predictions", f"have no target but {_cut(positive)}", "two classes")
    return found


def _two(labels: list[str], what: str, seen: set[str]) -> None:
    """Demand that there are two classes at most."""
    for row, label in enumerate(labels, 1):
        seen.add(label)
        if len(seen) > 2:
            raise _wrong(row, what, label, "one of two classes")


def _plain(values: Values) -> list[str | float]:
    return values.tolist() if isinstance(values, np.ndarray) else list(values)


def _labels(values: list[str | float], what: str) -> list[str]:
    found = []
    for row, value in enumerate(values, 1):
        label = value
        if type(value) is int or (type(value) is float and value.is_integer()):
            label = str(int(value))
        if type(label) is not str or not label.strip():
            raise _wrong(row, what, value, "a label")
        if label.strip().lstrip("+-").lower() in _NO_LABELS:
            raise _wrong(row, what, value, "a label, and no missing number")
        found.append(label)
    return found


def _numbers(values: list[str | float], what: str) -> Floats:
    found = np.full(len(values), math.nan)
    for row, value in enumerate(values):
        # Python reads 1_000 and True as numbers, and nobody who writes predictions means one.
        fit = type(value) in (int, float) or (type(value) is str and "_" not in value)
        with suppress(ValueError, OverflowError):
            found[row] = float(value) if fit else math.nan
        if not math.isfinite(found[row]):
            raise _wrong(row + 1, what, value, "a finite number")
    return found


def _demand(values: Floats, fit: npt.NDArray[np.bool_], what: str, expected: str) -> None:
    if not fit.all():
        row = int(np.argmin(fit))
        raise _wrong(row + 1, what, float(values[row]), expected)


def _wrong(row: int, what: str, value: object, expected: str) -> UserError:
    return UserError(f"row {row}", f"{what} is {_cut(value)}", expected)


def _cut(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
