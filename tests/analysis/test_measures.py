"""Measures of predictions: their values, what they refuse, and that resamples are weights."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staticrun.analysis.direction import MEASURES
from staticrun.analysis.measures import fixed_point, logarithm, measure
from staticrun.errors import UserError


def of(name):
    return measure(name, "max" if name == "mean" else None)


def naive(name, target, said):
    """Measure as a textbook says, one example after the other."""
    n = len(target)
    if name == "accuracy":
        return sum(t == p for t, p in zip(target, said, strict=True)) / n
    if name == "f1":
        both = sum(t == p == 1 for t, p in zip(target, said, strict=True))
        return 2 * both / (sum(target) + sum(said)) if any(target) or any(said) else 0.0
    if name == "auc":
        pairs = [
            (p > q) + (p == q) / 2
            for t, p in zip(target, said, strict=True)
            for u, q in zip(target, said, strict=True)
            if t == 1 and u == 0
        ]
        return sum(pairs) / len(pairs)
    losses = {
        "log-loss": lambda t, p: -math.log(max(min(p if t else 1 - p, 1 - 2**-52), 2**-52)),
        "brier": lambda t, p: (p - t) ** 2,
        "mse": lambda t, p: (p - t) ** 2,
        "rmse": lambda t, p: (p - t) ** 2,
        "mae": lambda t, p: abs(p - t),
        "mean": lambda _, p: p,
    }[name]
    mean = math.fsum(losses(t, p) for t, p in zip(target, said, strict=True)) / n
    return math.sqrt(mean) if name == "rmse" else mean


def cases(name):
    """Draw lists of (target, prediction, weight) that the measure takes."""
    classes = name in {"accuracy", "f1", "auc", "log-loss", "brier"}
    labels = name in {"accuracy", "f1"}
    target = st.integers(0, 1) if classes else st.floats(-1e6, 1e6)
    said = st.integers(0, 1) if labels else st.floats(0, 1) if classes else st.floats(-1e6, 1e6)
    rows = st.lists(st.tuples(target, said, st.integers(0, 3)), min_size=2, max_size=12)
    return rows.filter(
        lambda rows: (
            any(w for *_, w in rows) and (not classes or {t for t, _, w in rows if w} == {0, 1})
        )
    )


@pytest.mark.parametrize("name", MEASURES)
@settings(max_examples=10)
@given(data=st.data())
def test_a_weight_counts_an_example_as_often_as_it_says(name, data):
    rows = data.draw(cases(name))
    target, said, weights = (list(column) for column in zip(*rows, strict=True))
    repeated = [row[:2] for row in rows for _ in range(row[2])]
    (scores,) = of(name).scores(target, said)
    found = float(scores.at(np.array([weights]))[0])

    assert found == pytest.approx(naive(name, *zip(*repeated, strict=True)), rel=1e-9, abs=1e-9)
    again = of(name).value(*(list(column) for column in zip(*repeated, strict=True)))
    assert found == pytest.approx(again, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("name", MEASURES)
@settings(max_examples=10)
@given(data=st.data())
def test_the_order_of_examples_changes_no_digit(name, data):
    rows = data.draw(cases(name))
    shuffled = data.draw(st.permutations(rows))
    values = [
        of(name).value(*(list(column) for column in list(zip(*one, strict=True))[:2]))
        for one in (rows, shuffled)
    ]

    assert values[0] == values[1]


def test_labels_may_be_texts():
    target, said = ["cat", "dog", "cat", "cat"], ["cat", "cat", "cat", "dog"]

    assert of("accuracy").value(target, said) == 0.5
    assert measure("f1", positive="cat").value(target, said) == 2 * 2 / 6
    assert measure("f1", positive="dog").value(target, said) == 0.0
    assert measure("auc", positive="dog").value(target, ["0.1", "0.9", "0.2", "0.3"]) == 1.0
    # What a table of numbers makes of labels is the same label.
    assert of("accuracy").value(["1", "0"], np.array([1.0, 0.0])) == 1.0


def test_scores_that_are_equal_are_half_a_pair():
    assert of("auc").value([1, 0], [0.5, 0.5]) == 0.5
    assert of("auc").value([1, 0, 0], [0.5, 0.5, 0.1]) == 0.75


def test_a_resample_of_one_class_has_no_auc():
    (scores,) = of("auc").scores([1, 0], [0.9, 0.1])
    assert math.isnan(scores.at(np.array([[2, 0]]))[0])


@given(st.floats(2**-1022, 1e300))
def test_the_logarithm_is_right_to_the_last_digits(value):
    assert logarithm(np.array([value]))[0] == pytest.approx(math.log(value), rel=4e-16, abs=4e-16)


@given(st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=20))
def test_numbers_are_multiples_of_a_step_that_is_fine_enough(values):
    (found,), exponent = fixed_point(np.array(values))
    largest = max(abs(Fraction(value)) for value in values)

    for value, multiple in zip(values, found.tolist(), strict=True):
        assert abs(multiple * Fraction(2) ** exponent - Fraction(value)) <= largest * 2**-50
    assert 4 * len(values) * int(abs(found).max()) < 2**63


REFUSED = ["nan", "NaN", "inf", "-Infinity", "", " ", math.nan, -math.inf, None, [0.5], b"1", True]


@pytest.mark.parametrize("name", MEASURES)
def test_what_is_no_value_is_refused_with_its_row(name):
    good = [1, 0, 1, 0]
    for bad in REFUSED:
        with pytest.raises(UserError, match="row 3: prediction"):
            of(name).scores(good, [1, 0, bad, 0])
        if name != "mean":
            with pytest.raises(UserError, match="row 3: target"):
                of(name).scores([1, 0, bad, 0], good)


@pytest.mark.parametrize(
    ("name", "target", "said", "why"),
    [
        ("mse", [1, 2], ["0.5", "x"], "row 2: prediction is 'x'"),
        ("mse", [1, 2], ["1_000", "2"], "row 1: prediction is '1_000'"),
        ("mse", [1e200, 2], [-1e200, 2], "row 1: loss is inf"),
        ("log-loss", [1, 0], [0.5, 1.5], "row 2: prediction is 1.5"),
        ("brier", [1, 0], [-0.1, 0.5], "row 1: prediction is -0.1"),
        ("auc", [1, 0, 2], [0.1, 0.2, 0.3], "row 3: target is '2'"),
        ("auc", [1, 1], [0.1, 0.2], "have no target but '1'"),
        ("auc", [0, 0], [0.1, 0.2], "have no target '1'"),
        ("f1", ["no", "yes"], ["no", "yes"], "have no target '1'"),
        ("f1", [0, 1], [2, 1], "row 1: prediction is '2'"),
        ("accuracy", [0.5, 1], [1, 1], "row 1: target is 0.5"),
        ("accuracy", [1, 2], [1], "are not as many"),
        ("accuracy", [], [], "have no row"),
    ],
)
def test_what_cannot_be_measured_is_refused(name, target, said, why):
    with pytest.raises(UserError, match=why):
        of(name).scores(target, said)


def test_each_measure_knows_its_direction():
    high = {name for name in MEASURES if name != "mean" and measure(name).direction == "max"}
    assert high == {"accuracy", "f1", "auc"}
    assert measure("mean", "min").direction == "min"
    for name, direction in (("mean", None), ("mse", "max"), ("nonsense", None)):
        with pytest.raises(UserError):
            measure(name, direction)
