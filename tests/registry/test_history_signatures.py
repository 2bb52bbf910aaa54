"""A signature is verified by the list that the commit has, or it is a claim."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from staticrun.git import Objects
from staticrun.git.signatures import split
from staticrun.registry import manifests
from staticrun.registry.history import history
from tests.registry.made import place, registry, stage, write
from tests.registry.repository import commit_all, git, repository

SIGNERS = "allowed signers"


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """Make keys of three people; only the first two are listed."""
    folder = tmp_path_factory.mktemp("keys")
    for name in ("ann", "bob", "eve"):
        command = ("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", folder / name)
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return folder


def key(keys, name: str) -> str:
    return " ".join((keys / f"{name}.pub").read_text().split()[:2])


@pytest.fixture(scope="module")
def template(keys, tmp_path_factory):
    folder = tmp_path_factory.mktemp("template") / "a b"
    registry(folder, 3, production=1)
    write(folder, manifests.Registry(allowed_signers=SIGNERS))
    listed = f"ann@example.org {key(keys, 'ann')}\n*@b.org,bob@example.org {key(keys, 'bob')}\n"
    (folder / SIGNERS).write_text(listed)
    return repository(folder)


@pytest.fixture
def repo(template, tmp_path):
    return shutil.copytree(template, tmp_path / "a b")


def sign(folder, keys, name: str, number: int, *words: str) -> str:
    write(folder, stage(number, reason=name))
    git(folder, "add", "-A")
    settings = ("-c", "gpg.format=ssh", "-c", f"user.signingKey={keys / name}")
    git(folder, *settings, "commit", "-q", "-S", "-m", "promote", *words)
    return git(folder, "rev-parse", "HEAD")


def last(folder, ref: str = "HEAD") -> tuple:
    origin = history(folder, ref).events[-1].origin
    return origin.signature, origin.signer


def forge(folder, commit: str, change) -> str:
    """Write the object of a commit with something changed, and go to it."""
    data = change(next(Objects(folder).raw([commit])))
    command = ("git", "hash-object", "-w", "-t", "commit", "--stdin")
    done = subprocess.run(command, input=data, cwd=folder, capture_output=True, check=True)
    made = done.stdout.decode().strip()
    git(folder, "reset", "-q", "--hard", made)
    return made


def test_who_is_listed_is_verified(repo, keys):
    assert last(repo) == ("none", None)
    sign(repo, keys, "ann", 2)
    assert last(repo) == ("verified", "ann@example.org")
    sign(repo, keys, "bob", 3)
    assert last(repo) == ("verified", "bob@example.org")
    sign(repo, keys, "eve", 2)
    assert last(repo) == ("unknown", None)


@pytest.mark.slow
def test_a_list_with_wildcards_names_who_committed(repo, keys):
    (repo / SIGNERS).write_text(f"*@example.org {key(keys, 'bob')}\n")
    sign(repo, keys, "bob", 3)
    assert last(repo) == ("verified", "ada@example.org")
    (repo / SIGNERS).write_text(f"*@b.org {key(keys, 'bob')}\n")
    commit_all(repo)
    assert {one.origin.signer for one in history(repo).events} == {None}


def test_what_was_not_signed_is_bad(repo, keys):
    good = sign(repo, keys, "ann", 2)
    forge(repo, good, lambda data: data.replace(b"\n\npromote", b"\n\nPromote"))
    assert last(repo) == ("bad", None)


@pytest.mark.parametrize("address", [b"a\0b@example.org", b"a" * 300_000, b"", b"-h"])
def test_an_address_of_any_form_verifies_nothing(repo, keys, address):
    good = sign(repo, keys, "eve", 2)
    forge(repo, good, lambda data: data.replace(b"ada@example.org", address))
    assert last(repo) == ("bad", None)


def test_a_merge_is_verified_by_its_own_signature(repo, keys):
    git(repo, "checkout", "-qb", "branch")
    sign(repo, keys, "eve", 2)
    git(repo, "checkout", "-q", "main")
    settings = ("-c", "gpg.format=ssh", "-c", f"user.signingKey={keys / 'ann'}")
    git(repo, *settings, "merge", "-q", "--no-ff", "-S", "branch", "-m", "Merge branch")
    assert last(repo) == ("verified", "ann@example.org")


@pytest.mark.slow
def test_what_cannot_be_verified_is_unknown(repo, keys, monkeypatch, tmp_path):
    good = sign(repo, keys, "ann", 2)
    pgp = b"gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----"
    signed, armoured = split(next(Objects(repo).raw([good])))
    top, gap, message = signed.partition(b"\n\n")
    header = b"\n".join(b" " + line for line in armoured.split(b"\n"))[1:]
    forge(repo, good, lambda _data: top + b"\n" + pgp + gap + message)
    assert last(repo) == ("unknown", None)
    twice = top + b"\ngpgsig " + header + b"\ngpgsig " + header + gap + message
    forge(repo, good, lambda _data: twice)
    assert last(repo) == ("unknown", None)
    git(repo, "reset", "-q", "--hard", good)
    only_git = tmp_path / "bin"
    only_git.mkdir()
    (only_git / "git").symlink_to(shutil.which("git"))
    monkeypatch.setenv("PATH", str(only_git))
    shutil.rmtree(repo / ".staticrun")
    assert last(repo) == ("unknown", None)


def test_a_signature_in_a_message_is_none(repo, keys):
    commit = sign(repo, keys, "ann", 2)
    signature = split(next(Objects(repo).raw([commit])))[1].decode()
    git(repo, "commit", "-q", "--amend", "-m", f"x\n\ngpgsig {signature}")
    assert last(repo) == ("none", None)


def test_the_list_is_that_of_the_commit_and_never_of_the_work_tree(repo, keys):
    sign(repo, keys, "eve", 2)
    (repo / SIGNERS).write_text(f"boss@example.org {key(keys, 'eve')}\n")
    assert last(repo) == ("unknown", None)
    settings = repo / place(manifests.Registry())
    (repo / "other").write_text(f"boss@example.org {key(keys, 'eve')}\n")
    settings.write_text(settings.read_text().replace(SIGNERS, "other"))
    assert last(repo) == ("unknown", None)


def test_another_list_is_told_and_asked_from_then_on(repo, keys):
    sign(repo, keys, "ann", 2)
    assert last(repo) == ("verified", "ann@example.org")
    (repo / SIGNERS).write_text(f"bob@example.org {key(keys, 'bob')}\n")
    commit_all(repo, "a key was lost")
    found = history(repo)
    assert (found.events[-1].type, found.events[-1].path) == ("settings.changed", SIGNERS)
    assert found.events[-2].origin.signature == "unknown"
    (repo / SIGNERS).unlink()
    (repo / SIGNERS).symlink_to(keys / "eve.pub")
    commit_all(repo, "a link")
    assert {one.origin.signature for one in history(repo).events} == {"none", "unknown"}


@pytest.mark.slow
def test_a_key_counts_at_the_time_that_the_commit_claims(repo, keys, monkeypatch):
    listed = 'ann@example.org valid-before="20240301" ' + key(keys, "ann") + "\n"
    (repo / SIGNERS).write_text(listed)
    commit_all(repo)
    sign(repo, keys, "ann", 2)
    assert last(repo) == ("verified", "ann@example.org")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_DATE", "2024-03-02T00:00:00+00:00")
    sign(repo, keys, "ann", 3)
    assert last(repo) == ("unknown", None)


@pytest.mark.slow
def test_a_list_lies_below_the_project(repo, keys, tmp_path):
    top = tmp_path / "top"
    top.mkdir()
    shutil.copytree(repo, top / "project", ignore=shutil.ignore_patterns(".git"))
    repository(top)
    sign(top / "project", keys, "ann", 2)
    assert last(top / "project") == ("verified", "ann@example.org")
