"""`staticrun publish`."""

from __future__ import annotations

import json
import shutil


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


def test_a_wrong_order_is_refused_before_anything_is_built(staticrun, project):
    ran = staticrun("publish", "--to", "branch:--force")

    assert ran.code == 2
    assert "target 'branch:--force': is no place to publish to" in ran.err
    assert not (project / "site").exists()


def test_a_folder_that_was_not_built_is_said(staticrun, project):
    (project / "site").mkdir()
    ran = staticrun("publish", "--no-build", "--to", "folder:../public")

    assert ran.code == 1
    assert "site/: is no built site: it has no index.html." in ran.err


def test_a_check_holds_the_site_to_its_budget(staticrun, project, two_runs):
    (project / "staticrun.yaml").write_text("publish: {budget: 1 kB}\n")

    ran = staticrun("check")

    assert ran.code == 1
    assert "staticrun.yaml: publish.budget: the site has " in ran.err
