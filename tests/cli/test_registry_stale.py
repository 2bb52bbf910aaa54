"""`staticrun registry pull --against`: a deployment that comes later than what it was planned for."""

from __future__ import annotations

import json
from itertools import pairwise
from random import Random

import pytest

from staticrun.registry import manifests
from tests.registry.made import place, stage, write
from tests.registry.repository import commit_all, git, repository
from tests.registry.trained import registered, run

PLANNED = ("registry", "pull", "churn@production", "--against", "main", "--out", "served")


@pytest.fixture
def planned(project):
    """Plan a deployment of `churn` 1 at a commit that is checked out; `main` goes on."""
    run(project)
    run(project, "exp/b", {"MLmodel": b"flavor: none\n"})
    one, two = (registered(project, n, key) for n, key in ((1, "exp/a"), (2, "exp/b")))
    write(project, manifests.Model(model="churn"), one, two, stage(1, tree=one.artifact.tree))
    (project / ".gitignore").write_text(".staticrun/\n/served/\n")
    repository(project)

    def goes_on(*said: manifests.Manifest, gone: str = "") -> None:
        write(project, *said)
        if gone:
            (project / gone).unlink()
        commit_all(project)
        git(project, "checkout", "-q", "--detach", "HEAD~1")

    return one.artifact.tree, two.artifact.tree, goes_on


def test_what_still_is_so_is_pulled(staticrun, project, planned):
    planned[2](stage(2, "staging", tree=planned[1]))
    assert staticrun(*PLANNED).code == 0
    assert (project / "served/MLmodel").is_file()


@pytest.mark.parametrize("case", ["moved", "other bytes", "cleared", "broken", "withdrawn"])
@pytest.mark.slow
def test_what_has_moved_on_is_refused_and_nothing_is_written(staticrun, project, planned, case):
    one, two, goes_on = planned
    said = f"churn@production: is at version 2, tree {two} on main by now, expected version 1, "
    if case == "moved":
        goes_on(stage(2, tree=two))
    elif case == "other bytes":
        goes_on(stage(1, tree=two))
        said = f"is at version 1, tree {two} on main by now, expected version 1, tree {one}."
    elif case == "cleared":
        goes_on(gone=place(stage(1)))
        said = "churn@production: is at no version on main by now"
    elif case == "broken":
        (project / place(stage(1))).write_text("version: 1\n")
        goes_on()
        said = "churn@production: is at no version on main by now"
    else:
        goes_on(manifests.Withdrawn(model="churn", version=1, reason="leaked"))
        said = "churn 1: was withdrawn on main"
    ran = staticrun(*PLANNED)
    assert (ran.code, ran.out) == (1, "")
    assert said in ran.err
    assert not (project / "served").exists()


@pytest.mark.slow
def test_a_number_has_no_stage_to_ask_for_and_a_ref_has_to_be_one(staticrun, project, planned):
    words = ("registry", "pull", "churn@1", "--against", "main", "--out", "served")
    ran = staticrun(*words)
    assert (ran.code, "names no stage" in ran.err) == (2, True)
    for ref in ("nowhere", "--output=x"):
        ran = staticrun(*PLANNED[:4], ref, *PLANNED[5:])
        assert (ran.code, "names no commit" in ran.err) == (1, True)
    assert not (project / "served").exists()
    assert not (project / "x").exists()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_jobs_in_any_order_end_where_the_branch_is(staticrun, project, planned, seed):
    """Merges and rollbacks come in pushes; then their jobs are let go, whichever comes first."""
    chance, trees = Random(seed), planned[:2]
    pushes, at = [git(project, "rev-parse", "main")], 1
    for _ in range(4):
        for _ in range(chance.choice((1, 1, 2))):
            before, at = at, 3 - at
            write(project, stage(at, tree=trees[at - 1], previous=before))
            commit_all(project)
        pushes.append(git(project, "rev-parse", "main"))
    deployed = trees[0]

    jobs = [*pairwise(pushes)]
    chance.shuffle(jobs)
    for before, after in jobs:
        git(project, "checkout", "-q", after)
        words = ("registry", "events", "--from", before, "--to", after, "--github-matrix")
        for row in json.loads(staticrun(*words).out.removeprefix("matrix="))["include"]:
            done = staticrun(*PLANNED, "--tree", row["tree"])
            assert (done.code == 0) == (row["version"] == at)
            deployed = row["tree"] if done.code == 0 else deployed

    assert deployed == trees[at - 1]
