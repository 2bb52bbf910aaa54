"""What git knows of a folder."""

from __future__ import annotations

import os
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staticrun import git
from staticrun.git.command import run
from tests.git.repository import difference, facts, head, sh, write


class TestFacts:
    def test_a_clean_work_tree(self, repo):
        sh(repo, "remote", "add", "origin", "https://me:pw@example.org/a/b.git")

        found = facts(repo)

        assert found == git.Facts(
            commit=sh(repo, "rev-parse", "HEAD"),
            branch="main",
            remote="https://example.org/a/b.git",
            dirty=False,
        )
        assert facts(repo / "src") == found
        assert head(repo) == found.commit
        assert difference(repo) is None

    def test_the_remote_is_that_of_the_branch(self, repo):
        sh(repo, "remote", "add", "origin", "git@example.org:a/b.git")
        assert facts(repo).remote == "git@example.org:a/b.git"

        sh(repo, "remote", "add", "mine", "git@example.org:me/b.git")
        sh(repo, "config", "branch.main.remote", "mine")
        assert facts(repo).remote == "git@example.org:me/b.git"

    def test_a_detached_head_has_no_branch(self, repo):
        sh(repo, "checkout", "-q", "--detach")

        assert facts(repo).branch is None

    @pytest.mark.parametrize("name", ["a.py", "new.py", "src/new.py"])
    def test_changed_and_new_files_make_it_dirty(self, repo, name):
        (repo / name).write_text("new")

        assert facts(repo).dirty is True

    def test_staged_and_deleted_files_make_it_dirty(self, repo):
        (repo / "a.py").unlink()
        assert facts(repo).dirty is True
        sh(repo, "add", "-A")
        assert facts(repo).dirty is True

    @pytest.mark.parametrize(
        "name", ["x.log", "runs/d/r/run.jsonl", "site/i.html", ".staticrun/c"]
    )
    def test_ignored_files_and_what_staticrun_writes_do_not(self, repo, name):
        write(repo, **{name.replace("/", "__"): "x"})

        assert facts(repo).dirty is False
        assert difference(repo) is None

    def test_a_touched_file_is_not_changed(self, repo):
        os.utime(repo / "a.py", (1, 1))

        assert facts(repo).dirty is False
        assert difference(repo) is None

    def test_the_index_is_not_written(self, repo):
        os.utime(repo / "a.py", (1, 1))
        before = (repo / ".git" / "index").read_bytes()

        facts(repo)
        difference(repo)

        assert (repo / ".git" / "index").read_bytes() == before

    def test_a_linked_work_tree_and_a_submodule_are_work_trees(self, repo, tmp_path):
        sh(repo, "worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
        sh(repo, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(repo), "sub")

        assert facts(tmp_path / "side").branch == "side"
        assert facts(repo / "sub").commit == head(repo)
        assert facts(repo / "sub").dirty is False

    def test_without_git_a_repository_or_a_commit_there_is_nothing(
        self, tmp_path, repo, monkeypatch
    ):
        empty, bare = tmp_path / "empty", tmp_path / "bare"
        sh(tmp_path, "init", "-q", str(empty))
        sh(tmp_path, "clone", "-q", "--bare", str(repo), str(bare))

        for folder in (tmp_path, empty, bare, tmp_path / "none", repo / "a.py"):
            assert facts(folder) is None
            assert difference(folder) is None
        assert head(empty) is None
        assert head(tmp_path / "none") is None

        monkeypatch.setenv("PATH", str(tmp_path))
        assert facts(repo) is None
        assert head(repo) is None
        assert difference(repo) is None

    def test_a_folder_of_another_repository_is_not_read(self, repo, tmp_path):
        other = tmp_path / "other"
        sh(tmp_path, "init", "-q", str(other))
        write(other, b_txt="private")
        sh(repo, "config", "core.worktree", str(other))

        assert facts(repo) is None
        assert difference(repo) is None

    def test_variables_of_an_outer_git_are_not_taken_over(self, repo, tmp_path, monkeypatch):
        sh(tmp_path, "init", "-q", "other")
        monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))
        monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))

        assert facts(repo).dirty is False

    def test_git_that_takes_too_long_is_stopped(self, tmp_path, monkeypatch):
        program = tmp_path / "git"
        program.write_text("#!/bin/sh\nsleep 600 & sleep 600\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

        assert git.facts(tmp_path, timeout_s=0.2) is None

    def test_output_without_end_is_cut(self, tmp_path, monkeypatch):
        program = tmp_path / "git"
        program.write_text("#!/bin/sh\nexec yes\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

        found = run(tmp_path, (), monotonic() + 60)

        assert (len(found.data), found.complete) == (8 << 20, False)


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("https://example.org/a/b.git", "https://example.org/a/b.git"),
        ("https://me:pw@example.org/a", "https://example.org/a"),
        ("https://ghp_token@example.org:8443/a", "https://example.org:8443/a"),
        ("https://git:pw@example.org/a", "https://example.org/a"),
        ("https://example.org/a?private_token=x#y", "https://example.org/a"),
        ("https://me:p/w@example.org/a", None),
        ("https://me:p@w@example.org/a", "https://example.org/a"),
        ("ssh://git@example.org/a", "ssh://git@example.org/a"),
        ("ssh://me@example.org:22/a", "ssh://example.org:22/a"),
        ("git@example.org:a/b.git", "git@example.org:a/b.git"),
        ("me:pw@example.org:a/b.git", "example.org:a/b.git"),
        ("/srv/git/a.git", "/srv/git/a.git"),
        ("../a.git", "../a.git"),
        ("ext::sh -c 'touch x'", None),
        ("foo::https://me:pw@example.org", None),
        ("https://example.org/\x1b[31m", None),
        ("", ""),
    ],
)
def test_a_remote_loses_its_credentials(url, clean):
    assert git.without_credentials(url) == clean


@given(st.text(alphabet="a:/@?#.", max_size=12), st.sampled_from(["https://", "ssh://", ""]))
def test_no_password_survives(text, scheme):
    url = f"{scheme}user:SECRET@example.org/{text}"

    assert "SECRET" not in (git.without_credentials(url) or "")
