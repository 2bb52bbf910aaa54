"""Copying a version's bytes: whole or not at all, whatever happens on the way."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time

import msgspec
import pytest

from staticrun.errors import UserError
from staticrun.registry import artifacts, manifests
from staticrun.registry.pull import pull
from tests.registry.made import write
from tests.registry.trained import registered, run

HERE = "runs/exp/a/artifacts/model"


def digest(folder):
    return artifacts.tree(folder.parent, folder.name).digest


@pytest.fixture
def version(project):
    run(project)
    return registered(project)


def test_what_is_copied_has_plain_modes_and_the_same_bytes(project, version):
    (project / HERE / "MLmodel").chmod(0o777)
    assert pull(project, HERE, version.artifact, project / "out", ())
    assert digest(project / "out") == version.artifact.tree
    assert (project / "out/MLmodel").stat().st_mode & 0o111 == 0
    assert not pull(project, HERE, version.artifact, project / "out", ())


def test_a_single_file_lies_in_the_folder_by_its_name(project):
    run(project)
    one = registered(project, path="artifacts/model/data/weights.npz")
    pull(project, one.artifact.path, one.artifact, project / "out", ())
    assert [path.name for path in (project / "out").iterdir()] == ["weights.npz"]
    assert digest(project / "out") == one.artifact.tree


def test_a_folder_that_was_changed_since_is_left_alone(project, version):
    out = project / "out"
    ours = (version.artifact.tree,)
    pull(project, HERE, version.artifact, out, ours)
    (out / "MLmodel").write_text("mine")
    with pytest.raises(UserError, match="holds other files"):
        pull(project, HERE, version.artifact, out, ours)
    assert (out / "MLmodel").read_text() == "mine"


def test_an_empty_folder_is_taken_and_a_file_is_not(project, version):
    (project / "empty").mkdir()
    assert pull(project, HERE, version.artifact, project / "empty", ())
    (project / "file").write_text("")
    with pytest.raises(UserError, match="is a link or no folder"):
        pull(project, HERE, version.artifact, project / "file", ())


def test_a_copy_that_fails_leaves_what_was_there(project, version):
    out = project / "out"
    pull(project, HERE, version.artifact, out, ())
    before = version.artifact.tree
    (project / HERE / "MLmodel").write_text("flavor: evil\n")
    other = msgspec.structs.replace(version.artifact, tree=f"sha256:{'0' * 64}")
    with pytest.raises(UserError, match="MLmodel: has other bytes"):
        pull(project, HERE, other, out, (before,))
    (project / HERE / "MLmodel").unlink()
    with pytest.raises(UserError, match="is not here any more"):
        pull(project, HERE, other, out, (before,))
    assert digest(out) == before
    assert sorted(path.name for path in project.iterdir()) == ["out", "runs"]


@pytest.mark.slow
def test_a_pull_that_is_killed_leaves_one_version_or_none(project):
    trees = []
    for number, key in ((1, "exp/a"), (2, "exp/b")):
        run(project, key, {f"{n}.bin": os.urandom(20_000) for n in range(300)})
        made = registered(project, number, key)
        write(project, manifests.Model(model="churn"), made)
        trees.append(made.artifact.tree)
    command = [sys.executable, "-m", "staticrun", "registry", "pull", "--out", "out"]
    out, chance, seen = project / "out", random.Random(7), set()
    begun = time.monotonic()
    subprocess.run([*command, "churn@1"], cwd=project, check=True, capture_output=True)
    whole = time.monotonic() - begun
    for turn in range(40):
        process = subprocess.Popen(
            [*command, f"churn@{turn % 2 + 1}"], cwd=project, stdout=-3, stderr=-3
        )
        time.sleep(chance.uniform(0.4, 1.1) * whole)
        process.kill()
        process.wait()
        seen.add(digest(out) if out.exists() else None)
    assert seen <= {*trees, None}
    assert len(seen) > 1
    subprocess.run([*command, "churn@2"], cwd=project, check=True, capture_output=True)
    assert digest(out) == trees[1]
