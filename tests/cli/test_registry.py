"""`staticrun registry register|promote|rollback|withdraw|show`: what a user of them meets."""

from __future__ import annotations

import json
from array import array

import pytest

from staticrun import start
from tests.registry.repository import git, repository

STAGE = "registry/models/churn/stages/production.yaml"


@pytest.fixture
def trained(project):
    """Train two models, with metrics, data and a file each; and all of it committed."""
    (project / "staticrun.yaml").write_text("capture: false\nmetrics:\n  auc: {direction: max}\n")
    for name, auc in (("a", 0.8), ("b", 0.9)):
        with start("exp", name=name) as run:
            run.dataset("holdout", array("d", [1, 2, 3]), role="eval")
            run.log({"auc": auc, "loss": float("nan")})
            run.summary({"size": 3, "kind": "tree"})
            (project / "model.txt").write_text(f"model {name}")
            run.artifact(project / "model.txt")
    (project / "model.txt").unlink()
    return repository(project)


@pytest.fixture
def registered(trained, staticrun):
    for name in ("a", "b"):
        assert staticrun("registry", "register", f"exp/{name}", "churn", "--commit").code == 0
    return trained


def test_a_run_becomes_a_version_that_says_all_that_was_recorded(trained, staticrun):
    (trained / "card.md").write_text("# Churn\n")
    done = staticrun(
        "registry", "register", "exp/b", "churn", "--card", "card.md", "--description", "Who goes",
        "--by", "Bea",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert (
        "Register churn 1 from exp/b.\n  new registry/models/churn/versions/0001.yaml" in done.out
    )
    said = json.loads(staticrun("registry", "show", "churn@1", "--json").out)
    assert said["run"]["key"] == "exp/b"
    assert said["created_by"] == "Bea"
    assert said["card"] == "# Churn\n"
    assert said["artifact"]["path"] == "runs/exp/b/artifacts/model.txt"
    assert [file["path"] for file in said["artifact"]["files"]] == ["model.txt"]
    assert said["metrics"] == [
        {"name": "auc", "value": 0.9, "direction": "max"},
        {"name": "size", "value": 3.0, "direction": None},
        {"name": "loss", "value": "NaN", "direction": None},
    ]
    assert [(one["name"], one["role"], one["rows"]) for one in said["data"]] == [
        ("holdout", "eval", 3)
    ]
    assert (said["stages"], said["withdrawn"]) == ([], None)


def test_what_cannot_be_registered_is_said(trained, staticrun):
    for name in ("open", "changed", "none"):
        run = start("exp", name=name)
        if name != "none":
            (trained / "model.txt").write_text(name)
            run.artifact(trained / "model.txt")
        if name != "open":
            run.finish()
    (trained / "runs/exp/changed/artifacts/model.txt").write_text("other")
    for words, said in (
        (("exp/a", "Churn"), "'Churn' cannot name a model"),
        (("exp/a", "../churn"), "'../churn' cannot name a model"),
        (("exp/x", "churn"), "exp/x: is no run"),
        (("exp/a:modle.txt", "churn"), "did you mean 'model.txt'?"),
        (("exp/open", "churn"), "exp/open: has not ended"),
        (("exp/changed", "churn"), "has changed since it was logged"),
        (("exp/none", "churn"), "exp/none: has several, or none"),
    ):
        done = staticrun("registry", "register", *words)
        assert done.code in (1, 2)
        assert said in done.err
        assert "Traceback" not in done.err
        assert not (trained / "registry").exists()


def test_a_stage_goes_forth_and_back_and_each_step_is_a_commit(registered, staticrun):
    def step(*words):
        done = staticrun("registry", *words, "--commit", "--json")
        assert done.code == 0, done.err
        return json.loads(done.out)["subject"]

    subjects = [
        step("promote", "churn", "1", "--to", "production", "--reason", "first"),
        step("promote", "churn", "2", "--to", "production", "--reason", "AUC 0.9"),
        step("rollback", "churn", "production", "--reason", "slow"),
        step("withdraw", "churn", "2", "--reason", "slow", "--superseded-by", "1"),
    ]
    assert subjects == [
        "Promote churn 1 to production",
        "Promote churn 2 to production (it was at 1)",
        "Roll churn production back to 1 (it was at 2)",
        "Withdraw churn 2",
    ]
    assert git(registered, "log", "-4", "--reverse", "--format=%s").split("\n") == subjects
    assert git(registered, "status", "--porcelain") == ""
    now = json.loads(staticrun("registry", "show", "--json").out)["models"][0]["stages"]
    assert (now["production"]["version"], now["production"]["hold"]) == (1, True)

    for words, said in (
        (("promote", "churn", "1", "--to", "staging", "--reason", "x\ny"), "right form"),
        (("promote", "churn", "2", "--to", "staging", "--reason", "x"), "was withdrawn: slow"),
        (("promote", "churn", "7", "--to", "staging", "--reason", "x"), "was never registered"),
        (("promote", "churn", "1", "--to", "staging"), "Missing option '--reason'"),
        (("rollback", "churn", "production", "--reason", "x"), "at no other version that may be"),
        (("rollback", "churn", "staging", "--reason", "x"), "is at no version"),
        (("show", "chrun"), "did you mean 'churn'?"),
    ):
        done = staticrun("registry", *words)
        assert said in done.err
        assert done.code in (1, 2)
        assert git(registered, "status", "--porcelain") == ""


def test_a_branch_holds_a_promotion_and_nothing_here_moves(registered, staticrun):
    done = staticrun(
        "registry", "promote", "churn", "1", "--to", "production", "--reason", "first", "--branch"
    )
    assert "on registry/churn-1-production. Next: git push -u origin" in done.out
    assert not (registered / STAGE).exists()
    assert git(registered, "diff", "--name-only", "main", "registry/churn-1-production") == STAGE
    shown = git(registered, "log", "-1", "--format=%B", "registry/churn-1-production")
    assert "\n\nfirst\n\nRegistry-Model: churn\nRegistry-Version: 1\n" in shown


@pytest.mark.slow
def test_a_dry_run_shows_the_change_and_makes_none(registered, staticrun):
    step = ("registry", "promote", "churn", "1", "--to", "production", "--reason", "first")
    done = staticrun(*step, "--dry-run")
    assert done.out.endswith("Nothing was changed (--dry-run).\n")
    assert f"new {STAGE}" in done.out
    assert not (registered / STAGE).exists()


@pytest.mark.slow
def test_an_override_stands_in_the_file(registered, staticrun):
    step = ("registry", "promote", "churn", "1", "--to", "production", "--reason", "first")
    done = staticrun(*step, "--override", "floor=A fix for today", "--by", "Bea")
    assert done.code == 0, done.err
    said = 'overrides:\n  - {gate: "floor", reason: "A fix for today", by: "Bea"}\n'
    assert (registered / STAGE).read_text().endswith(said)
    assert "says no reason" in staticrun(*step, "--override", "floor=").err


def test_a_registry_that_is_broken_in_part_shows_the_rest(registered, staticrun):
    (registered / "registry/models/churn/versions/0001.yaml").write_text("version: no\n")
    done = staticrun("registry", "show", "churn")
    assert done.code == 0
    assert "exp/b" in done.out
    assert '0001.yaml:1: "no" stands without quotes' in done.err
