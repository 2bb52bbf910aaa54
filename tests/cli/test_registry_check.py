"""`staticrun registry check`, and what `staticrun check` says of the registry."""

import json

import pytest

from staticrun.registry import manifests
from staticrun.registry.manifests import Override, Policies, Policy
from tests.registry.made import stage, write
from tests.registry.repository import commit_all, git
from tests.registry.trained import registered, run


@pytest.fixture
def registry(project):
    """Make a project whose production asks version 1 for a card, which it has not."""
    run(project)
    write(project, manifests.Model(model="churn"), registered(project))
    write(project, Policies(stages={"production": Policy(gates=("integrity", "card-present"))}))
    git(project, "init", "-q")
    commit_all(project)
    git(project, "checkout", "-q", "-b", "promotion")
    return project


def promote(root, **changes):
    write(root, stage(1, tree=registered(root).artifact.tree, **changes))


def test_a_gate_in_the_way_fails_the_check_of_a_branch(staticrun, registry):
    promote(registry)
    ran = staticrun("registry", "check", "--base", "main")
    assert ran.code == 1
    assert "churn 1 comes to production:" in ran.out
    assert "pass    integrity: the artifact is verified" in ran.out
    assert "fail    card-present: version 1 has no model card" in ran.out
    assert ran.out.endswith("Not passed: 0 errors, 0 warnings, 1 gate in the way.\n")

    (registry / "registry/models/churn/versions/0001.card.md").write_text("# Churn\n")
    ran = staticrun("registry", "check", "--base", "main", "--json")
    said = json.loads(ran.out)
    assert (ran.code, said["passed"], said["format"], said["findings"]) == (0, True, 1, [])
    (move,) = said["moves"]
    assert (move["kind"], move["from"], move["to"]) == ("promotion", None, 1)
    assert [(one["gate"], one["result"]) for one in move["gates"]] == [
        ("integrity", "pass"),
        ("card-present", "pass"),
    ]


@pytest.mark.slow
def test_who_decides_against_a_gate_is_seen(staticrun, registry):
    given = (Override(gate="card-present", reason="\x1b[2J INC-7", by="bob"),)
    promote(registry, overrides=given)
    assert staticrun("registry", "check", "--base", "main").code == 1  # no control characters
    promote(registry, overrides=(Override(gate="card-present", reason="INC-7", by="bob"),))
    ran = staticrun("registry", "check", "--base", "main")
    assert (ran.code, "\x1b" in ran.err) == (0, False)
    assert "no model card [overridden: INC-7 (bob)]" in ran.out
    assert "warning" in ran.err
    assert staticrun("registry", "check", "--base", "main", "--strict").code == 1


@pytest.mark.slow
def test_both_checks_tell_what_is_wrong_with_the_whole(staticrun, registry):
    promote(registry)
    assert staticrun("registry", "check").out == "Passed: 0 errors, 0 warnings.\n"
    (registry / "runs/exp/a/artifacts/model/MLmodel").write_text("flavor: other\n")
    for words in (("registry", "check"), ("check",)):
        ran = staticrun(*words)
        assert ran.code == 1
        assert "versions/0001.yaml: runs/exp/a/artifacts/model: MLmodel has other bytes" in ran.err
    ran = staticrun("registry", "check", "--base", "no-such")
    assert (ran.code, "names no commit" in ran.err, "Traceback" in ran.err) == (1, True, False)
