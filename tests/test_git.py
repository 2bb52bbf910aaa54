"""Git: facts, patches and differences of real repositories, hostile ones too."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staticrun import git
from staticrun.git import FileDifference, Limits
from staticrun.git.command import run

# A busy machine must not turn an answer into None.
facts = partial(git.facts, timeout_s=120)
head = partial(git.head, timeout_s=120)
difference = partial(git.difference, timeout_s=120)


def sh(folder: Path, *arguments: str) -> str:
    """Run git as a person would."""
    done = subprocess.run(
        ["git", *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def write(folder: Path, **files: str | bytes) -> None:
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_py", ".py").replace("_txt", ".txt")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def commit(folder: Path) -> str:
    sh(folder, "add", "-A")
    sh(folder, "commit", "-q", "-m", "a")
    return sh(folder, "rev-parse", "HEAD")


AUTHOR = ("-c", "user.name=Ada", "-c", "user.email=a@example.org", "-c", "commit.gpgSign=false")


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("template")
    sh(folder, "init", "-q", "-b", "main", "--template=")
    write(folder, a_py="one\ntwo\nthree\n", src__b_py="b\n")
    (folder / ".gitignore").write_text("*.log\n")
    sh(folder, "add", "-A")
    sh(folder, *AUTHOR, "commit", "-q", "-m", "a")
    return folder


@pytest.fixture
def repo(template, tmp_path):
    return Path(shutil.copytree(template, tmp_path / "repo"))


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


class TestDifference:
    def test_it_restores_what_was_changed(self, repo, tmp_path):
        odd = 'ä b"\\\t.txt'
        write(repo, a_py="one\n2\nthree\n", src__b_py="no newline", new_py="x = 1\n", empty_py="")
        (repo / odd).write_text("odd\n\n")
        (repo / "run.sh").write_text("#!/bin/sh")
        (repo / "run.sh").chmod(0o755)
        (repo / "with space").write_text("a\n")
        clone = tmp_path / "clone"
        sh(tmp_path, "clone", "-q", str(repo), str(clone))

        patch = difference(repo)
        (tmp_path / "patch").write_bytes(patch)
        sh(clone, "apply", "--whitespace=nowarn", str(tmp_path / "patch"))

        for name in ("a.py", "src/b.py", "new.py", "empty.py", odd, "run.sh", "with space"):
            assert (clone / name).read_bytes() == (repo / name).read_bytes()
        assert os.access(clone / "run.sh", os.X_OK)

    def test_a_patch_is_what_git_writes(self, repo):
        write(repo, a_py="one\n2\nthree\n", new_py="x\n")

        assert difference(repo / "src").decode() == (
            "diff --git a/a.py b/a.py\n"
            f"index {sh(repo, 'rev-parse', '--short', 'HEAD:a.py')}.."
            f"{sh(repo, 'hash-object', 'a.py')[:7]} 100644\n"
            "--- a/a.py\n+++ b/a.py\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n"
            "diff --git a/new.py b/new.py\nnew file mode 100644\n"
            "--- /dev/null\n+++ b/new.py\n@@ -0,0 +1,1 @@\n+x\n"
        )

    def test_settings_of_the_user_do_not_change_it(self, repo):
        write(repo, a_py="one\n2\nthree\n", new_py="x\n")
        plain = difference(repo)

        for key, value in [
            ("diff.noprefix", "true"),
            ("color.ui", "always"),
            ("diff.mnemonicPrefix", "true"),
            ("diff.context", "0"),
            ("status.showUntrackedFiles", "no"),
        ]:
            sh(repo, "config", "--global", key, value)

        assert difference(repo) == plain
        assert facts(repo).dirty is True
        Path(os.environ["GIT_CONFIG_GLOBAL"]).unlink()

    @pytest.mark.parametrize(
        "name",
        [
            ".env",
            "prod.env",
            "key.pem",
            "id_rsa",
            "id_ed25519.pub",
            ".ssh/x",
            "my_secrets.yaml",
            "gcp-credentials.json",
            ".netrc",
            "a/.aws/config",
            "API_TOKEN.txt",
            "PASSWORDS.md",
        ],
    )
    def test_secrets_are_left_out_tracked_or_not(self, repo, name):
        (repo / name).parent.mkdir(parents=True, exist_ok=True)
        (repo / name).write_text("hunter2")
        new = difference(repo)
        sh(repo, "add", "-A", "-f")
        added = difference(repo)

        assert new == added == f"# left out: {name} (looks like a secret)\n".encode()

    @pytest.mark.parametrize("name", ["tokenizer.py", "keyboard.py", "environment.py", "keys.txt"])
    def test_code_that_sounds_like_a_secret_is_kept(self, repo, name):
        (repo / name).write_text("code\n")

        assert b"+code\n" in difference(repo)

    def test_a_private_key_is_left_out_whatever_its_name(self, repo):
        key = "-----BEGIN RSA PRIVATE KEY-----\nabc\n"
        write(repo, a_py=key, b_txt=key)

        assert difference(repo) == (
            b"# left out: a.py (looks like a secret)\n# left out: b.txt (looks like a secret)\n"
        )

    def test_what_is_large_binary_or_a_link_is_left_out(self, repo, tmp_path):
        (tmp_path / "outside").write_text("private")
        write(repo, large_txt="x" * 1_001, binary_txt=b"\0", good_txt="good\n")
        (repo / "link").symlink_to(tmp_path / "outside")
        (repo / "folder").symlink_to(tmp_path)

        found = difference(repo, Limits(file=1_000)).decode()

        notes, patch = found.split("diff --git", 1)
        assert notes == (
            "# left out: binary.txt (not a text)\n"
            "# left out: folder (a link, or not to be read)\n"
            "# left out: large.txt (1,001 bytes)\n"
            "# left out: link (a link, or not to be read)\n"
        )
        assert "private" not in patch
        assert "+good" in patch

    def test_the_whole_is_bounded(self, repo):
        write(repo, a_py="line\n" * 1_000)
        for number in range(30):
            (repo / f"n{number:02}.txt").write_text("x\n")

        found = difference(repo, Limits(total=1_000, files=3))

        assert found.count(b"diff --git") == 3
        notes = [line for line in found.decode().split("\n") if line.startswith("#")]
        assert notes[0] == "# left out: a.py (too much in all)"
        assert notes[1] == "# left out: n03.txt (too many files)"
        assert notes[-1] == "# left out: 8 more"

    def test_an_enormous_change_is_cut(self, repo):
        write(repo, a_py="0123456789\n" * 1_000_000, src__b_py="c\n")

        found = difference(repo)

        assert len(found) < 1_000
        assert found.startswith(b"# left out: a.py (this and what follows is too much in all)\n")


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


class TestCodeDifference:
    def test_it_lists_what_was_added_removed_and_changed(self, repo):
        first = head(repo)
        (repo / "src" / "b.py").unlink()
        write(repo, a_py="one\n2\nthree", c__d_py="new\n", binary_txt=b"\0")
        second = commit(repo)

        assert git.code_difference(repo / "c", first, second) == [
            FileDifference(
                "a.py",
                "changed",
                "--- a/a.py\n+++ b/a.py\n@@ -1,3 +1,3 @@\n one\n-two\n-three\n+2\n+three\n"
                "\\ No newline at end of file\n",
            ),
            FileDifference("binary.txt", "added", None),
            FileDifference(
                "c/d.py", "added", "--- /dev/null\n+++ b/c/d.py\n@@ -0,0 +1 @@\n+new\n"
            ),
            FileDifference(
                "src/b.py", "removed", "--- a/src/b.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-b\n"
            ),
        ]
        assert git.code_difference(repo, second, second) == []

    def test_paths_choose_files_and_folders(self, repo):
        first = head(repo)
        write(repo, a_py="x", src__b_py="x", src__c__d_py="x", srcs_py="x")
        second = commit(repo)

        def paths(*wanted: str) -> list[str]:
            found = git.code_difference(repo, first, second, wanted)
            return [one.path for one in found]

        assert paths("src") == ["src/b.py", "src/c/d.py"]
        assert paths("src/c/", "a.py") == ["a.py", "src/c/d.py"]
        assert paths("src/c/d.py") == ["src/c/d.py"]
        assert paths("none") == []

    def test_a_file_that_becomes_a_folder_is_both(self, repo):
        first = head(repo)
        (repo / "a.py").unlink()
        (repo / "a.py").mkdir()
        (repo / "a.py" / "x").write_text("x\n")
        second = commit(repo)

        found = git.code_difference(repo, first, second)

        assert [(one.path, one.status) for one in found] == [
            ("a.py", "removed"),
            ("a.py/x", "added"),
        ]

    def test_a_changed_mode_has_an_empty_patch(self, repo):
        first = head(repo)
        (repo / "a.py").chmod(0o755)
        second = commit(repo)

        assert git.code_difference(repo, first, second) == [FileDifference("a.py", "changed", "")]

    def test_packed_objects_are_read(self, repo):
        first = head(repo)
        write(repo, a_py="one\n2\nthree\n")
        second = commit(repo)
        sh(repo, "gc", "-q")

        assert len(git.code_difference(repo, first, second)) == 1

    def test_what_cannot_be_compared_is_none(self, repo, tmp_path):
        first = head(repo)
        write(repo, a_py="x")
        second = commit(repo)
        blob = sh(repo, "rev-parse", "HEAD:a.py")
        shallow = tmp_path / "shallow"
        sh(tmp_path, "clone", "-q", "--depth=1", f"file://{repo}", str(shallow))

        assert git.code_difference(shallow, first, second) is None
        assert git.code_difference(shallow, second, second) == []
        assert git.code_difference(repo, first, "f" * 40) is None
        assert git.code_difference(repo, first, blob) is None
        assert git.code_difference(repo, first, "HEAD") is None
        assert git.code_difference(repo, first, "--output=x") is None
        assert git.code_difference(tmp_path, first, second) is None

    def test_without_gitpython_there_is_none(self, repo, monkeypatch):
        first = head(repo)
        monkeypatch.setitem(sys.modules, "git", None)

        assert git.code_difference(repo, first, first) is None

    def test_large_texts_have_no_patch(self, repo):
        first = head(repo)
        write(repo, a_py="x\n" * 5_000, src__b_py="y" * 200_001)
        second = commit(repo)

        found = git.code_difference(repo, first, second)

        assert [one.patch_text for one in found] == [None, None]


def test_facts_need_the_standard_library_alone():
    code = "import sys; import staticrun.git; print('git' in sys.modules, 'numpy' in sys.modules)"
    root = str(Path(__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "False False\n"
