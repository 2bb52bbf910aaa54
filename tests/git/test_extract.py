"""The files of a commit, without a touch of the work tree."""

from __future__ import annotations

import pytest

from staticrun import git
from staticrun.errors import UserError
from tests.git.repository import commit, sh, write


def files(folder):
    found = (path for path in folder.rglob("*") if path.is_file() or path.is_symlink())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def state(folder):
    index = (folder / ".git/index").read_bytes()
    return index, sh(folder, "status", "--porcelain", "-uall"), sh(folder, "rev-parse", "HEAD")


def test_the_files_of_a_commit_are_written_and_nothing_else_is_touched(repo, tmp_path):
    write(repo, train_py="one", runs__a_txt="first\n")
    first = commit(repo)
    write(repo, train_py="two", runs__b_txt="second\n")
    commit(repo)
    write(repo, new_txt="not committed")
    before = state(repo)

    assert git.extract(repo, "HEAD~1", tmp_path / "there") == first

    found = files(tmp_path / "there")
    assert (found["train.py"], found["runs/a.txt"]) == (b"one", b"first\n")
    assert not {"runs/b.txt", "new.txt"} & found.keys()
    assert state(repo) == before


def test_a_project_below_the_top_gives_its_own_files(repo, tmp_path):
    write(repo, train_py="one", inner__a_txt="mine")
    commit(repo)

    git.extract(repo / "inner", "HEAD", tmp_path / "there")

    assert files(tmp_path / "there") == {"a.txt": b"mine"}


@pytest.mark.parametrize("ref", ["nothing", "--output=x", "HEAD:train.py", "", "-h"])
def test_what_is_no_commit_is_refused(repo, tmp_path, ref):
    write(repo, train_py="one")
    commit(repo)

    with pytest.raises(UserError, match="there is no commit, branch or tag"):
        git.extract(repo, ref, tmp_path / "there")


def test_nothing_that_the_repository_configures_is_run(repo, tmp_path):
    mark = tmp_path / "ran"
    write(repo, a_txt="text")
    (repo / ".gitattributes").write_text("*.txt filter=own\n")
    commit(repo)
    for key in ("filter.own.smudge", "filter.own.process", "core.fsmonitor"):
        sh(repo, "config", key, f"touch {mark}")
    hook = repo / ".git/hooks/post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {mark}\n")
    hook.chmod(0o755)

    git.extract(repo, "HEAD", tmp_path / "there")

    assert files(tmp_path / "there")["a.txt"] == b"text"
    assert not mark.exists()


def test_outside_of_a_repository_it_is_said(tmp_path):
    with pytest.raises(UserError, match="is in no git repository"):
        git.extract(tmp_path, "HEAD", tmp_path / "there")
