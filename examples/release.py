"""Train what the registry holds: linear models whose weights are plain numbers in a file.

A digit is read by a logistic regression over its pixels, a year of diabetes is predicted by a
ridge regression. The last 30 % of the data judge every candidate; they are the same for all, so
that two versions of a model can be compared line by line. The weights go out as .npz, which is
read without running anything.

    python examples/release.py digits --C 0.01
    python examples/release.py diabetes --alpha 0.1
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one thread: the same sums in the same order

import numpy as np
from sklearn.datasets import load_diabetes, load_digits
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import log_loss, mean_absolute_error, root_mean_squared_error
from sklearn.model_selection import train_test_split

import staticrun


def digits(run, C):
    X, y = load_digits(return_X_y=True)
    X_train, X_eval, y_train, y_eval = train_test_split(
        X / 16, y, test_size=0.3, stratify=y, random_state=0
    )
    say_data(run, "digits", (X_train, y_train), (X_eval, y_eval))
    model = LogisticRegression(C=C, max_iter=5000).fit(X_train, y_train)
    p = model.predict_proba(X_eval)
    read = p.argmax(1)
    accuracy = float((read == y_eval).mean())
    run.log({"eval/acc": accuracy, "eval/loss": float(log_loss(y_eval, p))}, step=0)
    sure = p[np.arange(len(read)), read]
    columns = {"row": range(len(read)), "written": y_eval, "read": read, "p": np.round(sure, 6)}
    return model, columns


def diabetes(run, alpha):
    X, y = load_diabetes(return_X_y=True)
    X_train, X_eval, y_train, y_eval = train_test_split(X, y, test_size=0.3, random_state=0)
    say_data(run, "diabetes", (X_train, y_train), (X_eval, y_eval))
    model = Ridge(alpha=alpha).fit(X_train, y_train)
    predicted = model.predict(X_eval)
    errors = {
        "eval/rmse": root_mean_squared_error(y_eval, predicted),
        "eval/mae": mean_absolute_error(y_eval, predicted),
    }
    run.log(errors, step=0)
    columns = {"row": range(len(predicted)), "truth": y_eval, "predicted": np.round(predicted, 3)}
    return model, columns


def say_data(run, name, train, held_out):
    run.dataset(name, train, role="train", source="scikit-learn")
    run.dataset(f"{name} held out", held_out, role="eval", source="scikit-learn")


def keep(run, model, columns):
    """Keep the weights and, beside them, what was predicted for every row that judged them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model")
        path.mkdir()
        np.savez(path / "weights.npz", coef=model.coef_, intercept=model.intercept_)
        rows = zip(*columns.values(), strict=True)
        lines = [",".join(columns), *(",".join(map(str, row)) for row in rows)]
        (path / "predictions.csv").write_text("\n".join(lines) + "\n")
        run.artifact(path)


def main():
    parser = argparse.ArgumentParser(description="Train a candidate for the registry.")
    parser.add_argument("model", choices=["digits", "diabetes"])
    parser.add_argument("--C", type=float, default=1.0, help="inverse penalty of digits")
    parser.add_argument("--alpha", type=float, default=0.1, help="penalty of diabetes")
    args = parser.parse_args()
    train, knob = {"digits": (digits, "C"), "diabetes": (diabetes, "alpha")}[args.model]
    value = getattr(args, knob)
    with staticrun.start(
        f"release/{args.model}", name=f"{knob} {value:g}", params={knob: value}, seed=0
    ) as run:
        keep(run, *train(run, value))
    print(run.key)


if __name__ == "__main__":
    main()
