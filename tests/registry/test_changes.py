"""What a branch may change in a registry, on real repositories."""

from __future__ import annotations

import os
import shutil

import pytest

from staticrun.registry import manifests
from staticrun.registry.manifests import Override, Policies, Policy, Withdrawn
from tests.registry.branches import (
    PRODUCTION,
    branch,
    change,
    checked,
    errors,
    merge,
    remove,
    warnings,
)
from tests.registry.made import digest, place, stage, version, write
from tests.registry.repository import commit_all, git, keep, state


def moved_back(number: int, **said):
    return stage(number, **{"previous": 3, "reason": "slow in the field", "hold": True, **said})


def test_nothing_changed_is_nothing_to_say(root):
    found = checked(root)
    assert (found.findings, found.judged) == ([], ())


def test_a_promotion_from_where_the_base_is_may_be(root):
    write(root, stage(4, previous=3))
    found = checked(root)
    assert errors(found) == warnings(found) == []
    (one,) = found.judged
    assert (one.promotion.candidate.version, one.promotion.current.version) == (4, 3)
    assert one.move.kind == "promotion"


@pytest.mark.parametrize("previous", [None, 2])
def test_who_promotes_from_elsewhere_is_told(root, previous):
    write(root, stage(4, previous=previous))
    said = f"previous is {previous or 'null'}, and the base branch has 3"
    assert any(said in one for one in errors(checked(root)))


def test_a_new_stage_comes_from_nothing(root):
    write(root, stage(1, "canary", previous=None))
    assert errors(checked(root)) == []
    write(root, stage(1, "canary", previous=2))
    assert any(
        "previous is 2, and the base branch has null" in one for one in errors(checked(root))
    )


ONCE = [
    (lambda root: write(root, version(1, created_by="eve")), "versions/0001.yaml: was changed"),
    (lambda root: remove(root, version(4)), "versions/0004.yaml: was removed"),
    (
        lambda root: (root / place(version(4))).rename(root / place(version(5))),
        "versions/0004.yaml: was removed",
    ),
    (
        lambda root: ((root / place(version(4))).unlink(), (root / place(version(4))).mkdir()),
        "versions/0004.yaml: was removed",
    ),
    (
        lambda root: (
            (root / place(version(4))).unlink(),
            (root / place(version(4))).symlink_to("0001.yaml"),
        ),
        "versions/0004.yaml: was removed, or is no regular file any more",
    ),
    (lambda root: shutil.rmtree(root / "registry"), "versions/0001.yaml: was removed"),
]


@pytest.mark.parametrize(("act", "said"), ONCE, ids=range(len(ONCE)))
@pytest.mark.parametrize("committed", [pytest.param(False, marks=pytest.mark.slow), True])
def test_what_is_written_once_stays(root, act, said, committed):
    branch(root, "b")
    act(root)
    if committed:
        commit_all(root)
    assert any(said in one for one in errors(checked(root)))


def test_a_tombstone_stays_too(root):
    change(root, Withdrawn(model="churn", version=1, reason="leaked labels"))
    write(root, Withdrawn(model="churn", version=1, reason="nothing"))
    assert any("withdrawn/0001.yaml: was changed" in one for one in errors(checked(root)))
    remove(root, Withdrawn(model="churn", version=1, reason=""))
    assert any("withdrawn/0001.yaml: was removed" in one for one in errors(checked(root)))


def test_what_may_change_is_left_alone(root):
    card = root / "registry/models/churn/versions/0001.card.md"
    card.write_text("# Churn\n")
    write(root, manifests.Model(model="churn", description="Who leaves."))
    write(root, version(5), Withdrawn(model="churn", version=1, reason="leaked labels"))
    assert errors(checked(root)) == []
    commit_all(root)
    card.write_text("# Churn, again\n")
    assert errors(checked(root)) == []
    card.unlink()
    assert errors(checked(root)) == []


def test_policies_and_stages_change_apart(root):
    policies = Policies(stages={"production": Policy(gates=("card-present",))})
    write(root, policies)
    assert errors(checked(root)) == []
    write(root, stage(4, previous=3))
    assert any("policies.yaml: changes together with" in one for one in errors(checked(root)))
    git(root, "stash", "-q", "-u")
    change(root, policies)
    write(root, stage(4, previous=3))
    remove(root, policies)
    found = checked(root)
    assert any("policies.yaml: changes together with" in one for one in errors(found))
    # The base branch's are asked all the same.
    assert [one.gate for one in found.stopped] == ["card-present"]


def test_a_change_touches_as_many_models_as_the_base_allows(root):
    write(root, manifests.Model(model="other"), version(1, "other"), version(5))
    assert any("touches 2 models: churn, other" in one for one in errors(checked(root)))
    write(root, manifests.Registry(models_max=2))
    assert any("touches 2 models" in one for one in errors(checked(root)))
    git(root, "add", "registry/registry.yaml")
    git(root, "commit", "-qm", "settings")
    assert errors(checked(root)) == []


def test_of_a_first_registry_its_own_settings_count(root):
    git(root, "checkout", "-q", "--orphan", "new")
    git(root, "rm", "-rqf", ".")
    git(root, "commit", "-qm", "empty", "--allow-empty")
    write(root, *(manifests.Model(model=name) for name in ("a", "b")))
    assert any("touches 2 models" in one for one in errors(checked(root, "new")))
    write(root, manifests.Registry(models_max=2))
    assert errors(checked(root, "new")) == []


def test_a_rollback_asks_for_integrity_alone(root):
    gates = {"floor": manifests.Threshold(metric="auc", min=0.9)}
    policy = Policy(came_from=("staging",), gates=("integrity", "floor"))
    change(root, Policies(stages={"production": policy}, gates=gates))
    write(root, stage(4, previous=3))
    assert [one.gate for one in checked(root).stopped] == ["came-from", "integrity", "floor"]
    write(root, moved_back(1))
    found = checked(root)
    assert errors(found) == warnings(found) == []
    assert found.judged[0].move.kind == "rollback"
    assert [one.gate for one in found.stopped] == ["integrity"]


def test_a_rollback_without_a_hold_is_told(root):
    write(root, moved_back(2, hold=False))
    found = checked(root)
    assert errors(found) == []
    assert any("goes back to version 2 without a hold" in one for one in warnings(found))


def test_a_rollback_to_other_bytes_or_a_withdrawn_version_is_refused(root):
    write(root, moved_back(2, tree=digest(1)))
    found = checked(root)
    assert found.judged[0].move.kind == "promotion"
    assert any("version 2 has other bytes" in one for one in errors(found))
    change(root, Withdrawn(model="churn", version=1, reason="leaked labels"))
    write(root, moved_back(1))
    assert any(
        "is at version 1, which was withdrawn" in one for one in errors(checked(root, "HEAD~"))
    )


def test_a_revert_of_a_promotion_is_understood(root):
    gates = {"floor": manifests.Threshold(metric="auc", min=0.9)}
    change(root, Policies(stages={"production": Policy(gates=("floor",))}, gates=gates))
    branch(root, "revert")
    git(root, "revert", "--no-edit", "HEAD~")
    assert (root / PRODUCTION).read_bytes().count(b"previous: 1") == 1
    found = checked(root)
    assert errors(found) == []
    (one,) = found.judged
    assert (one.move.kind, one.promotion.candidate.version) == ("revert", 2)
    assert (one.outcomes, found.stopped) == ((), ())
    assert any("without a hold" in warning for warning in warnings(found))
    # One that only says the same is no revert, nor one with another reason: previous is stale.
    text = (root / PRODUCTION).read_text()
    (root / PRODUCTION).write_text(f"{text}# again\n")
    assert any("previous is 1" in one for one in errors(checked(root)))
    (root / PRODUCTION).write_text(text.replace("2 is better", "3 is worse"))
    assert any("previous is 1" in one for one in errors(checked(root)))


def test_a_revert_to_what_was_withdrawn_since_is_refused(root):
    change(root, Withdrawn(model="churn", version=2, reason="bad"), stage(3, "staging"))
    branch(root, "revert")
    git(root, "revert", "--no-edit", "HEAD~")
    assert any("which was withdrawn: bad" in one for one in errors(checked(root)))


def test_only_the_base_branch_has_a_past(root):
    # What a branch of its own did before decides nothing, nor what was merged into it.
    branch(root, "b")
    change(root, stage(4, previous=3))
    change(root, stage(1, previous=4, reason="x"))
    merge(root, "b")
    base = git(root, "rev-parse", "main~")
    assert checked(root, base).judged[0].move.kind == "rollback"
    write(root, stage(4, previous=1))
    assert checked(root).judged[0].move.kind == "promotion"


HELD = [
    ("another version", lambda: stage(4, previous=2, hold=True), True),
    ("another version, released at once", lambda: stage(4, previous=2), True),
    ("what was rolled back", lambda: stage(3, previous=2, reason="again", hold=True), True),
    ("further back", lambda: stage(1, previous=2, hold=True), False),
    ("further back, released at once", lambda: stage(1, previous=2), True),
    ("released alone", lambda: moved_back(2, hold=False), False),
    ("its reason alone", lambda: moved_back(2, reason="INC-214"), False),
]


@pytest.mark.parametrize(("_name", "after", "refused"), HELD, ids=[name for name, *_ in HELD])
def test_a_held_stage_stays(root, _name, after, refused):
    change(root, moved_back(2))
    write(root, after())
    assert any("is held at version 2" in one for one in errors(checked(root))) == refused
    assert bool(errors(checked(root))) == refused


def test_a_held_stage_is_not_cleared_and_another_one_is(root):
    remove(root, stage(3))
    found = checked(root)
    assert (errors(found), found.judged) == ([], ())
    git(root, "checkout", "-q", ".")
    change(root, moved_back(2))
    remove(root, stage(3))
    assert any("is held at version 2" in one for one in errors(checked(root)))


def test_a_revert_of_a_rollback_releases_its_hold_and_says_so(root):
    change(root, moved_back(2))
    git(root, "revert", "--no-edit", "HEAD")
    found = checked(root, "HEAD~")
    assert errors(found) == []
    assert any("which releases it" in one for one in warnings(found))


def test_a_stage_that_was_cleared_is_compared_with_what_it_was_at(root):
    remove(root, stage(3))
    commit_all(root)
    write(root, stage(4, previous=None))
    found = checked(root)
    assert errors(found) == []
    assert found.judged[0].promotion.current.version == 3


def test_an_override_belongs_to_its_move(root):
    policy = Policy(gates=("clean-git", "card-present"))
    change(root, Policies(stages={"production": policy}))
    given = (Override(gate="clean-git", reason="INC-7", by="bob"),)
    write(root, stage(4, previous=3, overrides=given))
    found = checked(root)
    assert [one.gate for one in found.stopped] == ["card-present"]
    assert [one.overridden for one in found.judged[0].outcomes] == ["INC-7 (bob)", None]
    assert any("moves in spite of clean-git" in one for one in warnings(found))
    commit_all(root)
    # It does not come along to the next one, nor does it go away.
    write(root, version(5))
    commit_all(root)
    write(root, stage(5, previous=4, overrides=given))
    found = checked(root)
    assert [one.gate for one in found.stopped] == ["clean-git", "card-present"]
    assert any("an override of the move before" in one for one in warnings(found))
    write(root, stage(4, previous=3))
    assert any("overrides is changed" in one for one in errors(checked(root)))


def test_a_release_keeps_what_was_said_of_the_move(root):
    from staticrun.registry import move

    given = (Override(gate="clean-git", reason="INC-7", by="bob"),)
    change(root, stage(4, previous=3, hold=True, overrides=given))
    branch(root, "release")
    now = state(root)
    candidate = now.models["churn"].versions[4]
    keep(root, move.promote(root, now, candidate, "production", reason="well", release=True))
    assert errors(checked(root)) == []
    assert state(root).models["churn"].stages["production"].overrides == given


def test_policies_that_cannot_be_read_let_nothing_move(root):
    (root / "registry/policies.yaml").write_text("schema: staticrun.policies/1\nstages: 3\n")
    commit_all(root)
    write(root, stage(4, previous=3))
    assert any("cannot be read in the base branch" in one for one in errors(checked(root)))
    (root / "registry/policies.yaml").unlink()
    (root / "registry/policies.yaml").symlink_to("registry.yaml")
    commit_all(root)
    write(root, stage(1, previous=3, hold=True))
    assert any("cannot be read in the base branch" in one for one in errors(checked(root)))


def test_a_file_that_was_in_the_wrong_place_is_no_past(root):
    (root / "registry/models/churn/stages/canary.yaml").write_bytes(
        (root / PRODUCTION).read_bytes()
    )
    commit_all(root)
    (root / "registry/models/churn/stages/canary.yaml").unlink()
    commit_all(root)
    write(root, stage(3, "canary", reason="small"))
    assert checked(root).judged[0].move.kind == "promotion"


def test_a_stage_that_the_base_broke_can_be_mended(root):
    (root / PRODUCTION).write_text("version: what\n")
    commit_all(root)
    write(root, stage(4, previous=2))
    assert any("the base branch has 3" in one for one in errors(checked(root)))
    write(root, stage(4, previous=3))
    found = checked(root)
    assert errors(found) == []
    assert found.judged[0].promotion.current.version == 3


def test_the_command_of_a_gate_does_not_change_with_a_stage(root):
    (root / "tools").mkdir()
    (root / "tools/gate.py").write_text("raise SystemExit(1)\n")
    gates = {"own": manifests.Command(command=("python", "./tools/gate.py"))}
    change(root, Policies(stages={"production": Policy(gates=("own",))}, gates=gates))
    branch(root, "b")
    write(root, stage(4, previous=3))
    assert errors(checked(root)) == []
    (root / "tools/gate.py").write_text("raise SystemExit(0)\n")
    assert any("gate.py: is what the gate own runs" in one for one in errors(checked(root)))
    commit_all(root)
    assert any("is what the gate own" in one for one in errors(checked(root, head="b")))
    (root / "tools/gate.py").unlink()
    assert any("is what the gate own" in one for one in errors(checked(root)))


def test_a_project_below_the_top_of_its_repository_is_checked_as_well(root, tmp_path):
    inside = tmp_path / "repo/some where"
    inside.parent.mkdir()
    (inside.parent / "a.txt").write_text("a\n")
    git(inside.parent, "init", "-q")
    shutil.copytree(root, inside, ignore=shutil.ignore_patterns(".git", ".staticrun"))
    commit_all(inside.parent)
    change(inside, stage(4, previous=3))
    write(inside, stage(3, previous=4))
    found = checked(inside)
    assert errors(found) == []
    assert found.judged[0].move.kind == "rollback"


def test_no_setting_of_a_repository_is_run(root):
    bait = root / "ran"
    for key in ("core.fsmonitor", "diff.external", "filter.x.clean", "merge.x.driver"):
        git(root, "config", key, f"touch '{bait}'")
    (root / ".gitattributes").write_text("* filter=x merge=x diff=x\n")
    write(root, stage(4, previous=3))
    checked(root)
    assert not os.path.lexists(bait)
