"""Steps of the registry: what each changes, what it refuses, and what a commit of it holds."""

from __future__ import annotations

import pytest

from staticrun.errors import UserError
from staticrun.git.commits import commit_files
from staticrun.registry import manifests, move
from staticrun.registry.rules import broken_rules
from tests.registry.made import place, registry, stage, version, write
from tests.registry.repository import git, keep, repository, state


@pytest.fixture
def project(tmp_path):
    return registry(tmp_path, 3, production=1, staging=2)


def put(root, change):
    for path, data in change.files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    assert broken_rules(state(root)) == state(root).findings == []


def test_registering_adds_a_version_and_its_model(tmp_path):
    change = move.register(
        tmp_path, state(tmp_path), version(1), card="# Churn\n", about="Who goes"
    )
    put(tmp_path, change)
    churn = state(tmp_path).models["churn"]
    assert churn.versions == {1: version(1)}
    assert churn.cards == {1: "# Churn\n"}
    assert churn.about == manifests.Model(model="churn", description="Who goes")
    assert change.message == (
        "Register churn 1 from exp/1\n\n"
        f"Registry-Model: churn\nRegistry-Version: 1\nRegistry-Tree: {version(1).artifact.tree}\n"
    )


def test_no_number_is_used_twice(project):
    assert move.next_number(state(project), "churn") == 4
    (project / place(version(3))).write_text("broken")
    assert move.next_number(state(project), "churn") == 4
    write(project, manifests.Withdrawn(model="churn", version=9, reason="gone"))
    assert move.next_number(state(project), "churn") == 10
    assert move.next_number(state(project), "churn-eu") == 1


def test_the_same_bytes_are_one_version(project):
    again = version(4, artifact=version(2).artifact)
    with pytest.raises(UserError, match="churn 2: has these bytes already"):
        move.register(project, state(project), again)


def test_a_promotion_changes_one_file_and_names_what_was_before(project):
    change = move.promote(project, state(project), version(3), "production", reason="AUC 0.91")
    assert list(change.files) == [place(stage(3))]
    put(project, change)
    now = state(project).models["churn"].stages["production"]
    assert (now.version, now.previous, now.tree) == (3, 1, version(3).artifact.tree)
    assert change.subject == "Promote churn 3 to production (it was at 1)"


def test_a_new_stage_was_at_nothing_before(project):
    put(project, move.promote(project, state(project), version(3), "canary", reason="try it"))
    assert state(project).models["churn"].stages["canary"].previous is None


def test_a_rollback_holds_the_stage_until_somebody_releases_it(project):
    put(project, move.promote(project, state(project), version(3), "production", reason="new"))
    put(project, move.rollback(project, state(project), version(1), "production", reason="slow"))
    now = state(project).models["churn"].stages["production"]
    assert (now.version, now.previous, now.hold) == (1, 3, True)
    with pytest.raises(UserError, match="is held at version 1: slow"):
        move.promote(project, state(project), version(2), "production", reason="newest")
    with pytest.raises(UserError, match="is not held at version 2"):
        move.promote(project, state(project), version(2), "production", reason="x", release=True)
    put(
        project,
        move.promote(
            project, state(project), version(1), "production", reason="mended", release=True
        ),
    )
    now = state(project).models["churn"].stages["production"]
    assert (now.version, now.previous, now.hold) == (1, 3, False)


def test_what_was_withdrawn_goes_nowhere(project):
    put(
        project,
        move.withdraw(project, state(project), version(3), reason="leak", superseded_by=2),
    )
    for step in (move.promote, move.rollback):
        with pytest.raises(UserError, match="churn 3: was withdrawn: leak, expected version 2"):
            step(project, state(project), version(3), "production", reason="x")
    with pytest.raises(UserError, match="says already that it was withdrawn"):
        move.withdraw(project, state(project), version(3), reason="again")


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (
            lambda root, now: move.promote(root, now, version(1), "production", reason="x"),
            "already",
        ),
        (
            lambda root, now: move.promote(root, now, version(1), "Prod", reason="x"),
            "Prod: cannot name",
        ),
        (lambda root, now: move.promote(root, now, version(1), "../x", reason="x"), "cannot name"),
        (lambda root, now: move.promote(root, now, version(2), "x", reason="a\nb"), "right form"),
        (lambda root, now: move.promote(root, now, version(2), "x", reason=""), "reason"),
        (lambda root, now: move.promote(root, now, version(2), "x", reason="a\u202eb"), "U+202E"),
        (
            lambda root, now: move.rollback(root, now, version(1), "production", reason="x"),
            "is at",
        ),
        (
            lambda root, now: move.rollback(root, now, version(1), "prod", reason="x"),
            "at no version",
        ),
        (
            lambda root, now: move.withdraw(root, now, version(1), reason="x"),
            "what production is at",
        ),
        (
            lambda root, now: move.withdraw(root, now, version(3), reason="x", superseded_by=9),
            "churn 9: was never registered",
        ),
        (lambda _, now: move.version_of(now, "chrun", 1), "did you mean 'churn'"),
        (lambda _, now: move.find(now, "churn", "prodction"), "did you mean 'production'"),
    ],
)
def test_a_step_that_makes_no_sense_is_refused_with_words(project, step, said):
    with pytest.raises(UserError) as error:
        step(project, state(project))
    assert said in str(error.value)


def test_a_comment_of_a_person_survives_a_promotion(project):
    file = project / place(stage(1))
    file.write_text(file.read_text().replace("hold: false", "hold: false  # ask the leads first"))
    put(project, move.promote(project, state(project), version(3), "production", reason="new"))
    assert "hold: false  # ask the leads first" in file.read_text()


def test_a_commit_holds_the_change_and_nothing_else(project):
    repository(project)
    (project / "notes.txt").write_text("not yet")
    (project / "staged.txt").write_text("not yet either")
    git(project, "add", "staged.txt")
    keep(project, move.promote(project, state(project), version(3), "production", reason="new"))
    assert git(project, "show", "--format=%s", "--name-only", "HEAD").split("\n") == [
        "Promote churn 3 to production (it was at 1)",
        "",
        place(stage(3)),
    ]
    assert git(project, "status", "--porcelain").split("\n") == ["A  staged.txt", "?? notes.txt"]


def test_a_commit_on_a_branch_touches_neither_work_tree_nor_index(tmp_path):
    project = tmp_path / "a repository/project"
    registry(project, 3, production=1)
    repository(project.parent)
    change = move.promote(project, state(project), version(3), "production", reason="new")
    made = commit_files(project, change.files, change.message, change.branch)
    assert git(project, "rev-parse", "registry/churn-3-production", "HEAD~0").split()[0] == made
    assert git(project, "status", "--porcelain") == ""
    assert git(project, "diff", "--name-only", "main", made) == f"project/{place(stage(3))}"
    with pytest.raises(UserError, match="is a branch already"):
        commit_files(project, change.files, change.message, change.branch)
    with pytest.raises(UserError, match="cannot be the name of a branch"):
        commit_files(project, change.files, change.message, "a..b")


def test_what_a_repository_configures_is_not_run(project, tmp_path_factory):
    repository(project)
    traps = tmp_path_factory.mktemp("traps")
    for name in ("reference-transaction", "pre-commit", "post-commit", "post-index-change"):
        hook = project / ".git/hooks" / name
        hook.write_text(f"#!/bin/sh\ntouch {traps}/{name}\n")
        hook.chmod(0o755)
    for key in ("gpg.program", "filter.x.clean", "diff.external", "core.editor", "core.fsmonitor"):
        git(project, "config", key, f"touch {traps}/{key}; true")
    (project / ".gitattributes").write_text("* filter=x\n")
    git(project, "config", "commit.gpgsign", "true")
    change = move.promote(project, state(project), version(3), "production", reason="new")
    keep(project, change)
    commit_files(project, change.files, change.message, "other")
    assert list(traps.iterdir()) == []
    shown = git(project, "cat-file", "blob", f"HEAD:{place(stage(3))}")
    assert shown == change.files[place(stage(3))].decode().strip()
