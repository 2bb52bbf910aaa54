"""The patch against the last commit."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from staticrun.git import Limits
from tests.git.repository import difference, facts, sh, write


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
