"""How long a version has to have been at a stage before: by the times of the branch's commits."""

from __future__ import annotations

import time

import pytest

from staticrun.registry.events import Event, Origin
from staticrun.registry.gates import evaluate
from staticrun.registry.gates.soak import soaked
from staticrun.registry.manifests import Policies, Policy
from staticrun.registry.promotion import Promotion
from staticrun.registry.read import read
from tests.registry.branches import branch, change, checked
from tests.registry.made import digest, stage, version
from tests.registry.repository import commit_all, git

HOUR = 3600.0


def moved(
    when: float, number: int | None, name: str = "staging", tree: str | None = None
) -> Event:
    """Make an event by which a stage came to a version, or to none, at an hour."""
    origin = Origin(
        commit="a" * 40, time=when * HOUR, subject="", author="", committer="Ann <a@example.org>"
    )
    return Event(
        id="x",
        type="stage.promoted",
        origin=origin,
        path="",
        model="churn",
        stage=name,
        version=number,
        tree=tree or (digest(number) if number else None),
    )


@pytest.mark.parametrize(
    ("events", "hours"),
    [
        ([], 0),
        ([moved(10, 3)], 90),
        ([moved(10, 3), moved(30, 4)], 20),
        ([moved(10, 3), moved(30, None), moved(90, 3)], 20),
        ([moved(10, 3), moved(20, None), moved(50, 3)], 50),
        # What is said anew is one stay; other bytes, stages and models are none.
        ([moved(10, 3), moved(50, 3)], 90),
        ([moved(10, 3, tree=digest(9))], 0),
        ([moved(10, 3, "canary")], 0),
        # A clock that goes back gives nothing.
        ([moved(200, 3)], 0),
        ([moved(50, 3), moved(10, 4)], 0),
    ],
    ids=range(10),
)
def test_the_longest_stay_counts(events, hours):
    assert soaked(events, version(3), ["staging"], 100 * HOUR) == hours * HOUR


@pytest.mark.parametrize(
    ("asked", "been", "result"),
    [("48h", 48, "pass"), ("48h", 47.9, "fail"), ("2d", 48, "pass"), ("48h", None, "unknown")],
)
def test_what_is_not_known_lets_nothing_pass(tmp_path, asked, been, result):
    policy = Policy(came_from=("staging",), soak=asked)
    promotion = Promotion(
        model="churn",
        stage="production",
        candidate=version(3),
        been_at=frozenset({"staging"}),
        soaked=None if been is None else been * HOUR,
    )
    policies = Policies(stages={"production": policy})
    *_, outcome = evaluate(policies, promotion, root=tmp_path)
    assert (outcome.gate, outcome.result) == ("soak", result)


@pytest.mark.parametrize("text", ["48", "0h", "2w", "-1h", "48 h", "99999h"])
def test_a_policy_says_hours_or_days(text):
    data = f'schema: staticrun.policies/1\nstages:\n  production: {{soak: "{text}"}}\n'
    assert read(data.encode(), "policies.yaml", Policies)[0] is None


@pytest.mark.slow
def test_the_check_measures_until_now_on_the_base_alone(root, monkeypatch):
    (root / "registry/policies.yaml").write_text(
        "schema: staticrun.policies/1\nstages:\n  production: {from: [staging], soak: 48h}\n"
    )
    commit_all(root)

    def said() -> str:
        judged = checked(root).judged
        [outcome] = [out for one in judged for out in one.outcomes if out.gate == "soak"]
        return f"{outcome.result}: {outcome.why}"

    # What a change says of the stage before, and of its own clock, is not asked.
    branch(root, "early")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2020-01-01T00:00:00Z")
    change(root, stage(4, "staging", previous=2))
    change(root, stage(4, previous=3))
    assert said() == "fail: version 4 was at staging for 0.0 h: 48h asked for"

    git(root, "checkout", "-q", "main")
    monkeypatch.setenv("GIT_COMMITTER_DATE", f"{int(time.time()) - 72 * 3600} +0000")
    change(root, stage(4, "staging", previous=2))
    monkeypatch.delenv("GIT_COMMITTER_DATE")
    branch(root, "topic")
    change(root, stage(4, previous=3))
    assert said() == "pass: version 4 was at staging for 72.0 h: 48h asked for"
