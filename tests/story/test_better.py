"""The guide's page "Better, or only lucky?", word by word, in a fresh repository."""

from __future__ import annotations

import json
import re

import msgspec
import pytest

from staticrun.analysis.direction import MEASURES
from staticrun.registry import kinds
from staticrun.registry.manifests import Policies
from staticrun.registry.read import read
from tests.publish.made import bare, sh
from tests.story.shell import ROOT, Shell

PAGE = (ROOT / "reports/better-with-a-test.md").read_text(encoding="utf-8")


def blocks(section: str, language: str) -> list[str]:
    text = PAGE.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.mark.slow
def test_the_guide_can_be_followed_word_by_word(tmp_path):
    run = Shell(tmp_path / "bin", {"staticrun": "-m staticrun", "python": ""})
    bare(tmp_path / "remote.git")
    root = tmp_path / "a project"
    sh(tmp_path, "init", "--quiet", "--initial-branch=main", root.name)
    sh(root, "remote", "add", "origin", str(tmp_path / "remote.git"))
    begin, first, better, lucky, again = blocks("Step by step", "sh")
    run(begin, root)
    (root / "train.py").write_text(blocks("Step by step", "python")[0])
    line, policies = blocks("Step by step", "yaml")
    config = root / "staticrun.yaml"
    config.write_text(config.read_text().replace("metrics:\n", f"metrics:\n{line}"))
    (root / "registry").mkdir()
    (root / "registry/policies.yaml").write_text(policies)
    run(first, root)

    said = run(better, root)
    verdict = re.search(r"better-than-luck: (.*)", said)
    assert verdict is not None, said
    assert re.fullmatch(
        r"eval/accuracy 0\.\d+ against 0\.\d+ of version 1: better by 0\.\d+ \[0\.\d+, 0\.\d+\], "
        r"p = 0\.00049975 \(bootstrap\), n = 1,000; "
        r"the evaluation data decided 0 promotions before",
        verdict[1],
    )
    assert "Passed: 0 errors" in said
    # What the page shows is what is told here.
    shown = re.search(r"^> (eval/accuracy .*)$", PAGE, re.MULTILINE)
    assert shown is not None
    assert shown[1] == verdict[1]

    said = run(lucky, root)
    assert "no better than luck" in said
    assert "Not passed" in said
    assert "the evaluation data decided 1 promotion before" in said
    assert verdict[0] in run(again, root)
    [show] = blocks("How often a test set was used", "sh")
    assert "decided 1 promotion." in run(show, root)
    [model] = json.loads(run("staticrun registry show points --json", root))["models"]
    assert [(one["role"], one["uses"]) for one in model["uses"]] == [("eval", 1)]
    run("staticrun build", root)


def test_every_measure_and_every_test_stands_on_the_page():
    tests = {one for kind in (kinds.Paired, kinds.Seeds) for one in of_field(kind, "test")}
    for name in (*MEASURES, *tests, "paired", "seeds", "fresh-data"):
        assert f"`{name}`" in PAGE or f"test: {name}" in PAGE or f"kind: {name}" in PAGE, name


@pytest.mark.parametrize("kind", [kinds.Paired, kinds.Seeds, kinds.FreshData])
def test_every_key_stands_on_the_page(kind):
    keys = [field.encode_name for field in msgspec.structs.fields(kind)]
    assert [key for key in keys if not re.search(rf"`{key}`", PAGE)] == []


def of_field(kind, name):
    return re.findall(r"[a-z-]+(?=[\"'])", kind.__annotations__[name])


def test_the_gates_of_the_page_can_be_read():
    head, _, gates = blocks("Step by step", "yaml")[1].partition("gates:\n  better")
    [more] = blocks("Which test", "yaml")
    said, findings = read(f"{head}gates:\n{more}  better{gates}".encode(), "x", Policies)
    assert findings == []
    assert said is not None
    assert isinstance(said.gates["better-recipe"], kinds.Seeds)
