"""Versions stay where they were published, and come back from there."""

from __future__ import annotations

import json
import shutil

import pytest

from staticrun import config, receipts
from staticrun.config import Keep
from staticrun.errors import UserError
from staticrun.publish import restore
from staticrun.publish.prune import decide
from tests.publish.made import bare, contents, published, send, site, version


@pytest.fixture
def target(request, project, tmp_path):
    """Give the options of a branch of a remote, or of a folder."""
    if request.param == "branch":
        return {"to": "branch:pages", "remote": str(bare(tmp_path / "remote.git"))}
    return {"to": "folder:../public"}


both = pytest.mark.parametrize("target", ["branch", "folder"], indirect=True)


def known(project, **versions):
    lines = "".join(f"  {name}: {{root: {root}}}\n" for name, root in versions.items())
    (project / "staticrun.yaml").write_text(f"versions:\n{lines}")


@both
def test_a_version_comes_back_as_it_was(project, target):
    built = site(project / "site", {})
    made = version(built, "v1", "first")
    was = {url: data for url, data in contents(built).items() if url in made.urls()}
    send(project, built, **target)
    known(project, v1=made.root)
    shutil.rmtree(built)

    back = restore(built, config.load(project)[0], **target)

    assert back == (("v1",), {})
    assert {url: data for url, data in contents(built).items() if url != ".nojekyll"} == was
    assert receipts.verify(built, receipts.read(built, "v1")) == []
    assert restore(built, config.load(project)[0], to="branch:x", remote="nowhere") == ((), {})


@both
def test_what_cannot_come_back_is_named_with_the_reason(project, target):
    built = site(project / "site", {})
    version(built, "v1", "first")
    send(project, built, **target)
    known(project, v1="0123abcd", v2="4567abcd")

    shutil.rmtree(built)
    back = restore(built, config.load(project)[0], **target)

    assert back.restored == ()
    assert back.missing["v1"].startswith(f"the one at {target['to']} has another root, ")
    assert back.missing["v2"] == f"{target['to']} does not have it"


def test_a_version_whose_pages_were_changed_at_the_target_does_not_come_back(project):
    built = site(project / "site", {})
    made = version(built, "v1", "first")
    send(project, built, to="folder:../public")
    (project.parent / "public/v/v1/index.html").write_text("changed")
    known(project, v1=made.root)
    shutil.rmtree(built)

    back = restore(built, config.load(project)[0], to="folder:../public")

    assert back.missing == {"v1": "the one at folder:../public is not what its receipt says"}
    assert receipts.every(built) == []


@both
def test_a_publication_without_a_known_version_is_refused(project, target):
    known(project, v1="0123abcd")
    built = site(project / "site", {})

    with pytest.raises(UserError) as refused:
        send(project, built, **target)
    send(project, built, **target, without=("v1",))

    assert str(refused.value) == (
        "staticrun.yaml: versions: v1: not in the site's folder, and the target does not have it, "
        "expected every version that the file lists.\n"
        "  Try: staticrun build --version v1, or: staticrun publish --without v1"
    )


def test_a_preview_needs_no_versions(project):
    known(project, v1="0123abcd")

    done = send(project, site(project / "site", {}), to="folder:../public", under="pr/1")

    assert done.versions == ()


@both
def test_the_list_and_the_aliases_are_those_of_all(project, target, tmp_path):
    mine, theirs = project / "site", tmp_path / "theirs"
    (project / "staticrun.yaml").write_text(
        "versions:\n  v1: {aliases: [stable, old]}\n  v2: {aliases: [paper]}\n"
    )
    site(theirs, {})
    version(theirs, "v1", "first", time=1)
    version(theirs, "v2", "second", time=2)
    send(project, theirs, **target)
    (project / "staticrun.yaml").write_text("versions:\n  v3: {aliases: [stable]}\n")
    site(mine, {})
    version(mine, "v3", "third", time=3)
    send(project, mine, **target)

    if target["to"].startswith("folder"):
        held = contents(tmp_path / "public")
    else:
        held = published(tmp_path / "remote.git", "pages")

    listed = json.loads(held["versions.json"])["versions"]
    assert [(one["name"], one["aliases"]) for one in listed] == [
        ("v3", ["stable"]),
        ("v2", ["paper"]),
        ("v1", ["old"]),
    ]
    assert held["versions.js"].startswith(b'staticrun_data("versions.js",JSON.parse(')
    assert b"../../v/v3/index.html" in held["v/stable/index.html"]
    assert b"../../v/v1/index.html" in held["v/old/index.html"]


def test_the_rule_says_which_versions_go_and_why(project):
    folder = project / "site"
    made = [version(folder, f"v{n}", str(n), time=n) for n in range(1, 6)]
    made.append(version(folder, "paper-1", "p", time=0))
    aliases = {"v2": ("stable",)}

    verdicts = decide(made, aliases, Keep(last=2, matching=("paper-*",)))

    assert [(one.name, one.kept, one.why) for one in verdicts] == [
        ("v5", True, "it is one of the 2 newest"),
        ("v4", True, "it is one of the 2 newest"),
        ("v3", False, "2 are newer, and 2 are kept"),
        ("v2", True, "it has the alias stable"),
        ("v1", False, "4 are newer, and 2 are kept"),
        ("paper-1", True, "its name is one of paper-*"),
    ]
    assert all(one.kept for one in decide(made, {}, Keep()))


def test_a_publication_lets_versions_go_by_the_rule_that_nobody_lists(project):
    built = site(project / "site", {})
    for number in range(1, 4):
        version(built, f"v{number}", str(number), time=number)
    send(project, built, to="folder:../public")
    (project / "staticrun.yaml").write_text("publish: {keep: {last: 1}}\nversions: {v1: {}}\n")

    done = send(project, site(built, {}), to="folder:../public")

    assert done.versions == ("v1", "v3")
    assert [(one.name, one.why) for one in done.dropped] == [("v2", "1 are newer, and 1 are kept")]


def test_a_site_over_its_budget_is_refused_and_one_near_it_is_told(project):
    built = site(project / "site", {"a.bin": "x" * 900})
    (project / "staticrun.yaml").write_text(
        "publish: {budget: 1000, target: 'folder:../public'}\n"
    )
    with pytest.raises(UserError, match=r"publish.budget: the site has 0\.0 MB, 1"):
        send(project, built)
    assert not (project.parent / "public/index.html").exists()

    (project / "staticrun.yaml").write_text(
        "publish: {budget: 1400, target: 'folder:../public'}\n"
    )
    done = send(project, built)

    assert [(one.level, one.where) for one in done.findings] == [
        ("warning", "staticrun.yaml: publish.budget")
    ]


def test_a_file_that_no_branch_can_hold_is_refused(project, tmp_path):
    built = site(project / "site", {})
    with (built / "large.bin").open("wb") as stream:
        stream.truncate((100 << 20) + 1)

    with pytest.raises(UserError, match=r"large\.bin: the file has 104\.9 MB"):
        send(project, built, remote=str(bare(tmp_path / "remote.git")))
