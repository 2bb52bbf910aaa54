"""Any two branches of steps either conflict, fail the check, or merge into a valid registry.

Branches begin at one commit, each makes a few steps as people would, and git merges them: the
very merge that a host makes of a pull request. What comes out is judged twice, by the rules of the
registry and by an independent reading of its files here.
"""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from staticrun.errors import UserError
from staticrun.git.commits import commit_files
from staticrun.git.objects import Objects
from staticrun.layout import RegistryFile
from staticrun.registry import move
from staticrun.registry.rules import broken_rules
from staticrun.registry.sources import Commit
from staticrun.registry.state import load
from tests.registry.made import digest, registry, version
from tests.registry.repository import git, repository

STEPS = st.one_of(
    st.tuples(st.just("register"), st.integers(10, 12)),
    st.tuples(st.just("promote"), st.integers(1, 3), st.sampled_from(["production", "staging"])),
    st.tuples(st.just("rollback"), st.integers(1, 3), st.sampled_from(["production", "staging"])),
    st.tuples(st.just("withdraw"), st.integers(1, 3)),
)
BRANCH = st.lists(STEPS, min_size=1, max_size=3)
STAGES = ("production", "staging")


class Project:
    """A repository whose registry has three versions, production at 1 and staging at 2."""

    def __init__(self, folder: Path) -> None:
        self.root = repository(registry(folder, 3, production=1, staging=2))
        self.objects = Objects(folder)
        self.start = git(folder, "rev-parse", "HEAD")
        self.names = (f"branch-{number}" for number in itertools.count())

    def state(self, commit: str):
        return load(Commit(self.objects, commit))

    def walk(self, steps) -> str:
        """Make the steps that can be made, each in a commit, and give the last commit."""
        name, commit = next(self.names), self.start
        git(self.root, "checkout", "-q", "-f", "-B", name, commit)
        for step in steps:
            try:
                change = self.change(self.state(commit), *step)
            except UserError:
                continue
            for path, data in change.files.items():
                (self.root / path).parent.mkdir(parents=True, exist_ok=True)
                (self.root / path).write_bytes(data)
            commit = commit_files(self.root, change.files, change.message)
        return commit

    def change(self, state, verb, number, stage=None):
        known = state.models["churn"].versions
        if verb == "register":
            new = version(move.next_number(state, "churn"))
            file = new.artifact.files[0]
            of = type(new.artifact)(path="runs/x", tree=digest(number), size=12, files=(file,))
            again = version(new.version, artifact=of)
            return move.register(self.root, state, again)
        if verb == "withdraw":
            return move.withdraw(self.root, state, known[number], reason="bad")
        step = move.promote if verb == "promote" else move.rollback
        return step(self.root, state, known[number], stage, reason=f"{verb} {number}")

    def merged(self, one: str, other: str) -> str | None:
        """Merge as a host does; None where there is a conflict."""
        git(self.root, "checkout", "-q", "-f", "--detach", one)
        try:
            git(self.root, "merge", "-q", "--no-ff", "-m", "Merge", other)
        except Exception:  # noqa: BLE001 -- git says no
            git(self.root, "merge", "--abort")
            return None
        return git(self.root, "rev-parse", "HEAD")


@pytest.fixture(scope="module")
def project():
    with tempfile.TemporaryDirectory() as folder:
        yield Project(Path(folder, "the project"))


def wrong(project: Project, commit: str) -> list[str]:
    """Read the files of a commit with nothing of ours, and say what a user could not live with."""
    found = []
    listed = git(project.root, "ls-tree", "-r", "--name-only", commit, "registry").split("\n")
    said = {path: yaml.safe_load(git(project.root, "show", f"{commit}:{path}")) for path in listed}
    versions = {one["version"]: one for path, one in said.items() if "/versions/" in path}
    gone = {one["version"] for path, one in said.items() if "/withdrawn/" in path}
    for stage in STAGES:
        now = said[RegistryFile("stage", "churn", stage=stage).path]
        if now["version"] not in versions or now["version"] in gone:
            found.append(f"{stage} is at {now['version']}")
        elif versions[now["version"]]["artifact"]["tree"] != now["tree"]:
            found.append(f"{stage} has other bytes")
    for number in (1, 2, 3):
        path = RegistryFile("version", "churn", number).path
        now, then = (
            git(project.root, "rev-parse", f"{at}:{path}") for at in (commit, project.start)
        )
        if now != then:
            found.append(f"version {number} was changed")
    return found


def judge(project: Project, one: list, other: list) -> str:
    first, second = project.walk(one), project.walk(other)
    result = project.merged(first, second)
    if result is None:
        return "conflict"
    state = project.state(result)
    if state.findings or broken_rules(state):
        return "refused"
    assert wrong(project, result) == []
    if project.objects.merge_base(first, second) in (first, second):
        return "valid"  # the same step in the same second is one commit, and the other went on
    # Nobody's promotion was lost without a word: a stage that both moved is where both put it.
    start, *ends = (project.state(commit) for commit in (project.start, first, second))
    for stage in STAGES:
        before, *after = (now.models["churn"].stages[stage] for now in (start, *ends))
        moved = [now for now in after if now != before]
        assert all(now == state.models["churn"].stages[stage] for now in moved)
    return "valid"


@settings(max_examples=15, deadline=None)
@given(BRANCH, BRANCH)
def test_branches_conflict_or_fail_or_make_a_valid_registry(project, one, other):
    judge(project, one, other)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(BRANCH, BRANCH)
def test_very_many_branches_do_too(project, one, other):
    judge(project, one, other)


@pytest.mark.parametrize(
    ("one", "other", "result"),
    [
        (("promote", 3, "production"), ("promote", 2, "production"), "conflict"),
        (("promote", 3, "production"), ("promote", 3, "staging"), "valid"),
        (("promote", 3, "production"), ("register", 10), "valid"),
        (("promote", 3, "production"), ("withdraw", 3), "refused"),
        (("rollback", 2, "production"), ("withdraw", 2), "valid"),
        (("register", 10), ("register", 11), "conflict"),
        (("withdraw", 3), ("promote", 2, "production"), "valid"),
        (("rollback", 3, "production"), ("promote", 2, "production"), "conflict"),
    ],
    ids=range(8),
)
def test_two_people_at_once(project, one, other, result):
    assert judge(project, [one], [other]) == result
    assert judge(project, [other], [one]) == result
