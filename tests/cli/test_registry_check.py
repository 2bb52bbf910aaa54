"""`staticrun registry check`, and what `staticrun check` says of the registry."""

import json

import pytest

from staticrun.registry import manifests
from staticrun.registry.manifests import Approvals, Override, Policies, Policy
from staticrun.registry.vouched import Approval, Vouched, spell
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
def test_the_check_takes_a_file_of_approvals(staticrun, registry):
    git(registry, "checkout", "-q", "main")
    people = Policy(approvals=Approvals(min=2))
    write(registry, Policies(stages={"production": people}))
    commit_all(registry)
    git(registry, "checkout", "-q", "-B", "promotion")
    promote(registry)
    head = commit_all(registry)
    both = (Approval(login="ann"), Approval(login="cleo"))
    file = registry.parent / "said.json"
    words = ("registry", "check", "--base", "main")

    assert staticrun(*words).code == 1
    ran = staticrun(*words, "--approvals-later")
    assert (ran.code, "unknown approvals: the host was not asked" in ran.out) == (0, True)
    assert "0 gates in the way" in ran.out
    file.write_bytes(spell(Vouched(pull_request=7, head=head, approvals=both)))
    ran = staticrun(*words, "--approvals", str(file), "--json")
    assert ran.code == 0, ran.err
    [gate] = json.loads(ran.out)["moves"][0]["gates"]
    assert gate["values"] == {"approvals": 2, "min": 2}
    # Of another commit they are as if nobody had asked; refused is refused, also for later.
    file.write_bytes(spell(Vouched(pull_request=7, head="b" * 40, approvals=both)))
    assert staticrun(*words, "--approvals", str(file)).code == 1
    file.write_bytes(spell(Vouched(pull_request=7, head=head)))
    assert staticrun(*words, "--approvals", str(file), "--approvals-later").code == 1
    file.write_text("<html>")
    ran = staticrun(*words, "--approvals", str(file))
    assert (ran.code, "is no file of approvals" in ran.err) == (1, True)


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
