"""Promotions simulated on real branches: what is better comes through, and luck hardly ever does.

Each model has a champion at production, and two candidates on two branches: one that is right more
often, and one that is alike and was drawn with another seed. A branch promotes several models.

Reckoned before: of 500 examples the champion and its like have 70% right, the better one 80%, each
by itself. The gain of the better one is 0.1 with a standard error of sqrt((0.7 * 0.3 + 0.8 * 0.2)
/ 500) = 0.0272, so that it passes at alpha = 0.05 with a chance of about Phi(0.1 / 0.0272 - 1.645)
= 0.979. One that is alike passes with a chance of 0.05 at most.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from scipy import stats

from staticrun.analysis import resampling
from staticrun.analysis.measures import measure
from staticrun.registry import manifests
from staticrun.registry.check import check
from staticrun.registry.manifests import Policies, Policy
from tests.publish.made import bare
from tests.registry.made import stage, write
from tests.registry.predicted import guess
from tests.registry.repository import commit_all, git, repository
from tests.registry.trained import open_store

ROOT = Path(__file__).parents[2]
N, CHAMPION, BETTER, ALPHA = 500, 0.7, 0.8, 0.05
POWER = stats.norm.cdf(0.1 / (0.37 / N) ** 0.5 - stats.norm.ppf(1 - ALPHA))
GATE = manifests.Paired(
    metric="acc", measure="accuracy", predictions="eval.csv", alpha=ALPHA, n_min=N
)
ASKS = Policies(
    stages={"production": Policy(gates=("integrity", "better", "fresh"))},
    gates={"better": GATE, "fresh": manifests.FreshData(max_uses=500)},
)


def most(trials: int, chance: float) -> int:
    """Say how many are not exceeded but once in a thousand times."""
    return int(stats.binom.ppf(0.999, trials, chance))


def begin(folder: Path, count: int) -> Path:
    """Make as many models with a champion at production, in a repository with a remote."""
    root = folder / "a project"
    for number in range(count):
        model = f"m{number}"
        champion = guess(root, 1, CHAMPION, n=N, key=f"{model}/champion", model=model)
        write(root, manifests.Model(model=model), champion)
        write(root, stage(1, model=model, tree=champion.artifact.tree))
    write(root, ASKS, manifests.Registry(models_max=0))
    repository(root)
    git(root, "remote", "add", "origin", str(bare(folder / "remote.git")))
    git(root, "push", "-q", "origin", "HEAD:main")
    return root


def propose(root: Path, models: list[str], skill: float, name: str) -> list[str]:
    """Promote candidates on a branch, and name the models of which the gates let one pass."""
    git(root, "checkout", "-q", "-b", f"{models[0]}-{name}", "main")
    for model in models:
        candidate = guess(root, 2, skill, n=N, key=f"{model}/{name}", model=model)
        moved = stage(2, model=model, tree=candidate.artifact.tree, previous=1)
        write(root, candidate, moved)
    commit_all(root, f"Promote {name}")
    found = check(root, open_store(root), "origin/main")
    assert [str(one) for one in found.findings] == []
    results = {one.promotion.model: [g.result for g in one.outcomes] for one in found.judged}
    assert sorted(results) == sorted(models)
    assert {(first, last) for first, _, last in results.values()} == {("pass", "pass")}
    return [model for model, (_, better, _) in results.items() if better == "pass"]


def simulate(folder: Path, count: int, together: int) -> tuple[Path, dict[str, list[str]]]:
    root = begin(folder, count)
    passed: dict[str, list[str]] = {"better": [], "lucky": []}
    names = [f"m{number}" for number in range(count)]
    for at in range(0, count, together):
        models = names[at : at + together]
        passed["better"] += propose(root, models, BETTER, "better")
        passed["lucky"] += propose(root, models, CHAMPION, "lucky")
    git(root, "checkout", "-q", "main")
    return root, passed


def test_what_is_better_passes_and_its_like_does_not(tmp_path):
    root, passed = simulate(tmp_path, 2, together=2)
    assert passed == {"better": ["m0", "m1"], "lucky": []}
    recomputed(root, "m0")


@pytest.mark.slow
def test_of_two_hundred_promotions_luck_passes_at_most_at_the_stated_rate(tmp_path):
    root, passed = simulate(tmp_path, 200, together=10)

    assert len(passed["lucky"]) <= most(200, ALPHA)
    assert len(passed["better"]) >= 200 - most(200, 1 - POWER)
    # A test that nothing ever passes would be none.
    assert passed["lucky"]
    whole = next(
        m for m in range(0, 200, 10) if {f"m{n}" for n in range(m, m + 10)} <= {*passed["better"]}
    )
    recomputed(root, f"m{whole}")


def recomputed(root: Path, model: str) -> None:
    """Demand that anybody reckons the same verdict later, from a fresh clone."""
    git(root, "checkout", "-q", f"{model}-better")
    then = told(root, "--base", "origin/main")
    git(root, "checkout", "-q", "main")
    git(root, "merge", "-q", "--no-ff", "-m", f"Merge {model}", f"{model}-better")
    merge = git(root, "rev-parse", "HEAD")
    # Later the set has decided something, and somebody asks for more.
    strict = msgspec.structs.replace(GATE, min_delta=0.9)
    write(root, Policies(stages=ASKS.stages, gates={**ASKS.gates, "better": strict}))
    commit_all(root, "Ask for more")
    git(root, "push", "-q", "origin", "main")
    git(root.parent, "clone", "-q", str(root.parent / "remote.git"), "a fresh clone")
    fresh = root.parent / "a fresh clone"

    assert told(fresh, "--base", f"{merge}^1", "--head", merge) == then
    assert json.loads(then)["passed"] is True


def told(root: Path, *words: str) -> bytes:
    command = [sys.executable, "-m", "staticrun", "registry", "check", *words, "--json"]
    done = subprocess.run(
        [*command, "--root", "."],
        cwd=root,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        check=False,
    )
    assert done.stdout, done.stderr
    return done.stdout


TESTS = {
    "bootstrap": lambda by, *said: resampling.paired(by, *said, resamples=400).p,
    "permutation": lambda by, *said: resampling.permutation(by, *said, resamples=400),
    "mcnemar": lambda _, *said: resampling.mcnemar(*said).p,
    "non-inferiority": lambda by, *said: resampling.paired(by, *said, margin=0.1, resamples=400).p,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["accuracy", "auc", "mse"])
@pytest.mark.parametrize("test", TESTS)
def test_each_test_lets_what_is_no_better_pass_at_most_at_its_rate(name, test):
    if test == "mcnemar" and name != "accuracy":
        return
    rng, passed, by = random.Random(f"{name} {test}"), 0, measure(name)
    worse = 0.1 if test == "non-inferiority" else 0.0
    for _ in range(200):
        target = [place % 2 for place in range(300)]
        said = []
        for less in (worse, 0.0):
            if name == "accuracy":
                said.append([t if rng.random() < 0.8 - less else 1 - t for t in target])
            elif name == "auc":
                gap = 1.19 if not less else 0.74  # an auc of 0.8, and of 0.7
                said.append([rng.gauss(t * gap, 1) for t in target])
            else:
                said.append([t + rng.gauss(0, (1 + less) ** 0.5) for t in target])
        passed += TESTS[test](by, target, *said) <= ALPHA
    assert passed <= most(200, ALPHA)
    assert passed > 0
