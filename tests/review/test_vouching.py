"""Who vouches for a change: a signature counts by the base branch's list, of the very files."""

from __future__ import annotations

import subprocess

import pytest

from staticrun.git import Objects
from staticrun.registry import manifests
from staticrun.registry.comparison import Comparison
from staticrun.review.vouching import vouching
from tests.registry.branches import branch
from tests.registry.made import registry, stage, write
from tests.registry.repository import commit_all, git, repository

SIGNERS = "signers"


@pytest.fixture
def keys(tmp_path):
    for name in ("ann", "eve"):
        command = (
            "ssh-keygen",
            "-q",
            "-t",
            "ed25519",
            "-N",
            "",
            "-C",
            name,
            "-f",
            tmp_path / name,
        )
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return tmp_path


def listed(keys, name: str) -> str:
    public = " ".join((keys / f"{name}.pub").read_text().split()[:2])
    return f"{name}@example.org {public}\n"


@pytest.fixture
def root(keys, tmp_path):
    folder = registry(tmp_path / "a project", 3, production=1)
    write(folder, manifests.Registry(allowed_signers=SIGNERS))
    (folder / SIGNERS).write_text(listed(keys, "ann"))
    repository(folder)
    branch(folder, "candidate")
    return folder


def signed(root, keys, name: str, message: str = "promote") -> str:
    git(root, "add", "-A")
    settings = ("-c", "gpg.format=ssh", "-c", f"user.signingKey={keys / name}")
    git(root, *settings, "commit", "-q", "-S", "-m", message)
    return git(root, "rev-parse", "HEAD")


def told(root, head: str = "HEAD"):
    objects = Objects(root)
    changed = Comparison(root, "main", head).changed
    return vouching(objects, objects.resolve("main"), objects.resolve(head), changed)


def test_a_key_that_the_base_lists_verifies_and_one_that_the_change_lists_does_not(root, keys):
    write(root, stage(2, previous=1))
    made = signed(root, keys, "ann")
    found = told(root)
    assert (found.commit, found.signature, found.signer) == (made, "verified", "ann@example.org")

    (root / SIGNERS).write_text(listed(keys, "ann") + listed(keys, "eve"))
    write(root, stage(3, previous=1))
    signed(root, keys, "eve")
    assert (told(root).signature, told(root).signer) == ("unknown", None)


def test_a_signature_does_not_count_for_what_a_merge_has_otherwise(root, keys):
    write(root, stage(2, previous=1))
    made = signed(root, keys, "ann")
    git(root, "checkout", "-q", "-b", "theirs", "main")
    git(root, "merge", "-q", "--no-ff", "-m", "Merge", "candidate")
    assert (told(root).commit, told(root).signature) == (made, "verified")

    # Whoever merges what was signed, and puts other bytes into it, vouches for that alone.
    write(root, stage(3, previous=1))
    git(root, "add", "-A")
    git(root, "commit", "-q", "--amend", "--no-edit")
    found = told(root)
    assert (found.commit, found.signature) == (git(root, "rev-parse", "HEAD"), "none")


@pytest.mark.slow
def test_without_owners_nobody_has_to_approve(root):
    (root / "CODEOWNERS").write_text("* @ann\n")
    git(root, "checkout", "-q", "main")
    commit_all(root)
    branch(root, "candidate")
    # The first of three places counts, and the last line that matches, whether it names anybody.
    (root / ".github").mkdir()
    (root / ".github/CODEOWNERS").write_text("* @eve\n")
    write(root, stage(2, previous=1))
    commit_all(root)
    found = told(root)

    assert found.codeowners == "CODEOWNERS"
    assert [(one.owners, one.line) for one in found.owners] == [(("@ann",), 1)]
    git(root, "checkout", "-q", "main")
    (root / "CODEOWNERS").write_text("* @ann\n/registry/\n")
    commit_all(root)
    git(root, "checkout", "-q", "candidate")
    assert [(one.owners, one.line) for one in told(root).owners] == [((), 2)]
