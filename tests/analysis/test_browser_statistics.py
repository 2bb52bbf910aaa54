"""The browser's statistics are those of scipy, on samples that hypothesis would think of."""

from __future__ import annotations

import math
from itertools import product
from random import Random

import pytest
from scipy import stats

from tests.browser.ask import ask as ask_module


def ask(*calls: list) -> list:
    """Ask each function of the module that has it."""
    [name, *_] = calls[0]
    module = {"twoSided": "student", "spearman": "association", "associate": "association"}
    return ask_module(f"stats/{module.get(name, 'difference')}.ts", *calls)


def sample(random: Random) -> list[float]:
    n, scale, shift = random.randint(2, 9), 10 ** random.randint(-6, 6), random.choice((0, 1, -50))
    return [round(scale * (random.gauss() + shift), 9) for _ in range(n)]


@pytest.fixture(scope="module")
def pairs(seed_of_module) -> list[tuple[list[float], list[float]]]:
    random = Random(seed_of_module)
    return [(sample(random), sample(random)) for _ in range(400)]


@pytest.fixture(scope="module")
def seed_of_module() -> int:
    return 20_240_229


def test_tails_and_quantiles_of_student():
    degrees = (1, 1.3, 2, 3.7, 8, 30, 1000, 10_000)
    tails = list(product((0.0, 1e-3, 0.5, 1.96, 7.0, 40.0), degrees))
    quantiles = list(product(degrees, (0.5, 0.8, 0.95, 0.99)))

    found = ask(*(["twoSided", *x] for x in tails), *(["quantile", *x] for x in quantiles))

    for (t, df), p in zip(tails, found, strict=False):
        assert p == pytest.approx(2 * stats.t.sf(t, df), rel=1e-9, abs=1e-300)
    for (df, confidence), t in zip(quantiles, found[len(tails) :], strict=True):
        assert t == pytest.approx(stats.t.ppf((1 + confidence) / 2, df), rel=1e-9)


def test_intervals_of_means(pairs):
    for (values, _), found in zip(
        pairs, ask(*(["meanInterval", a] for a, _ in pairs)), strict=True
    ):
        low, high = stats.t.interval(
            0.95, len(values) - 1, loc=math.fsum(values) / len(values), scale=stats.sem(values)
        )
        size = max(map(abs, values))
        assert (found["low"], found["high"]) == pytest.approx(
            (low, high), rel=1e-9, abs=1e-9 * size
        )
        assert found["std"] == pytest.approx(stats.tstd(values), rel=1e-9)


def test_welch(pairs):
    for (a, b), found in zip(pairs, ask(*(["welch", a, b] for a, b in pairs)), strict=True):
        test = stats.ttest_ind(a, b, equal_var=False)
        interval = test.confidence_interval(0.95)
        size = max(map(abs, a + b))
        assert found["p"] == pytest.approx(test.pvalue, rel=1e-6, abs=1e-12)
        assert found["df"] == pytest.approx(test.df, rel=1e-9)
        assert (found["low"], found["high"]) == pytest.approx(
            (interval.low, interval.high), rel=1e-8, abs=1e-9 * size
        )


def test_the_probability_of_improvement_is_u_by_the_number_of_pairs(pairs):
    whole = [([round(x) % 4 for x in a], [round(x) % 4 for x in b]) for a, b in pairs]
    for (a, b), found in zip(whole, ask(*(["improvement", a, b] for a, b in whole)), strict=True):
        assert found == pytest.approx(stats.mannwhitneyu(a, b).statistic / (len(a) * len(b)))


def test_ranks_go_together_as_scipy_says(pairs):
    whole = [[[round(x) % 5, round(y) % 5] for x, y in zip(a, b, strict=False)] for a, b in pairs]
    whole = [points for points in whole if len(points) > 2]
    compared = 0
    for points, found in zip(whole, ask(*(["spearman", points] for points in whole)), strict=True):
        x, y = zip(*points, strict=True)
        if len(set(x)) > 1 and len(set(y)) > 1:
            assert found == pytest.approx(stats.spearmanr(x, y).statistic)
            compared += 1
        else:
            assert found is None
    assert compared > 50


def test_holm_corrects_as_by_hand():
    assert ask(["holm", [0.01, 0.04, 0.03, 0.005]])[0] == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert ask(["holm", [0.9, 0.8]])[0] == [1, 1]


def test_what_cannot_be_known_is_not_invented():
    one, none, equal, nothing = ask(
        ["meanInterval", [1]], ["meanInterval", []], ["meanInterval", [2, 2, 2]],
        ["welch", [1, 1], [2, 2]],
    )  # fmt: skip

    assert one == {"n": 1, "mean": 1, "leftOut": 0, "reason": "one value has no interval"}
    assert none == {"n": 0, "leftOut": 0, "reason": "no finite value"}
    assert equal["reason"] == "all 3 values are equal"
    assert (nothing["delta"], nothing["reason"]) == (-1, "neither side varies")
    assert ask(["effectSize", [1], [2, 3]], ["improvement", [], [1]]) == [None, None]


def test_the_param_that_decides_explains_and_noise_does_not(seed_of_module):
    random = Random(seed_of_module)
    lr = [random.choice((0.1, 0.01, 0.001)) for _ in range(60)]
    seed = [random.choice((1, 2, 3)) for _ in range(60)]
    metric = [math.log10(x) + 0.1 * random.gauss() for x in lr]

    by_lr, by_seed, by_text = ask(
        ["associate", lr, metric], ["associate", seed, metric],
        ["associate", [str(x) for x in lr], metric],
    )  # fmt: skip

    assert by_lr["explained"] > 0.95
    assert by_lr["rank"] > 0.9
    assert by_seed["explained"] < 0.1
    assert by_text["explained"] == by_lr["explained"]
    assert "rank" not in by_text
