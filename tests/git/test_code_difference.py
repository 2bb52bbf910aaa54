"""The code of two commits."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from staticrun import git
from staticrun.git import FileDifference
from tests.git.repository import commit, head, sh, write


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
