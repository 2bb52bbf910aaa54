"""Train a two-layer network by hand: which optimizer, which learning rate, how wide?

The network is plain NumPy on scikit-learn's 8 x 8 digits: 64 inputs, one hidden layer of ReLU
units, ten outputs, softmax and cross-entropy. The split is the same for every run, so that the
seed decides only the first weights and the order of the batches. Every epoch logs losses,
accuracy and norms. A guard fails the run as soon as the loss is no longer a number.

One run, the whole grid by four seeds as a sweep with children, and a run that fails because the
minus of 1e-5 was lost:

    python examples/numpy_network.py --optimizer adam --lr 0.01 --width 32 --seed 0
    python examples/numpy_network.py --sweep 4
    python examples/numpy_network.py --lr 1e5 --decay 0.01
"""

from __future__ import annotations

import argparse
import itertools
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one thread: the same sums in the same order

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

import staticrun

EXPERIMENT = "vision/numpy-network"


def load():
    X, y = load_digits(return_X_y=True)
    return train_test_split(X / 16, y, test_size=0.3, stratify=y, random_state=0)


def forward(weights, X):
    W1, b1, W2, b2 = weights
    hidden = np.maximum(X @ W1 + b1, 0)
    logits = hidden @ W2 + b2
    logits -= logits.max(axis=1, keepdims=True)
    log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return hidden, log_p


def gradients(weights, X, y):
    hidden, log_p = forward(weights, X)
    rows = np.arange(len(y))
    loss = -log_p[rows, y].mean()
    d_logits = np.exp(log_p)
    d_logits[rows, y] -= 1
    d_logits /= len(y)
    d_hidden = (d_logits @ weights[2].T) * (hidden > 0)
    return loss, [X.T @ d_hidden, d_hidden.sum(0), hidden.T @ d_logits, d_logits.sum(0)]


def norm(arrays):
    return float(np.sqrt(sum((a**2).sum() for a in arrays)))


def train(params, parent=None):
    X_train, X_val, y_train, y_val = load()
    rng = np.random.default_rng(params["seed"])
    width, lr = params["width"], params["lr"]
    weights = [
        rng.normal(0, np.sqrt(2 / 64), (64, width)),
        np.zeros(width),
        rng.normal(0, np.sqrt(2 / width), (width, 10)),
        np.zeros(10),
    ]
    mean, square, steps = [0.0] * 4, [0.0] * 4, 0

    with staticrun.start(
        EXPERIMENT,
        name=f"{params['optimizer']} lr {lr:g} width {width} seed {params['seed']}",
        params=params,
        seed=params["seed"],
        parent=parent,
    ) as run:
        run.dataset("digits", (X_train, y_train), role="train", source="scikit-learn")
        run.dataset("digits", (X_val, y_val), role="val", source="scikit-learn")
        best = 0.0
        for epoch in range(params["epochs"]):
            losses, norms = [], []
            for batch in np.array_split(rng.permutation(len(y_train)), len(y_train) // 32):
                loss, grads = gradients(weights, X_train[batch], y_train[batch])
                losses.append(loss)
                norms.append(norm(grads))
                steps += 1
                for i, grad in enumerate(grads):
                    weights[i] *= 1 - lr * params["decay"]
                    if params["optimizer"] == "sgd":
                        weights[i] -= lr * grad
                        continue
                    mean[i] = 0.9 * mean[i] + 0.1 * grad
                    square[i] = 0.999 * square[i] + 0.001 * grad**2
                    unbiased = square[i] / (1 - 0.999**steps)
                    weights[i] -= lr * mean[i] / (1 - 0.9**steps) / (np.sqrt(unbiased) + 1e-8)
            _, log_p = forward(weights, X_val)
            accuracy = float((log_p.argmax(1) == y_val).mean())
            best = max(best, accuracy)
            run.log(
                {
                    "train/loss": float(np.mean(losses)),
                    "val/loss": float(-log_p[np.arange(len(y_val)), y_val].mean()),
                    "val/acc": accuracy,
                    "grad/norm": float(np.mean(norms)),
                    "weight/norm": norm(weights),
                },
                step=epoch,
            )
            if epoch % 10 == 9:
                run.histogram("hidden weights", weights[0], step=epoch)
            if not np.isfinite(losses).all():
                run.alert("The weights have overflowed.", level="error")
                raise FloatingPointError(f"the loss is {losses[-1]} in epoch {epoch}")
        run.summary({"val/best": best})
    return run, best


def sweep(seeds):
    """Train the grid below one parent run, which logs the best accuracy so far."""
    grid = {"optimizer": ["sgd", "adam"], "lr": [0.01, 0.1], "width": [8, 32]}
    size = " x ".join(f"{len(values)} {name}" for name, values in grid.items())
    tags = {"grid": f"{size} x {seeds} seeds"}
    with staticrun.start(EXPERIMENT, name="sweep", tags=tags) as run:
        children, best_so_far = [], 0.0
        for optimizer, lr, width in itertools.product(*grid.values()):
            for seed in range(seeds):
                choice = {"optimizer": optimizer, "lr": lr, "width": width}
                fixed = {"decay": 0.0, "epochs": 40, "seed": seed}
                child, best = train(choice | fixed, parent=run)
                best_so_far = max(best_so_far, best)
                run.log({"val/best": best_so_far}, step=len(children))
                children.append({"run": child.key, **choice, "seed": seed, "val/best": best})
        run.table("children", children, caption="Every child with its best accuracy.")
        winner = max(children, key=lambda row: row["val/best"])
        run.note(f"Best of {len(children)}: `{winner['run']}` with {winner['val/best']:.4f}.")


def main():
    parser = argparse.ArgumentParser(description="Train a two-layer network on digits.")
    parser.add_argument("--optimizer", choices=["sgd", "adam"], default="sgd")
    parser.add_argument("--lr", type=float, default=0.1)
    parser.add_argument("--width", type=int, default=32, help="hidden units")
    parser.add_argument("--decay", type=float, default=0.0, help="weight decay")
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0, help="first weights and batches")
    parser.add_argument("--sweep", type=int, metavar="SEEDS", help="the whole grid, by seeds")
    args = parser.parse_args()
    if args.sweep:
        sweep(args.sweep)
    else:
        params = vars(args)
        del params["sweep"]
        print(train(params)[0].key)


if __name__ == "__main__":
    main()
