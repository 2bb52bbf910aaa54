"""Who vouches for a merge: what of a host's answer counts, and where it is kept."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from staticrun.errors import UserError
from staticrun.registry import approvals, github, reviews, vouched
from staticrun.registry.events import spelled
from staticrun.registry.history import history
from staticrun.registry.vouched import Approval, Discounted, Vouched
from tests.registry.branches import branch, change, merge
from tests.registry.hosted import Hosted, review, user
from tests.registry.made import stage
from tests.registry.repository import git

OF = github.Repository("github.com", "ada", "churn")
HEAD, OLD = "a" * 40, "b" * 40


@pytest.fixture
def hosted(tmp_path, monkeypatch):
    found = Hosted(tmp_path / "a bin")
    monkeypatch.setenv("PATH", found.path)
    return found


def told(number: int = 7, **said) -> dict[str, str]:
    """Ask, and give who approved and why the others did not."""
    found = reviews.of_pull_request(OF, number, **said)
    approved = {one.login: "author" if one.author else "approved" for one in found.approvals}
    return {**approved, **{one.login: one.why for one in found.others}}


def test_the_last_word_of_each_on_what_was_merged_counts(hosted):
    hosted.pull(
        7,
        HEAD,
        review("ann", HEAD),
        review("Ann", HEAD, "COMMENTED"),
        review("cleo", OLD),
        review("dan", HEAD),
        review("dan", HEAD, "CHANGES_REQUESTED"),
        review("eve", HEAD, "CHANGES_REQUESTED"),
        review("eve", HEAD),
        review("fay", HEAD),
        review("fay", HEAD, "DISMISSED"),
        review("gus", HEAD, "PENDING"),
        review("bob", HEAD),
        review("ci[bot]", HEAD, kind="Bot"),
        review("ida", HEAD),
        review("jo", HEAD),
        {**review("x", HEAD), "user": None},
    )
    hosted.may("ida", "read")
    hosted.say("collaborators/jo/permission", {"refused": "Not accessible", "status": 403})

    assert told() == {
        "ann": "approved",
        "cleo": "an earlier state",
        "dan": "asked for changes",
        "eve": "approved",
        "fay": "dismissed",
        "bob": "author",
        "ci[bot]": "a program",
        "ida": "may not write here",
        "jo": "unread",
    }
    # What git says was merged counts, where it says so.
    assert told(merged=OLD)["cleo"] == "approved"
    assert told(merged=OLD)["ann"] == "an earlier state"


def test_who_wrote_one_of_the_commits_is_an_author(hosted):
    hosted.pull(7, HEAD, review("ann", HEAD), review("Cleo", HEAD), commits=3)
    written = [
        {"author": user("ANN"), "committer": user("web-flow")},
        {"author": None, "committer": {}},
        {"author": user("bob"), "committer": user("cleo")},
    ]
    hosted.say("pulls/7/commits", written)
    assert told() == {"ann": "author", "Cleo": "author"}


def test_reviews_come_in_pages(hosted):
    hosted.pull(
        7, HEAD, *(review("ann", HEAD, "COMMENTED") for _ in range(100)), review("ann", HEAD)
    )
    assert told() == {"ann": "approved"}
    assert hosted.asked[-3:] == [
        "pulls/7/reviews?per_page=100&page=1",
        "pulls/7/reviews?per_page=100&page=2",
        "collaborators/ann/permission",
    ]


@pytest.mark.slow
def test_a_commit_is_found_by_what_merged_it(hosted):
    hosted.pull(7, HEAD, review("ann", HEAD), commit=OLD)
    assert reviews.of_commit(OF, OLD, "main") == Vouched(
        commit=OLD,
        pull_request=7,
        head=HEAD,
        author="bob",
        approvals=(Approval(login="ann", at="2026-11-20T09:30:00Z"),),
    )
    listed = hosted.answers[f"{hosted.at}/commits/{OLD}/pulls"]
    # An open one that has the commit, and one of another branch, brought nothing here.
    others = [
        {**listed[0], "number": 8, "merged_at": None},
        {**listed[0], "number": 9, "base": {"sha": HEAD, "ref": "other"}},
    ]
    hosted.say(f"commits/{OLD}/pulls", [*others, *listed])
    assert reviews.of_commit(OF, OLD, "main").pull_request == 7
    # What came by a pull request to another branch is not known to have come without one.
    hosted.say(f"commits/{OLD}/pulls", others)
    with pytest.raises(UserError, match="pull requests 9 to other"):
        reviews.of_commit(OF, OLD, "main")
    hosted.say(f"commits/{OLD}/pulls", others[:1])
    assert reviews.of_commit(OF, OLD, "main") == Vouched(commit=OLD)
    # Just after a merge the host lists nothing; what the message names is believed if it is so.
    hosted.say(f"commits/{OLD}/pulls", [])
    assert reviews.of_commit(OF, OLD, "main", claimed=7).pull_request == 7
    assert reviews.of_commit(OF, OLD, "main", claimed=404) == Vouched(commit=OLD)
    hosted.say("pulls/7", {**listed[0], "merge_commit_sha": HEAD})
    assert reviews.of_commit(OF, OLD, "main", claimed=7) == Vouched(commit=OLD)
    hosted.say("pulls/7", listed[0])
    # A rebase brings several commits by one, and its last one alone is named.
    hosted.say(f"commits/{OLD}/pulls", [{**listed[0], "merge_commit_sha": HEAD}])
    assert reviews.of_commit(OF, OLD, "main").pull_request == 7
    hosted.say(f"commits/{OLD}/pulls", [listed[0], {**listed[0], "number": 10}])
    with pytest.raises(UserError, match="pull requests 7 to main, 10 to main"):
        reviews.of_commit(OF, OLD, "main")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "answer", "said"),
    [
        ("pulls/7", {"refused": "Not Found", "status": 404}, "does not say: gh says nothing: Not Found"),
        ("pulls/7", {"refused": "Bad credentials", "status": 401}, "Bad credentials"),
        ("pulls/7", "<!DOCTYPE html><title>Unicorn!</title>", "no JSON"),
        ("pulls/7", "[" * 100_000, "no JSON"),
        ("pulls/7", [], "not as documented"),
        ("pulls/7", {"number": "7", "head": {"sha": HEAD}, "base": {"sha": HEAD}}, "not as documented"),
        ("pulls/7", {"number": 7, "head": {"sha": "--all"}, "base": {"sha": HEAD}}, "not as documented"),
        ("pulls/7/reviews", {"message": "moved"}, "no list"),
        ("pulls/7/reviews", [{"state": 1}], "not as documented"),
        ("pulls/7/reviews", [review("../ann", HEAD)], "not as documented"),
        ("pulls/7/reviews", [review("ann\n", HEAD)], "not as documented"),
        ("pulls/7/reviews", [review("ann", HEAD)] * 2000, "more than 20 pages"),
        ("pulls/7/commits", [], "has 1 commits, and the host lists 0"),
        ("collaborators/ann/permission", {"permission": True}, "not as documented"),
    ],
    ids=range(14),
)  # fmt: skip
def test_another_answer_than_a_host_gives_is_no_approval(hosted, path, answer, said):
    hosted.pull(7, HEAD, review("ann", HEAD))
    hosted.say(path, answer)
    with pytest.raises(UserError) as error:
        told()
    assert said in str(error.value)


@pytest.mark.slow
def test_an_answer_without_end_is_refused(hosted, monkeypatch):
    (hosted.folder / "gh").write_text("#!/bin/sh\nexec yes\n")
    assert github.ask(OF, "").why == "gh's answer has more than 8 MiB"
    (hosted.folder / "gh").write_text("#!/bin/sh\nsleep 60\n")
    monkeypatch.setattr(github, "TIMEOUT_S", 0.2)
    assert github.ask(OF, "").why == "gh took more than 0 s"


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://github.com/ada/churn.git", OF),
        ("https://me:secret@github.com/ada/churn", OF),
        ("git@github.com:ada/churn.git", OF),
        ("ssh://git@example.org/ada/churn", OF._replace(host="example.org")),
        ("https://example.org/x/y/churn", None),
        ("git@-oProxy:ada/churn", None),
        ("https://github.com/../churn", None),
    ],
)
def test_a_repository_is_known_by_its_remote(root, address, found):
    git(root, "remote", "add", "origin", address)
    if found:
        assert github.repository(root) == found
    else:
        with pytest.raises(UserError, match="gh can ask for"):
            github.repository(root)
    assert github.repository(root, "example.org/ada/churn").host == "example.org"


def promoted(root) -> str:
    """Merge a promotion, and give the merge."""
    branch(root, "topic")
    change(root, stage(4, previous=3))
    assert merge(root, "topic")
    return git(root, "rev-parse", "HEAD")


def known(commit: str, *logins: str) -> Vouched:
    said = tuple(Approval(login=one) for one in logins)
    return Vouched(commit=commit, pull_request=7, head=HEAD, author="bob", approvals=said)


def last(root) -> dict:
    return spelled(history(root).events[-1])


@pytest.mark.slow
def test_what_a_host_said_stands_in_the_history(root):
    commit = promoted(root)
    assert (last(root)["pr"], last(root)["approvals"]) == (None, "unknown")
    head, files = git(root, "rev-parse", "HEAD"), git(root, "status", "--porcelain")

    approvals.write(root, [known(commit, "ann", "cleo")])
    assert last(root)["pr"] == {"number": 7, "verified": True}
    assert last(root)["approvals"] == [
        {"login": "ann", "at": None, "commit": HEAD},
        {"login": "cleo", "at": None, "commit": HEAD},
    ]
    # Another commit's are unknown all the same, and nothing that is checked out has changed.
    assert spelled(history(root).events[-2])["approvals"] == "unknown"
    assert (git(root, "rev-parse", "HEAD"), git(root, "status", "--porcelain")) == (head, files)
    assert (
        git(root, "ls-tree", "-r", "--name-only", approvals.BRANCH) == f"approvals/{commit}.json"
    )

    # It is never kept with the history: what is written later counts.
    approvals.write(root, [known(commit, "ann")])
    assert [one["login"] for one in last(root)["approvals"]] == ["ann"]
    assert git(root, "rev-list", "--count", approvals.BRANCH) == "2"
    git(root, "branch", "-D", approvals.BRANCH)
    assert last(root)["approvals"] == "unknown"


@pytest.mark.slow
def test_a_clone_reads_what_was_pushed_and_goes_on_from_there(root, tmp_path):
    commit = promoted(root)
    approvals.write(root, [known(commit, "ann")])
    git(tmp_path, "clone", "-q", str(root), "a clone")
    clone = tmp_path / "a clone"
    assert [one["login"] for one in last(clone)["approvals"]] == ["ann"]

    approvals.write(clone, [known(commit, "ann", "cleo")])
    assert len(last(clone)["approvals"]) == 2
    git(clone, "push", "-q", "origin", approvals.BRANCH)
    # What was fetched counts where it goes on from the clone's own.
    git(clone, "branch", "-f", approvals.BRANCH, f"{approvals.BRANCH}~1")
    assert len(last(clone)["approvals"]) == 2
    # Else its own does.
    approvals.write(root, [known(commit)])
    git(clone, "branch", "-f", approvals.BRANCH, f"origin/{approvals.BRANCH}~1")
    approvals.write(clone, [known(commit, "ann", "cleo", "dan")])
    git(clone, "fetch", "-q")
    assert len(last(clone)["approvals"]) == 3


@pytest.mark.slow
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[" * 100_000,
        b'{"schema": "staticrun.approvals/1"}',
        b'{"schema": "staticrun.approvals/2", "commit": "COMMIT"}',
        b'{"commit": "COMMIT", "approvals": [{"login": "<b>"}]}',
        b'{"commit": "COMMIT", "approvals": [{"login": "ann", "may": "all"}]}',
        b'{"commit": "COMMIT", "pull_request": 0}',
        b'{"commit": "COMMIT", "others": [{"login": "ann", "why": "<b>"}]}',
        b'{"commit": "COMMIT"}' + b" " * (1 << 18),
        f'{{"commit": "{HEAD}"}}'.encode(),
    ],
    ids=range(11),
)
def test_a_file_that_says_something_else_says_nothing(root, data):
    commit = promoted(root)
    files = {f"approvals/{commit}.json": data.replace(b"COMMIT", commit.encode())}
    approvals.commit_apart(root, files, "a stranger's", approvals.BRANCH, None)
    assert last(root)["approvals"] == "unknown"


@pytest.mark.slow
@pytest.mark.parametrize("what", ["file", "folder", "link"])
def test_what_a_clone_lacks_or_is_no_file_is_unknown_and_the_history_is_read(root, what):
    commit = promoted(root)
    approvals.write(root, [known(commit, "ann")])
    place = f"approvals/{commit}.json"
    if what == "link":
        link = root / "link"
        link.write_text("/etc/passwd")
        name = git(root, "hash-object", "-w", "link")
        link.unlink()
        listed = f"120000 blob {name}\t{commit}.json"
        folder = subprocess.run(
            ["git", "mktree"], cwd=root, input=listed, capture_output=True, text=True, check=True
        )
        above = f"040000 tree {folder.stdout.strip()}\tapprovals"
        tree = subprocess.run(
            ["git", "mktree"], cwd=root, input=above, capture_output=True, text=True, check=True
        )
        made = git(root, "commit-tree", tree.stdout.strip(), "-m", "a stranger's")
        git(root, "branch", "-f", approvals.BRANCH, made)
    else:
        at = place if what == "file" else "approvals"
        name = git(root, "rev-parse", f"{approvals.BRANCH}:{at}")
        (root / ".git/objects" / name[:2] / name[2:]).unlink()
    assert (last(root)["to"], last(root)["approvals"]) == (4, "unknown")


def test_a_file_is_what_its_type_says(root):
    said = known(HEAD, "ann")
    assert vouched.read(vouched.spell(said)) == said
    everything = Vouched(others=(Discounted(login="x", why="dismissed"),))
    assert vouched.read(vouched.spell(everything)) == everything


def run(root, *words, code=0):
    command = [sys.executable, "-m", "staticrun", "registry", "approvals", *words]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    return done


@pytest.mark.slow
def test_the_verb_asks_keeps_and_lists(root, hosted):
    commit = promoted(root)
    head = git(root, "rev-parse", "topic")
    (root / "runs").mkdir(exist_ok=True)
    git(root, "remote", "add", "origin", "https://github.com/ada/churn")
    assert "Nothing is known of any merge" in run(root).stdout
    assert not (hosted.folder / "asked").exists()

    hosted.pull(7, "c" * 40, review("ann", head), commit=commit)
    done = run(root, "--fetch", "--commit", "main", "--json")
    assert json.loads(done.stdout)["commits"][0] == {
        "known": True,
        "schema": "staticrun.approvals/1",
        "commit": commit,
        "pull_request": 7,
        "head": head,
        "author": "bob",
        "approvals": [{"login": "ann", "at": "2026-11-20T09:30:00Z", "author": False}],
        "others": [],
    }
    assert "git push origin registry-approvals" in done.stderr
    listed = run(root).stdout.splitlines()
    assert listed[1].split() == [commit[:12], "7", "approved", "by", "ann"]
    assert listed[2].split() == [git(root, "rev-parse", "main~1")[:12], "unknown", "unknown"]

    # Without a commit it asks about all that is unknown; what is refused of some loses no other.
    before = git(root, "rev-parse", "main~1")
    hosted.say(f"commits/{before}/pulls", [])
    done = run(root, "--fetch", code=1)
    assert "does not say" in done.stderr
    assert "Not Found" in done.stderr
    assert f"commits/{commit}/pulls" not in " ".join(hosted.asked[5:])
    assert "pushed without a pull request" in run(root).stdout

    # A host may list a pull request later than it is asked: what came by none is asked again.
    hosted.pull(8, HEAD, review("ann", HEAD), commit=before)
    run(root, "--fetch", code=1)
    assert "pushed without a pull request" not in run(root).stdout
    tip = git(root, "rev-parse", approvals.BRANCH)
    run(root, "--fetch", code=1)
    assert git(root, "rev-parse", approvals.BRANCH) == tip

    command = [sys.executable, "-m", "staticrun", "registry", "show", "churn@production"]
    shown = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    assert "#7 verified, approved by ann" in shown
    shown = json.loads(subprocess.check_output([*command, "--json"], cwd=root))
    assert shown["arrivals"]["production"]["approvals"][0]["login"] == "ann"

    hosted.pull(9, HEAD, review("ann", HEAD), review("cleo", OLD))
    told = "approved by ann; cleo does not count: an earlier state"
    assert run(root, "--pull-request", "9").stdout == f"pull request 9 at {HEAD[:12]}: {told}\n"
    said = run(root, "--pull-request", "9", "--json", "--repository", "ada/churn").stdout
    assert vouched.read(said.encode()).approved_by == ("ann",)
    assert "both of them" in run(root, "--commit", "main", code=2).stderr
