from __future__ import annotations

import pytest

from staticrun.analysis.direction import direction, known_direction


@pytest.mark.parametrize(
    "name",
    [
        "loss",
        "val/loss",
        "train_loss",
        "MSELoss",
        "eval.RMSE",
        "valid perplexity",
        "test-error",
        "nll",
    ],
)
def test_losses_and_errors_are_better_low(name):
    assert known_direction(name) == "min"


@pytest.mark.parametrize(
    "name",
    [
        "acc",
        "val/acc",
        "testAccuracy",
        "roc_auc_score",
        "macro_f1",
        "F1",
        "mAP",
        "IoU",
        "val/R2",
        "top5_acc",
    ],
)
def test_accuracies_and_scores_are_better_high(name):
    assert known_direction(name) == "max"


@pytest.mark.parametrize(
    "name",
    ["", "lr", "loss_scale", "heatmap", "fid_score", "brier_score", "epoch", "accuracy/5", "🙂"],
)
def test_other_names_are_not_guessed(name):
    assert known_direction(name) is None


def test_what_is_configured_holds():
    assert direction("val/loss", "max") == "max"
    assert direction("val/loss") == "min"
    assert direction("throughput") is None
