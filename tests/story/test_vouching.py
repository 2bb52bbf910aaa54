"""Each command of the workflows that ask who approved a promotion, before the merge and after it."""

from __future__ import annotations

import json
import re
import subprocess

import msgspec
import pytest

from staticrun.cli.workflows import workflows
from staticrun.registry import manifests
from staticrun.registry.approvals import BRANCH
from staticrun.registry.history import history
from staticrun.registry.manifests import Approvals, Policies, Policy
from staticrun.registry.read import read
from tests.publish.made import bare, sh
from tests.registry.hosted import Hosted, review
from tests.registry.made import stage, write
from tests.registry.trained import registered, run
from tests.story.host import Host
from tests.story.shell import ROOT, Shell

PAGE = (ROOT / "reports/who-vouches.md").read_text(encoding="utf-8")
SOURCE = "git+https://example.org/staticrun.git@" + "0123456789" * 4


class Story:
    """A repository at a host, and what its people do there."""

    def __init__(self, folder):
        self.folder = folder
        self.remote = bare(folder / "remote.git")
        pip = '#!/bin/sh\necho "$*" >> "$(dirname "$0")/installed"\n'
        self.host = Host(folder / "machine", {"pip": pip})
        self.hosted = Hosted(folder / "machine/bin", "ada/digits")
        sh(folder, "init", "--quiet", "--initial-branch=main", "a project")
        self.here = folder / "a project"
        sh(self.here, "remote", "add", "origin", str(self.remote))

    def push(self, branch: str, message: str) -> str:
        sh(self.here, "add", ".")
        sh(self.here, "commit", "--quiet", "-m", message)
        sh(self.here, "push", "--quiet", "origin", f"HEAD:refs/heads/{branch}")
        return sh(self.here, "rev-parse", "HEAD")

    def clone(self) -> str:
        clone = self.folder / f"clone {len(list(self.folder.iterdir()))}"
        sh(self.folder, "clone", "--quiet", "--branch", "main", str(self.remote), str(clone))
        return clone

    def job(self, name: str, job: str, clone, words: dict[str, str]) -> None:
        known = {
            "github.token": "a-token",
            "github.ref_name": "main",
            "!cancelled()": "true",
            "github.event.pull_request.number": "7",
            **words,
        }
        nothing = {"checkout": lambda _given: None, "setup-python": lambda _given: None}
        self.host.run(clone / f".github/workflows/{name}.yml", job, clone, known, nothing)

    def asked(self, head: str, base: str) -> None:
        """Run the job that a review starts, on what the host checks out for it."""
        clone = self.clone()
        sh(clone, "checkout", "--quiet", "--detach", base)
        sh(clone, "merge", "--quiet", "--no-ff", "-m", "as the host does", head)
        self.job("approved", "approved", clone, {"github.event.pull_request.base.sha": base})

    def kept(self) -> str:
        """Run the job that a push starts; give where the branch of approvals is then."""
        self.job("approvals", "keep", self.clone(), {})
        return sh(self.remote, "rev-parse", BRANCH)


def test_the_policy_of_the_guide_is_one_and_its_keys_are_all_there_are(tmp_path):
    [block] = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    policies, findings = read(block.encode(), "policies.yaml", Policies)
    assert findings == []
    assert policies.stages["production"].approvals.min == 2
    section = PAGE.partition("\n## Ask for approvals in a policy\n")[2]
    rows = re.findall(r"^\| `(\w+)` \|", section.partition("\n## ")[0], re.MULTILINE)
    assert rows == [field.name for field in msgspec.structs.fields(Approvals)]


@pytest.mark.slow
def test_a_review_lets_a_promotion_be_merged_and_is_kept_for_whoever_reads_it(tmp_path):
    story = Story(tmp_path)
    run(story.here)
    write(story.here, manifests.Model(model="churn"), registered(story.here))
    people = Policy(gates=("integrity",), approvals=Approvals(users=("@ann",)))
    write(story.here, Policies(stages={"production": people}))
    for name, text in workflows(SOURCE).items():
        (story.here / name).parent.mkdir(parents=True, exist_ok=True)
        (story.here / name).write_text(text)
    base = story.push("main", "begin")
    sh(story.here, "switch", "--quiet", "-c", "promotion")
    write(story.here, stage(1, tree=registered(story.here).artifact.tree))
    early = story.push("promotion", "promote")

    # Nobody has said anything; then the one who counts does; then something else is pushed.
    story.hosted.pull(7, early, review("cleo", early))
    with pytest.raises(subprocess.CalledProcessError):
        story.asked(early, base)
    story.hosted.pull(7, early, review("cleo", early), review("ann", early))
    story.asked(early, base)
    (story.here / "README.md").write_text("One more.\n")
    head = story.push("promotion", "more")
    story.hosted.pull(7, head, review("ann", early))
    with pytest.raises(subprocess.CalledProcessError):
        story.asked(head, base)
    story.hosted.pull(7, head, review("ann", early), review("ann", head))
    story.asked(head, base)

    sh(story.here, "switch", "--quiet", "main")
    sh(story.here, "merge", "--quiet", "--no-ff", "-m", "Merge pull request #9", "promotion")
    sh(story.here, "push", "--quiet", "origin", "main")
    merged = sh(story.here, "rev-parse", "HEAD")
    story.hosted.pull(7, head, review("ann", head), commit=merged)
    # The host refuses what it is asked about the commit before; that loses nothing.
    with pytest.raises(subprocess.CalledProcessError):
        story.kept()
    story.hosted.say(f"commits/{base}/pulls", [])
    tip = story.kept()
    assert story.kept() == tip

    origin = history(story.clone()).events[-1].origin
    assert (origin.pull_request, origin.number) == (9, 7)  # claimed, and verified
    assert origin.vouched.approved_by == ("ann",)
    # What the guide shows for looking at it asks nobody.
    asked = story.hosted.asked
    [command] = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    shell = Shell(tmp_path / "bin", {"staticrun": "-m staticrun"})
    assert "approved by ann" in shell(command, story.clone())
    assert story.hosted.asked == asked
    said = sh(story.remote, "show", f"{BRANCH}:approvals/{merged}.json")
    assert json.loads(said)["head"] == head
