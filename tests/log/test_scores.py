"""Confusion matrices and curves, beside scikit-learn's."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from staticrun.log.artifact import ArtifactError
from staticrun.log.scores import SLICES, count_confusions, pr_curves, roc_curves, thin

binary = st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.25, 0.5, 0.7, 1.0]))).filter(
    lambda pairs: len({label for label, _ in pairs}) == 2
)


def unzipped(pairs):
    labels, scores = zip(*pairs, strict=True)
    return list(labels), list(scores)


@given(binary)
def test_a_roc_curve_is_scikit_learns(pairs):
    labels, scores = unzipped(pairs)
    [curve] = roc_curves(labels, scores, None, None)
    fpr, tpr, thresholds = metrics.roc_curve(labels, scores, drop_intermediate=False)

    assert np.allclose(curve.points, np.column_stack([fpr, tpr, thresholds]))
    assert curve.area == pytest.approx(metrics.roc_auc_score(labels, scores))


@given(binary)
def test_a_precision_recall_curve_is_scikit_learns(pairs):
    labels, scores = unzipped(pairs)
    [curve] = pr_curves(labels, scores, None, None)
    precision, recall, thresholds = metrics.precision_recall_curve(labels, scores)

    expected = np.column_stack([recall, precision, [*thresholds, math.inf]])[::-1]
    assert np.allclose(curve.points, expected)
    assert curve.area == pytest.approx(metrics.average_precision_score(labels, scores))


some_pairs = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)))


@given(some_pairs.filter(lambda pairs: len({one for pair in pairs for one in pair}) > 1))
def test_a_confusion_matrix_is_scikit_learns(pairs):
    labels, predicted = unzipped(pairs)
    names, counts = count_confusions(labels, predicted, None)

    assert counts == metrics.confusion_matrix(labels, predicted).tolist()
    assert names == [str(one) for one in sorted({*labels, *predicted})]


def test_classes_are_names_of_numbers_or_labels_in_an_order():
    assert count_confusions([0, 1, 1], [0, 1, 0], ["a", "b", "c"]) == (
        ["a", "b", "c"],
        [[1, 0, 0], [1, 1, 0], [0, 0, 0]],
    )
    assert count_confusions(["b", "a"], ["b", "b"], ["b", "a"]) == (["b", "a"], [[1, 0], [1, 0]])
    assert count_confusions([True, False], [True, True], None) == (
        ["False", "True"],
        [[0, 1], [0, 1]],
    )


def test_scores_stand_for_the_largest():
    scores = np.array([[0.1, 0.9], [0.8, 0.2]])

    assert count_confusions(np.array([1, 1]), scores, None) == (["0", "1"], [[0, 0], [1, 1]])


def test_several_classes_have_a_curve_each_against_the_others():
    generator = np.random.default_rng(1)
    labels, scores = generator.integers(0, 3, 50), generator.random((50, 4))
    curves = roc_curves(labels, scores, None, ["a", "b", "c", "d"])

    assert [curve.name for curve in curves] == ["a", "b", "c"]  # nobody is a d
    for number, curve in enumerate(curves):
        assert curve.area == pytest.approx(
            metrics.roc_auc_score(labels == number, scores[:, number])
        )
    named = np.array(["a", "b", "c"])[labels]
    assert roc_curves(named, scores, None, ["a", "b", "c", "d"]) == curves


def test_the_positive_label_is_the_greater_or_the_one_named():
    labels, scores = ["ill", "well", "ill"], [0.9, 0.2, 0.6]

    assert roc_curves(labels, scores, "ill", None)[0].area == 1
    assert roc_curves(labels, scores, None, None)[0].area == 0


@pytest.mark.slow
def test_a_long_curve_is_thinned_and_keeps_its_shape():
    generator = np.random.default_rng(2)
    labels = generator.random(100_000) < 0.1
    scores = labels + generator.normal(size=100_000)
    for make, whole in (
        (roc_curves, metrics.roc_curve(labels, scores, drop_intermediate=False)),
        (pr_curves, metrics.precision_recall_curve(labels, scores)[1::-1]),
    ):
        [curve] = make(labels, scores, None, None)
        x, y, _ = np.array(curve.points).T
        assert len(curve.points) <= 4 * SLICES
        order = np.argsort(whole[0], kind="stable")
        # At every x of the whole curve, the thinned one is nowhere further away than its slices.
        off = np.abs(np.interp(whole[0][order], x, y) - whole[1][order])
        assert np.mean(off) < 0.01
        kept = {(round(a, 12), round(b, 12)) for a, b in zip(whole[0], whole[1], strict=True)}
        assert {(round(a, 12), round(b, 12)) for a, b in zip(x, y, strict=True)} <= kept
        assert (y.min(), y.max()) == (whole[1].min(), whole[1].max())


def test_a_steep_curve_stays_steep_and_its_area_the_same():
    generator = np.random.default_rng(3)
    labels = generator.random(100_000) < 0.5
    scores = 5 * labels + generator.normal(size=100_000)
    [curve] = roc_curves(labels, scores, None, None)
    x, y, _ = np.array(curve.points).T

    assert np.trapezoid(y, x) == pytest.approx(curve.area, abs=1e-3)
    assert y[x < 0.002].max() > 0.9


def test_few_points_stay():
    points = [(i / 10, i / 10, 1.0) for i in range(10)]

    assert thin(points, lambda p: p[0], lambda p: p[1]) == points


@pytest.mark.parametrize(
    ("labels", "scores", "positive", "classes"),
    [
        ([], [], None, None),
        ([1, 0], [0.5], None, None),
        ([1, 1], [0.5, 0.2], None, None),
        ([0, 1, 2], [0.5, 0.2, 0.1], None, None),
        ([0, 1], [0.5, None], None, None),
        ([0, 1], [0.5, math.nan], None, None),
        ([0, 1], [[0.5, 1], [0.2, 1]], None, ["a"]),
        (3, [1], None, None),
        ([0, 1], "ab", None, None),
    ],
)
def test_what_gives_no_curve_is_refused(labels, scores, positive, classes):
    with pytest.raises(ArtifactError):
        roc_curves(labels, scores, positive, classes)


@pytest.mark.parametrize(
    ("labels", "predicted", "classes"),
    [
        ([], [], None),
        ([0], [0, 1], None),
        ([0, 3], [0, 1], ["a", "b"]),
        (["x"], ["a"], ["a", "b"]),
        (list(range(500)), list(range(500)), None),
    ],
)
def test_what_gives_no_matrix_is_refused(labels, predicted, classes):
    with pytest.raises(ArtifactError):
        count_confusions(labels, predicted, classes)
