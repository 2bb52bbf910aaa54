"""`staticrun publish`."""

from __future__ import annotations

import json
import shutil

import pytest
from click.testing import CliRunner

from staticrun.cli.main import staticrun as program
from staticrun.errors import UsageError
from tests.pages.projects import write_run
from tests.publish.made import site, version


@pytest.mark.slow
def test_a_lost_version_comes_back_and_one_that_is_nowhere_stops_the_publication(
    staticrun, project, two_runs
):
    assert staticrun("build", "--version", "v1").code == 0
    first = staticrun("publish", "--to", "folder:../public", "--no-build")
    shutil.rmtree(project / "site")

    ran = staticrun("publish", "--to", "folder:../public", "--json")
    again = staticrun("publish", "--to", "folder:../public", "--no-build")

    said = json.loads(ran.out)
    assert (ran.code, ran.err) == (0, "v1 came back from folder:../public.\n")
    assert (said["format"], said["versions"], said["taken"]) == (1, ["v1"], [])
    assert (said["target"], said["commit"], said["removed"]) == ("folder:../public", None, 0)
    assert (project / "site/v/v1/index.html").is_file()
    assert first.out.startswith("Published to folder:../public: ")
    assert again.out.startswith("folder:../public shows this already; nothing was done.\n")

    shutil.rmtree(project / "site")
    shutil.rmtree(project.parent / "public/v")
    refused = staticrun("publish", "--to", "folder:../public")

    assert refused.code == 1
    assert refused.err.startswith(
        "staticrun: staticrun.yaml: versions: v1: not in the site's folder, and folder:../public "
        "does not have it, expected every version that the file lists.\n"
        "  Try: staticrun build --version v1"
    )
    assert not (project / "site").exists()


@pytest.fixture
def ask(project):
    """Run a verb in this process; give what it prints, and how it ends."""

    def run(*words):
        done = CliRunner().invoke(program, [*words])
        return done.output, done.exception

    return run


def test_what_is_published_is_told(ask, project):
    site(project / "site", {"a.txt": "a"})
    version(project / "site", "v1", "first")
    words = ("publish", "--no-build", "--to", "folder:../public")

    planned, _ = ask(*words, "--dry-run")
    assert planned == (
        "Would change folder:../public: 9 files written, 0 removed.\n"
        "0.0 MB and 1 versions are there in all.\n"
    )
    assert not (project.parent / "public/index.html").exists()
    assert ask(*words)[0].startswith("Published to folder:../public: 9 files written, 0 removed.")
    assert ask(*words)[0].startswith("folder:../public shows this already; nothing was done.\n")
    shutil.rmtree(project / "site/v")
    assert (
        "Kept v1, which is published and not here. --without v1 takes it away.\n"
        in (ask(*words)[0])
    )
    said = json.loads(ask(*words, "--without", "v1", "--json")[0])
    assert (said["format"], said["versions"], said["removed"]) == (1, [], 2)


def test_a_wrong_order_is_refused_before_anything_is_built(ask, project):
    _, error = ask("publish", "--to", "branch:--force")

    assert isinstance(error, UsageError)
    assert "target 'branch:--force': is no place to publish to" in str(error)
    assert not (project / "site").exists()


def test_a_folder_that_was_not_built_is_said(ask, project):
    (project / "site").mkdir()

    _, error = ask("publish", "--no-build", "--to", "folder:../public")

    assert "site/: is no built site: it has no index.html." in str(error)


def test_a_check_holds_the_site_to_its_budget(ask, project):
    write_run(project, "digits/a", {"acc": [0.5]})
    (project / "staticrun.yaml").write_text("publish: {budget: 1 kB}\n")

    told, _ = ask("check")

    assert "staticrun.yaml: publish.budget: the site has " in told
