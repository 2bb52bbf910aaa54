"""Pull requests that try to fool a gate which tests: each is refused, on real branches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from staticrun.analysis.measures import measure
from staticrun.registry import manifests
from staticrun.registry.manifests import Data, Policies, Policy, Value
from tests.publish.made import bare
from tests.registry.branches import branch, checked, errors
from tests.registry.made import digest, stage, write
from tests.registry.predicted import csv_of, guess, guesses, targets, train, version_of
from tests.registry.repository import commit_all, git, repository

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from staticrun.registry.check import Checked
    from staticrun.registry.manifests import Version

N = 400
GATE = manifests.Paired(metric="acc", measure="accuracy", predictions="eval.csv")
ASKS = Policies(
    stages={"production": Policy(gates=("integrity", "truly-better"))},
    gates={"truly-better": GATE},
)


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    """Make a project whose production is at a champion, and a remote that has it."""
    folder = tmp_path_factory.mktemp("fooled")
    root = folder / "a project"
    champion = guess(root, 1, 0.7)
    write(root, manifests.Model(model="churn"), champion)
    write(root, ASKS, stage(1, tree=champion.artifact.tree, previous=None))
    repository(root)
    git(root, "remote", "add", "origin", str(bare(folder / "remote.git")))
    git(root, "push", "-q", "origin", "HEAD:main")
    return root


def candidate(root: Path, skill: float = 0.85, **said: Any) -> Version:
    """Train a candidate with predictions, or with others than a model of its skill has."""
    predicted = guesses(N, skill, "candidate")
    value = said.pop("value", None)
    if value is None:
        value = measure("accuracy").value(targets(N), predicted)
    data = said.pop("predictions", None) or csv_of(targets(N), predicted)
    train(root, "exp/2", data, value, data=said.get("data", ()) or DATA)
    return version_of(root, 2, "exp/2", value, **said)


DATA = (Data(name="holdout", role="eval", digest=digest(77)),)
OTHER = (Data(name="holdout", role="eval", digest=digest(78)),)


def honest(root: Path) -> Version:
    return candidate(root)


def worse(root: Path) -> Version:
    """Give the two sides in the wrong order: the champion is better."""
    return candidate(root, 0.55)


def itself(root: Path) -> Version:
    [champion] = [guess(root, 1, 0.7, key="again/1")]
    known = version_of(root, 1, "exp/1", 0.0)
    return msgspec.structs.replace(champion, version=2, artifact=known.artifact)


def no_number(root: Path) -> Version:
    return candidate(root, metrics=(Value(name="acc", value="NaN", direction="max"),))


def flipped(root: Path) -> Version:
    known = candidate(root, 0.55)
    low = Value(name="acc", value=known.metrics[0].value, direction="min")
    return msgspec.structs.replace(known, metrics=(low,))


def other_data(root: Path) -> Version:
    return candidate(root, data=OTHER)


def shuffled(root: Path) -> Version:
    predicted = guesses(N, 0.85, "candidate")
    ids = list(range(1, N + 1))
    turned = csv_of(targets(N)[::-1], predicted[::-1], ids[::-1])
    return candidate(root, predictions=turned)


def shuffled_targets(root: Path) -> Version:
    """Give predictions beside other examples' ids."""
    predicted = guesses(N, 0.85, "candidate")
    return candidate(root, predictions=csv_of(targets(N)[::-1], predicted[::-1]))


def claimed(root: Path) -> Version:
    """Claim more in run and manifest than the predictions give."""
    return candidate(root, 0.72, value=0.99)


def edited(root: Path) -> Version:
    known = candidate(root, 0.72)
    path = root / known.artifact.path / "eval.csv"
    path.write_bytes(csv_of(targets(N), targets(N)))
    return known


def loosened(root: Path) -> Version:
    """Bring policies that ask for nothing together with the move."""
    write(root, Policies(stages={"production": Policy(gates=("integrity",))}))
    return candidate(root, 0.55)


def proposed(root: Path, fool: Callable[[Path], Version]) -> Checked:
    """Check a promotion as a pull request brings it."""
    branch(root, fool.__name__)
    version = fool(root)
    write(root, version, stage(2, tree=version.artifact.tree, previous=1))
    commit_all(root, "Promote churn 2")
    git(root, "push", "-q", "origin", f"HEAD:{fool.__name__}")
    return checked(root, "origin/main")


def rare(fool: Callable[[Path], Version], why: str) -> Any:
    """Leave a trick to the slow tier, where it is one that the gate is shown without git, too."""
    return pytest.param(fool, why, marks=pytest.mark.slow)


def test_an_honest_candidate_that_is_better_passes(root):
    found = proposed(root, honest)
    assert (errors(found), found.stopped) == ([], ())
    assert [one.result for one in found.judged[0].outcomes] == ["pass", "pass"]


@pytest.mark.parametrize(
    ("fool", "why"),
    [
        (worse, "worse by"),
        rare(itself, "with itself"),
        rare(no_number, "no finite number"),
        rare(flipped, "min in version 2"),
        rare(other_data, "other data"),
        rare(shuffled, "is the example"),
        rare(shuffled_targets, "has the target"),
        (claimed, "of the predictions of version 2 is 0.7"),
        (edited, "has other bytes"),
        (loosened, "worse by"),
    ],
    ids=lambda one: getattr(one, "__name__", None),
)
def test_no_trick_comes_through(root, fool, why):
    found = proposed(root, fool)
    [judged] = found.judged
    asked = {one.gate: one for one in judged.outcomes}
    # The policies of the base are asked, whatever the change brings.
    assert asked["truly-better"].result == "fail"
    assert why in asked["truly-better"].why
    assert asked["truly-better"] in found.stopped
