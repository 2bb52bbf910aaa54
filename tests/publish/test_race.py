"""Two publishers at once: the newest state is the last one's, and nothing is lost."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from staticrun.errors import UserError
from tests.publish.made import bare, published, send, site, version


@pytest.fixture
def remote(tmp_path):
    return bare(tmp_path / "remote.git")


def publisher(folder, name):
    """Make a project whose site has a version of its own."""
    built = site(folder / name / "site", {f"{name}.txt": name})
    version(built, f"v-{name}", name)
    return folder / name


def race(tmp_path, remote, names, to="branch:gh-pages"):
    """Let publishers begin at once; give what each has done."""
    roots = [publisher(tmp_path, name) for name in names]
    barrier = Barrier(len(roots))

    def run(root):
        barrier.wait()
        return send(root, root / "site", to=to, remote=str(remote))

    with ThreadPoolExecutor(len(roots)) as pool:
        return list(pool.map(run, roots))


def assert_all_there(held, names):
    listed = json.loads(held["versions.json"])["versions"]
    assert {one["name"] for one in listed} == {f"v-{name}" for name in names}
    assert {f"v/v-{name}/index.html" for name in names} <= held.keys()
    assert sum(f"{name}.txt" in held for name in names) == 1


def hook(remote, text):
    """Let the remote do something between the check of a push and its end."""
    file = remote / "hooks/update"
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh -e\n{text}")
    file.chmod(0o755)


def test_who_is_second_takes_over_what_the_first_has_published(tmp_path, remote):
    first, second = (publisher(tmp_path, name) for name in ("one", "two"))
    send(first, first / "site", remote=str(remote), to="branch:first")
    hook(remote, 'mkdir once 2>/dev/null || exit 0\ngit update-ref "$1" refs/heads/first\n')

    done = send(second, second / "site", remote=str(remote))

    held = published(remote)
    assert_all_there(held, ["one", "two"])
    assert "two.txt" in held
    assert done.taken == ("v-one",)


@pytest.mark.slow
def test_a_remote_that_changes_at_every_try_is_said(tmp_path, remote):
    root = publisher(tmp_path, "one")
    hook(
        remote,
        "export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a\n"
        "tree=$(git hash-object -w -t tree /dev/null)\n"
        'git update-ref "$1" "$(echo "Published by staticrun $$" | git commit-tree "$tree")"\n',
    )

    with pytest.raises(UserError, match="another publisher was quicker 12 times"):
        send(root, root / "site", remote=str(remote))


def test_two_publishers_at_once_lose_nothing(tmp_path, remote):
    race(tmp_path, remote, ["one", "two"])

    assert_all_there(published(remote), ["one", "two"])


def test_two_publishers_into_one_folder_lose_nothing(tmp_path):
    race(tmp_path, None, ["one", "two"], to="folder:../public")

    held = {
        path.relative_to(tmp_path / "public").as_posix(): path.read_bytes()
        for path in (tmp_path / "public").rglob("*")
        if path.is_file()
    }
    assert_all_there(held, ["one", "two"])


def test_a_preview_and_the_site_at_once_are_both_there(tmp_path, remote):
    one, two = (publisher(tmp_path, name) for name in ("one", "two"))
    barrier = Barrier(2)

    def run(root, under):
        barrier.wait()
        send(root, root / "site", remote=str(remote), under=under)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, (one, two), ("", "pr/7")))

    assert {"one.txt", "pr/7/two.txt"} <= published(remote).keys()


@pytest.mark.slow
def test_many_publishers_at_once_lose_nothing_however_often(tmp_path):
    for number in range(10):
        folder = tmp_path / str(number)
        remote = bare(folder / "remote.git")
        names = [f"{letter}{number}" for letter in "abcd"]
        race(folder, remote, names)
        assert_all_there(published(remote), names)
