"""Checking a registry as it is, and what merging a branch would give, on real repositories."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from staticrun.errors import UserError
from staticrun.registry import manifests
from staticrun.registry.check import check
from staticrun.registry.known import Known
from staticrun.registry.manifests import Policies, Policy, Withdrawn
from tests.registry.branches import (
    PRODUCTION,
    branch,
    change,
    checked,
    errors,
    merge,
    warnings,
)
from tests.registry.made import place, stage, version, write
from tests.registry.repository import commit_all, git
from tests.registry.trained import open_store, registered, run

if TYPE_CHECKING:
    from pathlib import Path


def versions(number: int):
    return version(number, created_by=f"who made {number}")


# What two people do at once: what git makes of it, and what is wrong with the result.
TOGETHER = {
    "two registrations": ([version(5)], [version(6)], True, None),
    "two of one number": ([version(5)], [versions(5)], False, None),
    "two stages and a registration": (
        [stage(4, previous=3)],
        [stage(4, "staging", previous=2), version(5)],
        True,
        None,
    ),
    "two promotions of a stage": ([stage(4, previous=3)], [stage(1, previous=3)], False, None),
    "promoted and withdrawn": (
        [stage(4, previous=3)],
        [Withdrawn(model="churn", version=4, reason="leaked labels")],
        True,
        "is at version 4, which was withdrawn: leaked labels",
    ),
    "rolled back and withdrawn": (
        [stage(1, previous=3, hold=True)],
        [Withdrawn(model="churn", version=1, reason="leaked labels")],
        True,
        "is at version 1, which was withdrawn: leaked labels",
    ),
    "superseded by what is withdrawn": (
        [Withdrawn(model="churn", version=1, reason="old", superseded_by=4)],
        [stage(4, previous=3)],
        True,
        None,
    ),
    "new stages of one name": (
        [stage(4, "canary")],
        [stage(1, "canary")],
        False,
        None,
    ),
}


@pytest.mark.parametrize("name", TOGETHER)
# Which of the two is merged first makes no difference.
@pytest.mark.parametrize("turned", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_what_two_people_do_at_once_conflicts_or_is_checked(root, name, turned):
    one, other, clean, wrong = TOGETHER[name]
    for number, said in enumerate((other, one) if turned else (one, other)):
        branch(root, f"b{number}")
        change(root, *said)
    assert checked_result(root, "b0") == checked_result(root, "b1") == []
    assert merge(root, "b0")
    # What merging would give is known before anybody merges.
    ahead = errors(checked(root, head="b1"))
    assert bool(ahead) == (not clean or wrong is not None)
    if not clean:
        assert any("was changed here, and in the base branch since" in one for one in ahead)
    assert merge(root, "b1") == clean
    for found in (ahead, errors(checked(root, None))) if clean else ():
        assert [one for one in found if wrong and wrong in one] == found


def checked_result(root, name):
    return errors(checked(root, head=name))


def test_a_branch_that_lags_behind_is_not_blamed_for_it(root):
    branch(root, "b")
    change(root, version(5))
    git(root, "checkout", "-q", "main")
    change(root, stage(4, previous=3))
    change(root, version(6), Withdrawn(model="churn", version=1, reason="old"))
    found = checked(root, head="b")
    assert (errors(found), found.judged) == ([], ())
    git(root, "checkout", "-q", "b")
    assert errors(checked(root)) == []
    # The same change on both sides is one.
    change(root, stage(4, previous=3))
    assert errors(checked(root)) == []


@pytest.mark.parametrize("ref", ["no-such", "--output=ran", "-h", "HEAD\n", "x" * 5000])
def test_what_names_no_commit_is_said(root, ref):
    for said in ({"base": ref}, {"base": None, "head": ref}):
        with pytest.raises(UserError, match="names no commit"):
            checked(root, **said)
    assert not (root / "ran").exists()


def test_two_histories_have_nothing_to_compare(root):
    git(root, "checkout", "-q", "--orphan", "new")
    git(root, "commit", "-qm", "new")
    with pytest.raises(UserError, match="no commit in common"):
        checked(root)


def test_a_shallow_clone_says_what_it_cannot_know(root, tmp_path):
    branch(root, "b")
    change(root, stage(1, previous=3, hold=True))
    shallow = tmp_path / "shallow"
    url = f"file://{root}"
    git(tmp_path, "clone", "-q", "--depth=2", "--branch=b", url, str(shallow))
    found = checked(shallow, "HEAD~")
    assert any("the clone is shallow" in one for one in warnings(found))
    # It was at 1 before, which is cut off; so gates are asked rather than skipped.
    assert found.judged[0].move.kind == "promotion"


def test_the_work_tree_counts_unless_a_head_is_named(root):
    branch(root, "b")
    change(root, stage(4, previous=3))
    write(root, stage(1, previous=2))
    assert errors(checked(root)) != []
    found = checked(root, head="b")
    assert (errors(found), found.judged[0].promotion.candidate.version) == ([], 4)
    (root / PRODUCTION).write_text("version: what\n")
    assert any("production.yaml" in one for one in errors(checked(root, None)))
    assert not any("production.yaml" in one for one in errors(checked(root, None, head="b")))


def test_the_whole_is_checked_without_a_repository(root):
    shutil.rmtree(root / ".git")
    found = checked(root, None)
    assert not any("/stages/" in one for one in errors(found))
    write(root, stage(9))
    assert any("version 9 was never registered" in one for one in errors(checked(root, None)))


def test_a_project_without_a_registry_has_nothing_wrong(project):
    assert checked(project, None)[:2] == ([], ())


@pytest.fixture
def real(project):
    """Make a project whose version 1 is a run's, with all that gates ask for."""
    run(project)
    write(project, manifests.Model(model="churn"), registered(project))
    policy = Policy(gates=("integrity", "clean-git", "floor"))
    floor = manifests.Threshold(metric="auc", min=0.8)
    write(project, Policies(stages={"production": policy}, gates={"floor": floor}))
    git(project, "init", "-q")
    commit_all(project)
    return project


def put(root: Path, **changes) -> manifests.Version:
    said = registered(root, **changes)
    write(root, stage(said.version, tree=said.artifact.tree))
    return said


def test_bytes_that_are_those_of_the_version_pass_every_gate(real):
    put(real)
    found = checked(real)
    assert (found.findings, found.stopped) == ([], ())
    assert [one.result for one in found.judged[0].outcomes] == ["pass", "pass", "pass"]
    assert checked(real, None)[:2] == ([], ())


def test_bytes_that_are_not_stop_it_whoever_asks(real):
    put(real)
    (real / "runs/exp/a/artifacts/model/data/weights.npz").write_bytes(b"others!")
    found = checked(real)
    assert [one.result for one in found.judged[0].outcomes] == ["fail", "pass", "pass"]
    for one in (found, checked(real, None)):
        assert any("data/weights.npz has other bytes" in error for error in errors(one))
    shutil.rmtree(real / "runs/exp")
    found = checked(real)
    assert [one.gate for one in found.stopped] == ["integrity"]
    assert found.stopped[0].result == "unknown"
    # In a checkout without the bytes that is no error by itself.
    assert errors(found) == errors(checked(real, None)) == []
    assert checked(real, None).findings[0].level == "warning"


def test_a_metric_that_the_record_does_not_have_is_an_error_at_registration(real):
    metrics = (manifests.Value(name="auc", value=0.999, direction="max"),)
    branch(real, "b")
    change(real, registered(real, 2, metrics=metrics))
    said = "versions/0002.yaml: metric auc is 0.999, and the record says 0.875"
    assert any(said in one for one in errors(checked(real, "b~", head="b")))
    git(real, "checkout", "-q", "-B", "main", "b")
    put(real, number=2, metrics=metrics)
    for one in (checked(real), checked(real, None)):
        assert any(said in error for error in errors(one))


def test_policies_count_as_the_base_has_them(real):
    branch(real, "b")
    looser = Policies(stages={"production": Policy()})
    change(real, looser)
    put(real)
    shutil.rmtree(real / "runs/exp")
    found = checked(real)
    assert [one.gate for one in found.stopped] == ["integrity"]
    assert any("changes together with" in one for one in errors(found))


def test_commands_run_when_asked_alone(real):
    text = "import json, sys; print(json.load(sys.stdin)['candidate']['version'])"
    gates = {"own": manifests.Command(command=("python3", "-c", text))}
    change(real, Policies(stages={"production": Policy(gates=("own",))}, gates=gates))
    put(real)
    assert [one.result for one in checked(real).stopped] == ["unknown"]
    (outcome,) = checked(real, commands=True).judged[0].outcomes
    assert (outcome.result, outcome.why) == ("pass", "python3 ended with 0: 1")


def test_a_command_of_the_change_itself_is_never_run(real):
    gates = {"own": manifests.Command(command=("touch", "ran"))}
    write(real, Policies(stages={"production": Policy(gates=("own",))}, gates=gates))
    put(real)
    checked(real, commands=True)
    assert not (real / "ran").exists()


def test_only_what_differs_is_read(root, monkeypatch):
    from staticrun.registry import sources, state

    read = []

    class Watched(sources.Folder):
        def read(self, paths):
            read.extend(paths := list(paths))
            return super().read(paths)

    monkeypatch.setattr("staticrun.registry.comparison.Folder", Watched)
    write(root, stage(4, previous=3))
    known = Known(root)
    assert state.load(sources.Folder(root), known).findings == []
    assert errors(check(root, open_store(root), "main", known=known)) == []
    assert place(version(1)) not in read
    assert place(version(4)) in read
