"""The workflows that a host runs for us: pinned, with the least rights, with nothing spliced in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from staticrun.cli.workflows import workflows

ROOT = Path(__file__).parents[2]
OWN = {
    path.name: path.read_text(encoding="utf-8")
    for path in sorted((ROOT / ".github" / "workflows").glob("*.yml"))
}
# What `staticrun init` writes for a project is held to the same.
WRITTEN = workflows("git+https://example.org/staticrun.git@" + "0123456789" * 4)
ACTION = re.compile(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v[\d.]+")


@pytest.fixture(params=[*OWN.items(), *WRITTEN.items()], ids=lambda item: item[0])
def workflow(request) -> str:
    return request.param[1]


def test_there_are_workflows():
    assert list(OWN) == ["pages.yml", "test.yml"]
    assert list(WRITTEN) == [".github/workflows/pages.yml", ".github/workflows/check.yml"]


def test_a_project_uses_the_actions_that_this_repository_uses():
    guide = (ROOT / "reports/where-runs-live.md").read_text(encoding="utf-8")
    own, written, shown = (
        {action for text in texts for action in re.findall(r"uses: (.+)", text)}
        for texts in (OWN.values(), WRITTEN.values(), [guide])
    )

    assert written
    assert shown
    assert (written | shown) - own == set()


def test_only_a_deployment_may_write():
    rights = {
        (file, name): job.get("permissions", {})
        for file, text in WRITTEN.items()
        for name, job in yaml.safe_load(text)["jobs"].items()
    }

    assert {at: given for at, given in rights.items() if given} == {
        (".github/workflows/pages.yml", "deploy"): {"pages": "write", "id-token": "write"}
    }


def test_an_action_is_pinned_by_its_commit_with_the_version_beside_it(workflow):
    uses = re.findall(r"uses: (.+)", workflow)

    assert uses
    assert [action for action in uses if not ACTION.fullmatch(action)] == []


def test_the_default_is_to_read(workflow):
    assert yaml.safe_load(workflow)["permissions"] == {"contents": "read"}


def test_nothing_is_spliced_into_a_shell(workflow):
    jobs = yaml.safe_load(workflow)["jobs"].values()
    commands = [step["run"] for job in jobs for step in job["steps"] if "run" in step]

    assert [command for command in commands if "${{" in command] == []


def test_no_checkout_leaves_its_token_behind(workflow):
    steps = [step for job in yaml.safe_load(workflow)["jobs"].values() for step in job["steps"]]
    checkouts = [step for step in steps if step.get("uses", "").startswith("actions/checkout@")]

    assert [step["with"]["persist-credentials"] for step in checkouts] == [False] * len(checkouts)


def test_no_job_runs_without_an_end(workflow):
    jobs = yaml.safe_load(workflow)["jobs"]

    assert [name for name, job in jobs.items() if job.get("timeout-minutes", 999) > 60] == []
