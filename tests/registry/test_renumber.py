"""Two branches that registered a version under one number, and how one of them gets another."""

from __future__ import annotations

import pytest

from staticrun.cli.main import staticrun
from staticrun.errors import UserError
from staticrun.registry import manifests
from staticrun.registry.sources import Folder
from staticrun.registry.state import load
from tests.registry.made import place, registry, stage, version, write
from tests.registry.repository import commit_all, git, repository


@pytest.fixture
def branches(project):
    """Have `main` and `mine` register another version 3 each; `mine` is checked out."""
    registry(project, 2, production=1)
    repository(project)
    git(project, "checkout", "-qb", "mine")
    write(project, version(3, created_by="me"))
    path = project / place(version(3))
    path.write_text(f"# ours\n{path.read_text()}")
    path.with_suffix(".card.md").write_text("# Mine\n")
    commit_all(project, "mine")
    git(project, "checkout", "-q", "main")
    write(project, version(3, created_by="them"))
    commit_all(project, "theirs")
    git(project, "checkout", "-q", "mine")
    return project


def renumber(*words: str):
    staticrun.main(["registry", "renumber", *words], standalone_mode=False)


def test_a_version_gets_the_next_number_and_both_branches_merge(branches, capsys):
    renumber("churn", "3", "--base", "main")
    assert capsys.readouterr().out.splitlines() == [
        "churn 3 is churn 4 now. Next: commit these files:",
        "  registry/models/churn/versions/0003.yaml",
        "  registry/models/churn/versions/0003.card.md",
        "  registry/models/churn/versions/0004.yaml",
        "  registry/models/churn/versions/0004.card.md",
    ]
    assert (branches / place(version(4))).read_text().startswith("# ours\n")
    commit_all(branches, "renumber")
    git(branches, "merge", "-q", "--no-edit", "main")
    churn = load(Folder(branches)).models["churn"]
    assert {number: one.created_by for number, one in churn.versions.items() if number > 2} == {
        3: "them",
        4: "me",
    }
    assert churn.cards == {4: "# Mine\n"}


@pytest.mark.parametrize(
    "pointing",
    [
        stage(3, "staging"),
        stage(2, previous=3),
        manifests.Withdrawn(model="churn", version=3, reason="bad"),
        manifests.Withdrawn(model="churn", version=1, reason="bad", superseded_by=3),
    ],
    ids=range(4),
)
def test_what_is_pointed_to_keeps_its_number(branches, pointing):
    write(branches, pointing)
    with pytest.raises(UserError, match=f"is what {place(pointing)} points to"):
        renumber("churn", "3", "--base", "main")
    assert git(branches, "status", "--porcelain", "--", place(version(3))) == ""


def test_what_the_base_has_keeps_its_number(branches):
    for number in ("1", "2"):
        with pytest.raises(UserError, match="is on the base, so that its number is for ever"):
            renumber("churn", number, "--base", "main")
    git(branches, "checkout", "-q", "main")
    with pytest.raises(UserError, match="is on the base"):
        renumber("churn", "3", "--base", "main")
    # Nor does a version that was changed since, which nobody may do.
    write(branches, version(1, created_by="else"))
    with pytest.raises(UserError, match="is on the base"):
        renumber("churn", "1", "--base", "main")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("churn", "9", "--base", "main"), "churn 9: was never registered"),
        (("other", "3", "--base", "main"), "other: is no registered model"),
        (("churn", "3"), "origin/main: names no commit"),
        (("churn", "3", "--base", "--output=x"), "--output=x: names no commit"),
    ],
    ids=range(4),
)
def test_what_is_not_there_is_said(branches, words, said):
    with pytest.raises(UserError, match=said):
        renumber(*words)
    assert not (branches / "x").exists()


def test_a_file_in_conflict_says_what_to_do(branches):
    path = branches / place(version(3))
    path.write_text(f"<<<<<<< HEAD\n{path.read_text()}=======\n>>>>>>> main\n")
    with pytest.raises(UserError, match=r"0003\.yaml"):
        renumber("churn", "3", "--base", "main")
