"""What protects a promotion, as far as it can be seen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pytest

from staticrun.cli.workflows import workflows
from staticrun.registry.approvals import BRANCH
from staticrun.registry.doctor import beside, owners, repository
from staticrun.registry.doctor.host import SETTINGS, read, unasked
from staticrun.registry.github import Refused, Repository
from tests.registry.hosted import Hosted
from tests.registry.made import registry
from tests.registry.repository import commit_all, git, state

OWNERS = """\
*                                          @org/all
/registry/                                 @org/ml-eng
/registry/models/*/stages/production.yaml  @org/leads @ann
/registry/policies.yaml                    @org/governance  # and nobody else
/registry/registry.yaml                    governance@example.org
/.github/                                  @org/governance
"""
CHECK = """\
on:
  pull_request:
jobs:
  check:
    steps:
      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd
        with:
          fetch-depth: 0
      - run: staticrun registry check --base "origin/$GITHUB_BASE_REF"
"""


@pytest.fixture
def guarded(project):
    """Give a repository in which everything that can be seen is right."""
    registry(project, 2, production=1)
    (project / ".github/workflows").mkdir(parents=True)
    (project / ".github/CODEOWNERS").write_text(OWNERS)
    (project / ".github/workflows/check.yml").write_text(CHECK)
    (project / ".gitattributes").write_text("runs/** -text\nregistry/** text eol=lf\n")
    (project / "registry/policies.yaml").write_text(
        "schema: staticrun.policies/1\nstages:\n  production: {gates: [integrity]}\n"
    )
    git(project, "init", "-q")
    return project


def seen(project) -> dict[str, tuple[str, str]]:
    found = repository.facts(project, ("runs",), state(project))
    return {fact.what: (fact.state, fact.why) for fact in found}


def wrong(project) -> list[str]:
    return [what for what, (said, _) in seen(project).items() if said == "no"]


def test_all_that_protects_is_seen(guarded):
    found = seen(guarded)
    assert wrong(guarded) == []
    assert found["registry/models/churn/stages/production.yaml has an owner"] == (
        "yes",
        ".github/CODEOWNERS:3 /registry/models/*/stages/production.yaml @org/leads @ann",
    )
    assert [what for what, (said, _) in found.items() if said == "unknown"] == [
        "signatures of commits are verified"
    ]


@pytest.mark.parametrize(
    ("path", "old", "new", "said"),
    [
        # The last line that matches wins, also when it names nobody.
        (".github/CODEOWNERS", "/.github/ ", "/registry/models/\n/.github/ ", "registry/models/churn/stages/production.yaml has an owner"),
        (".github/CODEOWNERS", "@org/leads @ann", "leads", "registry/models/churn/stages/production.yaml has an owner"),
        (".github/CODEOWNERS", "# and nobody else", "\n/registry/policies.yaml", "registry/policies.yaml has an owner"),
        (".github/CODEOWNERS", "/.github/   ", "/.github/workflows/\n/other/   ", ".github/workflows/check.yml has an owner"),
        (".gitattributes", "runs/** -text\n", "", "runs/ has the same bytes in every clone"),
        (".gitattributes", "eol=lf", "eol=crlf", "registry/ has the same bytes in every clone"),
        (".gitattributes", "eol=lf", "eol=lf\n*.yaml -text", "registry/ has the same bytes in every clone"),
        (".github/workflows/check.yml", "- run", "# - run", "a workflow checks every pull request"),
        (".github/workflows/check.yml", "  pull_request:", "  push:", "a workflow checks every pull request"),
        (".github/workflows/check.yml", "fetch-depth: 0", "fetch-depth: 1", "check.yml has the whole history"),
        (".github/workflows/check.yml", "registry check --base", "registry show", "a workflow checks every pull request"),
        ("registry/policies.yaml", "[integrity]", "[]", "production asks something of a version"),
    ],
    ids=range(12),
)  # fmt: skip
def test_what_is_missing_is_named(guarded, path, old, new, said):
    file = guarded / path
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new, 1))
    assert wrong(guarded) == [said]


def test_the_workflows_of_init_check(guarded):
    (guarded / ".github/workflows/check.yml").unlink()
    for name, text in workflows("git+https://example.org/x.git@abc").items():
        (guarded / name).write_text(text)
    assert wrong(guarded) == []


def test_approvals_that_nobody_asks_for_are_told(guarded):
    policies = guarded / "registry/policies.yaml"
    policies.write_text(policies.read_text().replace("[integrity]", "[integrity], approvals: {}"))
    check = guarded / ".github/workflows/check.yml"
    check.write_text(CHECK.replace("--base", "--approvals-later --base"))
    assert wrong(guarded) == ["a workflow asks who approved what comes to production"]
    for name, text in workflows("git+https://example.org/x.git@abc").items():
        (guarded / name).write_text(text)
    assert wrong(guarded) == []


def test_without_codeowners_nothing_is_owned(guarded):
    (guarded / ".github/CODEOWNERS").unlink()
    assert wrong(guarded) == ["there is a CODEOWNERS file"]
    # The first of three places counts; a link is none.
    (guarded / "CODEOWNERS").symlink_to(".github/workflows/check.yml")
    (guarded / "docs").mkdir()
    (guarded / "docs/CODEOWNERS").write_text("* @ann\n")
    assert wrong(guarded) == []
    (guarded / "CODEOWNERS").unlink()
    (guarded / "CODEOWNERS").write_text("/other @ann\n")
    assert len(wrong(guarded)) == 5


def test_a_project_below_the_top_is_looked_at_from_the_top(guarded):
    below = guarded / "models/churn"
    below.mkdir(parents=True)
    for name in ("registry", "runs", ".gitattributes"):
        (guarded / name).rename(below / name)
    what = "models/churn/registry/models/churn/stages/production.yaml has an owner"
    found = seen(below)
    assert found[what] == ("yes", ".github/CODEOWNERS:1 * @org/all")
    assert found["runs/ has the same bytes in every clone"][0] == "yes"


def test_a_shallow_clone_is_told(guarded, tmp_path):
    commit_all(guarded)
    (guarded / "new").write_text("")
    commit_all(guarded)
    git(tmp_path, "clone", "-q", "--depth", "1", guarded.as_uri(), "shallow")
    (tmp_path / "shallow/runs").mkdir()
    assert wrong(tmp_path / "shallow") == ["this clone has the whole history"]


def test_signers_that_are_not_there_are_told(guarded):
    (guarded / "registry/registry.yaml").write_text(
        "schema: staticrun.registry/1\nallowed_signers: signers\n"
    )
    assert wrong(guarded) == ["signatures of commits are verified"]
    (guarded / "signers").write_text("ann@example.org ssh-ed25519 AAAA\n")
    assert wrong(guarded) == []
    # Who may add a key to it may sign.
    (guarded / ".github/CODEOWNERS").write_text(OWNERS.partition("\n")[2])
    assert wrong(guarded) == ["signers has an owner"]


@pytest.mark.parametrize(
    ("pattern", "path", "covers"),
    [
        ("*", "a/b/c", True),
        ("*.js", "a/b.js", True),
        ("/*.js", "a/b.js", False),
        ("/build/logs/", "build/logs/a/b", True),
        ("/build/logs/", "build/logs", False),
        ("build/logs/", "x/build/logs/a", False),
        ("docs/*", "docs/a.md", True),
        ("docs/*", "docs/a/b.md", False),
        ("apps/", "x/apps/a/b", True),
        ("apps", "x/apps/a", True),
        ("/apps", "x/apps", False),
        ("/apps/github", "apps/github/a", True),
        ("**/logs", "a/b/logs/c", True),
        ("/registry/**", "registry/a/b", True),
        ("/registry/**/stages/p.yaml", "registry/models/m/stages/p.yaml", True),
        ("/registry/**/stages/p.yaml", "registry/stages/p.yaml", True),
        ("/a?c", "abc", True),
        ("/a?c", "a/c", False),
        ("/A", "a", False),
        ("/a.c", "abc", False),
    ],
)  # Source: docs.github.com, "About code owners", the example file and its comments
def test_patterns_cover_what_github_says(pattern, path, covers):
    lines = owners.read(f"{pattern} @ann\n")
    assert (owners.owner(lines, path) is not None) is covers


def test_a_pattern_cannot_stop_the_doctor():
    stars = "*a" * 400 + "b"
    lines = owners.read(f"/{stars} @ann\n/{'**/' * 300}{stars} @ann\n")
    begun = time.monotonic()
    assert owners.owner(lines, "/".join(["a" * 200] * 12)) is None
    assert time.monotonic() - begun < 5


RULES = [
    {"type": "non_fast_forward"},
    {"type": "pull_request", "parameters": {"required_approving_review_count": 1, "dismiss_stale_reviews_on_push": True, "require_code_owner_review": True, "require_last_push_approval": True}},
    {"type": "required_status_checks", "parameters": {"strict_required_status_checks_policy": True, "required_status_checks": [{"context": "check"}]}},
]  # fmt: skip
CLASSIC = {
    "required_pull_request_reviews": {"dismiss_stale_reviews": True, "require_code_owner_reviews": True, "require_last_push_approval": True},
    "required_status_checks": {"strict": True, "contexts": ["check"]},
    "enforce_admins": {"enabled": True},
    "allow_force_pushes": {"enabled": False},
}  # fmt: skip


def states(rules, classic):
    rules, classic = (Refused(one) if isinstance(one, str) else one for one in (rules, classic))
    return "".join(fact.state[0] for fact in read(rules, classic))


@pytest.mark.parametrize(
    ("rules", "classic", "said"),
    [
        (RULES, {}, "yyyyyyu"),
        ([], CLASSIC, "yyyyyyy"),
        (RULES, CLASSIC, "yyyyyyu"),
        ("403", CLASSIC, "yyyyyyu"),
        ([], {}, "nnnnnnn"),
        ([], "404", "uuuuuuu"),
        ("403", "404", "uuuuuuu"),
        (RULES[:1], "404", "uuuuuyu"),
        ([{"type": "pull_request"}], {}, "ynnnnnu"),
        ([{"type": "pull_request", "parameters": {"require_code_owner_review": "yes"}}], {}, "ynnnnnu"),
        ([None, 3, {"type": ["pull_request"]}], {}, "nnnnnnu"),
        ([], {"enforce_admins": True, "required_pull_request_reviews": []}, "nnnnnnn"),
        ([], CLASSIC | {"required_status_checks": None, "enforce_admins": {"enabled": False}}, "yyyynyn"),
    ],
    ids=range(13),
)  # fmt: skip
def test_only_what_the_host_said_counts(rules, classic, said):
    assert states(rules, classic) == said


def test_what_is_not_asked_is_unknown():
    assert [(fact.what, fact.state) for fact in unasked("main")[:-1]] == [
        (what, "unknown") for what in SETTINGS
    ]


def doctor(project, *words, path=os.environ["PATH"]):
    command = [sys.executable, "-m", "staticrun", "registry", "doctor", *words]
    env = {**os.environ, "PATH": path}
    return subprocess.run(
        command, cwd=project, env=env, capture_output=True, text=True, check=False
    )


@pytest.fixture
def hosted(tmp_path):
    """Let a host say that all is protected."""
    found = Hosted(tmp_path / "some bin", "org/churn")
    found.say("rules/branches/a%2Fb", RULES)
    found.say("branches/a%2Fb/protection", {"refused": "Branch not protected", "status": 404})
    found.say(f"rules/branches/{BRANCH}", [{"type": "update"}, {"type": "deletion"}])
    for stage in ("staging", "production"):
        found.say(f"environments/{stage}", environment(prevent_self_review=True))
    return found


def environment(**said):
    """Give an environment as the host's documentation shows one."""
    team = {"type": "Team", "reviewer": {"id": 1, "slug": "leads"}}
    guard = {"id": 2, "type": "required_reviewers", "reviewers": [team], **said}
    return {"id": 1, "name": "x", "protection_rules": [{"id": 1, "type": "branch_policy"}, guard]}


BESIDE = (
    f"not everybody who may push can write {BRANCH}",
    "a deployment to staging waits for a reviewer",
    "a deployment to production waits for a reviewer",
)


def test_the_doctor_asks_the_host_only_when_told_to(guarded, hosted):
    git(guarded, "remote", "add", "origin", "https://me:secret@github.com/org/churn.git")
    alone = doctor(guarded, path=hosted.path)
    assert alone.returncode == 0
    assert alone.stdout.count("\nunknown") == 1 + len(SETTINGS) + len(BESIDE)
    assert not (hosted.folder / "asked").exists()
    words = ("--host", "--branch", "a/b", "--json")
    told = json.loads(doctor(guarded, *words, path=hosted.path).stdout)["facts"]
    assert [fact["state"] for fact in told][-10:] == ["yes"] * 6 + ["unknown"] + ["yes"] * 3
    assert told[-1]["why"] == "one of 1 people or teams, nobody reviews their own"
    assert hosted.asked == [
        "rules/branches/a%2Fb?per_page=100&page=1",
        "branches/a%2Fb/protection",
        f"rules/branches/{BRANCH}?per_page=100&page=1",
        "environments/staging",
        "environments/production",
    ]


REFUSED = {"refused": "Resource not accessible by integration", "status": 403}
MISSING = {"refused": "Not Found", "status": 404}
LOGIN = {"refused": "Bad credentials", "status": 401}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("place", "answer", "state", "why"),
    [
        (f"rules/branches/{BRANCH}", [], "no", ""),
        (f"rules/branches/{BRANCH}", [{"type": "deletion"}] * 100 + [{"type": "update"}], "yes", "bypass list"),
        (f"rules/branches/{BRANCH}", REFUSED, "unknown", "the token may not ask for it; gh says"),
        (f"rules/branches/{BRANCH}", LOGIN, "unknown", "no token that the host takes; gh says"),
        (f"rules/branches/{BRANCH}", [{"type": 3}], "unknown", "not as documented"),
        (f"rules/branches/{BRANCH}", "<html>", "unknown", "no JSON"),
        ("environments/production", environment(reviewers=[]), "no", "no reviewers"),
        ("environments/production", {"protection_rules": []}, "no", "no reviewers"),
        ("environments/production", environment(), "yes", "also their own"),
        ("environments/production", MISSING, "no", "no environment of that name"),
        ("environments/production", REFUSED, "unknown", "may not ask"),
        ("environments/production", environment(reviewers="everybody"), "unknown", "not as documented"),
        ("environments/production", [], "unknown", "not as documented"),
        ("environments/production", "<html>", "unknown", "no JSON"),
    ],
    ids=range(14),
)  # fmt: skip
def test_what_a_host_protects_beside_the_branch(hosted, monkeypatch, place, answer, state, why):
    monkeypatch.setenv("PATH", hosted.path)
    not_there = {"refused": "Branch not found", "status": 404}
    hosted.say(f"branches/{BRANCH}/protection", not_there)
    hosted.say(place, answer)
    of = Repository("github.com", "org", "churn")
    found = beside.asked(of, ["production"], seen=True)[place.startswith("env")]
    assert (found.state, why in found.why) == (state, True), found
    # Of a repository that the host does not show, nothing is known not to be there.
    if answer == MISSING:
        assert beside.asked(of, ["production"], seen=False)[1].state == "unknown"


@pytest.mark.slow
def test_who_may_push_may_be_restricted_by_branch_protection(hosted, monkeypatch):
    monkeypatch.setenv("PATH", hosted.path)
    of = Repository("github.com", "org", "churn")
    hosted.say(f"rules/branches/{BRANCH}", [])
    for restrictions, said in (({"users": [], "apps": []}, "yes"), (None, "no"), (3, "unknown")):
        hosted.say(f"branches/{BRANCH}/protection", {"restrictions": restrictions})
        assert beside.asked(of, [], seen=True)[0].state == said
    hosted.say(f"branches/{BRANCH}/protection", MISSING)
    assert beside.asked(of, [], seen=True)[0].state == "unknown"


@pytest.mark.slow
def test_what_the_doctor_cannot_ask_it_says(guarded, hosted):
    git(guarded, "remote", "add", "origin", "git@example.org:--help/x.git")
    done = doctor(guarded, "--host", path=hosted.path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "is no repository that gh can ask for" in done.stderr
    assert not (hosted.folder / "asked").exists()
    git(guarded, "remote", "set-url", "origin", "git@example.org:org/churn.git")
    # A `gh` that nobody has logged in with.
    (hosted.folder / "gh").write_text("#!/bin/sh\necho 'run: gh auth login' >&2\nexit 4\n")
    told = json.loads(doctor(guarded, "--host", "--json", path=hosted.path).stdout)["facts"][-10:]
    assert {fact["state"] for fact in told} == {"unknown"}
    assert "no token that the host takes" in told[0]["why"]
