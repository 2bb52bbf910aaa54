"""A registry as a whole: where its files come from, and what has to hold of them together."""

from __future__ import annotations

import os
import subprocess

import pytest

from staticrun.git import Objects
from staticrun.registry import manifests
from staticrun.registry.known import Known
from staticrun.registry.rules import broken_rules
from staticrun.registry.sources import Commit, Folder
from staticrun.registry.state import load
from tests.registry.made import place, registry, stage, version, write


def wrong(root) -> list[str]:
    state = load(Folder(root))
    return [str(finding) for finding in [*state.findings, *broken_rules(state)]]


def test_a_registry_is_what_its_files_say(tmp_path):
    registry(tmp_path, 3, production=2, staging=3)
    (tmp_path / "registry/models/churn/versions/0002.card.md").write_text("# Churn\n")
    write(tmp_path, manifests.Withdrawn(model="churn", version=1, reason="leaked labels"))
    state = load(Folder(tmp_path))
    churn = state.models["churn"]
    assert state.findings == broken_rules(state) == []
    assert sorted(churn.versions) == [1, 2, 3]
    assert churn.versions[2] == version(2)
    assert churn.cards == {2: "# Churn\n"}
    assert churn.withdrawn[1].reason == "leaked labels"
    assert churn.stages["production"].version == 2
    assert churn.stages_of(3) == ["staging"]
    assert state.order("churn") == ["production", "staging"]


def test_a_project_without_a_registry_has_an_empty_one(tmp_path):
    state = load(Folder(tmp_path))
    assert (state.models, state.findings) == ({}, [])


def test_a_commit_gives_what_the_folder_gave(tmp_path):
    project = tmp_path / "some where/project"
    project.mkdir(parents=True)
    registry(project, 3, production=2)
    for words in (
        ("init", "-q"),
        ("add", "-A"),
        ("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a"),
    ):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    objects = Objects(project)
    found = load(Commit(objects, objects.resolve("HEAD"), objects.prefix()))
    assert found.models == load(Folder(project)).models
    assert found.findings == []


def test_what_was_read_is_not_read_again(tmp_path):
    registry(tmp_path, 3, production=2)
    first = Known(tmp_path)
    state = load(Folder(tmp_path), first)
    first.save()

    class Unread(Folder):
        def read(self, paths):
            assert not [path for path in paths if "/versions/" in path]
            return super().read(paths)

    assert load(Unread(tmp_path), Known(tmp_path)).models == state.models
    # A content counts as what its place says alone.
    misplaced = tmp_path / "registry/models/churn/stages/odd.yaml"
    misplaced.write_bytes((tmp_path / place(version(1))).read_bytes())
    again = load(Folder(tmp_path), Known(tmp_path))
    assert "odd" not in again.models["churn"].stages
    assert any("odd.yaml" in str(finding) for finding in again.findings)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda root: write(root, stage(9)),
            "version 9 was never registered, expected one of 1 to 3",
        ),
        (lambda root: write(root, stage(2, tree=version(3).artifact.tree)), "tree is sha256:0"),
        (lambda root: write(root, stage(2, previous=8)), "previous 8 was never registered"),
        (
            lambda root: write(root, manifests.Withdrawn(model="churn", version=2, reason="bad")),
            "is at version 2, which was withdrawn: bad",
        ),
        (
            lambda root: write(root, manifests.Withdrawn(model="churn", version=7, reason="bad")),
            "version 7 was never registered",
        ),
        (
            lambda root: (root / "registry/models/churn/model.yaml").unlink(),
            "model.yaml: is missing",
        ),
        (
            lambda root: (root / "registry/models/churn/versions/0009.card.md").write_text("x"),
            "there is no version 9",
        ),
        (
            lambda root: (root / place(version(1))).rename(root / place(version(8))),
            "version is 1, and the file is that of 8",
        ),
        (
            lambda root: (root / place(stage(2))).rename(root / place(stage(2, "canary"))),
            "stage is production, and the file is that of canary",
        ),
        (
            lambda root: (root / "registry/models/churn/versions/12.yaml").write_text("x"),
            "12.yaml: is no file of a registry",
        ),
        (lambda root: (root / "registry/x.sh").write_text("x"), "x.sh: is no file of a registry"),
        (
            lambda root: (root / "registry/models/churn/versions/0007.yaml").symlink_to(
                "/etc/passwd"
            ),
            "0007.yaml: is a link",
        ),
        (
            lambda root: (root / "registry/models/other").symlink_to("churn"),
            "models/other: is a link",
        ),
        (
            lambda root: os.mkfifo(root / "registry/models/churn/versions/0007.yaml"),
            "0007.yaml: is no regular file",
        ),
        (
            lambda root: write(
                root, manifests.Policies(stages={"production": manifests.Policy(gates=("speed",))})
            ),
            "asks for the gate speed, which is none",
        ),
    ],
)
def test_what_does_not_fit_together_is_said(tmp_path, change, said):
    registry(tmp_path, 3, production=2)
    assert wrong(tmp_path) == []
    change(tmp_path)
    assert any(said in finding for finding in wrong(tmp_path)), wrong(tmp_path)


def test_a_registry_that_is_a_link_is_none(tmp_path):
    registry(tmp_path / "other", 1)
    (tmp_path / "registry").symlink_to("other/registry")
    assert wrong(tmp_path) == ["registry: is a link, expected regular files and folders alone."]
