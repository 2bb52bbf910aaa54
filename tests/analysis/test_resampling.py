"""Tests of better and worse: equal to scipy's and to brute force, and the same everywhere."""

from __future__ import annotations

import itertools
import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from staticrun.analysis import resampling
from staticrun.analysis.measures import measure
from staticrun.errors import UserError


def examples(name, n, seed, *, skill=(0.8, 0.7)):
    """Make a target and two models, of which the first is the better one."""
    rng = random.Random(seed)
    target = [rng.randint(0, 1) for _ in range(n)]
    target[:2] = [0, 1]
    if name in {"accuracy", "f1"}:
        said = [[t if rng.random() < one else 1 - t for t in target] for one in skill]
    elif name in {"auc", "log-loss", "brier"}:
        said = [[_logistic(rng.gauss((2 * t - 1) * one, 1)) for t in target] for one in skill]
    else:
        target = [rng.gauss(0, 1) for _ in range(n)]
        said = [[t + rng.gauss(0, 1.5 - one) for t in target] for one in skill]
        if name == "mean":
            said = [[abs(t - p) for t, p in zip(target, one, strict=True)] for one in said]
    # Rounded, so that no library's last digit is in what is given.
    plain = [[round(value, 6) for value in one] for one in (target, *said)]
    return plain[0], plain[1], plain[2]


def _logistic(value):
    return 1 / (1 + math.exp(-value))


def of(name):
    return measure(name, "min" if name == "mean" else None)


NAMES = ("accuracy", "f1", "auc", "log-loss", "brier", "mse", "rmse", "mae", "mean")


@pytest.mark.parametrize("name", NAMES)
def test_swapped_sides_negate_the_gain(name):
    target, one, other = examples(name, 60, 1)
    there = resampling.paired(of(name), target, one, other, resamples=200, seed=3)
    back = resampling.paired(of(name), target, other, one, resamples=200, seed=3)

    assert (back.gain, back.low, back.high) == (-there.gain, -there.high, -there.low)
    assert (back.candidate, back.current) == (there.current, there.candidate)
    assert there.low <= there.gain <= there.high


@pytest.mark.parametrize("name", NAMES)
def test_the_same_model_is_no_better(name):
    target, one, _ = examples(name, 40, 2)
    found = resampling.paired(of(name), target, one, one, resamples=200)

    assert (found.gain, found.low, found.high, found.p) == (0.0, 0.0, 0.0, 1.0)
    assert resampling.permutation(of(name), target, one, one, resamples=200) == 1.0


# What these numbers were once they have to stay: on every machine, with every NumPy.
GOLDEN = {
    "accuracy": (
        -0.16000000000000003,
        0.09999999999999998,
        0.6783042394014963,
        0.7406483790523691,
    ),
    "f1": (-0.17352941176470582, 0.11190476190476184, 0.6159600997506235, 0.6907730673316709),
    "auc": (-0.1691297208538587, 0.04385964912280704, 0.8354114713216958, 0.8179551122194514),
    "log-loss": (
        -0.14846553847106392,
        0.09309956056839108,
        0.6209476309226932,
        0.6408977556109726,
    ),
    "brier": (-0.061011859407780034, 0.04017485276006, 0.6084788029925187, 0.6059850374064838),
    "mse": (-0.044378709652300063, 0.5283847359233399, 0.04738154613466334, 0.07231920199501247),
    "rmse": (-0.03729286647635632, 0.3696564401136476, 0.04738154613466334, 0.07231920199501247),
    "mae": (-0.08460957999999996, 0.2819390600000001, 0.12967581047381546, 0.13466334164588528),
    "mean": (-0.0846093, 0.28193922, 0.12967581047381546, 0.13466334164588528),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_seed_gives_one_p_for_ever(name):
    target, one, other = examples(name, 50, 7)
    found = resampling.paired(of(name), target, one, other, resamples=400, seed=11)
    p = resampling.permutation(of(name), target, one, other, resamples=400, seed=11)

    assert (found.low, found.high, found.p, p) == GOLDEN[name]


@pytest.mark.parametrize("name", NAMES)
def test_resamples_are_those_of_a_plain_loop(name):
    target, one, other = (np.array(values) for values in examples(name, 30, 5))
    found = resampling.paired(of(name), target, one, other, resamples=100, seed=9)
    stream, gains = np.random.RandomState(9), []
    for _ in range(100):
        rows = stream.randint(0, 30, 30, dtype=np.int64)
        values = (of(name).value(target[rows], side[rows]) for side in (one, other))
        gains.append(float(of(name).gain(*values)))

    assert found.p == (1 + sum(gain <= 1e-12 for gain in gains)) / 101
    ranked = sorted(gains)
    assert (found.low, found.high) == pytest.approx((ranked[1], ranked[-2]), abs=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_an_exact_permutation_is_that_of_scipy(name):
    target, one, other = examples(name, 8, 4)

    def gain(a, b):
        return float(of(name).gain(of(name).value(target, a), of(name).value(target, b)))

    expected = stats.permutation_test(
        (np.array(one), np.array(other)),
        gain,
        permutation_type="samples",
        alternative="greater",
        n_resamples=np.inf,
        vectorized=False,
    )
    found = resampling.permutation(of(name), target, one, other)

    assert found == pytest.approx(expected.pvalue, rel=1e-12)
    swaps = itertools.product((False, True), repeat=8)
    swapped = [
        gain(
            [b if s else a for a, b, s in zip(one, other, swap, strict=True)],
            [a if s else b for a, b, s in zip(one, other, swap, strict=True)],
        )
        for swap in swaps
    ]
    assert found == sum(g >= gain(one, other) - 1e-12 for g in swapped) / 2**8


def test_a_drawn_permutation_comes_near_the_exact_one(monkeypatch):
    target, one, other = examples("accuracy", 12, 3, skill=(0.9, 0.4))
    exact = resampling.permutation(of("accuracy"), target, one, other)
    monkeypatch.setattr(resampling, "EXACT_MAX", 0)
    drawn = resampling.permutation(of("accuracy"), target, one, other, resamples=20_000, seed=1)

    assert 0.005 < exact < 0.2
    assert drawn == pytest.approx(exact, abs=4 * math.sqrt(exact / 20_000))


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_the_exact_binomial_test(won, lost):
    target = ["a"] * (won + lost + 1)
    one = ["a"] * won + ["b"] * lost + ["a"]
    other = ["b"] * won + ["a"] * lost + ["a"]
    found = resampling.mcnemar(target, one, other)
    expected = (
        stats.binomtest(won, won + lost, alternative="greater").pvalue if won + lost else 1.0
    )

    assert (found.candidate, found.current) == (won, lost)
    assert found.p == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("won", "trials"),
    [(500, 1000), (620, 1000), (1000, 1000), (50_600, 100_000), (501_000, 1_000_000), (3, 9_000)],
)
def test_mcnemar_of_many_is_exact_too(won, trials):
    expected = stats.binomtest(won, trials, alternative="greater").pvalue
    assert resampling._at_least(won, trials) == pytest.approx(expected, rel=1e-9)
    if trials <= 1000:
        exact = sum(math.comb(trials, k) for k in range(won, trials + 1)) / 2**trials
        assert resampling._at_least(won, trials) == exact


def test_no_worse_by_a_margin_is_easier_than_better():
    target, one, other = examples("accuracy", 400, 6, skill=(0.8, 0.81))
    told = {"resamples": 400, "seed": 1}
    better = resampling.paired(of("accuracy"), target, one, other, **told)
    margins = [
        resampling.paired(of("accuracy"), target, one, other, margin=margin, **told)
        for margin in (0.001, 0.05, 0.2)
    ]

    assert better.p >= margins[0].p >= margins[1].p >= margins[2].p
    assert margins[2].p == 1 / 401
    assert {one.gain for one in margins} == {better.gain}


values = st.lists(st.floats(-100, 100).map(lambda x: round(x, 3)), min_size=2, max_size=8)


@settings(max_examples=25)
@given(values, values, st.sampled_from(["max", "min"]))
def test_welch_over_seeds_is_that_of_scipy(one, other, direction):
    found = resampling.over_seeds(one, other, direction=direction)
    if 1 in (len({*one}), len({*other})):  # where scipy warns of what it reckons
        assert (found.p is None) is (len({*one}) == len({*other}))
        return
    side = "greater" if direction == "max" else "less"
    expected = stats.ttest_ind(one, other, equal_var=False, alternative=side)

    assert found.p == pytest.approx(expected.pvalue, rel=1e-6, abs=1e-12)
    both = stats.ttest_ind(one, other, equal_var=False).confidence_interval()
    ends = (both.low, both.high) if direction == "max" else (-both.high, -both.low)
    assert (found.low, found.high) == pytest.approx(ends, rel=1e-6, abs=1e-9)


def test_seeds_are_drawn_for_each_side():
    one, other = [0.91, 0.92, 0.93, 0.9], [0.8, 0.85, 0.82]
    told = {"direction": "max", "test": "bootstrap", "resamples": 500, "seed": 2}
    found = resampling.over_seeds(one, other, **told)

    assert found.p == 1 / 501
    assert found.gain == pytest.approx(math.fsum(one) / 4 - math.fsum(other) / 3)
    assert found.low <= found.gain <= found.high
    assert resampling.over_seeds(list(reversed(one)), other, **told).gain == found.gain
    assert resampling.over_seeds(other, one, **told).p > 0.99
    flat = resampling.over_seeds([1.0, 1.0], [0.5, 0.5], **told)
    assert (flat.p, flat.reason) == (None, "neither side varies")
    assert resampling.over_seeds([1.0], other, **told).p is None


def test_what_cannot_be_measured_is_refused_here_too():
    for test in (resampling.paired, resampling.permutation):
        with pytest.raises(UserError, match="row 2: prediction"):
            test(of("mse"), [1, 2], [1, math.nan], [1, 2])
    with pytest.raises(UserError, match="row 1: target"):
        resampling.mcnemar(["nan"], ["1"], ["1"])
