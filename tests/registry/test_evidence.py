"""What is known of a version: its bytes, its run's record, and what it claims."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil

import msgspec
import pytest

from staticrun.registry import manifests
from staticrun.registry.evidence import examine
from staticrun.registry.promotion import Evidence
from tests.registry.trained import open_store, registered, run

HERE = "runs/exp/a/artifacts/model"
WHOLE = Evidence(artifact="verified", record="verified", path=HERE)


def seen(root, version):
    return examine(root, open_store(root), version)


@pytest.fixture
def version(project):
    run(project)
    return registered(project)


def test_what_is_as_it_was_is_verified(project, version):
    assert seen(project, version) == WHOLE


def test_a_single_file_is_found_too(project):
    folder = run(project)
    version = registered(project, path="artifacts/model/data/weights.npz")
    where = f"{HERE}/data/weights.npz"
    assert seen(project, version) == msgspec.structs.replace(WHOLE, path=where, claims=(
        "flavor is not what the record says of a model of these bytes",
        "signature is not what the record says of a model of these bytes",
        "requirements is not what the record says of a model of these bytes",
    ))  # fmt: skip
    folder.rename(project / "runs/b")
    found = seen(project, version)
    assert (found.path, found.moved) == ("runs/b/artifacts/model/data/weights.npz", True)


def test_a_run_that_was_moved_is_found_by_its_id(project, version):
    (project / "runs/other/deep").mkdir(parents=True)
    (project / "runs/exp/a").rename(project / "runs/other/deep/b")
    where = "runs/other/deep/b/artifacts/model"
    assert seen(project, version) == msgspec.structs.replace(WHOLE, path=where, moved=True)
    # Another run at the old place is not this one's.
    run(project, "exp/a", {"MLmodel": b"other"})
    line = json.dumps({"type": "start", "format": 1, "time": 1770000001, "id": "ANOTHER"})
    (project / "runs/exp/a/run.jsonl").write_text(f"{line}\n")
    assert seen(project, version) == msgspec.structs.replace(WHOLE, path=where, moved=True)


def test_bytes_that_the_record_names_elsewhere_in_the_run_are_found(project, version):
    folder = project / "runs/exp/a"
    (folder / "artifacts/model").rename(folder / "artifacts/renamed")
    record = folder / "run.jsonl"
    record.write_text(record.read_text().replace("artifacts/model", "artifacts/renamed"))
    found = seen(project, version)
    assert (found.artifact, found.path, found.moved) == (
        "verified", "runs/exp/a/artifacts/renamed", True,
    )  # fmt: skip
    assert found.record == "mismatch"


def test_what_is_not_in_this_checkout_is_absent(project, version):
    shutil.rmtree(project / HERE)
    found = seen(project, version)
    assert (found.artifact, found.record, found.path) == ("absent", "verified", None)
    assert found.why == (f"{HERE} is not here",)
    shutil.rmtree(project / "runs/exp")
    found = seen(project, version)
    assert (found.artifact, found.record, found.claims) == ("absent", "absent", ())
    assert "run ID-a is not in this checkout" in found.why


def test_a_part_of_the_files_is_absent_and_no_mismatch(project, version):
    (project / HERE / "data/weights.npz").unlink()
    found = seen(project, version)
    assert (found.artifact, found.why) == ("absent", (f"{HERE}: data/weights.npz is not here",))


@pytest.mark.parametrize(("oid", "size", "state"), [
    (hashlib.sha256(b"weights").hexdigest(), 7, "absent"),
    (hashlib.sha256(b"weights").hexdigest(), 8, "mismatch"),
    ("0" * 64, 7, "mismatch"),
])  # fmt: skip
def test_a_pointer_of_git_lfs_is_absent_where_it_points_to_the_bytes(
    project, version, oid, size, state
):
    (project / HERE / "data/weights.npz").write_text(
        f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {size}\n"
    )
    found = seen(project, version)
    assert found.artifact == state
    assert "data/weights.npz" in found.why[0]


@pytest.mark.parametrize(("change", "said"), [
    (lambda f: (f / "MLmodel").write_bytes(b"flavor: evil\n"), "MLmodel has other bytes"),
    (lambda f: (f / "sklearn.py").write_bytes(b""), "sklearn.py is no file of the version"),
    (lambda f: (f / "link").symlink_to("/etc/passwd"), "model/link is a link"),
    (lambda f: shutil.rmtree(f) or f.symlink_to("/etc"), "model is a link"),
    (lambda f: shutil.rmtree(f) or f.write_text("a file"), "no file of the version"),
], ids=range(5))  # fmt: skip
def test_other_bytes_are_a_mismatch(project, version, change, said):
    change(project / HERE)
    found = seen(project, version)
    assert found.artifact == "mismatch"
    assert any(said in clause for clause in found.why), found.why


def test_a_list_of_files_that_lies_is_a_mismatch(project, version):
    for changes in (
        {"files": version.artifact.files[:1]},
        {"size": 1},
        {"tree": f"sha256:{'0' * 64}"},
        {"files": version.artifact.files[::-1]},
    ):
        artifact = msgspec.structs.replace(version.artifact, **changes)
        found = seen(project, msgspec.structs.replace(version, artifact=artifact))
        assert found.artifact == "mismatch"
        assert found.why[0].startswith("the manifest says the tree digest")


def test_a_record_that_was_changed_is_a_mismatch_and_a_packed_one_is_none(project, version):
    record = project / "runs/exp/a/run.jsonl"
    whole = record.read_bytes()
    (record.parent / "run.jsonl.gz").write_bytes(gzip.compress(whole))
    record.unlink()
    assert seen(project, version) == WHOLE
    (record.parent / "run.jsonl.gz").unlink()
    record.write_bytes(whole.replace(b"0.875", b"0.975"))
    found = seen(project, version)
    assert found.record == "mismatch"
    assert found.claims == ("metric auc is 0.875, and the record says 0.975",)


def test_a_run_that_is_there_twice_counts_by_the_one_that_is_right(project, version):
    shutil.copytree(project / "runs/exp/a", project / "runs/exp/b")
    record = project / "runs/exp/a/run.jsonl"
    record.write_bytes(record.read_bytes() + b'{"type":"log","text":"more"}\n')
    assert seen(project, version) == WHOLE


@pytest.mark.parametrize(("changes", "said"), [
    ({"metrics": (manifests.Value(name="auc", value=0.99),)}, "metric auc is 0.99, and the record says 0.875"),
    ({"metrics": (manifests.Value(name="auc", value="NaN"),)}, "metric auc is nan, and the record says 0.875"),
    ({"metrics": (manifests.Value(name="loss", value=0.1),)}, "metric loss is 0.1, and the record says nan"),
    ({"metrics": (manifests.Value(name="f1", value=1.0),)}, "metric f1 is 1.0, and the record says nothing of it"),
    ({"code": manifests.Code(commit="b" * 40, dirty=False)}, f"commit is {'b' * 40}, and the record says {'a' * 40}"),
    ({"code": manifests.Code(commit="a" * 40, dirty=True)}, "dirty is True, and the record says False"),
    ({"python": "3.13.0"}, "python is 3.13.0, and the record says 3.12.1"),
    ({"data": (manifests.Data(name="holdout", role="eval", digest="sha256:d2", rows=9),)}, "data holdout (eval, 9 rows) is sha256:d2, and the record says sha256:d1"),
    ({"data": (manifests.Data(name="train", digest="sha256:d2"),)}, "data train (no role, no rows) is sha256:d2, and the record says nothing of it"),
    ({"flavor": "onnx"}, "flavor is not what the record says"),
    ({"signature": {"inputs": ["y"]}}, "signature is not what the record says"),
    ({"requirements": ("evil==1",)}, "requirements is not what the record says"),
], ids=range(12))  # fmt: skip
def test_what_the_manifest_says_and_the_record_does_not_is_told(project, version, changes, said):
    found = seen(project, msgspec.structs.replace(version, **changes))
    assert (found.artifact, found.record) == ("verified", "verified")
    assert len(found.claims) == 1
    assert found.claims[0].startswith(said)


def test_a_run_that_went_on_says_that_it_did(project, version):
    folder = project / "runs/exp/a"
    (folder / "run.edit-1.jsonl").write_text('{"type":"edit","time":1770000009,"note":"good"}\n')
    assert seen(project, version) == WHOLE
    (folder / "run.r2.jsonl").write_text(
        '{"type":"start","format":1,"time":1770000010,"id":"ID-a","segment":1}\n'
    )
    found = seen(project, version)
    assert found.record == "verified"
    assert found.claims == ("run.r2.jsonl was written after the version was registered",)
