"""`staticrun init` and what comes after it."""

import json
import os
import subprocess
import sys

import pytest
import yaml

from staticrun.cli.workflows import workflows
from staticrun.registry.doctor import owners
from tests.registry.made import registry
from tests.registry.repository import git

COMMIT = "0123456789" * 4


def steps(file):
    """List the shell commands of a workflow, and the environment that they run in."""
    read = yaml.safe_load(file.read_text())
    commands = [
        step["run"] for job in read["jobs"].values() for step in job["steps"] if "run" in step
    ]
    return commands, read["env"]


def init_as_installed(project, tmp_path, noted):
    """Run `init` by a staticrun whose installer noted where it came from (PEP 610)."""
    info = tmp_path / "installed" / "staticrun-0.1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.4\nName: staticrun\nVersion: 0.1.0\n")
    (info / "direct_url.json").write_text(noted if isinstance(noted, str) else json.dumps(noted))
    done = subprocess.run(
        [sys.executable, "-m", "staticrun", "init", "--github"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(info.parent)},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout, steps(project / ".github/workflows/pages.yml")[1]["STATICRUN"]


def git_install(url, commit=COMMIT):
    return {"url": url, "vcs_info": {"vcs": "git", "commit_id": commit}}


def test_the_first_script_runs_and_its_site_is_built(staticrun, project):
    assert staticrun("init", "mine").code == 0
    folder = project / "mine"

    subprocess.run([sys.executable, "train.py"], cwd=folder, check=True, timeout=60)
    ran = staticrun("build", "--root", "mine", "--strict")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("3 runs, ")
    assert (folder / "site/experiments/first/index.html").is_file()


def test_what_exists_is_never_touched(staticrun, project):
    (project / "train.py").write_text("mine")

    ran = staticrun("init")

    assert "kept   train.py\n" in ran.out
    assert (project / "train.py").read_text() == "mine"


def test_a_workflow_that_exists_is_never_touched(staticrun, project):
    (project / ".github/workflows").mkdir(parents=True)
    (project / ".github/workflows/pages.yml").write_text("mine")
    (project / ".github/workflows/check.yml").symlink_to("nowhere.yml")
    for name in ("preview", "deploy", "approvals", "approved"):
        (project / f".github/workflows/{name}.yml").write_text("mine")
    (project / "deploy.sh").write_text("mine")

    ran = staticrun("init", "--github")

    assert "kept   .github/workflows/pages.yml\nkept   .github/workflows/check.yml\n" in ran.out
    assert "STATICRUN" not in ran.out
    assert (project / ".github/workflows/pages.yml").read_text() == "mine"
    assert (project / ".github/workflows/check.yml").is_symlink()
    assert (project / "deploy.sh").read_text() == "mine"


@pytest.mark.slow
def test_owners_are_proposed_where_nobody_is_and_with_them_the_doctor_is_content(
    staticrun, project
):
    registry(project, 1, production=1)
    git(project, "init", "-q")
    assert "wrote  .github/CODEOWNERS" in staticrun("init", "--github").out
    file = project / ".github/CODEOWNERS"
    # A host reports a file with a line that names nobody: until they are known there is none.
    assert owners.read(file.read_text()) == []
    file.unlink()

    staticrun("init", "--github", "--owner", "@org/leads", "--owner", "@ann")
    facts = json.loads(staticrun("registry", "doctor", "--json").out)["facts"]
    owned = [one for one in facts if one["what"].endswith("has an owner")]
    assert len(owned) == 10
    assert {(one["state"], one["why"].endswith("@org/leads @ann")) for one in owned} == {
        ("yes", True)
    }
    assert owners.owner(owners.read(file.read_text()), "registry/models/churn/withdrawn/0001.yaml")

    # One in another place would be hidden by it.
    file.rename(project / "CODEOWNERS")
    assert "kept   CODEOWNERS" in staticrun("init", "--github").out
    assert not file.exists()
    assert "is no owner" in staticrun("init", "x", "--github", "--owner", "ann").err
    assert "both of them" in staticrun("init", "x", "--owner", "@ann").err


def test_workflows_are_written_when_they_are_asked_for(staticrun, project):
    ran = staticrun("init")

    assert (ran.code, "STATICRUN" in ran.out) == (0, False)
    assert not (project / ".github").exists()

    (project / "train.py").unlink()
    added = staticrun("init", "--github")
    assert added.out.startswith("wrote  .github/workflows/pages.yml\n")
    assert added.out.endswith("Next: commit what was written, and push it\n")
    assert not (project / "train.py").exists()


def test_workflows_are_written_at_the_top_of_a_repository_only(staticrun, project):
    subprocess.run(["git", "init", "--quiet"], cwd=project, check=True)

    below = staticrun("init", "below", "--github")
    top = staticrun("init", "--github")

    assert f"No workflows: a host reads them at the top of a repository only, in {project}\n" in (
        below.out
    )
    assert not (project / "below/.github").exists()
    assert "wrote  .github/workflows/pages.yml\n" in top.out


def test_the_workflows_say_that_their_source_is_to_be_filled_in(staticrun, project):
    ran = staticrun("init", "--github")
    commands, environment = steps(project / ".github/workflows/check.yml")

    done = subprocess.run(
        ["bash", "-e", "-c", commands[0]],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "Fill in STATICRUN in .github/workflows/: the git address that" in ran.out
    assert environment == {"STATICRUN": ""}
    assert done.returncode != 0
    assert "STATICRUN: is not filled in at the top of the workflow" in done.stderr


def test_workflows_install_the_commit_that_init_was_installed_from(project, tmp_path):
    out, source = init_as_installed(
        project, tmp_path, git_install("https://example.org/a-b/staticrun.git")
    )

    assert source == f"git+https://example.org/a-b/staticrun.git@{COMMIT}"
    assert "STATICRUN" not in out


@pytest.mark.parametrize(
    "noted",
    [
        git_install("ssh://git@example.org/staticrun.git"),
        git_install("file:///srv/staticrun.git"),
        git_install("https://ada:secret@example.org/staticrun.git"),
        git_install('https://example.org/"; $(reboot)'),
        git_install("https://example.org/staticrun.git", "main"),
        {"url": "https://example.org/x", "vcs_info": {"vcs": "hg", "commit_id": COMMIT}},
        {"url": "https://example.org/staticrun-0.1.0-py3-none-any.whl", "archive_info": {}},
        {"url": "file:///srv/staticrun", "dir_info": {"editable": True}},
        "{torn",
    ],
    ids=["ssh", "file", "password", "shell", "branch", "hg", "wheel", "folder", "torn"],
)
def test_no_address_is_written_that_a_workflow_could_not_fetch(project, tmp_path, noted):
    out, source = init_as_installed(project, tmp_path, noted)

    assert source == ""
    assert "Fill in STATICRUN" in out


def test_both_workflows_install_from_the_same_place():
    texts = workflows(f"git+https://example.org/staticrun.git@{COMMIT}").values()

    assert len({yaml.safe_load(text)["env"]["STATICRUN"] for text in texts}) == 1


def test_what_comes_next_can_be_pasted(staticrun, project):
    assert "Next: python train.py && staticrun build" in staticrun("init").out
    assert "Next: cd 'my project' && python train.py" in staticrun("init", "my project").out


def test_a_folder_of_any_name_gives_a_good_configuration(staticrun, project):
    assert staticrun("init", "it's: #1").code == 0
    ran = staticrun("check", "--root", "it's: #1")

    assert ran.code == 0
    assert "0 errors, 0 warnings" in ran.out
