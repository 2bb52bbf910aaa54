"""What identifies data: a digest of its content and its rows."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from staticrun.files import tree_digest
from staticrun.log.artifact import ArtifactError
from staticrun.log.datasets import describe, digest_of


def test_a_file_has_its_sha256_and_a_folder_its_tree_digest(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_bytes(b"1")
    file = hashlib.sha256(b"1").hexdigest()

    assert describe(tmp_path / "data" / "a.csv") == (file, None)
    assert describe(str(tmp_path / "data")) == (tree_digest({"a.csv": file}), None)


def test_a_digest_bytes_and_nothing_are_what_they_are():
    digest = "0" * 64

    assert describe(digest) == (digest, None)
    assert describe(b"abc") == (hashlib.sha256(b"abc").hexdigest(), None)
    assert describe(None) == (None, None)


def test_arrays_have_the_same_digest_wherever_they_lie_in_memory():
    array = np.arange(12.0).reshape(4, 3)

    assert describe(array) == describe(array.copy(order="F"))
    assert describe(array).rows == 4


@pytest.mark.parametrize(
    "other",
    [
        np.arange(12.0).reshape(3, 4),
        np.arange(12).reshape(4, 3),
        np.arange(12.0, dtype=np.float32).reshape(4, 3),
        np.arange(1.0, 13.0).reshape(4, 3),
    ],
)
def test_another_shape_type_or_value_is_another_digest(other):
    assert describe(other).digest != describe(np.arange(12.0).reshape(4, 3)).digest


def test_several_arrays_count_in_their_order_with_their_names():
    a, b = np.zeros((5, 2)), np.ones(5)

    assert describe((a, b)) == describe([a, b])
    assert describe((a, b)).digest != describe((b, a)).digest
    assert describe({"x": a, "y": b}).rows == describe((a, b)).rows == 5
    assert describe({"x": a}).digest != describe({"y": a}).digest


@pytest.mark.parametrize("data", [object(), [1, 2], np.array([object()]), (np.zeros(2), "name")])
def test_what_has_no_bytes_has_no_digest(data):
    with pytest.raises(ArtifactError):
        describe(data)


def test_a_file_that_is_not_there_has_no_digest():
    with pytest.raises(ArtifactError, match=r"^there is no file 'nothing.csv'$"):
        describe("data/nothing.csv")


def test_an_artifact_of_another_run_has_the_digest_of_its_file(tmp_path):
    class Other:
        folder = tmp_path

    (tmp_path / "a").write_bytes(b"1")

    assert digest_of(Other(), "a") == (hashlib.sha256(b"1").hexdigest(), None)
    assert digest_of(Other(), "nothing") == (None, None)
    assert digest_of("01m83spdejg77ye6ex5cmqbrz3", "a") == (None, None)
