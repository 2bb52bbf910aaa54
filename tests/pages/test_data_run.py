"""A run's data: the artifacts of its page and the facts that a comparison shows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from staticrun import files
from staticrun.pages.build import build
from tests.pages.data_files import metrics, read, write
from tests.story.project import png

if TYPE_CHECKING:
    from pathlib import Path

DIFF = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n"
START = {
    "type": "start", "format": 1, "id": "a" * 26, "time": 1.7e9, "name": "one",
    "command": ["train.py", "--name", "a b", ""], "python": "3.11.7", "platform": "Linux",
    "packages": {"numpy": "1.26.4"}, "hardware": {"cpus": 2},
    "git": {"commit": "c" * 40, "branch": "main", "dirty": True, "diff": "artifacts/git.diff"},
}  # fmt: skip


def artifact(path: str, **fields: Any) -> dict[str, Any]:
    return {"type": "artifact", "path": f"artifacts/{path}", **fields}


def data_of(site: Path, key: str) -> dict[str, Any]:
    index = read(site, "runs.js")
    for link in (link for one in index["experiments"] for link in one.get("shards", [])):
        facts = read(site, link["facts"])
        if key in facts["keys"]:
            data: dict[str, Any] = read(site, facts["data"][facts["keys"].index(key)])
            return data
    raise AssertionError(key)


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("run") / "project"
    folder = root / "runs/e/one/artifacts"
    folder.mkdir(parents=True)
    (root / "staticrun.yaml").write_text("artifacts: {max: 10 kB}\n")
    (folder / "best.png").write_bytes(png(2))
    (folder / "rows.csv").write_bytes(b"x,y\n1,2\n")
    (folder / "evil.js").write_bytes(b'staticrun_data("runs.js", 1)\n')
    (folder / "large.bin").write_bytes(bytes(20_000))
    (folder / "git.diff").write_text(DIFF)
    write(
        root, "e/one", START,
        {"type": "params", "values": {"model": {"width": 8}, "a.b": [1, "NaN"]}},
        {"type": "summary", "values": {"best": "Infinity"}},
        {"type": "dataset", "name": "digits", "digest": "d1", "role": "train", "rows": 1797},
        artifact("rows.csv", kind="table", bytes=8),
        artifact("best.png", kind="image", key="best", step=1, sha256="0" * 64),
        artifact("best.png", kind="image", key="best", step=2, sha256=files.sha256(png(2)), caption="B"),
        artifact("evil.js"), artifact("large.bin"), artifact("gone.png"), artifact("../../../staticrun.yaml"),
        artifact("git.diff", kind="diff"), {"type": "artifact", "uri": "javascript:alert(1)"},
        metrics(0, loss=1),
        {"type": "end", "status": "failed", "error": {"type": "ValueError", "message": "no"}},
    )  # fmt: skip
    write(root, "e/two", metrics(0, loss=1))
    build(root, jobs=1)
    return root / "site"


def test_artifacts_are_those_of_the_page_with_the_same_objects(site):
    found = data_of(site, "e/one")
    page = (site / found["url"]).read_text()
    objects = {one["path"]: one.get("url", "") for one in found["artifacts"]}
    shown = set(re.findall(r'(?:href|src)="(?:\.\./)*(o/[^"]+)"', page))

    assert {path.removeprefix("artifacts/") for path, url in objects.items() if url} == {
        "rows.csv", "best.png", "evil.js", "git.diff",
    }  # fmt: skip
    assert {url for url in objects.values() if url} <= shown
    assert (site / objects["artifacts/best.png"]).read_bytes() == png(2)


def test_artifacts_without_an_object_are_named_and_lead_nowhere(site):
    objects = {one["path"]: one.get("url", "") for one in data_of(site, "e/one")["artifacts"]}

    for path in ("large.bin", "gone.png", "../../../staticrun.yaml"):
        assert objects[f"artifacts/{path}"] == ""
    assert objects["javascript:alert(1)"] == ""


def test_no_artifact_is_a_script(site):
    objects = {one["path"]: one.get("url", "") for one in data_of(site, "e/one")["artifacts"]}
    scripts = [path.read_text() for path in (site / "o").rglob("*.js")]

    assert objects["artifacts/evil.js"].endswith(".txt")
    assert [text for text in scripts if not text.startswith('staticrun_data("o/')] == []


def test_of_a_path_that_was_logged_twice_the_last_record_holds(site):
    [best] = [one for one in data_of(site, "e/one")["artifacts"] if "best" in one["path"]]

    assert (best["key"], best["step"], best["caption"]) == ("best", 2, "B")
    assert best["digest"] == files.sha256(png(2))


def test_artifacts_stand_in_the_order_of_the_record(site):
    paths = [one["path"] for one in data_of(site, "e/one")["artifacts"]]

    assert paths[:3] == ["artifacts/rows.csv", "artifacts/best.png", "artifacts/evil.js"]


def test_the_difference_of_code_is_an_object(site):
    assert (site / data_of(site, "e/one")["diff"]).read_text() == DIFF


def test_facts_are_those_of_the_record(site):
    found = data_of(site, "e/one")

    assert (found["key"], found["id"], found["name"]) == ("e/one", "a" * 26, "one")
    assert (found["status"], found["started"]) == ("failed", 1.7e9)
    assert found["params"] == {"model": {"width": 8}, "a.b": [1, "NaN"]}
    assert found["summary"] == {"best": "Infinity"}
    assert found["command"] == "train.py --name 'a b' ''"
    assert (found["commit"], found["branch"], found["dirty"]) == ("c" * 40, "main", True)
    assert (found["python"], found["platform"]) == ("3.11.7", "Linux")
    assert (found["packages"], found["hardware"]) == ({"numpy": "1.26.4"}, {"cpus": 2})
    assert found["datasets"] == [["digits", "train", "d1", 1797]]
    assert found["error"] == "ValueError: no"


def test_what_was_not_recorded_is_left_out(site):
    found = data_of(site, "e/two")

    assert found.keys() == {"key", "id", "name", "url", "status", "started", "params", "series"}
    assert found["params"] == {}
