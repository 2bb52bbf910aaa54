"""How well a classifier does, put into its run as tables that pages draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun.log.values import clean
from staticrun.log.writer import attempt, never_raises

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from staticrun.log.scores import Curve
    from staticrun.log.writer import Writer


class Evaluations:
    """The methods of a run that take labels and answers; part of `Run`."""

    _writer: Writer

    @never_raises
    def confusion_matrix(
        self,
        name: str,
        labels: object,
        predicted: object,
        step: float | None = None,
        *,
        classes: Sequence[object] | None = None,
        caption: str | None = None,
    ) -> Path | None:
        """Save how often each class was taken for which, as a CSV file of the run.

        Args:
            name: Names the series of matrices.
            labels: The true class of each example.
            predicted: What it was taken for; or scores of shape (examples, classes), of which
                the largest counts.
            step: The step that it belongs to.
            classes: Names of the classes 0, 1, …; or the labels themselves, in the order that
                the table is to have. Left out: those that occur.
            caption: A sentence that stands below it.
        """
        from staticrun.log import keep, media, scores

        def make() -> tuple[bytes, str]:
            names, counts = scores.count_confusions(labels, predicted, classes)
            rows = [[own, *row] for own, row in zip(names, counts, strict=True)]
            return media.write_csv(rows, [r"true \ predicted", *names]), "csv"

        given = keep.describe("confusion_matrix", name, step, caption)
        return keep.keep_bytes(self._writer, make, "confusion", given)

    @never_raises
    def roc_curve(
        self,
        name: str,
        labels: object,
        scores: object,
        step: float | None = None,
        *,
        positive: object = None,
        classes: Sequence[object] | None = None,
        caption: str | None = None,
    ) -> Path | None:
        """Save the true over the false positive rate as a CSV file of the run.

        The rates are those of all examples; of their points some hundred are kept.

        Args:
            name: Names the series of curves.
            labels: The true class of each example.
            scores: How much speaks for the positive class; or an array of shape (examples,
                classes), which gives a curve a class against the others.
            step: The step that it belongs to.
            positive: The positive label; left out, the greater of two.
            classes: Names of the columns of `scores`.
            caption: A sentence that stands below it; left out, the area under the curve.
        """
        from staticrun.log.scores import roc_curves

        return self._curves(
            "roc_curve",
            ("fpr", "tpr", "Area"),
            lambda: roc_curves(labels, scores, positive, classes),
            (name, step, caption),
        )

    @never_raises
    def pr_curve(
        self,
        name: str,
        labels: object,
        scores: object,
        step: float | None = None,
        *,
        positive: object = None,
        classes: Sequence[object] | None = None,
        caption: str | None = None,
    ) -> Path | None:
        """Save precision over recall as a CSV file of the run.

        Args as `roc_curve`; the caption that is left out is the average precision.
        """
        from staticrun.log.scores import pr_curves

        return self._curves(
            "pr_curve",
            ("recall", "precision", "Average precision"),
            lambda: pr_curves(labels, scores, positive, classes),
            (name, step, caption),
        )

    def _curves(
        self,
        kind: str,
        words: tuple[str, str, str],
        compute: Callable[[], list[Curve]],
        where: tuple[str, float | None, str | None],
    ) -> Path | None:
        from staticrun.log import keep, media

        name, step, caption = where
        x, y, area = words
        curves = attempt(self._writer, kind, f"{kind} {clean(name)!r} is not stored", compute)
        if curves is None:
            return None
        by_class = [[curve.name] for curve in curves] if curves[0].name else [[]]
        columns = ["class"] * bool(by_class[0]) + [x, y, "threshold"]
        rows = [
            [*own, *point]
            for own, curve in zip(by_class, curves, strict=True)
            for point in curve.points
        ]
        areas = ", ".join(
            f"{curve.area:.4f} ({curve.name})" if curve.name else f"{curve.area:.4f}"
            for curve in curves
        )
        given = keep.describe(kind, name, step, f"{area} {areas}" if caption is None else caption)
        return keep.keep_bytes(
            self._writer, lambda: (media.write_csv(rows, columns), "csv"), "curves", given
        )
