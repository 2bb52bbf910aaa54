"""The history of a registry, as git keeps it: who brought what onto a branch, in which order."""

from __future__ import annotations

import shutil

import pytest

from staticrun.errors import UserError
from staticrun.registry import manifests
from staticrun.registry.history import at, history
from tests.registry.made import place, registry, stage, version, write
from tests.registry.repository import commit_all, git, repository

PRODUCTION = place(stage(1))


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """Give a repository with three versions and one at production."""
    folder = tmp_path_factory.mktemp("template") / "a b"
    with pytest.MonkeyPatch.context() as patch:
        for role in ("AUTHOR", "COMMITTER"):
            patch.setenv(f"GIT_{role}_DATE", "2024-02-29T12:00:00+00:00")
        return repository(registry(folder, 3, production=1))


@pytest.fixture
def repo(template, tmp_path):
    return shutil.copytree(template, tmp_path / "a b")


def promote(folder, number: int, message: str = "promote", **changes) -> str:
    write(folder, stage(number, **changes))
    return commit_all(folder, message)


def told(folder, ref: str = "HEAD", after: int = 5) -> list[tuple]:
    """List what happened after the first commit, in short."""
    return [
        (one.type, one.stage, one.previous, one.version) for one in history(folder, ref).events
    ][after:]


def test_a_registry_begins_with_what_its_first_commit_has(repo):
    found = history(repo)
    assert [one.type for one in found.events] == [
        "model.created",
        *["version.registered"] * 3,
        "stage.promoted",
    ]
    assert [one.version for one in found.events[1:4]] == [1, 2, 3]
    assert found.events[1].tree == version(1).artifact.tree
    assert (found.commit, found.truncated, found.pending) == (
        git(repo, "rev-parse", "HEAD"),
        False,
        (),
    )
    first = found.events[0].origin
    assert (first.subject, first.merge, first.pull_request) == ("begin", None, None)
    assert (first.committer, first.time) == ("Ann <ann@example.org>", 1_709_208_000)


def test_a_merge_says_who_wrote_it_and_who_brought_it(repo):
    git(repo, "checkout", "-qb", "branch")
    write(repo, stage(2))
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "promote", "--author", "Bob <bob@example.org>")
    head = git(repo, "rev-parse", "HEAD")
    git(repo, "checkout", "-q", "main")
    (repo / "other").write_text("x")
    commit_all(repo, "meanwhile")
    git(repo, "merge", "-q", "--no-ff", "branch", "-m", "Merge pull request #42 from org/branch")
    event = history(repo).events[-1]
    assert told(repo) == [("stage.promoted", "production", 1, 2)]
    assert event.origin.commit == git(repo, "rev-parse", "HEAD")
    assert (event.origin.merge, event.origin.pull_request) == (head, 42)
    assert event.origin.author == "Bob <bob@example.org>"
    assert event.origin.committer == "Ada Lovelace <ada@example.org>"


def test_of_a_branch_with_many_steps_a_merge_brings_the_last_state(repo):
    git(repo, "checkout", "-qb", "branch")
    promote(repo, 2)
    promote(repo, 3)
    git(repo, "checkout", "-q", "main")
    git(repo, "merge", "-q", "--no-ff", "branch", "-m", "Merge branch")
    assert told(repo) == [("stage.promoted", "production", 1, 3)]
    git(repo, "checkout", "-q", "branch")
    assert [row[2:] for row in told(repo)] == [(1, 2), (2, 3)]


def test_a_squash_a_rebase_and_a_direct_push_are_commits_of_the_branch(repo):
    git(repo, "checkout", "-qb", "branch")
    promote(repo, 2)
    promote(repo, 3)
    git(repo, "checkout", "-q", "main")
    (repo / "other").write_text("x")
    commit_all(repo, "meanwhile")
    git(repo, "branch", "squashed")
    git(repo, "checkout", "-q", "squashed")
    git(repo, "merge", "-q", "--squash", "branch")
    git(repo, "commit", "-qm", "Promote (#43)")
    assert told(repo) == [("stage.promoted", "production", 1, 3)]
    assert history(repo).events[-1].origin.pull_request == 43
    git(repo, "checkout", "-q", "branch")
    git(repo, "rebase", "-q", "main")
    git(repo, "checkout", "-q", "main")
    git(repo, "merge", "-q", "--ff-only", "branch")
    assert [row[2:] for row in told(repo)] == [(1, 2), (2, 3)]
    origin = history(repo).events[-1].origin
    assert (origin.merge, origin.pull_request) == (None, None)


def test_a_revert_brings_a_file_back_byte_for_byte(repo):
    promote(repo, 2)
    git(repo, "revert", "--no-edit", "HEAD")
    assert told(repo)[1:] == [("stage.rolled_back", "production", 2, 1)]
    assert history(repo).events[-1].via == "revert"
    # Also the revert of a revert is one, although the number grows.
    git(repo, "revert", "--no-edit", "HEAD")
    event = history(repo).events[-1]
    assert (event.type, event.via, event.version) == ("stage.rolled_back", "revert", 2)


def test_a_revert_by_a_merge_is_one(repo):
    promote(repo, 2)
    git(repo, "checkout", "-qb", "revert-42")
    git(repo, "revert", "--no-edit", "HEAD")
    git(repo, "checkout", "-q", "main")
    git(repo, "merge", "-q", "--no-ff", "revert-42", "-m", "Merge pull request #44 from a/b")
    event = history(repo).events[-1]
    assert (event.type, event.via, event.origin.pull_request) == (
        "stage.rolled_back",
        "revert",
        44,
    )


def test_every_kind_of_move_has_its_name(repo):
    moves = [
        (stage(3, hold=True), ("stage.promoted", "production", 1, 3)),
        (stage(3, hold=True, reason="so"), ("stage.noted", "production", 3, 3)),
        (stage(3, reason="so"), ("stage.released", "production", 3, 3)),
        (stage(2, reason="slow"), ("stage.demoted", "production", 3, 2)),
        (stage(3, reason="mended"), ("stage.promoted", "production", 2, 3)),
        (stage(1, reason="slow", hold=True), ("stage.rolled_back", "production", 3, 1)),
        (stage(1, reason="slow"), ("stage.released", "production", 1, 1)),
        (stage(1, reason="slow again", hold=True), ("stage.held", "production", 1, 1)),
        (stage(1, "canary"), ("stage.promoted", "canary", None, 1)),
    ]
    for number, (manifest, _) in enumerate(moves):
        write(repo, manifest)
        commit_all(repo, str(number))
    assert told(repo) == [expected for _, expected in moves]
    assert {one.via for one in history(repo).events} == {None}
    (repo / PRODUCTION).unlink()
    commit_all(repo)
    assert told(repo)[-1] == ("stage.cleared", "production", 1, None)
    promote(repo, 2, reason="again")
    assert told(repo)[-1] == ("stage.promoted", "production", None, 2)


def test_a_comment_is_no_event_and_other_bytes_of_the_version_are(repo):
    text = (repo / PRODUCTION).read_text()
    (repo / PRODUCTION).write_text(f"# ours\n{text}")
    commit_all(repo)
    assert told(repo) == []
    promote(repo, 1, tree=version(3).artifact.tree)
    assert told(repo) == [("stage.promoted", "production", 1, 1)]


def test_what_is_never_to_change_is_told_when_it_does(repo):
    write(repo, version(4), manifests.Withdrawn(model="churn", version=2, reason="leak", by="Eve"))
    commit_all(repo)
    write(repo, version(4, python="3.12"))
    commit_all(repo)
    (repo / place(version(4))).unlink()
    (repo / "registry/models/churn/withdrawn/0002.yaml").unlink()
    commit_all(repo)
    (repo / "registry/models/churn/versions/0001.card.md").write_text("# Card\n")
    (repo / place(version(1))).chmod(0o755)
    commit_all(repo)
    write(repo, manifests.Policies(), manifests.Registry(models_max=3))
    (repo / "registry/models/churn/model.yaml").write_text("schema: staticrun.model/1\n# x\n")
    commit_all(repo)
    rows = [(one.type, one.version, one.reason, one.by) for one in history(repo).events[5:]]
    assert rows == [
        ("version.registered", 4, None, None),
        ("version.withdrawn", 2, "leak", "Eve"),
        ("version.changed", 4, None, None),
        ("version.changed", 4, None, None),
        ("version.changed", 2, None, None),
        ("settings.changed", None, None, None),
        ("policy.changed", None, None, None),
        ("manifest.broken", None, "line 1: the key model is missing", None),
    ]


def test_what_cannot_be_read_is_told_and_nothing_is_lost_by_it(repo):
    good = (repo / PRODUCTION).read_bytes()
    (repo / PRODUCTION).write_bytes(good + b"version: 2\n")
    broken = commit_all(repo)
    assert told(repo) == [("manifest.broken", "production", None, None)]
    assert "stands twice" in history(repo).events[-1].reason
    assert at(history(repo), "churn", "production").version is None
    (repo / PRODUCTION).write_bytes(good)
    commit_all(repo)
    assert told(repo)[1:] == [("stage.noted", "production", 1, 1)]
    assert at(history(repo), "churn", "production").version == 1
    (repo / PRODUCTION).unlink()
    (repo / PRODUCTION).symlink_to("/etc/passwd")
    commit_all(repo)
    assert history(repo).events[-1].reason == "is no regular file"
    (repo / PRODUCTION).unlink()
    promote(repo, 2)
    assert told(repo)[-1] == ("stage.promoted", "production", 1, 2)
    (repo / PRODUCTION).write_bytes(b"#" * 1_000_001)
    commit_all(repo)
    assert history(repo).events[-1].reason == "is too large"
    (repo / "registry/models/churn/stages/canary.yaml").write_bytes(good)
    commit_all(repo)
    assert "stage is production" in history(repo).events[-1].reason
    assert at(history(repo), "churn", "production", broken).type == "manifest.broken"


def test_a_forced_push_leaves_the_history_of_what_is_there(repo):
    promote(repo, 2)
    assert len(told(repo)) == 1
    git(repo, "reset", "-q", "--hard", "HEAD^")
    promote(repo, 3)
    assert told(repo) == [("stage.promoted", "production", 1, 3)]


def test_a_shallow_clone_says_that_it_is_cut_off(repo, tmp_path):
    promote(repo, 2)
    promote(repo, 3)
    for depth, types in ((1, [(None, 3)]), (2, [(None, 2), (2, 3)])):
        clone = tmp_path / str(depth)
        git(tmp_path, "clone", "-q", f"--depth={depth}", repo.as_uri(), str(clone))
        found = history(clone)
        stages = [(one.previous, one.version) for one in found.events if one.stage]
        assert (found.truncated, stages) == (True, types)
        git(clone, "fetch", "-q", "--unshallow")
        assert history(clone) == history(repo)


@pytest.mark.slow
def test_a_merge_in_a_shallow_clone_has_the_author_of_its_own(repo, tmp_path):
    git(repo, "checkout", "-qb", "branch")
    promote(repo, 2)
    git(repo, "checkout", "-q", "main")
    git(repo, "merge", "-q", "--no-ff", "branch", "-m", "Merge branch")
    git(tmp_path, "clone", "-q", "--depth=1", repo.as_uri(), "clone")
    origin = history(tmp_path / "clone").events[-1].origin
    assert origin.merge == git(repo, "rev-parse", "branch")
    assert origin.author == "Ada Lovelace <ada@example.org>"


def test_the_order_is_that_of_the_branch_whatever_clocks_claim(repo, monkeypatch):
    dates = ("2099-01-01", "2024-03-01", "1971-01-01", "2024-04-01")
    for number, date in enumerate(dates):
        for role in ("AUTHOR", "COMMITTER"):
            monkeypatch.setenv(f"GIT_{role}_DATE", f"{date}T00:00:00+00:00")
        promote(repo, number % 2 + 2, reason=str(number))
    found = history(repo)
    assert [one.reason for one in found.events[5:]] == ["0", "1", "2", "3"]
    day = 86_400.0
    start = 1_709_251_200.0  # 2024-03-01
    assert at(found, "churn", "production", start - 3 * day) is None
    # The commit of 2099 counts from when the one before it does.
    assert at(found, "churn", "production", start - 0.5 * day).reason == "0"
    assert at(found, "churn", "production", start).reason == "2"
    assert at(found, "churn", "production", start + 40 * day).reason == "3"
    assert at(found, "churn", "production").reason == "3"
    commit = found.events[5].origin.commit
    assert at(found, "churn", "production", commit).reason == "0"
    assert at(found, "churn", "canary") is None
    with pytest.raises(UserError, match="is no commit of this branch"):
        at(found, "churn", "production", "0" * 40)


def test_a_project_may_be_a_folder_of_the_repository(tmp_path):
    project = tmp_path / "repo/some where/project"
    project.mkdir(parents=True)
    registry(project, 2, production=1)
    repository(tmp_path / "repo")
    registry(tmp_path / "repo", 3)  # another project's
    commit_all(tmp_path / "repo")
    promote(project, 2)
    write(project, stage(1))
    found = history(project)
    assert len(found.events) == 5
    assert (found.events[-1].path, found.events[-1].version) == (PRODUCTION, 2)
    assert found.pending == (PRODUCTION,)


def test_a_project_in_no_repository_has_no_history(tmp_path, monkeypatch):
    registry(tmp_path, 2, production=1)
    assert history(tmp_path) == history(tmp_path / "registry") == type(history(tmp_path))()
    with pytest.raises(UserError, match="names no commit"):
        history(tmp_path, "main")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert history(tmp_path).events == ()


def test_a_repository_without_a_commit_has_no_history(tmp_path):
    git(tmp_path, "init", "-q")
    registry(tmp_path, 2, production=1)
    assert history(tmp_path).commit is None


def test_what_is_not_committed_is_pending(repo):
    (repo / PRODUCTION).unlink()
    write(repo, version(9))
    (repo / ".gitignore").write_text("0008.yaml\n")
    write(repo, version(8))
    (repo / "elsewhere").write_text("x")
    expected = (PRODUCTION, place(version(8)), place(version(9)))
    assert history(repo).pending == expected
    git(repo, "add", "-A")
    assert history(repo).pending == expected
    git(repo, "branch", "other")
    commit_all(repo)
    assert history(repo, "other").pending == ()


@pytest.mark.slow
def test_reading_on_equals_reading_at_once(repo):
    (repo / ".gitignore").write_text(".staticrun/\n")
    write(repo, manifests.Policies(), stage(1, "staging"))
    for number in (2, 3, 1, 2):
        promote(repo, number, reason=str(number))
        history(repo)
    (repo / PRODUCTION).unlink()
    commit_all(repo)
    history(repo)
    git(repo, "revert", "--no-edit", "HEAD")
    git(repo, "checkout", "-qb", "branch", "HEAD~2")
    promote(repo, 3)
    git(repo, "checkout", "-q", "main")
    git(repo, "merge", "-q", "--no-ff", "-X", "theirs", "branch", "-m", "Merge branch")
    refs = ("HEAD", "HEAD~1", "HEAD~5", "branch", "HEAD")
    kept = [history(repo, ref) for ref in refs]
    fresh = []
    for ref in refs:
        shutil.rmtree(repo / ".staticrun", ignore_errors=True)
        fresh.append(history(repo, ref))
    assert kept == fresh
    assert len(kept[0].events) > len(kept[2].events) > 5


@pytest.mark.slow
def test_what_was_read_is_not_read_again(repo):
    promote(repo, 2)
    expected = history(repo)
    blobs = git(repo, "rev-list", "--objects", "--no-object-names", "HEAD").split()
    for name in blobs:
        if git(repo, "cat-file", "-t", name) == "blob":
            (repo / ".git/objects" / name[:2] / name[2:]).unlink()
    assert history(repo) == expected
    shutil.rmtree(repo / ".staticrun")
    with pytest.raises(UserError, match="is not in this repository"):
        history(repo)


@pytest.mark.slow
def test_a_repository_of_sha256_has_a_history(tmp_path):
    registry(tmp_path, 2, production=1)
    git(tmp_path, "init", "-q", "--object-format=sha256")
    commit_all(tmp_path)
    promote(tmp_path, 2)
    assert told(tmp_path, after=4) == [("stage.promoted", "production", 1, 2)]
    assert len(history(tmp_path).commit) == 64


@pytest.mark.slow
def test_a_detached_commit_and_a_linked_work_tree_have_their_own(repo, tmp_path):
    promote(repo, 2)
    git(repo, "worktree", "add", "-q", "--detach", str(tmp_path / "other"), "HEAD~1")
    assert told(tmp_path / "other") == []
    write(tmp_path / "other", stage(3))
    assert history(tmp_path / "other").pending == (PRODUCTION,)
    assert history(repo).pending == ()
