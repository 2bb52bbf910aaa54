"""The guide's page "Publish to GitHub Pages", word by word: a fresh repository, a real remote."""

from __future__ import annotations

import json
import re
import shutil

import pytest
import yaml

from staticrun.pages import links
from tests.publish.made import bare, published, sh
from tests.story.shell import ROOT, Shell

PAGE = (ROOT / "reports/publishing.md").read_text(encoding="utf-8")


def commands(section: str) -> list[str]:
    text = PAGE.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    return re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.fixture
def fresh(tmp_path):
    """Give a repository without a commit, with a remote without a branch."""
    bare(tmp_path / "remote.git")
    sh(tmp_path, "init", "--quiet", "--initial-branch=work", "a project")
    sh(tmp_path / "a project", "remote", "add", "origin", str(tmp_path / "remote.git"))
    return tmp_path / "a project"


@pytest.fixture
def run(tmp_path):
    """Run a block of the guide, where `staticrun` is the one that is tested."""
    return Shell(tmp_path / "bin", {"staticrun": "-m staticrun", "python": ""})


@pytest.mark.slow
def test_the_guide_can_be_followed_word_by_word(run, fresh, tmp_path):
    begin, version, again, preview, gone = commands("Step by step")
    remote = tmp_path / "remote.git"

    run(begin, fresh)
    assert "runs/first/" in "".join(published(remote))
    run(version, fresh)
    frozen = {url: data for url, data in published(remote).items() if url.startswith("v/")}
    assert "v/paper-v1/receipt.json" in frozen

    # Another machine, and one that has lost its site.
    sh(tmp_path, "clone", "--quiet", "--branch=main", "remote.git", "another machine")
    shutil.rmtree(fresh / "site")
    for folder in (tmp_path / "another machine", fresh):
        run(again, folder)
        held = published(remote)
        assert {url: data for url, data in held.items() if url.startswith("v/")} == frozen
        assert (folder / "site/v/paper-v1/index.html").is_file()

    first, *_, last = preview.splitlines()
    run(first, fresh)
    assert "pr/7/index.html" in published(remote)
    run(last, fresh)
    assert not any(url.startswith("pr/") for url in published(remote))

    run(gone, fresh)
    held = published(remote)
    assert not any(url.startswith("v/") for url in held)
    assert json.loads(held["versions.json"])["versions"] == []
    assert sh(remote, "rev-list", "--count", "gh-pages") == "1"
    assert sh(fresh, "status", "--porcelain") == ""

    [folder] = commands("A folder, a bucket")
    run(folder, fresh)
    assert links.check(tmp_path / "public") == []


def test_the_workflow_of_the_guide_is_the_one_of_this_repository():
    shown = next(
        text
        for text in re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
        if "deploy:" in text
    )
    own = yaml.safe_load((ROOT / ".github/workflows/pages.yml").read_text(encoding="utf-8"))

    assert yaml.safe_load(shown) == {"deploy": own["jobs"]["deploy"]}
