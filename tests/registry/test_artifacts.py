"""The bytes of an artifact: its digest, and what is no artifact."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import socket
import subprocess

import pytest

from staticrun import config
from staticrun.errors import UserError
from staticrun.registry import artifacts
from staticrun.registry.manifests import Artifact, File
from staticrun.store.store import Store

MODEL = "runs/exp/a/artifacts/model"


def model(root, **files: str):
    """Write files of an artifact; `__` is a `/`, `_` a `.` in their names."""
    for name, text in files.items():
        path = root / MODEL / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root / MODEL


def test_a_tree_digest_is_what_a_shell_gives(tmp_path):
    folder = model(tmp_path, MLmodel="{}", data__weights_npz="01", data__a_b="x", Z="z")
    (folder / "empty").mkdir()
    found = artifacts.tree(tmp_path, MODEL)
    line = r"find . -type f -printf '%P\0' | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum"
    shell = subprocess.run(
        ["sh", "-c", line], cwd=folder, capture_output=True, text=True, check=True
    )
    assert found.digest == f"sha256:{shell.stdout.split()[0]}"
    assert [file.path for file in found.files] == ["MLmodel", "Z", "data/a.b", "data/weights.npz"]
    assert found.size == 6
    made = Artifact(path=MODEL, tree=found.digest, size=found.size, files=found.files)
    assert artifacts.wrong(made) is None


def test_a_single_file_is_a_tree_of_one_line(tmp_path):
    model(tmp_path, model_onnx="weights")
    sha256 = hashlib.sha256(b"weights").hexdigest()
    found = artifacts.tree(tmp_path, f"{MODEL}/model.onnx")
    assert found.files == (File(path="model.onnx", size=7, sha256=sha256),)
    assert found.digest == artifacts.tree(tmp_path, MODEL).digest


def test_a_digest_is_kept_until_the_file_is_touched(tmp_path):
    file = model(tmp_path, model_onnx="w" * 5000) / "model.onnx"
    store = Store.open(config.load(tmp_path)[0])
    first = artifacts.tree(tmp_path, MODEL, store)
    assert first == artifacts.tree(tmp_path, MODEL)

    class Unread(io.FileIO):
        def read(self, *_):
            raise AssertionError("it was read again")

    with Unread(file) as stream:
        assert store.file_digest(file, stream) == (first.files[0].sha256, 5000)
    times = file.stat()
    file.write_text("v" * 5000)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert artifacts.tree(tmp_path, MODEL, store) == artifacts.tree(tmp_path, MODEL) != first


def in_the_middle(root):
    (root / "runs/exp/a").rename(root / "runs/exp/b")
    (root / "runs/exp/a").symlink_to("b")


@pytest.mark.parametrize(
    ("plant", "said"),
    [
        (lambda f: (f / "x").symlink_to("/etc/passwd"), "model/x: is a link"),
        (lambda f: (f / "x").symlink_to("."), "model/x: is a link"),
        (lambda f: (f / "x").symlink_to("/"), "model/x: is a link"),
        (lambda f: os.mkfifo(f / "x"), "model/x: is no regular file"),
        (lambda f: (f / "a\nb").write_text(""), "is no name that every system knows"),
        (lambda f: (f / "a\\b").write_text(""), "is no name that every system knows"),
        (lambda f: (f / "-rf").write_text(""), "is no name that every system knows"),
        (lambda f: (f / "c:x").write_text(""), "is no name that every system knows"),
        (lambda f: (f / "a\x7f").write_text(""), "is no name that every system knows"),
        (lambda f: (f / os.fsdecode(b"\xff")).write_text(""), "is no name that every system"),
        (lambda f: (f / "e\u0301").write_text(""), "is not spelled in NFC"),
        (lambda f: (f / "MODEL.onnx").write_text(""), "are one name on some systems"),
        (lambda f: (f / "D/x").parent.mkdir() or (f / "D/x").write_text(""), "are one name"),
        (lambda f: (f / ".Git").mkdir() or (f / ".Git/config").write_text(""), "repository's own"),
    ],
    ids=range(14),
)
def test_what_is_not_the_same_everywhere_is_refused(tmp_path, plant, said):
    folder = model(tmp_path, model_onnx="w", d__x="d")
    plant(folder)
    with pytest.raises(UserError) as error:
        artifacts.tree(tmp_path, MODEL)
    assert said in str(error.value)


def test_a_socket_and_a_device_are_no_files(tmp_path, monkeypatch):
    folder = model(tmp_path, model_onnx="w")
    monkeypatch.chdir(folder)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("x")
        with pytest.raises(UserError, match="x: is no regular file"):
            artifacts.tree(tmp_path, MODEL)
    with pytest.raises(UserError, match="dev/null: is no regular file"):
        artifacts.tree(tmp_path.__class__("/"), "dev/null")


def test_no_link_is_followed_on_the_way(tmp_path):
    model(tmp_path, model_onnx="w")
    in_the_middle(tmp_path)
    with pytest.raises(UserError, match=r"runs/exp/a: is a link"):
        artifacts.tree(tmp_path, MODEL)
    assert artifacts.tree(tmp_path, MODEL.replace("/a/", "/b/")).size == 1


@pytest.mark.parametrize(
    "path", ["../x", "/etc/passwd", "a/../../x", "a/./b", "", ".", "a//b", "runs\\..\\x", "x\0"]
)
def test_a_path_that_leads_elsewhere_is_refused(tmp_path, path):
    with pytest.raises(UserError, match="could lead elsewhere"):
        artifacts.tree(tmp_path, path)


def test_what_is_not_there_is_missing(tmp_path):
    model(tmp_path, model_onnx="w")
    for path in ("runs/exp/b", f"{MODEL}/model.onnx/x", "no"):
        with pytest.raises(artifacts.MissingError):
            artifacts.tree(tmp_path, path)
    (tmp_path / "runs/empty/x").mkdir(parents=True)
    with pytest.raises(UserError, match="has no file"):
        artifacts.tree(tmp_path, "runs/empty")


def test_too_deep_is_too_deep(tmp_path):
    (tmp_path / "runs" / "/".join("d" * 40)).mkdir(parents=True)
    with pytest.raises(UserError, match="folders deep"):
        artifacts.tree(tmp_path, "runs")


def test_a_pointer_stands_for_a_file(tmp_path):
    oid = hashlib.sha256(b"weights").hexdigest()
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize 7\n"
    model(tmp_path, model_onnx=pointer, other=pointer.replace("size 7", "size 7x"))
    found = artifacts.tree(tmp_path, MODEL)
    assert found.pointers == {"model.onnx": File(path="model.onnx", size=7, sha256=oid)}


def files(*paths: str, **changes):
    listed = tuple(File(path=path, size=1, sha256="0" * 64) for path in paths)
    said = {"tree": artifacts.tree_of(listed), "size": len(listed), **changes}
    return Artifact(path=MODEL, files=listed, **said)


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        (files("../x"), "no name that every system knows"),
        (files("a", "a"), "stands twice"),
        (files("A", "a"), "one name on some systems"),
        (files("\u00e9", "e\u0301"), "not spelled in NFC"),
        (files("a", "a/b"), "a file and a folder"),
        (files("b", "a"), "byte order"),
        (files("a", tree=f"sha256:{'1' * 64}"), "give the tree digest"),
        (files("a", size=2), "have 1 bytes"),
    ],
    ids=range(8),
)
def test_a_list_that_lies_is_told(listed, said):
    assert said in artifacts.wrong(listed)


def test_a_record_is_the_same_when_it_is_packed(tmp_path):
    folder = tmp_path / "runs/exp/a"
    folder.mkdir(parents=True)
    names = ("run.jsonl", "run.rank1.jsonl", "run.r2.jsonl", "run.edit-x.jsonl", "other.txt")
    for name in names:
        (folder / name).write_text(f"{name}\n")
    before = artifacts.record(tmp_path, "runs/exp/a")
    assert [file.path for file in before.files] == sorted(names[:3])
    packed = gzip.compress((folder / "run.jsonl").read_bytes())
    (folder / "run.jsonl.gz").write_bytes(packed)
    (folder / "run.jsonl").unlink()
    assert artifacts.record(tmp_path, "runs/exp/a") == before
    named = artifacts.record(tmp_path, "runs/exp/a", ["run.jsonl"])
    assert named.files == before.files[:1]
    (folder / "run.jsonl.gz").write_bytes(packed[:-9])
    with pytest.raises(UserError, match=r"run\.jsonl\.gz: cannot be unpacked"):
        artifacts.record(tmp_path, "runs/exp/a")


@pytest.mark.parametrize("name", ["other.txt", "artifacts/x", "run.jsonl.gz", "run.a/b.jsonl"])
def test_a_record_has_record_files_alone(tmp_path, name):
    (tmp_path / "runs/exp/a").mkdir(parents=True)
    with pytest.raises(UserError, match="is no record file"):
        artifacts.record(tmp_path, "runs/exp/a", [name])


def test_a_record_file_that_is_a_link_is_none(tmp_path):
    (tmp_path / "runs/exp/a").mkdir(parents=True)
    (tmp_path / "runs/exp/a/run.jsonl").symlink_to("/etc/passwd")
    with pytest.raises(UserError, match=r"run\.jsonl: is a link"):
        artifacts.record(tmp_path, "runs/exp/a")


def test_what_may_not_be_read_is_said(tmp_path, bound_by_modes):
    folder = model(tmp_path, model_onnx="w", below__x="x")
    (folder / "below").chmod(0)
    with pytest.raises(UserError, match=r"model/below: cannot be read \(permission denied\)"):
        artifacts.tree(tmp_path, MODEL)
    (folder / "below").chmod(0o311)
    with pytest.raises(UserError, match=r"model/below: cannot be read \(permission denied\)"):
        artifacts.tree(tmp_path, MODEL)
    (folder / "below").chmod(0o755)


def test_a_file_has_no_record(tmp_path):
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs/log.jsonl").write_text("{}")
    with pytest.raises(artifacts.MissingError, match="is no folder of a run"):
        artifacts.record(tmp_path, "runs/log.jsonl", ["run.jsonl"])


def test_a_bomb_is_not_unpacked_for_ever(tmp_path, monkeypatch):
    (tmp_path / "runs/exp/a").mkdir(parents=True)
    (tmp_path / "runs/exp/a/run.jsonl.gz").write_bytes(gzip.compress(bytes(1 << 20)))
    monkeypatch.setattr(artifacts, "UNPACKED_BYTES_MAX", 1 << 16)
    with pytest.raises(UserError, match="unpacks to more than 65,536 bytes"):
        artifacts.record(tmp_path, "runs/exp/a")
