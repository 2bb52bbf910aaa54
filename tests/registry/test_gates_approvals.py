"""Approvals that a policy asks for: who counts, of which commit, and that nobody decides against."""

from __future__ import annotations

import pytest

from staticrun.registry.gates import evaluate
from staticrun.registry.manifests import Approvals, Override, Policies, Policy
from staticrun.registry.promotion import Promotion
from staticrun.registry.read import read
from staticrun.registry.vouched import Approval, Vouched
from tests.registry.branches import branch, change, checked, errors, warnings
from tests.registry.made import stage, version
from tests.registry.repository import commit_all, git

POLICIES = "registry/policies.yaml"
TEXT = """\
schema: staticrun.policies/1
stages:
  production: {approvals: {min: 2}}
"""
BOTH = (Approval(login="ann"), Approval(login="cleo"))


def judge(tmp_path, asked: Approvals, *said: Approval, overrides=(), number: int | None = 7):
    promotion = Promotion(
        model="churn",
        stage="production",
        candidate=version(3),
        overrides=overrides,
        vouched=Vouched(pull_request=number, head="a" * 40, approvals=said),
    )
    policies = Policies(stages={"production": Policy(approvals=asked)})
    [outcome] = evaluate(policies, promotion, root=tmp_path)
    return outcome.result, outcome.why, outcome.overridden


@pytest.mark.parametrize(
    ("asked", "said", "result", "why"),
    [
        (Approvals(), BOTH[:1], "pass", "ann approved it: 1 of 1 asked for"),
        (Approvals(), (), "fail", "nobody who counts approved it: 0 of 1 asked for"),
        (Approvals(min=2), BOTH, "pass", "ann, cleo approved it: 2 of 2 asked for"),
        # One person is one, however often and in whichever case they are named.
        (Approvals(min=2), (*BOTH[:1], Approval(login="ANN")), "fail", "ANN approved it: 1 of 2 asked for"),
        (Approvals(min=2), (*BOTH[:1], Approval(login="bob", author=True)), "fail", "ann approved it: 1 of 2 asked for"),
        (Approvals(min=2, not_author=False), (*BOTH[:1], Approval(login="bob", author=True)), "pass", "ann, bob approved it: 2 of 2 asked for"),
        (Approvals(users=("@Cleo", "@dan")), BOTH, "pass", "cleo approved it: 1 of 1 asked for"),
        (Approvals(users=("@dan",)), BOTH, "fail", "nobody who counts approved it: 0 of 1 asked for"),
    ],
    ids=range(8),
)  # fmt: skip
def test_people_are_counted_whom_the_policy_lets_approve(tmp_path, asked, said, result, why):
    assert judge(tmp_path, asked, *said) == (result, why, None)


def test_nobody_decides_against_other_people(tmp_path):
    against = (Override(gate="approvals", reason="in a hurry", by="Bob"),)
    assert judge(tmp_path, Approvals(), overrides=against)[2] is None
    assert judge(tmp_path, Approvals(), *BOTH, number=None)[0] == "fail"


@pytest.mark.parametrize("users", ["@org/leads", "ann", "@", "@ann\\n", "@a b"])
def test_a_policy_names_people_and_no_team(users):
    text = TEXT.replace("min: 2", f'users: ["{users}"]')
    found, findings = read(text.encode(), POLICIES, Policies)
    assert found is None
    assert "approvals.users[0]" in str(findings[0])


def guarded(root) -> None:
    """Ask for two approvals on `main`, and begin a promotion on a branch."""
    (root / POLICIES).write_text(TEXT)
    commit_all(root)
    branch(root, "topic")


def test_approvals_count_for_the_commit_that_they_are_of(root):
    guarded(root)
    head = change(root, stage(4, previous=3))
    said = Vouched(pull_request=7, head=head, approvals=BOTH)

    def why(**given) -> str:
        [outcome] = checked(root, **given).judged[0].outcomes
        return f"{outcome.result}: {outcome.why}"

    passing = "pass: ann, cleo approved it: 2 of 2 asked for"
    assert why() == "unknown: the host was not asked who approved it"
    assert why(approvals=said) == passing
    assert why(approvals=said, head="topic") == passing
    other = Vouched(pull_request=7, head="b" * 40, approvals=BOTH)
    assert why(approvals=other).startswith(
        "unknown: what the host said is of bbbbbbbbbbbb, and not"
    )
    # What a host checks out is the merge onto the base.
    git(root, "checkout", "-q", "--detach", "main")
    git(root, "merge", "-q", "--no-ff", "-m", "as the host does", "topic")
    assert why(approvals=said) == passing
    # Another merge of it is not what was approved, and neither is what is not committed.
    git(root, "checkout", "-q", "-B", "other", "topic~1")
    (root / "more").write_text("")
    commit_all(root)
    git(root, "merge", "-q", "--no-ff", "-m", "mine", "topic")
    assert why(approvals=said).startswith("unknown: what the host said is of")
    git(root, "checkout", "-q", "topic")
    change_file = root / "registry/models/churn/stages/production.yaml"
    change_file.write_text(change_file.read_text().replace("better", "best"))
    assert why(approvals=said).startswith("unknown: the work tree is not what a commit has")


@pytest.mark.slow
def test_an_override_of_approvals_decides_nothing_and_a_way_back_asks_nobody(root):
    guarded(root)
    change(
        root,
        stage(4, previous=3, overrides=(Override(gate="approvals", reason="a", by="Bob"),)),
    )
    found = checked(root)
    assert [one.result for one in found.stopped] == ["unknown"]
    assert any("the override of approvals decides nothing" in one for one in warnings(found))
    assert errors(found) == []
    branch(root, "back")
    change(root, stage(2, previous=3, hold=True))
    assert checked(root).judged[0].outcomes == ()
