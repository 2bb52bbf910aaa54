"""What differs between two versions."""

from __future__ import annotations

from staticrun.registry import manifests
from staticrun.registry.difference import Change, difference
from tests.registry.made import version

Data, File, Value = manifests.Data, manifests.File, manifests.Value


def of(number, **changes):
    files = changes.pop("files", {"model.onnx": "1", "MLmodel": "2"})
    listed = tuple(File(path=path, size=1, sha256=digit * 64) for path, digit in files.items())
    artifact = manifests.Artifact(path="a/b", tree=f"sha256:{'0' * 64}", size=2, files=listed)
    return version(number, artifact=artifact, **changes)


def test_versions_that_say_the_same_do_not_differ():
    said = {"metrics": (Value(name="loss", value="NaN"),), "requirements": ("numpy",)}
    assert not difference(of(1, **said), of(2, **said))


def test_each_part_says_what_differs():
    before = of(
        1,
        metrics=(Value(name="auc", value=0.875), Value(name="f1", value="NaN")),
        signature={"inputs": ["x"], "outputs": ["y"]},
        requirements=("numpy>=1.26", "scikit_learn==1.4 ; python_version>'3'", "gone"),
        data=(Data(name="holdout", role="eval", digest="d1", rows=9),),
        code=manifests.Code(commit="a" * 40, dirty=False),
        python="3.12.1",
    )
    after = of(
        2,
        files={"model.onnx": "3", "weights.npz": "4"},
        metrics=(Value(name="auc", value=0.9), Value(name="f1", value="NaN")),
        signature={"inputs": ["x", "z"], "outputs": ["y"]},
        requirements=("NumPy>=1.26", "Scikit.Learn==1.5", "new[all]>1"),
        data=(Data(name="holdout", role="eval", digest="d2", rows=9), Data(name="train")),
        code=manifests.Code(commit="a" * 40, dirty=True),
        python="3.12.1",
    )
    found = difference(before, after)
    one = {"size": 1, "sha256": "1" * 64}
    assert found.files == (
        Change("model.onnx", one, one | {"sha256": "3" * 64}),
        Change("weights.npz", None, one | {"sha256": "4" * 64}),
        Change("MLmodel", one | {"sha256": "2" * 64}, None),
    )
    assert found.metrics == (Change("auc", 0.875, 0.9),)
    assert found.signature == (Change("inputs", ["x"], ["x", "z"]),)
    assert [change.name for change in found.requirements] == [
        "numpy",
        "scikit-learn",
        "new",
        "gone",
    ]
    nothing = {"digest": None, "rows": None, "source": None}
    assert found.data == (
        Change(
            "holdout (eval)",
            {"digest": "d1", "rows": 9, "source": None},
            {"digest": "d2", "rows": 9, "source": None},
        ),
        Change("train", None, nothing),
    )
    assert found.code == (Change("dirty", False, True),)  # noqa: FBT003


def test_a_signature_that_is_no_mapping_is_compared_whole():
    found = difference(of(1, signature=["x"]), of(2))
    assert found.signature == (Change("signature", ["x"], None),)
