"""Which classical model reads 8 x 8 digits best, and how much is the luck of the split?

One run fits one model with one setting on 60 % of scikit-learn's digits. Settings are chosen by
the next 20 % (val/acc); the last 20 % (test/acc) say what that choice is worth. The seed draws
the split, and every model sees the same splits, so that runs with one seed can be paired.

A forest grows tree by tree and logs its accuracy on the way; the other models have one number.

    python examples/digits.py --model knn --k 1 --seed 0
    python examples/digits.py --model logistic --C 1 --seed 0
    python examples/digits.py --model svm --gamma 0.1 --seed 0
    python examples/digits.py --model forest --trees 200 --seed 0
"""

from __future__ import annotations

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one thread: the same sums in the same order

import numpy as np
from matplotlib.figure import Figure
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC

import staticrun

FAMILY = {"logistic": "linear", "svm": "kernel", "knn": "neighbours", "forest": "trees"}


def confusion_figure(matrix):
    figure = Figure(figsize=(4, 4), dpi=100, layout="constrained")
    axes = figure.add_subplot(xlabel="read as", ylabel="written", title="Test digits")
    axes.imshow(np.log1p(matrix), cmap="Greys")
    for (written, read), count in np.ndenumerate(matrix):
        if count:
            colour = "white" if written == read else "black"
            axes.text(read, written, count, ha="center", va="center", color=colour, fontsize=8)
    axes.set(xticks=range(10), yticks=range(10))
    return figure


def misread_figure(images, written, read):
    figure = Figure(figsize=(4.8, 2.4), dpi=100, layout="constrained")
    for place in range(min(len(images), 12)):
        axes = figure.add_subplot(2, 6, place + 1)
        axes.imshow(images[place].reshape(8, 8), cmap="Greys")
        axes.set_title(f"{written[place]} as {read[place]}", fontsize=8)
        axes.axis("off")
    return figure


def main():
    parser = argparse.ArgumentParser(description="Fit one model on scikit-learn's digits.")
    parser.add_argument("--model", choices=sorted(FAMILY), default="knn")
    parser.add_argument("--k", type=int, default=1, help="neighbours of knn")
    parser.add_argument("--C", type=float, default=1.0, help="inverse penalty of logistic")
    parser.add_argument("--gamma", type=float, default=0.1, help="kernel width of svm")
    parser.add_argument("--trees", type=int, default=200, help="trees of the forest")
    parser.add_argument("--seed", type=int, default=0, help="draws the split")
    args = parser.parse_args()

    X, y = load_digits(return_X_y=True)
    X = X / 16  # grey values 0 … 16
    X_train, X_rest, y_train, y_rest = train_test_split(
        X, y, test_size=0.4, stratify=y, random_state=args.seed
    )
    X_val, X_test, y_val, y_test = train_test_split(
        X_rest, y_rest, test_size=0.5, stratify=y_rest, random_state=args.seed
    )

    knob = {"knn": "k", "logistic": "C", "svm": "gamma", "forest": "trees"}[args.model]
    setting = getattr(args, knob)
    with staticrun.start(
        "vision/digits",
        name=f"{args.model} {knob} {setting:g} seed {args.seed}",
        params={"model": args.model, knob: setting, "seed": args.seed},
        tags={"family": FAMILY[args.model]},
        seed=args.seed,
    ) as run:
        run.dataset("digits", (X_train, y_train), role="train", source="scikit-learn")
        run.dataset("digits", (X_val, y_val), role="val", source="scikit-learn")
        run.dataset("digits", (X_test, y_test), role="test", source="scikit-learn")

        if args.model == "forest":
            model = RandomForestClassifier(random_state=args.seed, warm_start=True)
            for trees in range(5, args.trees + 1, 5):
                model.set_params(n_estimators=trees).fit(X_train, y_train)
                run.log({"val/acc": model.score(X_val, y_val)}, step=trees)
        else:
            model = {
                "knn": KNeighborsClassifier(args.k),
                "logistic": LogisticRegression(C=args.C, max_iter=2000),
                "svm": SVC(gamma=args.gamma),
            }[args.model].fit(X_train, y_train)
            run.log({"val/acc": model.score(X_val, y_val)}, step=0)

        read = model.predict(X_test)
        wrong = read != y_test
        last = args.trees if args.model == "forest" else 0
        run.log({"test/acc": 1 - wrong.mean()}, step=last)
        run.summary({"train/acc": model.score(X_train, y_train), "test/misread": int(wrong.sum())})

        matrix = confusion_matrix(y_test, read)
        columns = ["written", *(f"read as {digit}" for digit in range(10))]
        rows = [[digit, *counts] for digit, counts in enumerate(matrix.tolist())]
        run.table("confusion", rows, columns=columns)
        run.figure("confusion", confusion_figure(matrix), caption="A row for each digit written.")
        if wrong.any():
            figure = misread_figure(X_test[wrong], y_test[wrong], read[wrong])
            caption = f"{wrong.sum()} of {len(wrong)} misread; at most 12 are shown."
            run.figure("misread", figure, caption=caption)
    print(run.key)


if __name__ == "__main__":
    main()
