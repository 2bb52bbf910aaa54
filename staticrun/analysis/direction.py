"""Whether a metric is better low or high.

What the project configured holds. Without it, only names whose last word is well known are read:

- better low: `loss`, `error`, `mae`, `mse`, `rmse`, `nll`, `perplexity`;
- better high: `acc`, `accuracy`, `auc`, `f1`, `r2`, `precision`, `recall`, `score`, `map`, `iou`,
  `bleu`, but for a score known to be better low (`brier`, `fid`, `kid`, `wer`, `cer`, `anomaly`).

Every other metric has no direction, hence no best run: nothing is guessed silently.
"""

from __future__ import annotations

import re
from typing import Final, Literal

Direction = Literal["min", "max"]

Measured = Literal["accuracy", "f1", "auc", "log-loss", "brier", "mse", "rmse", "mae", "mean"]
# What can be measured of predictions, and which values are better; of a mean somebody has to say.
MEASURES: Final[dict[Measured, Direction | None]] = {
    "accuracy": "max",
    "f1": "max",
    "auc": "max",
    "log-loss": "min",
    "brier": "min",
    "mse": "min",
    "rmse": "min",
    "mae": "min",
    "mean": None,
}

LOW: Final = frozenset({"loss", "error", "mae", "mse", "rmse", "nll", "perplexity"})
HIGH: Final = frozenset(
    {
        "acc",
        "accuracy",
        "auc",
        "f1",
        "r2",
        "precision",
        "recall",
        "score",
        "map",
        "iou",
        "bleu",
    }
)
# Scores that are better low in spite of the word: they are nobody's to guess.
_DOUBTFUL: Final = frozenset({"brier", "fid", "kid", "wer", "cer", "anomaly"})
_WORD = re.compile(r"[A-Z]+(?![a-z])\d*|[A-Z]?[a-z]+\d*|\d+")


def known_direction(name: str) -> Direction | None:
    """Read the direction of a metric from the last word of its name.

    >>> known_direction("val/loss"), known_direction("testAccuracy"), known_direction("lr")
    ('min', 'max', None)
    """
    words = [word.lower() for word in _WORD.findall(name)]
    if not words or _DOUBTFUL & set(words):
        return None
    # Capitals split `mAP` and `IoU`, so the last part counts as a whole too.
    last = {words[-1], re.split(r"[^A-Za-z0-9]+", name)[-1].lower()}
    if last & LOW:
        return "min"
    return "max" if last & HIGH else None


def direction(name: str, configured: Direction | None = None) -> Direction | None:
    """Give the direction of a metric: the configured one, else what its name is known for."""
    return configured or known_direction(name)
