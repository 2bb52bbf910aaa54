"""Evidence beyond manifests: files that are what was pinned, and the runs of other seeds."""

from __future__ import annotations

import json
import math
import os

import msgspec
import pytest

from staticrun.errors import UserError
from staticrun.registry.artifacts import MissingError
from staticrun.registry.manifests import Data
from staticrun.registry.material import Material
from tests.registry.made import digest
from tests.registry.predicted import csv_of, train, version_of
from tests.registry.repository import repository
from tests.registry.trained import open_store

PREDICTIONS = csv_of(["cat", "dog"], ["cat", "cat"])
INSIDE = "runs/exp/a/artifacts/model/eval.csv"


def material(root) -> Material:
    return Material(root, open_store(root))


@pytest.fixture
def root(tmp_path):
    train(tmp_path / "a b", "exp/a", PREDICTIONS, 0.5)
    return tmp_path / "a b"


def test_a_file_of_the_artifact_is_found_by_its_digest(root):
    version = version_of(root, 1, "exp/a", 0.5)
    assert material(root).file(version, "eval.csv") == PREDICTIONS
    (root / "runs/other").mkdir()
    (root / "runs/exp/a").rename(root / "runs/other/b")
    assert material(root).file(version, "eval.csv") == PREDICTIONS


def test_an_artifact_that_is_one_file_is_that_file(root):
    version = version_of(root, 1, "exp/a", 0.5, path="artifacts/model/eval.csv")
    assert material(root).file(version, "eval.csv") == PREDICTIONS


def test_a_file_beside_the_artifact_is_pinned_by_the_record(root):
    train(root, "exp/b", PREDICTIONS, 0.5, beside=True)
    version = version_of(root, 2, "exp/b", 0.5)
    for path in ("eval.csv", "artifacts/eval.csv"):
        assert material(root).file(version, path) == PREDICTIONS
    file = root / "runs/exp/b/artifacts/eval.csv"
    file.write_bytes(PREDICTIONS.replace(b"dog", b"cat"))
    with pytest.raises(UserError, match="has other bytes"):
        material(root).file(version, "eval.csv")
    # With a record to match it is another record than the manifest pins.
    record = root / "runs/exp/b/run.jsonl"
    line = {"type": "artifact", "path": "artifacts/eval.csv"}
    said = record.read_text() + json.dumps(line) + "\n"
    record.write_text(said)
    with pytest.raises(UserError, match="has another record"):
        material(root).file(version, "eval.csv")
    record.write_text(said.removesuffix(json.dumps(line) + "\n"))
    (record.parent / "run.w2.jsonl").write_text(json.dumps(line) + "\n")
    with pytest.raises(UserError, match="has another record"):
        material(root).file(version, "eval.csv")


def test_what_is_not_here_is_missing_and_what_is_otherwise_is_wrong(root):
    version, file = version_of(root, 1, "exp/a", 0.5), root / INSIDE
    with pytest.raises(MissingError, match="nor an artifact of its run"):
        material(root).file(version, "none.csv")
    pinned = next(one for one in version.artifact.files if one.path == "eval.csv")
    spec = "version https://git-lfs.github.com/spec/v1\n"
    file.write_text(f"{spec}oid sha256:{pinned.sha256}\nsize {pinned.size}\n")
    with pytest.raises(MissingError, match="Git LFS"):
        material(root).file(version, "eval.csv")
    file.write_text(f"{spec}oid sha256:{'0' * 64}\nsize {pinned.size}\n")
    with pytest.raises(UserError, match="has other bytes"):
        material(root).file(version, "eval.csv")
    file.unlink()
    with pytest.raises(MissingError, match="is not there"):
        material(root).file(version, "eval.csv")
    file.mkdir()
    (file / "eval.csv").write_bytes(PREDICTIONS)
    with pytest.raises(UserError, match="is a folder"):
        material(root).file(version, "eval.csv")


@pytest.mark.parametrize("path", ["../a/artifacts/model/eval.csv", "/etc/passwd", "x/../eval.csv"])
def test_a_path_leads_nowhere_else(root, path):
    with pytest.raises(MissingError, match="is no file of version 1"):
        material(root).file(version_of(root, 1, "exp/a", 0.5), path)


@pytest.mark.parametrize(
    "make", [os.symlink, lambda _, path: os.mkfifo(path)], ids=["link", "pipe"]
)
def test_only_a_regular_file_is_opened(root, make):
    version, file = version_of(root, 1, "exp/a", 0.5), root / INSIDE
    file.rename(root / "elsewhere.csv")
    make(root / "elsewhere.csv", file)
    with pytest.raises(UserError, match=r"is a link|is no regular file"):
        material(root).file(version, "eval.csv")


def test_seeds_are_the_finished_runs_with_the_same_params(root):
    for name, params in {
        "one": {"lr": 0.1, "seed": 1},
        "two": {"lr": 0.1, "seed": 2},
        "three": {"lr": 0.2, "seed": 3},
        "four": {"lr": 0.1, "seed": 4},
        "five": {"lr": 0.1, "seed": 5},
        "six": {"lr": 0.1, "seed": 6},
    }.items():
        data = (Data(name="holdout", role="eval", digest=digest(78)),) if name == "six" else None
        said = {"data": data} if data else {}
        train(root, f"exp/{name}", PREDICTIONS, len(name) / 10, params=params, **said)
    train(root, "other/one", PREDICTIONS, 0.9, params={"lr": 0.1, "seed": 7})
    failed = root / "runs/exp/four/run.jsonl"
    failed.write_text(failed.read_text().replace("finished", "failed"))
    edit = {"type": "edit", "time": 1770000009, "archived": True}
    (root / "runs/exp/five/run.edit-1.jsonl").write_text(json.dumps(edit) + "\n")
    version = version_of(root, 1, "exp/two", 0.3)

    assert material(root).seeds(version, "acc") == (0.3, 0.3)
    assert material(root).seeds(version, "acc", "test") == (0.3, 0.3, 0.3)
    assert math.isnan(material(root).seeds(version, "f1")[0])
    gone = msgspec.structs.replace(version.run, id="nobody")
    with pytest.raises(MissingError):
        material(root).seeds(msgspec.structs.replace(version, run=gone), "acc")
    other = msgspec.structs.replace(version.run, record=digest(1))
    with pytest.raises(UserError, match="has another record"):
        material(root).seeds(msgspec.structs.replace(version, run=other), "acc")


def test_what_was_reckoned_is_remembered_where_that_is_asked_for(root, monkeypatch):
    made = []

    def once(key: str, *, cache: bool = True) -> float:
        found = Material(root, open_store(root), cache=cache)
        return found.once((key,), lambda: made.append(key) or len(made), float)

    # A check reckons anew, whatever is kept.
    assert (once("a", cache=False), once("a", cache=False)) == (1, 2)
    assert (once("a"), once("a"), once("b"), once("a")) == (3, 3, 4, 3)
    for file in (root / ".staticrun/reckoned").iterdir():
        file.write_bytes(b"damaged")
    assert (once("a"), once("a")) == (5, 5)
    monkeypatch.setattr("staticrun.registry.material.KEPT_MAX", 2)
    assert (once("c"), once("c"), once("b")) == (6, 6, 7)
    # What came with a repository may be a stranger's.
    repository(root)
    assert (once("c"), once("c")) == (8, 9)
