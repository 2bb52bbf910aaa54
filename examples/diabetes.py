"""How well can a year of diabetes be predicted from ten numbers, and does boosting help?

One run fits one regression on 60 % of scikit-learn's diabetes data. Settings are chosen by
val/rmse, the last 20 % give test/rmse. Boosting logs its error after every round, so that one
sees where it begins to learn the noise. `mean` predicts the mean: what knowing nothing costs.

    python examples/diabetes.py --model ridge --alpha 0.1 --seed 0
    python examples/diabetes.py --model boosting --rate 0.03 --seed 0
"""

from __future__ import annotations

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one thread: the same sums in the same order

from matplotlib.figure import Figure
from sklearn.datasets import load_diabetes
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import GradientBoostingRegressor, RandomForestRegressor
from sklearn.linear_model import Ridge
from sklearn.metrics import r2_score, root_mean_squared_error
from sklearn.model_selection import train_test_split

import staticrun

ROUNDS = 300


def residual_figure(truth, predicted):
    figure = Figure(figsize=(4.8, 3.2), dpi=100, layout="constrained")
    axes = figure.add_subplot(xlabel="predicted progression", ylabel="truth minus prediction")
    axes.scatter(predicted, truth - predicted, s=8)
    axes.axhline(0, color="grey", linewidth=0.8)
    return figure


def main():
    parser = argparse.ArgumentParser(description="Fit one regression on the diabetes data.")
    models = ["mean", "ridge", "forest", "boosting"]
    parser.add_argument("--model", choices=models, default="ridge")
    parser.add_argument("--alpha", type=float, default=0.1, help="penalty of ridge")
    parser.add_argument("--rate", type=float, default=0.03, help="learning rate of boosting")
    parser.add_argument("--seed", type=int, default=0, help="draws the split and the trees")
    args = parser.parse_args()

    X, y = load_diabetes(return_X_y=True)
    X_train, X_rest, y_train, y_rest = train_test_split(
        X, y, test_size=0.4, random_state=args.seed
    )
    X_val, X_test, y_val, y_test = train_test_split(
        X_rest, y_rest, test_size=0.5, random_state=args.seed
    )

    model, knobs = {
        "mean": (DummyRegressor(), {}),
        "ridge": (Ridge(alpha=args.alpha), {"alpha": args.alpha}),
        "forest": (
            RandomForestRegressor(n_estimators=200, random_state=args.seed),
            {"trees": 200},
        ),
        "boosting": (
            GradientBoostingRegressor(
                learning_rate=args.rate,
                n_estimators=ROUNDS,
                max_depth=2,
                subsample=0.5,
                random_state=args.seed,
            ),
            {"learning_rate": args.rate, "rounds": ROUNDS, "depth": 2, "subsample": 0.5},
        ),
    }[args.model]
    label = " ".join(f"{name} {value:g}" for name, value in list(knobs.items())[:1])
    with staticrun.start(
        "tabular/diabetes",
        name=" ".join(filter(None, [args.model, label, f"seed {args.seed}"])),
        params={"model": args.model, **knobs, "seed": args.seed},
        seed=args.seed,
    ) as run:
        run.dataset("diabetes", (X_train, y_train), role="train", source="scikit-learn")
        run.dataset("diabetes", (X_val, y_val), role="val", source="scikit-learn")
        run.dataset("diabetes", (X_test, y_test), role="test", source="scikit-learn")
        model.fit(X_train, y_train)
        if args.model == "boosting":
            stages = zip(
                model.staged_predict(X_train),
                model.staged_predict(X_val),
                strict=True,
            )
            for rounds, (on_train, on_val) in enumerate(stages, start=1):
                errors = {
                    "train/rmse": root_mean_squared_error(y_train, on_train),
                    "val/rmse": root_mean_squared_error(y_val, on_val),
                }
                run.log(errors, step=rounds)
        else:
            errors = {
                "train/rmse": root_mean_squared_error(y_train, model.predict(X_train)),
                "val/rmse": root_mean_squared_error(y_val, model.predict(X_val)),
            }
            run.log(errors, step=0)

        predicted = model.predict(X_test)
        last = ROUNDS if args.model == "boosting" else 0
        run.log({"test/rmse": root_mean_squared_error(y_test, predicted)}, step=last)
        run.log({"test/r2": r2_score(y_test, predicted)}, step=last)
        rows = list(zip(y_test.tolist(), predicted.round(2).tolist(), strict=True))
        run.table("predictions", rows, columns=["truth", "predicted"])
        figure = residual_figure(y_test, predicted)
        run.figure("residuals", figure, caption="On the patients of the test split.")
    print(run.key)


if __name__ == "__main__":
    main()
