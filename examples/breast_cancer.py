"""How many labelled biopsies does a classifier need, and do class weights catch more cancers?

One run draws one split of scikit-learn's breast cancer data and trains a logistic regression on
the first 20, 30, … 400 of its training cells: the step of each metric is the number of labelled
examples. `class_weight` makes the rarer malignant cases count for more. Positive is malignant.

    python examples/breast_cancer.py --C 1 --weights balanced --seed 0
"""

from __future__ import annotations

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one thread: the same sums in the same order

from matplotlib.figure import Figure
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    brier_score_loss,
    precision_score,
    recall_score,
    roc_auc_score,
    roc_curve,
)
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import staticrun

SIZES = (20, 30, 50, 80, 120, 180, 270, 400)


def roc_figure(false_alarms, caught, auc):
    figure = Figure(figsize=(4, 4), dpi=100, layout="constrained")
    axes = figure.add_subplot(xlabel="false alarms", ylabel="cancers caught")
    axes.plot(false_alarms, caught, drawstyle="steps-post")
    axes.plot([0, 1], [0, 1], color="grey", linewidth=0.8)
    axes.set(title=f"ROC on 169 test cases, area {auc:.4f}", aspect="equal")
    return figure


def main():
    parser = argparse.ArgumentParser(description="Logistic regression by number of labels.")
    parser.add_argument("--C", type=float, default=1.0, help="inverse penalty")
    parser.add_argument("--weights", choices=["none", "balanced"], default="none")
    parser.add_argument("--seed", type=int, default=0, help="draws the split")
    args = parser.parse_args()

    X, y = load_breast_cancer(return_X_y=True)
    y = 1 - y  # the data's 0 is malignant
    X_train, X_test, y_train, y_test = train_test_split(
        X, y, test_size=169, stratify=y, random_state=args.seed
    )
    params = {"C": args.C, "class_weight": args.weights, "seed": args.seed}
    with staticrun.start(
        "tabular/breast-cancer",
        name=f"C {args.C:g} weights {args.weights} seed {args.seed}",
        params=params,
        group=f"weights {args.weights}",
        seed=args.seed,
    ) as run:
        run.dataset("breast-cancer", (X_train, y_train), role="train", source="scikit-learn")
        run.dataset("breast-cancer", (X_test, y_test), role="test", source="scikit-learn")
        weights = None if args.weights == "none" else args.weights
        for size in SIZES:
            logistic = LogisticRegression(C=args.C, class_weight=weights, max_iter=1000)
            model = make_pipeline(StandardScaler(), logistic).fit(X_train[:size], y_train[:size])
            p = model.predict_proba(X_test)[:, 1]
            run.log(
                {
                    "test/auc": roc_auc_score(y_test, p),
                    "test/recall": recall_score(y_test, p >= 0.5),
                    "test/precision": precision_score(y_test, p >= 0.5),
                    "test/brier": brier_score_loss(y_test, p),
                },
                step=size,
            )
        run.summary({"test/missed": int(((p < 0.5) & (y_test == 1)).sum())})

        false_alarms, caught, _ = roc_curve(y_test, p)
        figure = roc_figure(false_alarms, caught, roc_auc_score(y_test, p))
        run.figure("roc", figure, caption="With all 400 labels.")
        run.roc_curve("roc", y_test, p)
        run.pr_curve("precision-recall", y_test, p)
        run.confusion_matrix("confusion", y_test, p >= 0.5, classes=["benign", "malignant"])

        trade_off = []
        for threshold in range(5, 100, 5):
            alarm = p >= threshold / 100
            trade_off.append(
                {
                    "threshold": threshold / 100,
                    "cancers missed": int((~alarm & (y_test == 1)).sum()),
                    "false alarms": int((alarm & (y_test == 0)).sum()),
                }
            )
        caption = (
            "What another threshold than 0.5 would miss, and how often it would alarm in vain."
        )
        run.table("thresholds", trade_off, caption=caption)
    print(run.key)


if __name__ == "__main__":
    main()
