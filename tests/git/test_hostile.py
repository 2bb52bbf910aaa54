"""A hostile repository runs nothing."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from staticrun import git
from tests.git.repository import commit, difference, facts, head, sh, write


class TestHostile:
    """A repository whose configuration would run a program that leaves a mark."""

    @pytest.fixture
    def trap(self, repo, tmp_path):
        mark = tmp_path / "mark"
        program = tmp_path / "program"
        program.write_text(f"#!/bin/sh\ntouch '{mark}'\ncat\n")
        program.chmod(0o755)
        hooks = repo / ".git" / "hooks"
        hooks.mkdir(exist_ok=True)
        for hook in ("post-index-change", "fsmonitor-watchman", "pre-commit", "post-checkout"):
            (hooks / hook).write_text(program.read_text())
            (hooks / hook).chmod(0o755)
        (repo / ".gitattributes").write_text("*.py filter=evil diff=evil\n*.txt filter=odd\n")
        write(repo, a_txt="x\n")
        commit(repo)
        mark.unlink(missing_ok=True)
        run_it = [
            "fsmonitor",
            "pager",
            "editor",
            "sshCommand",
            "askPass",
            "gitProxy",
            "alternateRefsCommand",
        ]
        with (repo / ".git" / "config").open("a") as stream:
            stream.write("[core]\n" + "".join(f"{key} = {program}\n" for key in run_it))
            stream.write(
                f"hooksPath = {hooks}\n"
                f"[diff]\nexternal = {program}\n"
                f'[diff "evil"]\ncommand = {program}\ntextconv = {program}\n'
                f'[filter "evil"]\nclean = {program}\nsmudge = {program}\nrequired = true\n'
                f'[filter "odd"]\nprocess = {program}\n'
                f"[credential]\nhelper = {program}\n[gpg]\nprogram = {program}\n"
                f"[pager]\nstatus = {program}\ndiff = {program}\n[alias]\nstatus = !{program}\n"
            )
        write(repo, a_py="one\n2\n", a_txt="y\n", new_py="x\n")
        return mark

    def test_a_person_would_run_it(self, repo, trap):
        subprocess.run(["git", "diff"], cwd=repo, check=False, capture_output=True)

        assert trap.exists()

    def test_nothing_of_it_is_run(self, repo, trap):
        found = facts(repo)
        patch = difference(repo)
        first, second = found.commit, sh(repo, "rev-parse", "HEAD^")
        between = git.code_difference(repo, second, first)
        head(repo)

        assert not trap.exists()
        assert found.dirty is True
        assert b"-two\n" in patch
        assert b"+x\n" in patch
        assert between is not None

    def test_a_filter_whose_name_cannot_be_set_is_not_run(self, repo, trap, tmp_path):
        with (repo / ".git" / "config").open("a") as stream:
            stream.write(f'[filter "a=b"]\n\tclean = {tmp_path / "program"}\n')
        (repo / ".gitattributes").write_text("* filter=a=b\n")

        assert facts(repo) is None
        assert difference(repo) is None
        assert not trap.exists()

    def test_a_filter_in_an_included_file_is_not_run(self, repo, trap, tmp_path):
        (tmp_path / "more").write_text(f'[filter "more"]\n\tclean = {tmp_path / "program"}\n')
        sh(repo, "config", "include.path", str(tmp_path / "more"))
        (repo / ".gitattributes").write_text("* filter=more\n")

        assert facts(repo).dirty is True
        assert b"+x\n" in difference(repo)
        assert not trap.exists()

    def test_missing_objects_are_not_fetched(self, repo, trap, tmp_path):
        blob, tree = sh(repo, "rev-parse", "HEAD:a.py", "HEAD^{tree}").split()
        (repo / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
        sh(repo, "config", "remote.origin.url", f"ext::{tmp_path / 'program'}")
        sh(repo, "config", "remote.origin.promisor", "true")
        sh(repo, "config", "extensions.partialClone", "origin")
        sh(repo, "config", "core.repositoryFormatVersion", "1")
        sh(repo, "config", "protocol.ext.allow", "always")

        facts(repo)
        difference(repo)
        first, second = head(repo), sh(repo, "rev-parse", "HEAD^")

        assert git.code_difference(repo, second, first) is not None
        (repo / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
        assert git.code_difference(repo, second, first) is None
        assert not trap.exists()

    def test_a_filter_of_the_user_is_run(self, repo):
        sh(repo, "config", "--global", "filter.mine.clean", "tr a-z A-Z")
        (repo / ".gitattributes").write_text("*.py filter=mine\n")
        write(repo, new_py="x\n", a_py="one\n2\n")

        assert b"+ONE\n" in difference(repo)
        Path(os.environ["GIT_CONFIG_GLOBAL"]).unlink()
