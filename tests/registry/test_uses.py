"""How often data has decided a promotion, as git knows it."""

from __future__ import annotations

import pytest

from staticrun.registry import manifests
from staticrun.registry.gates import evaluate
from staticrun.registry.history import history
from staticrun.registry.known import Known
from staticrun.registry.manifests import Data, Policies, Policy, Withdrawn
from staticrun.registry.material import Material
from staticrun.registry.promotion import Promotion
from staticrun.registry.uses import read, until
from tests.registry.branches import branch, change, merge
from tests.registry.made import digest, place, stage, version, write
from tests.registry.repository import commit_all, git, repository
from tests.registry.trained import open_store

ONE, TWO = digest(71), digest(72)
FLOOR = manifests.Threshold(metric="auc", min=0.5)
ASKS = Policies(
    stages={"production": Policy(gates=("floor",)), "staging": Policy(gates=("integrity",))},
    gates={"floor": FLOOR},
)
ASKS_NOTHING = Policies(stages={"production": Policy(gates=("integrity", "clean-git"))})


def cites(number, *digests, role="eval", model="churn"):
    data = tuple(Data(name=f"set {n}", role=role, digest=one) for n, one in enumerate(digests))
    return version(number, model, data=data)


@pytest.fixture
def repo(tmp_path):
    root = tmp_path / "a b"
    write(root, manifests.Model(model="churn"), *(cites(n, ONE) for n in range(1, 6)))
    write(root, cites(6, TWO), cites(7, ONE, TWO), cites(8, ONE, role="train"))
    return repository(root)


def uses(root, one=ONE, role="eval", ref="HEAD"):
    return until(root, ref, Known(root)).count(one, role)


def test_a_promotion_counts_where_the_policies_before_it_asked_for_results(repo):
    change(repo, stage(1))
    assert uses(repo) == 0
    # The policies that come with a promotion are not those that it was judged by.
    change(repo, ASKS, stage(2, previous=1))
    assert uses(repo) == 0
    change(repo, stage(3, previous=2))
    assert uses(repo) == 1
    change(repo, stage(3, "staging"))
    assert uses(repo) == 1
    change(repo, stage(2, previous=3, hold=True))  # a rollback
    change(repo, stage(2, previous=3))  # released
    assert uses(repo) == 1
    change(repo, stage(6, previous=2))
    change(repo, stage(7, previous=6))
    change(repo, stage(8, previous=7))
    # What it was trained on decided nothing.
    assert (uses(repo), uses(repo, TWO), uses(repo, ONE, "train")) == (2, 2, 0)
    change(repo, ASKS_NOTHING)
    change(repo, stage(1, "canary"))
    assert uses(repo) == 2
    (repo / place(ASKS)).unlink()
    commit_all(repo)
    (repo / place(stage(1))).unlink()
    commit_all(repo)
    change(repo, stage(5))
    assert uses(repo) == 2
    # The whole history says the same.
    assert until(repo, "HEAD", Known(repo)) == read(repo, history(repo))


@pytest.mark.slow
def test_a_gate_for_other_models_does_not_count(repo):
    gate = manifests.Better(metric="auc", direction="max", models=("other",))
    change(repo, Policies(stages={"production": Policy(gates=("g",))}, gates={"g": gate}))
    change(repo, stage(1))
    assert uses(repo) == 0
    change(repo, manifests.Model(model="other"), cites(1, ONE, model="other"))
    # The first at a stage is compared with nothing.
    change(repo, stage(1, model="other"))
    assert uses(repo) == 0
    change(repo, cites(2, ONE, model="other"), stage(2, model="other", previous=1))
    assert uses(repo) == 1


def test_a_merge_is_judged_by_what_it_was_merged_into(repo):
    change(repo, ASKS_NOTHING)
    branch(repo, "b")
    change(repo, stage(1))
    git(repo, "checkout", "-q", "main")
    change(repo, ASKS)
    assert merge(repo, "b")
    assert uses(repo) == 1
    # As of a commit before, it had not happened.
    assert uses(repo, ref="HEAD^1") == 0


def test_policies_that_cannot_be_read_decide_nothing(repo):
    change(repo, ASKS)
    (repo / place(ASKS)).write_text("schema: staticrun.policies/1\nstages: nonsense\n")
    commit_all(repo)
    change(repo, stage(1))
    assert uses(repo) == 0


@pytest.mark.slow
def test_what_happened_to_other_files_changes_nothing(repo):
    change(repo, ASKS)
    change(repo, stage(1))
    change(repo, Withdrawn(model="churn", version=5, reason="x"), manifests.Registry())
    assert uses(repo) == 1


@pytest.mark.slow
def test_a_clone_that_is_cut_off_knows_that_it_is(repo, tmp_path):
    change(repo, ASKS)
    for number in (1, 2, 3):
        change(repo, stage(number, previous=number - 1 or None))
    git(tmp_path, "clone", "-q", "--depth=2", f"file://{repo}", "short")
    short = tmp_path / "short"
    found = read(short, history(short))
    assert (found.count(ONE, "eval"), found.known) == (1, False)
    assert until(short, "HEAD", Known(short)) == found
    assert (uses(repo), read(repo, history(repo)).known) == (3, True)
    for root, uses_max, expected in ((repo, 3, "pass"), (repo, 2, "fail"), (short, 0, "fail")):
        found = fresh(root, uses_max)
        assert found.result == expected
    assert fresh(short, 5).result == "unknown"
    assert fresh(short, 5).why == (
        "the evaluation data decided 1 promotion before, or more; at most 5 asked for"
    )


def fresh(root, most):
    gate = manifests.FreshData(max_uses=most)
    policies = Policies(stages={"production": Policy(gates=("g",))}, gates={"g": gate})
    promotion = Promotion(model="churn", stage="production", candidate=cites(4, ONE))
    material = Material(root, open_store(root))
    (found,) = evaluate(policies, promotion, root=root, material=material)
    return found


@pytest.mark.slow
def test_a_project_below_a_repository_counts_its_own(repo, tmp_path):
    outer = tmp_path / "outer"
    outer.mkdir()
    write(outer / "in here", manifests.Model(model="churn"), cites(1, ONE), ASKS)
    repository(outer)
    change(outer / "in here", stage(1))
    assert uses(outer / "in here") == 1
