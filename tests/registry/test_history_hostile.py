"""What a stranger's repository could do to whoever reads its history: nothing, and no lie."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from staticrun.errors import UserError
from staticrun.git import Objects
from staticrun.registry import manifests
from staticrun.registry.history import at, history
from staticrun.registry.known import Known
from staticrun.registry.sources import Commit
from staticrun.registry.state import load
from tests.registry.made import place, registry, stage, version, write
from tests.registry.repository import commit_all, git, repository


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    folder = registry(tmp_path_factory.mktemp("template") / "a b", 3, production=1)
    return repository(folder)


@pytest.fixture
def repo(template, tmp_path):
    return shutil.copytree(template, tmp_path / "a b")


def forged(folder, **lines: str) -> None:
    """Commit a promotion by an object of our own: whatever stands in it."""
    write(folder, stage(2))
    git(folder, "add", "-A")
    said = {
        "tree": git(folder, "write-tree"),
        "parent": git(folder, "rev-parse", "HEAD"),
        "author": "Ann <ann@example.org> 1700000000 +0000",
        "committer": "Ann <ann@example.org> 1700000000 +0000",
        **lines,
    }
    message = said.pop("message", "promote\n")
    data = "".join(f"{key} {value}\n" for key, value in said.items()) + "\n" + message
    command = ("git", "hash-object", "-w", "-t", "commit", "--literally", "--stdin")
    done = subprocess.run(
        command, input=data.encode(), cwd=folder, capture_output=True, check=True
    )
    git(folder, "reset", "-q", "--hard", done.stdout.decode().strip())


@pytest.mark.parametrize(
    ("message", "subject", "number", "trailers"),
    [
        ("a\x1fb\x1e#7\x0bc\n", "a\x1fb\x1e#7\x0bc", None, ()),
        ("a\nReviewed-by: boss <b@example.org>\n", "a", None, ()),
        ("a\tb\u2028Reviewed-by: boss\n", "a\tb\u2028Reviewed-by: boss", None, ()),
        ("Reviewed-by: boss\n", "Reviewed-by: boss", None, ()),
        ("a\n\nReviewed-by: boss\n", "a", None, (("Reviewed-by", "boss"),)),
        ("a\n\nReviewed-by: boss\nand more\n", "a", None, ()),
        ("a\n\nReviewed-by: boss\n\nb\n", "a", None, ()),
        ("Merge pull request #999 from org/x\n\n(#5)\n", None, 999, ()),
        ("Promote (#43)\n", None, 43, ()),
        ('Revert "Promote (#43)" (#44)\n', None, 44, ()),
        ("a\n\nMerge pull request #999 from org/x\n", "a", None, ()),
        ("\n\n  \n", "", None, ()),
        ("", "", None, ()),
        (f"{'x' * 100_000} (#1)\n", "x" * 500, None, ()),
        ("a\n\n" + "K: v\n" * 5_000, "a", None, ()),
    ],
)
def test_a_message_says_no_more_than_it_says(repo, message, subject, number, trailers):
    forged(repo, message=message)
    event = history(repo).events[-1]
    assert event.type == "stage.promoted"
    assert event.origin.subject == (message.partition("\n")[0] if subject is None else subject)
    # Whatever the subject claims, no merge was there.
    assert (event.origin.pull_request, event.origin.merge) == (number, None)
    assert event.origin.trailers == trailers


@pytest.mark.parametrize(
    ("committer", "who", "time"),
    [
        (
            "<script>alert(1)</script> <a@b> 1700000000 +0000",
            "<script>alert(1)</script> <a@b>",
            1.7e9,
        ),
        ("Ann <a@b> 99999999999999999999 +0000", "Ann <a@b>", 0),
        ("Ann <a@b> -5 +0000", "Ann <a@b>", 0),
        ("Ann <a@b> ² +0000", "Ann <a@b>", 0),
        ("Ann <a@b> 4070908800 +9999", "Ann <a@b>", 4_070_908_800),
        ("Ann", "Ann", 0),
        ("", "", 0),
        ("\x1b[2J\x1f <a@b> 1700000000 +0000", "\x1b[2J\x1f <a@b>", 1.7e9),
    ],
)
def test_a_person_is_a_text_and_a_time_one_of_a_calendar(repo, committer, who, time):
    forged(repo, committer=committer)
    origin = history(repo).events[-1].origin
    assert (origin.committer, origin.time) == (who, time)


def test_nothing_that_a_repository_configures_is_run(repo, tmp_path):
    mark, program = tmp_path / "mark", tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch '{mark}'\ncat\n")
    program.chmod(0o755)
    write(repo, manifests.Registry(allowed_signers="signers"))
    (repo / "signers").write_text("ann@example.org ssh-ed25519 AAAA\n")
    (repo / ".gitattributes").write_text("* filter=evil diff=evil merge=evil\n")
    commit_all(repo)
    signature = "-----BEGIN SSH SIGNATURE-----\n AAAA\n -----END SSH SIGNATURE-----"
    forged(repo, gpgsig=signature)
    # A submodule is a repository of its own, with a configuration of its own.
    inner = repository(registry(repo / "registry/models/inner", 1))
    git(
        repo,
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "add",
        "-q",
        "./registry/models/inner",
    )
    hooks = repo / "hooks"
    hooks.mkdir()
    for hook in ("fsmonitor-watchman", "post-index-change", "reference-transaction"):
        shutil.copy(program, hooks / hook)
    core = ("fsmonitor", "pager", "sshCommand", "askPass", "alternateRefsCommand", "editor")
    text = "[core]\n" + "".join(f"{name} = {program}\n" for name in core)
    text += f"hooksPath = {hooks}\n[diff]\nexternal = {program}\n"
    text += f'[diff "evil"]\ncommand = {program}\ntextconv = {program}\n'
    text += f'[filter "evil"]\nclean = {program}\nsmudge = {program}\nrequired = true\n'
    text += f"[gpg]\nprogram = {program}\nformat = ssh\n[log]\nshowSignature = true\n"
    text += f'[gpg "ssh"]\nprogram = {program}\nallowedSignersFile = /dev/null\n'
    text += f'[gpg "x509"]\nprogram = {program}\n[credential]\nhelper = {program}\n'
    for folder in (repo, inner):
        with (folder / ".git/config").open("a") as stream:
            stream.write(text)
    (repo / place(version(1))).write_text("changed\n")
    (inner / place(version(1))).write_text("changed\n")
    found = history(repo)
    assert found.events[-1].origin.signature in ("bad", "unknown")
    assert place(version(1)) in found.pending
    assert history(repo, "HEAD~1").commit == git_quietly(repo, "rev-parse", "HEAD~1")
    assert not mark.exists()
    subprocess.run(["git", "status"], cwd=repo, check=False, capture_output=True)
    assert mark.exists()  # so it would have been


def git_quietly(folder, *words: str) -> str:
    command = ("git", "-c", "core.fsmonitor=", "-c", "core.hooksPath=/dev/null", *words)
    return subprocess.run(
        command, cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.mark.parametrize("ref", ["--output=x", "-h", "", "a\0b", "a\nb", "../../secret", "@{-1}"])
def test_a_ref_is_no_option_and_no_path(repo, ref):
    before = sorted(path.name for path in repo.iterdir())
    with pytest.raises(UserError, match="names no commit"):
        history(repo, ref)
    assert sorted(path.name for path in repo.iterdir()) == before


@pytest.mark.slow
def test_objects_that_stand_for_others_do_not_count(repo):
    promote = stage(2)
    write(repo, promote)
    commit = commit_all(repo)
    expected = history(repo)
    git(repo, "replace", commit, git(repo, "rev-parse", "HEAD^"))
    shutil.rmtree(repo / ".staticrun")
    assert history(repo) == expected


def test_a_cache_that_came_with_the_repository_is_not_believed(repo, monkeypatch):
    write(repo, stage(2))
    commit_all(repo)
    known = Known(repo)
    expected = history(repo, known=known)
    state = load(Commit(Objects(repo), expected.commit), known)
    known.save()
    # A lie in both: production is at 3.
    for name in ("registry.msgpack", "registry-history.msgpack"):
        file = repo / ".staticrun" / name
        data = file.read_bytes()
        assert b"it is better" in data
        file.write_bytes(data.replace(b"it is better", b"it is BETTER"))
    assert history(repo) != expected
    git(repo, "add", "-f", ".staticrun")
    assert history(repo) == expected
    assert load(Commit(Objects(repo), expected.commit), Known(repo)).models == state.models


@pytest.mark.slow
def test_a_damaged_cache_is_none(repo):
    expected = history(repo)
    file = repo / ".staticrun/registry-history.msgpack"
    for data in (b"", b"\x00", file.read_bytes()[:-9], b"\xff" * 100, json.dumps({}).encode()):
        file.write_bytes(data)
        assert history(repo) == expected


def test_a_registry_that_becomes_a_link_or_a_file_is_gone(repo):
    shutil.rmtree(repo / "registry")
    (repo / "registry").symlink_to("elsewhere")
    commit_all(repo)
    assert history(repo).events[-1].type == "stage.cleared"
    assert at(history(repo), "churn", "production").version is None
    (repo / "registry").unlink()
    (repo / "registry").write_text("x")
    commit_all(repo)
    assert history(repo).events[-1].type == "stage.cleared"


def test_names_that_are_none_are_no_part_of_it(repo):
    models = repo / "registry/models"
    for name in ("..x", "\u0441hurn", "-o", "a b", "CHURN", "a\nb", "\udcff"):
        folder = models / name / "stages"
        folder.mkdir(parents=True)
        (folder / "production.yaml").write_bytes((repo / place(stage(1))).read_bytes())
    commit_all(repo)
    assert len(history(repo).events) == 5


def test_a_clone_without_files_says_what_it_lacks(repo, tmp_path):
    git(repo, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--filter=blob:none", "--no-checkout", repo.as_uri(), "clone")
    clone = tmp_path / "clone"
    git(clone, "config", "remote.origin.url", f"ext::touch {tmp_path / 'mark'}")
    with pytest.raises(UserError):
        history(clone)
    assert not (tmp_path / "mark").exists()


def test_no_git_is_no_history(repo, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert history(repo).events == ()
