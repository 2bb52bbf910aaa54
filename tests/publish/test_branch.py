"""Publishing onto a branch of a real remote."""

from __future__ import annotations

import json
import re
import shutil

import pytest

from staticrun.errors import UserError
from staticrun.git.bare import FILE_MODE, open_bare
from staticrun.git.objects import Entry
from staticrun.git.remote import remote as find_remote
from tests.publish.made import bare, published, send, sh, site, thing, version


@pytest.fixture
def remote(tmp_path):
    return bare(tmp_path / "a remote.git")


@pytest.fixture
def cloned(project, remote):
    """Make the project a repository with something committed, changed, staged and ignored."""
    sh(project, "init", "--quiet", "--initial-branch=main", "--template=")
    sh(project, "remote", "add", "origin", str(remote))
    (project / "a.py").write_text("one\n")
    sh(project, "add", "a.py")
    sh(project, "commit", "--quiet", "-m", "a")
    (project / "a.py").write_text("two\n")
    (project / "b.py").write_text("staged\n")
    sh(project, "add", "b.py")
    return project


def state(repository):
    """Take down what publishing must not touch."""
    return (
        sh(repository, "status", "--porcelain", "--untracked-files=all"),
        sh(repository, "for-each-ref"),
        sh(repository, "symbolic-ref", "HEAD"),
        (repository / ".git/index").read_bytes(),
        sorted(path.name for path in (repository / ".git/objects").iterdir()),
    )


def test_a_branch_holds_one_commit_with_the_files_of_the_site(cloned, remote):
    built = site(cloned / "site", {"o/aa/x.txt": "x", "with a space.txt": "y"})
    (built / ".gitignore").write_text("*\n")

    done = send(cloned, built)

    held = published(remote)
    assert held.pop("publish.json").startswith(b"{")
    assert held.keys() == {
        ".nojekyll",
        "index.html",
        "o/aa/x.txt",
        "with a space.txt",
        "versions.js",
        "versions.json",
    }
    assert held["with a space.txt"] == b"y"
    assert sh(remote, "rev-list", "--count", "gh-pages") == "1"
    assert sh(remote, "rev-parse", "gh-pages") == done.commit
    assert sh(remote, "log", "--format=%s %an <%ae>", "gh-pages") == (
        f"Publish project at {sh(cloned, 'rev-parse', 'HEAD')[:12]} Ada Lovelace <ada@example.org>"
    )
    sh(remote, "fsck", "--strict")


def test_work_tree_index_head_and_refs_stay_as_they_are(cloned):
    (cloned / ".gitignore").write_text("site/\n.staticrun/\n")
    before = state(cloned)

    for text in "abc":
        send(cloned, site(cloned / "site", {"a.txt": text}))

    assert state(cloned) == before


def test_without_a_name_in_git_the_commit_has_one(cloned, remote, monkeypatch):
    for role in ("AUTHOR", "COMMITTER"):
        for key in ("NAME", "EMAIL"):
            monkeypatch.delenv(f"GIT_{role}_{key}")

    send(cloned, site(cloned / "site", {}))
    first = sh(remote, "log", "--format=%an <%ae>", "gh-pages")
    sh(cloned, "config", "user.name", "Grace")
    sh(cloned, "config", "user.email", "g@example.org")
    send(cloned, site(cloned / "site", {"a.txt": "a"}))

    assert first == "staticrun <staticrun@localhost>"
    assert sh(remote, "log", "--format=%an <%ae>", "gh-pages") == "Grace <g@example.org>"


def test_a_project_in_no_repository_is_published_to_an_address(project, remote):
    send(project, site(project / "site", {}), remote=str(remote), to="branch:pages/site")

    assert published(remote, "pages/site")["index.html"] == b"front"


def test_history_keeps_what_was_there(cloned, remote):
    for text in "ab":
        send(cloned, site(cloned / "site", {"a.txt": text}), history=True)

    assert sh(remote, "rev-list", "--count", "gh-pages") == "2"
    with pytest.raises(UserError, match="has commits that would be lost"):
        send(cloned, site(cloned / "site", {"a.txt": "c"}))
    send(cloned, site(cloned / "site", {"a.txt": "c"}), history=False)
    assert sh(remote, "rev-list", "--count", "gh-pages") == "1"


def test_the_same_site_again_makes_no_commit(cloned, remote):
    built = site(cloned / "site", {})
    first = send(cloned, built)

    again = send(cloned, built)

    assert (again.written, again.removed, again.commit) == (0, 0, first.commit)
    assert sh(remote, "rev-parse", "gh-pages") == first.commit


@pytest.mark.parametrize("history", [None, True])
def test_only_what_changed_is_sent(cloned, remote, history):
    sh(remote, "config", "receive.unpackLimit", "1")  # each push stays the pack that it was
    pages = {f"runs/r{number}/index.html": f"run {number}" for number in range(40)}
    send(cloned, site(cloned / "site", pages), history=history)
    before = {*remote.glob("objects/pack/*.idx")}

    send(cloned, site(cloned / "site", {**pages, "a.txt": "a"}), history=history)

    [sent] = {*remote.glob("objects/pack/*.idx")} - before
    listed = sh(remote, "verify-pack", "-v", str(sent))
    kinds = sorted(re.findall(r"^[0-9a-f]{40} (\w+)", listed, re.MULTILINE))
    # `a.txt`, `publish.json`, which lists it, and what git has sent a difference to.
    assert kinds == ["blob", "blob", "blob", "commit", "tree", "tree"]
    sh(remote, "fsck", "--strict")


def test_a_commit_that_was_published_before_can_be_published_again(tmp_path, remote):
    # As it is when the same files come back within a second.
    to = find_remote(tmp_path, str(remote))
    with open_bare(tmp_path / "ours.git") as repository:
        made = []
        for text in (b"one", b"two"):
            [name] = repository.write_bytes([text])
            files = {"index.html": Entry(FILE_MODE, name, len(text))}
            made.append(repository.commit(files, "Publish", ("Ann", "ann@example.org"), None))
        one, two = made
        for commit, old in ((one, None), (two, one), (one, two)):
            assert repository.push(to, "pages", commit, old) is None
    assert published(remote, "pages") == {"index.html": b"one"}
    sh(remote, "fsck", "--strict")


def test_a_dry_run_says_what_would_be_done_and_does_nothing(cloned, remote):
    done = send(cloned, site(cloned / "site", {}), dry_run=True)

    assert (done.written, done.commit) == (5, None)
    assert sh(remote, "for-each-ref") == ""


def test_the_work_of_others_is_refused_or_stays(cloned, remote):
    sh(cloned, "push", "--quiet", "origin", "HEAD:main", "HEAD:gh-pages")
    built = site(cloned / "site", {"a.py": "mine"})

    with pytest.raises(UserError, match="did not put it there"):
        send(cloned, built)
    with pytest.raises(UserError, match="has commits that would be lost"):
        send(cloned, built, under="docs")
    send(cloned, built, under="docs", history=True)

    held = published(remote)
    assert (held["a.py"], held["docs/a.py"]) == (b"one\n", b"mine")
    assert ".nojekyll" in held


def test_a_preview_owns_its_address_and_the_site_keeps_it(cloned, remote):
    send(cloned, site(cloned / "site", {"a.txt": "main"}))
    send(cloned, site(cloned / "preview", {"a.txt": "seven"}), under="pr/7")
    send(cloned, site(cloned / "preview", {"a.txt": "eight"}), under="pr/8")
    send(cloned, site(cloned / "site", {"b.txt": "main"}))
    send(cloned, site(cloned / "preview", {"b.txt": "seven"}), under="pr/7")
    held = published(remote)

    assert {url for url in held if url.endswith(".txt")} == {"b.txt", "pr/7/b.txt", "pr/8/a.txt"}
    send(cloned, cloned, under="pr/7", remove=True)
    left = published(remote)
    assert left == {url: data for url, data in held.items() if not url.startswith("pr/7/")}
    assert send(cloned, cloned, under="pr/7", remove=True).removed == 0


def test_a_file_of_others_on_the_branch_stays(cloned, remote):
    send(cloned, site(cloned / "site", {}), history=True)
    other = cloned.parent / "other"
    sh(cloned.parent, "clone", "--quiet", "--branch=gh-pages", str(remote), str(other))
    (other / "CNAME").write_text("example.org\n")
    sh(other, "add", "CNAME")
    sh(other, "commit", "--quiet", "-m", "a")
    sh(other, "push", "--quiet")

    send(cloned, site(cloned / "site", {"a.txt": "a"}), history=True)
    send(cloned, site(cloned / "site", {}), history=True)

    held = published(remote)
    assert held["CNAME"] == b"example.org\n"
    assert "a.txt" not in held


def test_what_pages_needed_before_stays_for_one_more_publication(cloned, remote):
    one, two, three = (thing(text) for text in ("one", "two", "three"))
    send(cloned, site(cloned / "site", {one: "one", "app.1.js": "1", "a.html": "a"}))
    send(cloned, site(cloned / "site", {two: "two"}))
    second = published(remote)
    send(cloned, site(cloned / "site", {two: "two"}))
    send(cloned, site(cloned / "site", {three: "three"}))
    third = published(remote)

    assert {one, two, "app.1.js"} <= second.keys()
    assert "a.html" not in second
    assert json.loads(second["publish.json"])["before"] == ["app.1.js", one]
    assert {one, two, three, "app.1.js"} & third.keys() == {two, three}


def test_another_version_of_the_same_name_is_refused(cloned, remote):
    built = site(cloned / "site", {})
    version(built, "v1", "first")
    send(cloned, built)
    before = published(remote)

    version(built, "v1", "second")
    with pytest.raises(UserError, match="is published with another content"):
        send(cloned, built)

    assert published(remote) == before


def test_a_version_that_only_the_target_has_stays_until_it_is_left_out(cloned, remote):
    built = site(cloned / "site", {})
    made = version(built, "v1", "first")
    send(cloned, built)

    done = send(cloned, site(cloned / "site", {"a.txt": "a"}))
    kept = published(remote)
    send(cloned, site(cloned / "site", {"a.txt": "a"}), without=("v1",))

    assert (done.versions, done.taken) == (("v1",), ("v1",))
    assert made.urls() <= kept.keys()
    assert [one["name"] for one in json.loads(kept["versions.json"])["versions"]] == ["v1"]
    assert not any(url.startswith("v/") for url in published(remote))


def test_a_remote_that_is_none_or_cannot_be_reached_is_said(cloned):
    built = site(cloned / "site", {})

    with pytest.raises(UserError, match="is neither a remote of this repository nor an address"):
        send(cloned, built, remote="upstream")
    with pytest.raises(UserError, match="cannot be reached"):
        send(cloned, built, remote="../nowhere.git")
    with pytest.raises(UserError, match="cannot be reached"):
        send(cloned, built, remote="ext::sh -c true% /tmp/x")


def test_a_remote_that_refuses_is_said_in_its_words(cloned, remote):
    hook = remote / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho only on Fridays >&2\nexit 1\n")
    hook.chmod(0o755)

    with pytest.raises(UserError, match="only on Fridays"):
        send(cloned, site(cloned / "site", {}))


def test_a_cache_that_a_crash_has_left_is_said_and_can_be_deleted(cloned, remote):
    built = site(cloned / "site", {})
    send(cloned, built)
    cache = cloned / ".staticrun/publish.git"
    shutil.rmtree(cache / "objects")
    (cache / "objects").mkdir()
    (cache / "shallow.lock").touch()

    with pytest.raises(UserError, match=r"git fetch failed: .*shallow\.lock.*\n.*Try: delete"):
        send(cloned, built)
    shutil.rmtree(cache)

    assert send(cloned, built).written == 0
