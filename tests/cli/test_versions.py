"""`staticrun build --version` and `staticrun versions …`, as a person uses them."""

import json
import shutil
import subprocess

import pytest
import yaml

from staticrun import receipts
from staticrun.pages.build import build
from staticrun.pages.version_build import build_version

SETTINGS = (
    "-c",
    "user.name=Ada",
    "-c",
    "user.email=ada@example.org",
    "-c",
    "commit.gpgsign=false",
)


def git(project, *words):
    done = subprocess.run(
        ["git", *SETTINGS, *words], cwd=project, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def repository(project, two_runs):
    """Commit the project with two runs."""
    (project / ".gitignore").write_text("/site/\n/.staticrun/\n")
    (project / "staticrun.yaml").write_text("# Ours.\nproject: {name: Digits}\n")
    git(project, "init", "-q")
    git(project, "add", ".")
    git(project, "commit", "-q", "-m", "two runs")
    return project


def run_file(project, name):
    folder = project / "runs/vision" / name
    folder.mkdir(parents=True)
    (folder / "run.jsonl").write_text(
        f'{{"type":"start","format":1,"time":1770000000,"id":"id-of-{name}","name":"run {name}"}}\n'
        '{"type":"metrics","step":0,"time":1770000001,"values":{"acc":0.5}}\n'
        '{"type":"end","status":"finished","time":1770000002}\n'
    )


def declared(project):
    return yaml.safe_load((project / "staticrun.yaml").read_text())["versions"]


def test_a_version_is_built_listed_and_remembered(repository, staticrun):
    commit = git(repository, "rev-parse", "HEAD")

    made = staticrun("build", "--version", "paper-v1")
    listed = json.loads(staticrun("versions", "list", "--json").out)

    assert made.code == 0
    assert f"Version paper-v1: 2 runs, commit {commit[:12]}, root " in made.out
    [one] = listed["versions"]
    assert (one["name"], one["commit"], one["runs"]) == ("paper-v1", commit, 2)
    assert one["rebuildable"] is True
    assert (
        (repository / "staticrun.yaml")
        .read_text()
        .startswith("# Ours.\nproject: {name: Digits}\n")
    )
    assert declared(repository)["paper-v1"] == {
        "ref": commit, "root": one["root"], "tool": one["tools"]["staticrun"],
    }  # fmt: skip
    # The line that remembers it changes nothing of what the next version is made from.
    assert "not rebuildable" not in staticrun("build", "--version", "paper-v2").out


@pytest.mark.slow
def test_a_version_of_an_earlier_commit_leaves_the_work_tree_alone(repository, staticrun):
    first = git(repository, "rev-parse", "HEAD")
    run_file(repository, "c")
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "a third run")
    (repository / "runs/vision/c/notes.txt").write_text("not committed")
    before = git(repository, "status", "--porcelain=v1", "-uall")

    made = json.loads(staticrun("build", "--version", "again", "--at", "HEAD~1", "--json").out)

    assert (made["runs"], made["version"]["runs"]) == (3, 2)
    assert (made["version"]["commit"], made["version"]["rebuildable"]) == (first, True)
    after = git(repository, "status", "--porcelain=v1", "-uall")
    assert {*after.split("\n")} == {before, "M staticrun.yaml"}
    assert staticrun("versions", "verify", "again", "--rebuild").code == 0


def test_what_is_not_in_the_commit_cannot_be_built_again(repository, staticrun):
    run_file(repository, "c")

    made = staticrun("build", "--version", "draft")

    assert "not rebuildable: not all of it is in the commit" in made.out


def test_a_version_never_changes(repository, staticrun):
    build_version(repository, "v1", jobs=1)
    run_file(repository, "c")

    refused = staticrun("build", "--version", "v1")

    assert refused.code == 1
    assert "the version 'v1' is there already, with another content" in refused.err
    assert json.loads(staticrun("versions", "show", "v1", "--json").out)["runs"] == 2


@pytest.mark.slow
def test_an_alias_leads_on_and_moves(repository, staticrun):
    build_version(repository, "v1", jobs=1)
    build_version(repository, "v2", jobs=1)
    page = repository / "site/v/stable/experiments/vision/index.html"

    assert staticrun("versions", "alias", "stable", "v1").code == 0
    build(repository, jobs=1)
    first = page.read_text()
    staticrun("versions", "alias", "stable", "v2")
    build(repository, jobs=1)
    second = page.read_text()
    staticrun("versions", "alias", "stable", "--remove")
    build(repository, jobs=1)

    to = "../../../../v/v1/experiments/vision/index.html"
    assert f'<meta http-equiv="refresh" content="0; url={to}">' in first
    assert (page.parent / to).resolve() == repository / "site/v/v1/experiments/vision/index.html"
    assert "/v/v2/experiments/vision/index.html" in second
    assert not page.exists()
    assert declared(repository).keys() == {"v1", "v2"}
    assert staticrun("versions", "alias", "v2", "v1").code == 1
    assert "did you mean 'v1'" in staticrun("versions", "alias", "x", "v11").err


def test_a_changed_file_of_a_version_is_found(repository, staticrun):
    build_version(repository, "v1", jobs=1)
    assert staticrun("versions", "verify").code == 0
    site = repository / "site"
    shown = json.loads((site / "v/v1/receipt.json").read_bytes())
    script = next(url for url in shown["objects"] if url.endswith(".js") and url.startswith("o/"))
    page, entry = shown["runs"]["vision/a"], "v/v1/index.html"
    for url in (script, page, entry):
        (site / url).write_bytes((site / url).read_bytes().replace(b"vision", b"vasion"))
    (site / shown["runs"]["vision/b"]).unlink()

    found = staticrun("versions", "verify", "v1")

    assert found.code == 1
    for url in (page, entry):
        assert f"site/{url}: its bytes are not those that were published" in found.err
    assert f"site/{shown['runs']['vision/b']}: is missing" in found.err


def test_a_deleted_version_takes_its_own_files_along(repository, staticrun):
    build_version(repository, "v1", jobs=1)
    site = repository / "site"
    page = json.loads((site / "v/v1/receipt.json").read_bytes())["runs"]["vision/a"]

    assert staticrun("versions", "delete", "v1", "--yes").code == 0
    build(repository, jobs=1)

    assert not (site / "v").exists()
    assert not (site / page).exists()
    assert (
        (repository / "staticrun.yaml")
        .read_text()
        .startswith("# Ours.\nproject: {name: Digits}\n")
    )
    assert staticrun("versions", "show", "v1").code == 1


def test_a_receipt_that_cannot_be_read_keeps_every_file(repository, staticrun):
    build_version(repository, "v1", jobs=1)
    site = repository / "site"
    before = {path for path in (site / "o").rglob("*") if path.is_file()}
    (site / "v/v1/receipt.json").write_text("{}")
    (repository / "runs/vision/a/run.jsonl").unlink()

    built = staticrun("build")

    assert "site/v/v1/receipt.json" in built.err
    assert before <= {path for path in (site / "o").rglob("*") if path.is_file()}


def test_what_changed_is_told_between_versions_and_since(repository, staticrun):
    build_version(repository, "v1", jobs=1)
    run_file(repository, "c")
    with (repository / "runs/vision/a/run.jsonl").open("a") as stream:
        stream.write('{"type":"metrics","step":1,"values":{"acc":0.9375}}\n')
    build(repository, jobs=1)

    told = json.loads(staticrun("versions", "diff", "v1", "--json").out)

    assert (told["from"], told["to"], told["added"], told["removed"]) == (
        "v1", None, ["vision/c"], [],
    )  # fmt: skip
    assert told["changed"] == [
        {
            "key": "vision/a",
            "status": ["finished", "finished"],
            "metrics": [{"name": "acc", "before": 0.75, "after": 0.9375}],
            "params": [],
        }
    ]
    lines = staticrun("versions", "diff", "v1").out.splitlines()
    assert lines == ["1 added", "  vision/c", "1 changed", "  vision/a: acc 0.75 → 0.9375"]


def test_the_rule_lets_old_versions_go(repository, staticrun):
    for name in ("v1", "v2", "v3"):
        build_version(repository, name, jobs=1)
    text = (repository / "staticrun.yaml").read_text()
    (repository / "staticrun.yaml").write_text(
        text + "publish: {keep: {last: 1, matching: [v2]}}\n"
    )

    said = staticrun("versions", "prune", "--dry-run").out.splitlines()
    assert [line.split(":")[0].split() for line in said] == [
        ["stays", "v3"],
        ["stays", "v2"],
        ["goes", "v1"],
    ]
    assert declared(repository).keys() == {"v1", "v2", "v3"}
    assert staticrun("versions", "prune", "--yes").code == 0

    assert declared(repository).keys() == {"v2", "v3"}
    assert not (repository / "site/v/v1").exists()


def test_a_lost_version_comes_back_from_where_it_was_published(repository, staticrun):
    build_version(repository, "v1", jobs=1)
    root = declared(repository)["v1"]["root"]
    assert staticrun("publish", "--to", "folder:public").code == 0
    shutil.rmtree(repository / "site")

    back = staticrun("versions", "restore", "--from", "folder:public")

    assert (back.code, back.out) == (0, "v1 is in site/ again.\n")
    assert receipts.read(repository / "site", "v1").root == root
    lost = staticrun("versions", "restore", "v9", "--from", "folder:public")
    assert lost.code == 1
    assert "v9 is not: " in lost.err
