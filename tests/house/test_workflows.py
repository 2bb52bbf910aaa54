"""The workflows that a host runs for us: pinned, with the least rights, with nothing spliced in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.fixture(params=WORKFLOWS, ids=lambda path: path.name)
def workflow(request) -> str:
    return request.param.read_text(encoding="utf-8")


def test_there_are_workflows():
    assert [path.name for path in WORKFLOWS] == ["pages.yml", "test.yml"]


def test_an_action_is_pinned_by_its_commit_with_the_version_beside_it(workflow):
    uses = re.findall(r"uses: (.+)", workflow)

    assert uses
    assert [u for u in uses if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v[\d.]+", u)] == []


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
